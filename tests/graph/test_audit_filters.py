"""The audit log's filters, its head, and the numbers of its entries."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

import make
from actions.kit.chain import chain_key
from actions.kit.proof import prove, read_head
from authz.grant import Grant
from client import SETTINGS, Client
from doorstep import visiting
from models import database
from models.vocabulary import Role

ASSIGN = "mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"
LOG = """query($filter: AuditFilter) { account { auditLog(first: 100, filter: $filter) { totalCount
  nodes { sequence actor userName act objectType objectId refusal } } auditHead { sequence digest } } }"""
DAY = 86_400_000


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def entry(account: dict[str, Any], user: dict[str, Any], **changed: Any) -> None:
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "user_id": user["id"],
        "user_name": user["name"],
        "act": "assignSale",
        "object_type": "Sale",
        "object_id": "HP1",
        "let_by": None,
        "refusal": None,
        "changes": "[]",
        "request_id": "request",
        "address": None,
        "at": database.now(),
        "sequence": None,
        "digest": None,
    }
    await database.transact(lambda: database.insert("audit_entries", row | changed))


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, ["A", "B", "C", "D"]),
        ({"act": ["inviteCollaborator"]}, ["C"]),
        ({"act": ["inviteCollaborator", "assignSale"]}, ["A", "B", "C"]),
        ({"act": []}, []),
        ({"act": ["nothing"]}, []),
        ({"act": ["a\0"]}, []),
        ({"actor": "user_\0"}, []),
        ({"object": {"type": "Sale\0"}}, []),
        ({"object": {"type": "Sale", "id": "B\0"}}, []),
        ({"object": {"type": "Sale"}}, ["A", "B"]),
        ({"object": {"type": "Sale", "id": "B"}}, ["B"]),
        ({"object": {"type": "Person", "id": "B"}}, []),
        ({"object": {"type": "Invitation", "id": "invitation_C"}}, ["C"]),
        ({"object": {"type": "Invitation", "id": "C"}}, []),
        ({"object": {"type": "Invitation", "id": "person_C"}}, []),
        ({"refused": True}, ["B", "C"]),
        ({"refused": False}, ["A", "D"]),
        ({"refused": True, "act": ["assignSale"]}, ["B"]),
        ({"period": {"from": "2026-03-02", "to": "2026-03-03"}}, ["B"]),
        ({"period": {"from": "2026-03-01", "to": "2026-03-03"}}, ["A", "B"]),
        ({"actor": "user"}, ["B", "D"]),
        ({"actor": "person"}, ["B", "D"]),
        ({"actor": "user", "refused": False}, ["D"]),
        ({"actor": "owner"}, ["A", "C"]),
        ({"actor": "person_1"}, []),
        ({"actor": "user_' OR 1 = 1"}, []),
        ({"actor": "stranger"}, []),
    ],
)
async def test_a_filter_leaves_the_entries_that_meet_every_condition(
    visitor: Client, conditions: dict[str, Any], found: list[str]
) -> None:
    owner, user = await make.user(), await make.user()
    account = await make.account(owner)
    collaborator = await make.collaborator(account, user_=user)
    elsewhere = await make.account()
    stranger = await make.collaborator(elsewhere, user_=user)
    first = 1_772_323_200_000  # 2026-03-01
    await entry(account, owner, object_id="A", at=first)
    await entry(account, user, object_id="B", at=first + DAY, refusal="FORBIDDEN")
    await entry(
        account, owner, object_id="C", at=first + 2 * DAY, object_type="Invitation",
        act="inviteCollaborator", refusal="BAD_INPUT",
    )  # fmt: skip
    await entry(account, user, object_id="D", object_type=None, act="leaveCentral", at=first + 2 * DAY)
    await entry(elsewhere, user, object_id="B", at=first)
    named = {
        "user": f"user_{user['id']}",
        "person": f"person_{collaborator['id']}",
        "owner": f"user_{owner['id']}",
        "stranger": f"person_{stranger['id']}",
    }
    if "actor" in conditions:
        conditions = conditions | {"actor": named.get(conditions["actor"], conditions["actor"])}

    data = await visitor.ask(LOG, {"filter": conditions}, token=await make.session(owner), account=account)

    log = data["account"]["auditLog"]
    assert sorted(node["objectId"].removeprefix("invitation_") for node in log["nodes"]) == found
    assert log["totalCount"] == len(found)


async def test_an_entrys_actor_finds_what_else_they_did_even_after_they_left(visitor: Client) -> None:
    account = await make.account()
    gone = await make.user()
    await entry(account, gone, object_id="A")
    await entry(account, {"id": account["owner_id"], "name": "Owner"}, object_id="B")
    token = await Client.owner(account)

    data = await visitor.ask(
        LOG, {"filter": {"object": {"type": "Sale", "id": "A"}}}, token=token, account=account
    )
    actor = data["account"]["auditLog"]["nodes"][0]["actor"]
    data = await visitor.ask(LOG, {"filter": {"actor": actor}}, token=token, account=account)

    assert [node["objectId"] for node in data["account"]["auditLog"]["nodes"]] == ["A"]


async def test_a_period_that_ends_before_it_begins_is_bad_input(visitor: Client) -> None:
    account = await make.account()
    variables = {"period": {"from": "2026-03-02", "to": "2026-03-01"}}

    errors = await visitor.errors(
        LOG, {"filter": variables}, token=await Client.owner(account), account=account
    )

    assert [error["extensions"]["code"] for error in errors] == ["BAD_INPUT"]


async def test_the_head_is_the_last_entry_and_proves_the_log(visitor: Client) -> None:
    account = await make.account()
    token = await Client.owner(account)
    before = await visitor.ask(LOG, token=token, account=account)
    for number in range(3):
        await visitor.ask(ASSIGN, {"input": {"reference": f"HP{number}"}}, token=token, account=account)

    data = (await visitor.ask(LOG, token=token, account=account))["account"]

    assert before["account"]["auditHead"] == {"sequence": 0, "digest": None}
    assert [node["sequence"] for node in data["auditLog"]["nodes"]] == [3, 2, 1]
    head = read_head(f"{data['auditHead']['sequence']}:{data['auditHead']['digest']}")
    proof = await prove(chain_key(SETTINGS.secret_key), account["id"], [head])
    assert (proof.broken, proof.head) == (None, head)


@pytest.mark.parametrize("role", [Role.USER, Role.TEAM_LEAD])
async def test_the_head_is_for_owner_and_admins(visitor: Client, role: Role) -> None:
    account = await make.account(teams_on=True)
    collaborator = await make.collaborator(account, await make.profile(account, list(Grant)), role)

    errors = await visitor.errors(
        "{ account { auditHead { sequence } } }",
        token=await Client.collaborator(collaborator),
        account=account,
    )

    assert errors[0]["message"] == "Cannot query field 'auditHead' on type 'Account'."


async def test_a_filter_takes_a_hundred_values_each_once(visitor: Client) -> None:
    account = await make.account()
    token = await Client.owner(account)
    invitations = (
        "query($of: [InvitationStatus!]) { account { invitations(filter: {status: $of}) { totalCount } } }"
    )

    async def first_code(query: str, **variables: Any) -> str | None:
        response = await visitor.post(query, variables, token=token, account=account)
        return next((error["extensions"]["code"] for error in response.json().get("errors", ())), None)

    many = [f"act{number}" for number in range(101)]
    assert await first_code(LOG, filter={"act": many}) == "BAD_INPUT"
    assert await first_code(LOG, filter={"act": many[:100] * 90}) is None
    assert await first_code(invitations, of=["PENDING"] * 9_000) is None
