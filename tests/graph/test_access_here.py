"""What a viewer is told of what he may do: exactly what is so."""

import pytest

import make
from authz.grant import Grant
from client import Client
from models.words import Role

ACCESS = (
    "query($grants: [Grant!]!) { account { access { grants standing mutations allows(grants: $grants) } } }"
)
TYPES = "{ __schema { mutationType { fields { name } } } }"


@pytest.mark.parametrize(
    ("role", "teams_on", "standing"),
    [
        (None, False, ["OWNER", "ADMIN", "LEAD"]),
        (Role.ADMIN, False, ["ADMIN", "LEAD"]),
        (Role.TEAM_LEAD, True, ["LEAD"]),
        (Role.TEAM_LEAD, False, []),
        (Role.USER, True, []),
    ],
)
async def test_access_tells_standing_and_the_mutations_that_exist(
    client: Client, role: Role | None, teams_on: bool, standing: list[str]
) -> None:
    account = await make.account(teams_on=teams_on)
    held = [Grant.SEARCH_SALES, Grant.SEND_RECEIPTS]
    if role is None:
        token, held = await Client.owner(account), list(Grant)
    else:
        seat = await make.collaborator(account, await make.profile(account, held), role)
        token = await Client.seat(seat)

    told = await client.ask(ACCESS, {"grants": ["SEND_RECEIPTS"]}, token=token, account=account)
    there = await client.ask(TYPES, token=token, account=account)

    access = told["account"]["access"]
    assert access["standing"] == standing
    assert access["grants"] == [grant.value for grant in Grant if grant in held]
    assert access["allows"] is True
    assert access["mutations"] == sorted(one["name"] for one in there["__schema"]["mutationType"]["fields"])
    assert ("assignSale" in access["mutations"]) is ("LEAD" in standing)


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ([], False),
        (["SEARCH_SALES"], True),
        (["SEARCH_SALES", "SEND_RECEIPTS"], True),
        (["SEND_RECEIPTS", "SEND_RECEIPTS"], True),
        (["SEARCH_SALES", "VIEW_PRODUCTS"], False),
        (["VIEW_PRODUCTS"], False),
    ],
)
async def test_all_of_the_grants_asked_for_must_be_held_and_of_none_none_is(
    client: Client, asked: list[str], allowed: bool
) -> None:
    account = await make.account()
    profile = await make.profile(account, [Grant.SEARCH_SALES, Grant.SEND_RECEIPTS])
    token = await Client.seat(await make.collaborator(account, profile))

    told = await client.ask(ACCESS, {"grants": asked}, token=token, account=account)

    assert told["account"]["access"]["allows"] is allowed


async def test_who_stands_in_no_central_has_no_access_to_ask_about(client: Client) -> None:
    token = await make.session(await make.user())

    errors = await client.errors(ACCESS, {"grants": []}, token=token)

    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]
