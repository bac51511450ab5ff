"""The log as a file: for whom, how much of it, and safe to open."""

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

import make
from actions.kit.chain import append, chain_key
from authz.gates import Standing
from authz.grant import Grant
from centrals.application import handler_of
from client import SETTINGS, Client
from doorstep import PASSWORD, person, visiting
from graph.audit.types import AuditFilter
from graph.export.audit import _pages
from graph.export.reader import AccessEnded, RequestReader
from graph.http.request import GraphQLRequest
from models import database
from models.vocabulary import Role

ASSIGN = "mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"
KEY = chain_key(SETTINGS.secret_key)


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def written(account: dict[str, Any], *changed: dict[str, Any]) -> None:
    async def work() -> None:
        for item in changed:
            entry = {
                "id": database.new_id(),
                "account_id": account["id"],
                "user_id": account["owner_id"],
                "user_name": "Owner",
                "act": "assignSale",
                "object_type": "Sale",
                "object_id": "HP1",
                "let_by": "LEAD",
                "refusal": None,
                "changes": [],
                "request_id": "request",
                "address": None,
                "at": database.now(),
            }
            await append(KEY, entry | item)

    await database.transact(work)


async def export(
    visitor: Client,
    token: str | None,
    account: dict[str, Any] | None,
    path: str = "/export/audit",
    method: str = "GET",
    **parameters: Any,
) -> httpx.Response:
    headers = {}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    if account is not None:
        headers["x-central"] = f"central_{account['id']}"
    return await visitor.http.request(method, path, params=parameters, headers=headers)


def lines(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


def rows(response: httpx.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


async def logged(account: dict[str, Any]) -> list[tuple[str, str | None]]:
    found = await database.read(
        "SELECT act, refusal FROM audit_entries WHERE account_id = ? ORDER BY sequence", (account["id"],)
    )
    return [(row["act"], row["refusal"]) for row in found]


async def test_the_whole_log_comes_newest_first_and_the_export_itself_stands_in_it(visitor: Client) -> None:
    account = await make.account()
    token = await Client.owner(account)
    await written(
        account, *({"object_id": f"HP{number}", "at": 1_001 + number // 3} for number in range(1_203))
    )

    result = lines(await export(visitor, token, account, format="jsonl"))

    assert result[0]["act"] == "exportAuditLog"
    assert result[0]["letBy"] == "ADMIN"
    assert {item["objectId"] for item in result[1:]} == {f"HP{number}" for number in range(1_203)}
    assert len(result) == 1_204
    assert [item["at"] for item in result] == sorted((item["at"] for item in result), reverse=True)
    assert len({item["digest"] for item in result}) == 1_204


async def test_both_formats_tell_what_the_api_tells(visitor: Client) -> None:
    account = await make.account()
    token, collaborator = await Client.owner(account), await make.collaborator(account)
    sale = await make.sale(account)
    chosen = {"reference": sale["reference"], "assigneeId": f"person_{collaborator['id']}"}
    await visitor.ask(ASSIGN, {"input": chosen}, token=token, account=account)
    names = "id sequence at actor userName tokenId tokenName act objectType objectId letBy refusal requestId address"
    query = f"{{ account {{ auditLog {{ nodes {{ {names} changes {{ field before after count }} }} }} }} }}"
    node = (await visitor.ask(query, token=token, account=account))["account"]["auditLog"]["nodes"][0]

    line = lines(await export(visitor, token, account, format="jsonl"))[-1]
    row = rows(await export(visitor, token, account))[-1]

    digest = line.pop("digest")
    assert line == node
    assert row.pop("digest") == digest
    assert json.loads(row.pop("changes")) == node.pop("changes")
    assert row == {name: "" if value is None else str(value) for name, value in node.items()}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
async def test_no_cell_is_taken_for_a_formula(visitor: Client, start: str) -> None:
    account = await make.account()
    hostile = f'{start}cmd|"/C calc"!A1,\r\nnext "line" é 🦊'
    await written(account, {"object_id": hostile, "user_name": hostile})

    row = rows(await export(visitor, await Client.owner(account), account, objectType="Sale"))[0]

    assert (row["objectId"], row["userName"]) == (f"'{hostile}", f"'{hostile}")


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"act": "inviteCollaborator"}, {"C"}),
        ({"act": ["inviteCollaborator", "assignSale"]}, {"A", "B", "C"}),
        ({"objectType": "Sale"}, {"A", "B"}),
        ({"objectType": "Sale", "objectId": "B"}, {"B"}),
        ({"objectType": "Invitation", "objectId": "invitation_C"}, {"C"}),
        ({"refused": "true"}, {"B"}),
        ({"from": "1970-01-01", "to": "2026-01-01"}, None),
        ({"from": "2026-03-01", "to": "2026-03-02"}, {"A"}),
        ({"actor": "user_1"}, set()),
        ({"act": "a\0"}, set()),
        ({"objectType": "Sale", "objectId": "\0"}, set()),
    ],
)
async def test_filters_leave_what_they_leave_of_the_log(
    visitor: Client, parameters: dict[str, Any], found: set[str] | None
) -> None:
    account = await make.account()
    await written(
        account,
        {"object_id": "A", "at": 1_772_323_200_000},
        {"object_id": "B", "refusal": "FORBIDDEN"},
        {"object_id": "C", "act": "inviteCollaborator", "object_type": "Invitation"},
    )

    response = await export(visitor, await Client.owner(account), account, format="jsonl", **parameters)

    if found is None:
        assert response.status_code == 400
        assert response.json()["errors"][0]["extensions"] == {"code": "BAD_INPUT"}
        assert ("exportAuditLog", None) not in await logged(account)
    else:
        assert {line["objectId"].removeprefix("invitation_") for line in lines(response)} == found


