"""The audit log: one entry for each act and each refusal, and who reads how much of it."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

import make
from authz.grant import Grant
from client import Client
from doorstep import PASSWORD, an_address, person, visiting
from models import database
from models.vocabulary import Role

ASSIGN = "mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"
LOG = """{ account { auditLog(first: 100) { totalCount edges { node {
  id at userName act objectType objectId letBy refusal requestId address changes { field before after }
} } } } }"""
SIGN_IN = "mutation($e: String!, $p: String!) { signIn(input: {email: $e, password: $p}) { refreshToken errors { code } } }"
REFRESH = "mutation($t: String) { refreshSession(input: {refreshToken: $t}) { errors { code } } }"


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def stored(request: httpx.Response) -> list[dict[str, Any]]:
    """What was logged of a request, whosoever it was."""
    rows = [
        row
        for table in ("audit_entries", "user_entries")
        for row in await database.read(
            f"SELECT * FROM {table} WHERE request_id = ?", (request.headers["x-request-id"],)
        )
    ]
    return [dict(row) for row in rows]


async def log(visitor: Client, account: dict[str, Any], token: str) -> list[dict[str, Any]]:
    audit_log = (await visitor.ask(LOG, token=token, account=account))["account"]["auditLog"]
    assert audit_log["totalCount"] == len(audit_log["edges"])
    return [edge["node"] for edge in audit_log["edges"]]


async def assign(
    visitor: Client,
    account: dict[str, Any],
    token: str,
    reference: str,
    collaborator: dict[str, Any] | None,
    **more: Any,
) -> httpx.Response:
    chosen = {"reference": reference, "assigneeId": collaborator and f"person_{collaborator['id']}", **more}
    return await visitor.post(ASSIGN, {"input": chosen}, token=token, account=account)


async def test_an_act_is_logged_with_who_what_where_and_when(database_url: str) -> None:
    account = await make.account()
    token, address = await Client.owner(account), an_address()
    collaborator, two = await make.collaborator(account), await make.collaborator(account)
    sale = await make.sale(account, assignee=collaborator)
    began = database.now()

    async with visiting(address=address) as visitor:
        response = await assign(visitor, account, token, sale["reference"], two)
        (entry,) = await log(visitor, account, token)

    (saved,) = await stored(response)
    assert began <= saved["at"] <= database.now()
    assert saved["user_id"] == account["owner_id"]
    del entry["id"], entry["at"]
    assert entry == {
        "userName": (await database.read("SELECT name FROM users WHERE id = ?", (account["owner_id"],)))[0][
            "name"
        ],
        "act": "assignSale",
        "objectType": "Sale",
        "objectId": sale["reference"],
        "letBy": "LEAD",
        "refusal": None,
        "requestId": response.headers["x-request-id"],
        "address": address,
        "changes": [{"field": "Sale.assignee", "before": collaborator["name"], "after": two["name"]}],
    }


async def test_every_mutation_and_every_refusal_writes_one_entry(visitor: Client) -> None:
    account, user = await make.account(), await person()
    owner, collaborator = await Client.owner(account), await make.collaborator(account)
    sale = await make.sale(account)

    async def assigned(**changed: Any) -> httpx.Response:
        return await assign(
            visitor,
            account,
            owner,
            **({"reference": sale["reference"], "collaborator": collaborator} | changed),
        )

    signed_in = await visitor.post(SIGN_IN, {"e": user["email"], "p": PASSWORD})
    refresh_token = signed_in.json()["data"]["signIn"]["refreshToken"]
    leaving = await make.session(user)
    values = {
        "assignSale": await assigned(),
        "assignSale NOT_FOUND": await assigned(reference="HP404"),
        "assignSale NOT_FOUND person": await assigned(collaborator={"id": "1"}),
        "assignSale NOT_FOUND team": await assigned(teamId="team_1"),
        "assignSale BAD_INPUT": await assigned(idempotencyKey=""),
        "signIn": signed_in,
        "signIn BAD_CREDENTIALS": await visitor.post(SIGN_IN, {"e": user["email"], "p": "wrong"}),
        "signIn BAD_CREDENTIALS unknown": await visitor.post(
            SIGN_IN, {"e": "nobody@example.com", "p": "wrong"}
        ),
        "refreshSession": await visitor.post(REFRESH, {"t": refresh_token}),
        "refreshSession SESSION_ENDED": await visitor.post(REFRESH, {"t": "unknown"}),
        "signOut": await visitor.post("mutation { signOut { signedOut } }", token=leaving),
    }
    for _ in range(9):
        await visitor.post(SIGN_IN, {"e": user["email"], "p": "wrong"})
    values["signIn RATE_LIMITED"] = await visitor.post(SIGN_IN, {"e": user["email"], "p": "wrong"})

    for name, response in values.items():
        assert response.status_code == 200, response.text
        act, _, wanted = name.partition(" ")
        entries = [(entry["act"], entry["refusal"]) for entry in await stored(response)]
        assert entries == [(act, wanted.split(" ")[0] or None)], name


async def test_what_never_was_an_act_is_not_logged(visitor: Client) -> None:
    account = await make.account()
    token = await Client.owner(account)
    user = await make.collaborator(account)
    variables = {"input": {"reference": "HP1"}}

    results = [
        await visitor.post(LOG, token=token, account=account),
        await visitor.post("mutation { nothing }", token=token, account=account),
        await visitor.post(ASSIGN, {"input": {}}, token=token, account=account),
        await visitor.post(ASSIGN, variables, token=await Client.collaborator(user), account=account),
        await visitor.post(ASSIGN, variables, token="unknown", account=account),
        await visitor.post(ASSIGN, variables),
    ]

    assert [await stored(response) for response in results] == [[]] * len(results)
    assert await log(visitor, account, token) == []


async def test_sixty_refusals_a_minute_are_logged_for_each_person(visitor: Client) -> None:
    account = await make.account()
    token = await Client.owner(account)
    admin = await make.collaborator(account, role=Role.ADMIN)
    collaborator, sale = await make.collaborator(account), await make.sale(account)

    for _ in range(65):
        response = await assign(visitor, account, token, "HP404", collaborator)
        assert response.json()["data"]["assignSale"]["errors"] == [{"code": "NOT_FOUND"}]
    await assign(visitor, account, token, sale["reference"], collaborator)
    await assign(visitor, account, await Client.collaborator(admin), "HP404", collaborator)

    entries = await log(visitor, account, token)
    assert Counter((entry["refusal"], entry["userName"] == admin["name"]) for entry in entries) == {
        ("NOT_FOUND", False): 60,
        (None, False): 1,
        ("NOT_FOUND", True): 1,
    }


@pytest.mark.parametrize(
    ("role", "teams_on", "reads"),
    [
        (Role.ADMIN, False, True),
        (Role.ADMIN, True, True),
        (Role.TEAM_LEAD, True, False),
        (Role.TEAM_LEAD, False, False),
        (Role.USER, True, False),
        (Role.USER, False, False),
    ],
)
async def test_owner_and_admins_alone_read_the_log(
    visitor: Client, role: Role, teams_on: bool, reads: bool
) -> None:
    account = await make.account(teams_on=teams_on)
    collaborator = await make.collaborator(account, await make.profile(account, list(Grant)), role)
    await make.team(account, leads=[collaborator] if role is Role.TEAM_LEAD else [])
    owner, token = await Client.owner(account), await Client.collaborator(collaborator)
    await assign(visitor, account, owner, "HP404", collaborator)
    (entry,) = await log(visitor, account, owner)
    by_id = "query($id: ID!) { node(id: $id) { id } }"

    response = await visitor.post(LOG, token=token, account=account)
    node = await visitor.ask(by_id, {"id": entry["id"]}, token=token, account=account)
    known = await visitor.ask('{ __type(name: "AuditEntry") { name } }', token=token, account=account)

    assert (response.status_code == 200) is reads
    assert node["node"] == ({"id": entry["id"]} if reads else None)
    assert known["__type"] == ({"name": "AuditEntry"} if reads else None)


async def test_changes_are_told_only_of_fields_that_exist_for_the_reader(visitor: Client) -> None:
    account = await make.account()
    searching = await make.profile(account, [Grant.SEARCH_SALES])
    other = await make.profile(account, [grant for grant in Grant if grant is not Grant.SEARCH_SALES])
    sees = await make.collaborator(account, searching, Role.ADMIN)
    sees_not = await make.collaborator(account, other, Role.ADMIN)
    collaborator = await make.collaborator(account)
    sale = await make.sale(account)
    await assign(visitor, account, await Client.owner(account), sale["reference"], collaborator)

    (full,) = await log(visitor, account, await Client.collaborator(sees))
    response = await visitor.post(LOG, token=await Client.collaborator(sees_not), account=account)
    (bare,) = await log(visitor, account, await Client.collaborator(sees_not))

    assert full["changes"] == [{"field": "Sale.assignee", "before": None, "after": collaborator["name"]}]
    assert bare["changes"] == []
    assert collaborator["name"] not in response.text
    assert {**full, "changes": []} == bare


async def test_entries_of_other_accounts_and_of_none_never_show(visitor: Client) -> None:
    owner = await person()
    mine, too, theirs = await make.account(owner), await make.account(owner), await make.account()
    token = await make.session(owner)
    collaborators = [await make.collaborator(account) for account in (mine, too, theirs)]
    await assign(visitor, mine, token, "HP-mine", collaborators[0])
    await assign(visitor, too, token, "HP-too", collaborators[1])
    await assign(visitor, theirs, await Client.owner(theirs), "HP-theirs", collaborators[2])
    await visitor.post(SIGN_IN, {"e": owner["email"], "p": PASSWORD})
    await visitor.post(SIGN_IN, {"e": owner["email"], "p": "wrong"})

    results = {
        account["id"]: [entry["objectId"] for entry in await log(visitor, account, token)]
        for account in (mine, too)
    }
    (foreign,) = await log(visitor, theirs, await Client.owner(theirs))
    node = await visitor.ask(
        "query($id: ID!) { node(id: $id) { id } }", {"id": foreign["id"]}, token=token, account=mine
    )

    assert results == {mine["id"]: ["HP-mine"], too["id"]: ["HP-too"]}
    assert node["node"] is None


async def test_a_refusal_is_logged_alike_whether_or_not_its_object_exists(visitor: Client) -> None:
    account = await make.account(teams_on=True)
    lead, member, loner = [
        await make.collaborator(account, role=role) for role in (Role.TEAM_LEAD, Role.USER, Role.USER)
    ]
    await make.team(account, [member], [lead])
    hidden, token = await make.sale(account, assignee=loner), await Client.collaborator(lead)

    await assign(visitor, account, token, hidden["reference"], member)
    await assign(visitor, account, token, "HP404", member)

    entries = await log(visitor, account, await Client.owner(account))
    for entry in entries:
        del entry["id"], entry["at"], entry["requestId"], entry["objectId"]
    assert entries[0] == entries[1]


async def test_the_newest_entry_comes_first_and_pages_hold_every_one_once(visitor: Client) -> None:
    account = await make.account()
    token, collaborator = await Client.owner(account), await make.collaborator(account)
    for number in range(12):
        await assign(visitor, account, token, f"HP-{number}", collaborator)
    query = """query($after: String) { account { auditLog(first: 5, after: $after) {
      edges { node { objectId } } pageInfo { hasNextPage endCursor } } } }"""
    found, after = [], None

    for _ in range(3):
        audit_log = (await visitor.ask(query, {"after": after}, token=token, account=account))["account"][
            "auditLog"
        ]
        found += [edge["node"]["objectId"] for edge in audit_log["edges"]]
        after = audit_log["pageInfo"]["endCursor"]

    assert sorted(found) == sorted(f"HP-{number}" for number in range(12))
    assert found[0] == "HP-11"
    assert audit_log["pageInfo"]["hasNextPage"] is False
