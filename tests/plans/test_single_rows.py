"""A single row and the lists below it: the same values and the same reach, in one statement on PostgreSQL."""

from typing import Any

import pytest

import make
from client import Client
from models import database
from models.vocabulary import Privacy, Role
from plans.leaks import children_forget_reach

NODE = "query Q($id: ID!) { node(id: $id) { ... on Team { name members { leads person { name } } } } }"
LIST = "{ account { teams { name members { leads person { name } } } } }"
SALE = "query Q($id: ID!) { node(id: $id) { ... on Sale { team { members { person { name } } } } } }"
NAMES = ('Ana "Aninha" \\ Silva', "Zoë\u2028\U0001f600 Ñandú", "null")


async def _central(role: Role = Role.ADMIN) -> tuple[dict[str, Any], dict[str, Any], str]:
    account = await make.account(teams_on=True)
    person = await make.collaborator(account, await make.profile(account), role)
    return account, person, await Client.collaborator(person)


async def test_a_single_row_has_the_lists_below_it_that_it_has_in_a_list(
    client: Client, database_url: str
) -> None:
    account, lead, token = await _central()
    named = [await make.collaborator(account, name=name) for name in NAMES]
    team = await make.team(account, named, [lead])
    empty = await make.team(account)

    listed = await client.ask(LIST, token=token, account=account)
    with database.observed() as statements:
        found = await client.ask(NODE, {"id": f"team_{team['id']}"}, token=token, account=account)
    alone = await client.ask(NODE, {"id": f"team_{empty['id']}"}, token=token, account=account)

    assert found["node"] in listed["account"]["teams"]
    assert {member["person"]["name"] for member in found["node"]["members"]} >= set(NAMES)
    assert alone["node"] == {"name": empty["name"], "members": []}
    own = {text for text in statements if "credentials" not in text}
    assert len(own) == (1 if database_url.startswith("postgres") else 2)


async def test_lists_below_a_single_row_that_forget_their_reach_are_noticed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, lead, token = await _central(Role.TEAM_LEAD)
    fellow, stranger = [await make.collaborator(account) for _ in range(2)]
    await make.team(account, [fellow], [lead])
    shared = await make.team(account, [lead, stranger], privacy=Privacy.SHARED)
    sale = await make.sale(account, assignee=stranger, team_id=shared["id"])
    asking: dict[str, Any] = {"token": token, "account": account}
    variables = {"id": f"sale_{sale['id']}"}

    data = await client.ask(SALE, variables, **asking)
    children_forget_reach(monkeypatch)
    leaked = await client.ask(SALE, variables, **asking)

    assert data["node"]["team"]["members"] == [{"person": {"name": lead["name"]}}]
    assert len(leaked["node"]["team"]["members"]) == 2
