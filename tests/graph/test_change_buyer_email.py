"""Who changes a buyer's e-mail address, what changes with it, and what no later message undoes."""

from typing import Any

import msgspec
import pytest

import make
from authz.grant import Grant
from center import DONE, UNKNOWN, Center, center
from client import Client
from models import database
from models.vocabulary import Role

DAY_MS = 24 * 3_600_000
CHANGE = """mutation($input: ChangeBuyerEmailInput!) { changeBuyerEmail(input: $input) {
  reference alsoChanged sale { buyer { email } } errors { code field } } }"""
BLIND = """mutation($input: ChangeBuyerEmailInput!) { changeBuyerEmail(input: $input) {
  reference alsoChanged errors { code field } } }"""
HISTORY = """query($reference: String!) { account { sale(reference: $reference) { buyer { email }
  history { source change emailChange { before after } } } } }"""


@pytest.fixture
async def at(client: Client) -> Center:
    """An account with a subscription of three sales: two are the user's, the third is another's."""
    found = await center(client)
    for reference, collaborator in (
        ("first", "user"),
        ("second", "user"),
        ("third", "small"),
        ("alone", "user"),
    ):
        code = None if reference == "alone" else "SUB1"
        await make.sale(
            found.account,
            assignee=found.collaborators[collaborator],
            reference=reference,
            buyer_email="old@example.com",
            subscription_code=code,
        )
    return found


async def changed(at: Center, who: str, reference: str, email: str = "new@example.com", **more: Any) -> Any:
    values = {"reference": reference, "email": email, **more}
    data = await at.client.ask(CHANGE, {"input": values}, token=at.tokens[who], account=at.account)
    return data["changeBuyerEmail"]


async def emails(at: Center) -> dict[str, str]:
    rows = await database.read(
        "SELECT reference, buyer_email FROM sales WHERE account_id = ?", (at.account["id"],)
    )
    return {row["reference"]: row["buyer_email"] for row in rows}


async def letters(at: Center) -> list[tuple[str, str]]:
    rows = await database.read(
        "SELECT kind, recipient, data FROM outbox_messages WHERE kind LIKE 'buyer_email%' ORDER BY id"
    )
    found = []
    for row in rows:
        data = row["data"] if isinstance(row["data"], dict) else msgspec.json.decode(row["data"])
        if data.get("account") == at.account["name"]:
            found.append((row["kind"], row["recipient"]))
    return found


async def test_the_owner_changes_every_sale_of_the_subscription(at: Center) -> None:
    payload = await changed(at, "owner", "first")

    assert payload["errors"] == []
    assert payload["alsoChanged"] == 2
    assert payload["sale"]["buyer"]["email"] == "new@example.com"
    new, old = "new@example.com", "old@example.com"
    assert await emails(at) == {"first": new, "second": new, "third": new, "alone": old}
    assert (await at.log())[-1]["let_by"] == "CHANGE_BUYER_EMAIL"
    assert (await at.changes())["Buyer.email"] == (old, new)


async def test_a_user_changes_the_sales_within_reach_and_is_not_told_of_others(at: Center) -> None:
    payload = await changed(at, "user", "first")

    assert payload["alsoChanged"] == 1
    assert (await emails(at))["third"] == "old@example.com"
    assert (await changed(at, "user", "third"))["errors"] == [{"code": "NOT_FOUND", "field": ["reference"]}]
    assert (await changed(at, "user", "none"))["errors"] == [{"code": "NOT_FOUND", "field": ["reference"]}]


async def test_the_grant_reaches_rows_without_the_grant_to_search_sales(at: Center) -> None:
    profile = await make.profile(at.account, [Grant.CHANGE_BUYER_EMAIL])
    collaborator = await make.collaborator(at.account, profile, Role.USER)
    await make.sale(at.account, assignee=collaborator, reference="own", buyer_email="old@example.com")
    token = await Client.collaborator(collaborator)
    values = {"reference": "own", "email": "new@example.com"}

    data = await at.client.ask(BLIND, {"input": values}, token=token, account=at.account)
    errors = await at.client.errors(CHANGE, {"input": values}, token=token, account=at.account)
    refused = await at.client.ask(
        BLIND, {"input": values | {"reference": "first"}}, token=token, account=at.account
    )

    assert data["changeBuyerEmail"] == {"reference": "own", "alsoChanged": 0, "errors": []}
    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]
    assert [error["code"] for error in refused["changeBuyerEmail"]["errors"]] == ["NOT_FOUND"]
    assert (await emails(at))["own"] == "new@example.com"


