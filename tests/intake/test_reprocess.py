"""Messages read anew after an upgrade end as if they had arrived today."""

import json
from pathlib import Path
from typing import Any

import pytest
from intake_state import SECRET, account, rows, state
from payloads import APRIL, body, page, rest_item, webhook

import make
from intake.endpoint.receive import receive
from intake.files.history import import_files
from intake.reprocessing.reprocess import reprocess
from models import database
from models.vocabulary import IntakeOutcome

TABLES = ("intake_events", "sales", "sale_events", "sale_supplements", "products", "offers", "commissions")
NAMED = {"purchase__transaction": "HP1"}


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


def unwatched(_done: int, _all: int) -> None:
    """Nobody looks."""


async def sent(seller: dict[str, Any], *messages: Any) -> None:
    for message in messages:
        await receive(seller["intake_id"], SECRET, body(message))


async def stored_by_an_older_version(seller: dict[str, Any], message: Any, **changed: Any) -> None:
    """A message as a version kept it that did not understand it."""
    row = {
        "id": database.new_id(), "account_id": seller["id"], "source": "HOTMART", "kind": None,
        "key": f"malformed:{database.new_id()}", "outcome": "MALFORMED", "reason": "It was not understood.",
        "reference": None, "happened_at": None, "received_at": database.now(), "payload": json.dumps(message),
    } | changed  # fmt: skip
    await database.transact(lambda: database.insert("intake_events", row))


async def test_what_was_not_understood_becomes_a_sale_as_if_it_arrived_today() -> None:
    upgraded, today = await account(), await account()
    messages = [
        webhook("PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", creation_date=APRIL, **NAMED),
        webhook(creation_date=APRIL + 9, **NAMED),
        webhook("SWITCH_PLAN"),
        webhook(product__id=0),
        webhook(product__name="Oils"),
    ]
    for message in messages:
        await stored_by_an_older_version(upgraded, message)
    await sent(today, *messages)

    summary = await reprocess(upgraded["id"], list(IntakeOutcome), unwatched)

    assert (summary.read, summary.changed) == (5, 5)
    assert summary.outcomes == {"SALE": 3, "OTHER": 1, "TEST": 1}
    assert await state(upgraded) == await state(today)


async def test_a_wrapper_that_was_kept_whole_becomes_the_messages_inside() -> None:
    upgraded, today = await account(), await account()
    messages = [webhook(), webhook()]
    await stored_by_an_older_version(
        upgraded, [{"headers": {"x": "y"}, "body": message} for message in messages]
    )
    await sent(today, *messages)

    await reprocess(upgraded["id"], [IntakeOutcome.MALFORMED], unwatched)

    assert (await state(upgraded))["sales"] == (await state(today))["sales"]
    assert {row["outcome"] for row in await rows(upgraded, "intake_events")} == {"SALE"}


async def test_what_is_understood_otherwise_replaces_what_it_said() -> None:
    upgraded, today = await account(), await account()
    first, second = webhook(creation_date=APRIL, **NAMED), webhook(creation_date=APRIL + 9, **NAMED)
    await sent(upgraded, first, second)
    await sent(today, first, second)
    before = await rows(upgraded, "intake_events")

    async def cripple() -> None:
        await database.write(
            "UPDATE sale_events SET facts = ?, status = 'EXPIRED' WHERE account_id = ? AND key = ?",
            (
                '{"status":"EXPIRED","product_reference":"4200001","price":1,"currency":"BRL"}',
                upgraded["id"],
                second["id"],
            ),
        )
        await database.write(
            "UPDATE sales SET status = 'EXPIRED', price = 1, buyer_name = 'Wrong' WHERE account_id = ?",
            (upgraded["id"],),
        )

    await database.transact(cripple)
    summary = await reprocess(upgraded["id"], list(IntakeOutcome), unwatched)

    assert summary.changed == 1
    assert await state(upgraded) == await state(today)
    after = await rows(upgraded, "intake_events")
    assert [(row["id"], row["received_at"]) for row in after] == [
        (row["id"], row["received_at"]) for row in before
    ]


async def test_a_test_that_became_a_sale_is_taken_back_with_its_product() -> None:
    seller = await account()
    message = webhook(product__id=7, **NAMED)
    await sent(seller, message, webhook())

    async def age() -> None:
        """The message is one that today is a test, and was a sale when it came."""
        tested = json.dumps(message).replace('"id": 7', '"id": 0')
        await database.write(
            "UPDATE intake_events SET payload = ? WHERE account_id = ? AND key = ?",
            (tested, seller["id"], message["id"]),
        )

    await database.transact(age)
    summary = await reprocess(seller["id"], list(IntakeOutcome), unwatched)

    assert summary.outcomes == {"TEST": 1}
    assert [row["reference"] for row in await rows(seller, "products")] == ["4200001"]
    assert len(await rows(seller, "sales")) == len(await rows(seller, "offers")) == 1
    assert {row["outcome"] for row in await rows(seller, "intake_events")} == {"TEST", "SALE"}


async def test_a_message_that_came_again_meanwhile_is_not_kept_twice() -> None:
    seller = await account()
    message = webhook()
    await stored_by_an_older_version(seller, message)
    await sent(seller, message)
    before = await state(seller)

    summary = await reprocess(seller["id"], list(IntakeOutcome), unwatched)

    assert (summary.repeated, summary.changed) == (1, 0)
    (row,) = await rows(seller, "intake_events")
    assert row["key"] == message["id"]
    assert (await state(seller))["sales"] == before["sales"]


async def test_reading_all_anew_changes_nothing(tmp_path: Path) -> None:
    seller = await account()
    file = tmp_path / "page.json"
    file.write_bytes(body([page(*(rest_item() for _ in range(5))), rest_item("REFUNDED", **NAMED)]))
    await import_files(seller["id"], [file], unwatched)
    refund = webhook(
        "PURCHASE_REFUNDED", "REFUNDED", data={"purchase": {"transaction": "HP77", "status": "REFUNDED"}}
    )
    await sent(
        seller,
        *(
            webhook(),
            webhook(**NAMED),
            webhook("SWITCH_PLAN"),
            webhook(product__id=0),
            {"event": "BAD"},
            refund,
        ),
        *(webhook(buyer__address="text"), "no object", [webhook(), {"a": 1}]),
    )
    await receive(seller["intake_id"], SECRET, b"{'no': json")
    before = [await rows(seller, table) for table in TABLES]

    once = await reprocess(seller["id"], list(IntakeOutcome), unwatched)

    assert (once.changed, once.repeated) == (0, 0)
    assert once.read == len(before[0])
    assert [await rows(seller, table) for table in TABLES] == before


async def test_an_assignment_by_hand_survives() -> None:
    seller = await account()
    collaborator = await make.collaborator(seller)
    await sent(seller, webhook(**NAMED))

    async def change() -> None:
        await database.write(
            "UPDATE sales SET assignee_id = ?, assigned_at = 7 WHERE account_id = ?",
            (collaborator["id"], seller["id"]),
        )
        await database.write(
            "UPDATE sale_events SET facts = ? WHERE account_id = ?",
            (
                '{"status":"APPROVED","product_reference":"4200001","price":1,"currency":"BRL"}',
                seller["id"],
            ),
        )

    await database.transact(change)
    await reprocess(seller["id"], list(IntakeOutcome), unwatched)

    (sale,) = await rows(seller, "sales")
    assert (str(sale["assignee_id"]), sale["price"]) == (collaborator["id"], 10_000)