@pytest.mark.parametrize(
    "parameters",
    [
        {"format": "xml"},
        {"refused": "yes"},
        {"from": "2026-01-01"},
        {"from": "2026-1-1", "to": "2026-02-01"},
        {"objectId": "B"},
        {"actr": "x"},
    ],
)
async def test_a_parameter_that_makes_no_sense_is_told_and_exports_nothing(
    visitor: Client, parameters: dict[str, str]
) -> None:
    account = await make.account()

    response = await export(visitor, await Client.owner(account), account, **parameters)

    assert response.status_code == 400
    assert response.json()["errors"][0]["message"]


async def test_without_standing_the_address_is_unknown(visitor: Client) -> None:
    account, other = await make.account(teams_on=True), await make.account()
    everything = await make.profile(account, list(Grant))
    user, lead, admin = [
        await make.collaborator(account, everything, role) for role in (Role.USER, Role.TEAM_LEAD, Role.ADMIN)
    ]
    await make.team(account, leads=[lead])
    gone = await make.collaborator(account, everything, Role.ADMIN, suspended_at=1)
    owner, admins = await Client.owner(account), await Client.collaborator(admin)
    unknown = await export(visitor, owner, account, path="/export/nothing")

    results = [
        await export(visitor, await Client.collaborator(user), account),
        await export(visitor, await Client.collaborator(lead), account),
        await export(visitor, await Client.collaborator(lead), account, format="xml"),
        await export(visitor, await Client.collaborator(gone), account),
        await export(visitor, await Client.owner(other), account),
        await export(visitor, owner, other),
        await export(visitor, owner, None),
        await export(visitor, owner, {"id": "nonsense"}),
        await export(visitor, None, account),
        await export(visitor, None, None),
        await export(visitor, owner, account, method="POST"),
    ]

    for response in results:
        assert (response.status_code, response.content) == (404, unknown.content)
        assert response.headers.keys() == unknown.headers.keys()
    assert await logged(account) == []
    assert (await export(visitor, admins, account)).status_code == 200
    assert await logged(account) == [("exportAuditLog", None)]


