"""What holds of every mutation, by its input type: a new one is tried the day it is written."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLList, get_named_type, get_nullable_type

from calls import document, sound_calls
from center import center
from client import Client
from doorstep import visiting
from graph.schema import full_schema
from models import database

# beside ids, what names something that must be there
NAMES = {
    ("assignSale", "reference"): ["nothing", ""],
    ("assignSales", "references", "0"): ["nothing", ""],
    ("changeBuyerEmail", "reference"): ["nothing", ""],
    ("sendReceipt", "reference"): ["nothing", ""],
    ("resendPurchaseEmail", "reference"): ["nothing", ""],
    ("issuePaymentSlip", "reference"): ["nothing", ""],
    ("requestRefund", "reference"): ["nothing", ""],
    ("acceptInvitation", "token"): ["nothing", ""],
    ("declineInvitation", "token"): ["nothing", ""],
}
# of two ways to name it, the call of a token has that one alone
BASES: dict[tuple[str, ...], dict[str, Any]] = {
    ("acceptInvitation", "token"): {},
    ("declineInvitation", "token"): {},
}


def _ids(kind: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, field in kind.fields.items():
        inner, within = get_nullable_type(field.type), (*path, name)
        if isinstance(inner, GraphQLList):
            inner, within = get_nullable_type(inner.of_type), (*within, "0")
        if isinstance(inner, GraphQLInputObjectType):
            yield from _ids(inner, within)
        elif get_named_type(inner).name == "ID":
            yield within


def _named() -> list[tuple[str, ...]]:
    mutation = full_schema()._schema.mutation_type
    assert mutation is not None
    found: list[tuple[str, ...]] = []
    for name, field in mutation.fields.items():
        for argument in field.args.values():
            found += _ids(get_named_type(argument.type), (name,))
    return [*found, *NAMES]


def _put(values: Any, path: tuple[str, ...], value: str) -> Any:
    """The same input with a value at a path."""
    values = copy.deepcopy(values)
    at = values
    for part in path[:-1]:
        at = at[int(part) if isinstance(at, list) else part]
    if isinstance(at, list):
        at[int(path[-1]) : int(path[-1]) + 1] = [value]
    else:
        at[path[-1]] = value
    return values


def test_every_mutation_is_among_the_sound_calls_and_names_some_forty_things() -> None:
    assert len(_named()) > 40
    assert {("createProfile", "source", "profileId"), ("setTeamMembers", "memberIds", "0")} <= set(_named())


@pytest.mark.parametrize("place", _named(), ids=".".join)
async def test_what_is_not_there_is_refused_by_the_name_of_its_field(
    database_url: str, place: tuple[str, ...]
) -> None:
    name, *path = place
    async with visiting() as client:
        at = await center(client)
        calls = await sound_calls(at)
        base = BASES.get(place, calls[name])
        nowhere = [f"{kind}_{database.new_id()}" for kind in ("collaborator", "central")]
        before = await at.state()

        for value in NAMES.get(place, [*nowhere, "nothing", ""]):
            values = _put(base, tuple(path), value)
            data = await client.ask(
                document(name, values), {"input": values}, token=at.tokens["owner"], account=at.account
            )

            assert data[name]["errors"] == [{"code": "NOT_FOUND", "field": _field(name, path)}], value

        assert await at.state() == before


def _field(name: str, path: list[str]) -> list[str]:
    """Centrals are put in an order, or not, as a whole."""
    return ["ids"] if name == "orderCentrals" else path


async def test_who_is_signed_out_has_no_invitation_of_their_own(client: Client) -> None:
    values = {"invitationId": f"invitation_{database.new_id()}"}

    data = await client.ask(document("acceptInvitation", values), {"input": values})

    assert data["acceptInvitation"]["errors"] == [{"code": "NOT_FOUND", "field": ["invitationId"]}]
