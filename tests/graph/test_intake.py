"""What came in, and what became of it: from the public door to `account.intake`."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

import make
from authz.grant import Grant
from client import Client
from doorstep import visiting
from intake.files.history import import_files
from models import database
from models.vocabulary import IntakeOutcome, Role

SECRET = "a-secret-of-the-tests"
LIST = """query($filter: IntakeFilter, $first: Int, $after: String) { account {
  intake(filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { id receivedAt happenedAt kind outcome reason doubts reference source sale { reference status } } }
  intakeCounts(filter: $filter) { outcome count } } }"""
AT = 1_772_323_200_000  # 2026-03-01


def message(transaction: str = "HP1", **changed: Any) -> dict[str, Any]:
    purchase = {
        "transaction": transaction, "status": "APPROVED", "order_date": AT, "approved_date": AT,
        "price": {"value": 100, "currency_value": "BRL"}, "payment": {"type": "PIX", "installments_number": 1},
    }  # fmt: skip
    data = {"product": {"id": 7, "name": "Watercolors"}, "buyer": {"name": "Ana"}, "purchase": purchase}
    values = {"id": f"event-{transaction}", "creation_date": AT, "event": "PURCHASE_APPROVED", "data": data}
    return values | changed


SALE = message()
OTHER = {"id": "other", "creation_date": AT + 1, "event": "SWITCH_PLAN", "data": {}}
TEST = message("HP1", id="test") | {"data": message()["data"] | {"product": {"id": 0, "name": "x"}}}
MALFORMED = message("HP3", creation_date=None, id="bad")


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def seller(**changed: Any) -> dict[str, Any]:
    digest = hashlib.sha256(SECRET.encode()).hexdigest()
    return await make.account(**({"intake_secret_digest": digest} | changed))


async def sent(visitor: Client, account: dict[str, Any], *messages: Any) -> list[int]:
    """The statuses with which the door answers messages."""
    return [
        (
            await visitor.http.post(
                f"/intake/hotmart/{account['intake_id']}/",
                content=json.dumps(item).encode(),
                headers={"x-hotmart-hottok": SECRET},
            )
        ).status_code
        for item in messages
    ]


async def listed(visitor: Client, account: dict[str, Any], **variables: Any) -> Any:
    data = await visitor.ask(LIST, variables, token=await Client.owner(account), account=account)
    return data["account"]


async def test_every_message_is_listed_with_what_became_of_it(visitor: Client) -> None:
    account = await seller()

    assert await sent(visitor, account, SALE, OTHER, TEST, MALFORMED) == [200, 200, 200, 400]

    result = await listed(visitor, account)
    nodes = result["intake"]["nodes"]
    assert [node["outcome"] for node in nodes] == ["MALFORMED", "TEST", "OTHER", "SALE"]
    assert [node["kind"] for node in nodes] == [
        *("PURCHASE_APPROVED", "PURCHASE_APPROVED", "SWITCH_PLAN", "PURCHASE_APPROVED")
    ]
    assert [node["reference"] for node in nodes] == ["HP3", "HP1", None, "HP1"]
    assert [node["sale"] for node in nodes] == [None, None, None, {"reference": "HP1", "status": "APPROVED"}]
    assert [node["reason"] for node in nodes] == ["creation_date is missing.", None, None, None]
    assert [node["happenedAt"] for node in nodes][2:] == ["2026-03-01T00:00:00.001Z", "2026-03-01T00:00:00Z"]
    assert {node["source"] for node in nodes} == {"WEBHOOK"}
    assert result["intakeCounts"] == [
        {"outcome": outcome, "count": int(outcome != "WAITING")} for outcome in IntakeOutcome
    ]


async def test_an_import_is_listed_as_one(visitor: Client, tmp_path: Path) -> None:
    account = await seller()
    (tmp_path / "all.json").write_text(json.dumps([SALE, MALFORMED]))

    await import_files(account["id"], [tmp_path / "all.json"], lambda _done, _all: None)

    nodes = (await listed(visitor, account))["intake"]["nodes"]
    assert {(node["outcome"], node["source"]) for node in nodes} == {
        ("SALE", "IMPORT"),
        ("MALFORMED", "IMPORT"),
    }


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, "SOTM"),
        ({"outcome": ["TEST", "OTHER"]}, "OT"),
        ({"outcome": []}, ""),
        ({"kind": ["SWITCH_PLAN"]}, "O"),
        ({"kind": ["PURCHASE_APPROVED"], "outcome": ["SALE"]}, "S"),
        ({"kind": ["\0"]}, ""),
        ({"reference": "HP1"}, "ST"),
        ({"reference": "\0"}, ""),
        ({"hasDoubts": True}, "O"),
        ({"hasDoubts": False, "reference": "HP3"}, "M"),
        ({"period": {"from": "2020-01-01", "to": "2021-01-01"}}, ""),
        ({"period": {"from": "2020-01-01", "to": "2100-01-01"}}, "SOTM"),
    ],
)
async def test_a_filter_leaves_the_messages_that_meet_every_condition(
    visitor: Client, conditions: dict[str, Any], found: str
) -> None:
    account, other = await seller(), await seller()
    await sent(visitor, account, SALE, OTHER, TEST, MALFORMED)
    await sent(visitor, other, SALE, OTHER)

    result = await listed(visitor, account, filter=conditions)

    assert sorted(node["outcome"][0] for node in result["intake"]["nodes"]) == sorted(found)
    assert result["intake"]["totalCount"] == len(found)
    assert {count["outcome"][0]: count["count"] for count in result["intakeCounts"]} == {
        letter: found.count(letter) for letter in "SWOTM"
    }


async def test_doubts_are_listed_and_found(visitor: Client) -> None:
    account = await seller()
    doubted = message("HP2")
    doubted["data"]["buyer"]["address"] = "Rua A, 10"

    assert await sent(visitor, account, SALE, doubted) == [200, 200]

    listed_doubts = (await listed(visitor, account, filter={"hasDoubts": True}))["intake"]["nodes"]
    assert [(node["reference"], node["outcome"], len(node["doubts"])) for node in listed_doubts] == [
        ("HP2", "SALE", 1)
    ]
    assert "buyer.address" in listed_doubts[0]["doubts"][0]
    others = (await listed(visitor, account, filter={"hasDoubts": False}))["intake"]["nodes"]
    assert [node["reference"] for node in others] == ["HP1"]


async def test_the_list_is_read_in_pages_that_neither_skip_nor_repeat(visitor: Client) -> None:
    account = await seller()
    await sent(visitor, account, [message(f"HP{number}") for number in range(7)])
    found, after = [], None

    while True:
        page = (await listed(visitor, account, first=3, after=after))["intake"]
        found += [node["reference"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert sorted(found) == [f"HP{number}" for number in range(7)]


async def test_the_list_takes_the_same_few_statements_however_long_it_is(visitor: Client) -> None:
    account = await seller()
    token = await Client.owner(account)
    counts = []
    for number in range(3):
        await sent(visitor, account, [message(f"HP{number}-{item}") for item in range(number * 10 + 1)])
        await visitor.ask(LIST, {"first": 100}, token=token, account=account)
        with database.observed() as statements:
            await visitor.ask(LIST, {"first": 100}, token=token, account=account)
        counts.append(len([statement for statement in statements if "intake_events" in statement]))

    assert counts == [3, 3, 3]  # the page, its count, and the counts by outcome


async def test_an_admin_sees_the_messages_and_never_what_they_hold(visitor: Client) -> None:
    account = await seller()
    await sent(visitor, account, SALE)
    profile = await make.profile(account, list(Grant))
    admin = await Client.collaborator(await make.collaborator(account, profile, Role.ADMIN))
    owner = await Client.owner(account)
    query = "{ account { intake { nodes { id payload } } } }"

    data = await visitor.ask(LIST, {}, token=admin, account=account)
    refused = await visitor.errors(query, token=admin, account=account)
    own = await visitor.ask(query, token=owner, account=account)

    (node,) = data["account"]["intake"]["nodes"]
    assert node["sale"]["reference"] == "HP1"
    assert [error["message"] for error in refused] == [
        "Cannot query field 'payload' on type 'IntakeMessage'."
    ]
    (whole,) = own["account"]["intake"]["nodes"]
    assert json.loads(whole["payload"]) == SALE
    again = await visitor.ask(
        "query($id: ID!) { node(id: $id) { ... on IntakeMessage { payload } } }",
        {"id": whole["id"]},
        token=owner,
        account=account,
    )
    assert json.loads(again["node"]["payload"]) == SALE


async def test_an_admin_who_sees_no_sales_sees_none_through_the_messages(visitor: Client) -> None:
    account = await seller()
    await sent(visitor, account, SALE)
    profile = await make.profile(account, [Grant.VIEW_PRODUCTS])
    admin = await Client.collaborator(await make.collaborator(account, profile, Role.ADMIN))

    errors = await visitor.errors(LIST, {}, token=admin, account=account)
    data = await visitor.ask("{ account { intake { nodes { reference } } } }", token=admin, account=account)

    assert [error["message"] for error in errors] == ["Cannot query field 'sale' on type 'IntakeMessage'."]
    assert data["account"]["intake"]["nodes"] == [{"reference": "HP1"}]


@pytest.mark.parametrize("role", [Role.USER, Role.TEAM_LEAD])
async def test_the_messages_are_for_the_owner_and_admins(visitor: Client, role: Role) -> None:
    account = await seller(teams_on=True)
    await sent(visitor, account, SALE)
    owner = await visitor.ask(
        "{ account { intake { nodes { id } } } }", token=await Client.owner(account), account=account
    )
    (node,) = owner["account"]["intake"]["nodes"]
    collaborator = await make.collaborator(account, await make.profile(account, list(Grant)), role)
    token = await Client.collaborator(collaborator)

    for field in ("intake { totalCount }", "intakeCounts { count }"):
        errors = await visitor.errors(f"{{ account {{ {field} }} }}", token=token, account=account)
        assert errors[0]["message"].startswith("Cannot query field 'intake")
    found = await visitor.ask(
        "query($id: ID!) { node(id: $id) { id } }", {"id": node["id"]}, token=token, account=account
    )
    assert found == {"node": None}