async def test_the_owner_of_a_closed_account_exports_and_its_admins_do_not(visitor: Client) -> None:
    account = await make.account(closed_at=database.now())
    admin = await make.collaborator(account, role=Role.ADMIN)
    await written(account, {"object_id": "HP1"})

    owners = await export(visitor, await Client.owner(account), account, format="jsonl")
    admins = await export(visitor, await Client.collaborator(admin), account, format="jsonl")

    assert [line["act"] for line in lines(owners)] == ["exportAuditLog", "assignSale"]
    assert admins.status_code == 404
    assert await logged(account) == [("assignSale", None), ("exportAuditLog", None)]


async def test_a_bad_credential_is_unauthenticated_and_a_bad_cookie_cleared(visitor: Client) -> None:
    account = await make.account()
    ended = await make.session({"id": account["owner_id"]}, ended=True)

    bad, by_session = await export(visitor, "nothing", account), await export(visitor, ended, account)
    cookie = await visitor.http.get("/export/audit", headers={"cookie": "centrals_access=nothing"})

    for response in (bad, by_session):
        assert response.status_code == 401
        assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
    assert cookie.status_code in (401, 404)


async def test_the_cookies_of_a_sign_in_export_from_the_own_pages_alone(visitor: Client) -> None:
    owner = await person()
    account = await make.account(owner)
    sign_in = "mutation($e: String!, $p: String!) { signIn(input: {email: $e, password: $p, cookie: true}) { errors { code } } }"
    await visitor.ask(sign_in, {"e": owner["email"], "p": PASSWORD})
    at = {"central": f"central_{account['id']}"}

    own = await visitor.http.get("/export/audit", params=at)
    foreign = await visitor.http.get(
        "/export/audit", params=at, headers={"origin": "https://evil.example.com"}
    )

    assert own.status_code == 200
    assert foreign.status_code == 403
    assert await logged(account) == [("exportAuditLog", None)]


async def test_changes_pass_the_gates_of_their_fields(visitor: Client) -> None:
    account = await make.account()
    sees, sees_not = [
        await make.collaborator(account, await make.profile(account, grants), Role.ADMIN)
        for grants in ([Grant.SEARCH_SALES], [Grant.VIEW_PRODUCTS])
    ]
    change = {"field": "Sale.assignee", "before": None, "after": "Secret name", "count": 3}
    owners = {"field": "Account.taxNumber", "before": None, "after": "11222333000181", "count": None}
    await written(account, {"changes": [change, owners]})

    full = await export(visitor, await Client.collaborator(sees), account, format="jsonl", objectType="Sale")
    bare = await export(
        visitor, await Client.collaborator(sees_not), account, format="jsonl", objectType="Sale"
    )
    whole = await export(visitor, await Client.owner(account), account, format="jsonl", objectType="Sale")

    assert lines(full)[0]["changes"] == [change]
    assert lines(bare)[0]["changes"] == []
    assert lines(whole)[0]["changes"] == [change, owners]
    assert "Secret name" not in bare.text
    assert "11222333000181" not in full.text


async def test_an_export_breaks_off_where_the_standing_ends(database_url: str) -> None:
    account = await make.account()
    admin = await make.collaborator(account, role=Role.ADMIN)
    request = GraphQLRequest("", token=await Client.collaborator(admin), central=f"central_{account['id']}")
    await written(account, *({"object_id": f"HP{number}"} for number in range(1_200)))
    pages = _pages(RequestReader(handler_of(SETTINGS), request, int(Standing.ADMIN)), AuditFilter())
    suspend = "UPDATE collaborators SET suspended_at = 1 WHERE id = ?"

    first = await anext(pages)
    await database.transact(lambda: database.write(suspend, (admin["id"],)))

    assert 0 < len(first) < 1_200
    with pytest.raises(AccessEnded):
        await anext(pages)