async def test_without_the_grant_the_mutation_and_its_history_do_not_exist(at: Center) -> None:
    values = {"reference": "first", "email": "new@example.com"}

    assert await at.outcome("small", "changeBuyerEmail", **values) == UNKNOWN
    errors = await at.client.errors(
        HISTORY, {"reference": "third"}, token=at.tokens["small"], account=at.account
    )
    assert len(errors) == 2  # Buyer.email and SaleEvent.emailChange


async def test_the_history_shows_the_change_and_the_fold_keeps_it(at: Center) -> None:
    await changed(at, "owner", "alone", "Second@Example.com")
    await changed(at, "owner", "alone", "third@example.com")

    sale = (await at.ask("owner", HISTORY, reference="alone"))["account"]["sale"]

    assert sale["buyer"]["email"] == "third@example.com"
    changes = [event["emailChange"] for event in sale["history"] if event["change"] == "BUYER_EMAIL"]
    assert [change["before"].lower() for change in changes] == ["old@example.com", "second@example.com"]
    assert changes[-1]["after"] == "third@example.com"


async def test_the_same_address_again_writes_nothing_but_its_entry_in_the_log(at: Center) -> None:
    before = await at.state()

    payload = await changed(at, "owner", "first", "old@example.com")

    assert (payload["errors"], payload["alsoChanged"]) == ([], 0)
    assert await at.state() == before
    assert await letters(at) == []
    assert await at.outcome("owner", "changeBuyerEmail", reference="first", email="old@example.com") == DONE


async def test_a_text_that_is_no_address_is_refused(at: Center) -> None:
    payload = await changed(at, "owner", "first", "nobody")

    assert payload["errors"] == [{"code": "BAD_EMAIL", "field": ["email"]}]
    assert set((await emails(at)).values()) == {"old@example.com"}


async def test_the_fourth_change_within_thirty_days_is_refused(at: Center) -> None:
    for number in range(3):
        assert (await changed(at, "owner", "alone", f"{number}@example.com"))["errors"] == []

    refused = await changed(at, "owner", "alone", "3@example.com")
    await database.transact(
        lambda: database.write(
            "UPDATE sale_events SET happened_at = happened_at - ? WHERE account_id = ? AND source = 'PERSON'",
            (31 * DAY_MS, at.account["id"]),
        )
    )
    later = await changed(at, "owner", "alone", "4@example.com")

    assert [error["code"] for error in refused["errors"]] == ["RATE_LIMITED"]
    assert later["errors"] == []


async def test_a_repeated_call_changes_once_and_counts_the_same(at: Center) -> None:
    first = await changed(at, "owner", "first", idempotencyKey="once")
    state = await at.state()

    again = await changed(at, "owner", "first", idempotencyKey="once")
    other = await changed(at, "owner", "first", "other@example.com", idempotencyKey="once")

    assert again == first
    assert await at.state() == state
    assert [error["code"] for error in other["errors"]] == ["IDEMPOTENCY_CONFLICT"]


async def test_the_owner_and_the_former_address_are_written_to(at: Center) -> None:
    owner = await database.read("SELECT email FROM users WHERE id = ?", (at.account["owner_id"],))

    await changed(at, "user", "alone")

    assert await letters(at) == [
        ("buyer_email_changed", owner[0]["email"]),
        ("buyer_email_moved", "old@example.com"),
    ]


async def test_an_admin_without_the_grant_reads_in_the_log_only_that_it_was_done(at: Center) -> None:
    await changed(at, "owner", "alone")
    admin = await make.collaborator(at.account, at.profiles["small"], Role.ADMIN)
    query = "{ account { auditLog(first: 1) { nodes { act objectId changes { field before after } } } } }"

    data = await at.client.ask(query, token=await Client.collaborator(admin), account=at.account)
    whole = await at.ask("owner", query)

    assert data["account"]["auditLog"]["nodes"] == [
        {"act": "changeBuyerEmail", "objectId": "alone", "changes": []}
    ]
    assert whole["account"]["auditLog"]["nodes"][0]["changes"] == [
        {"field": "Buyer.email", "before": "old@example.com", "after": "new@example.com"}
    ]
