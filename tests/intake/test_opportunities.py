"""Opportunities are a fold of messages: from abandoned checkouts, unpaid slips and refused payments."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_state import SECRET, account, rows
from payloads import body, webhook

from centrals.work.worker import Worker
from extent import extent
from intake.endpoint.receive import receive
from intake.reprocessing.refold import refold
from leftovers import nothing_is_due
from models import database

HOUR, DAY = 3_600_000, 86_400_000
START = 1_743_500_000_000
_COLUMNS = (
    *("kind", "status", "contact_name", "contact_email", "contact_phone", "amount", "currency", "attempts"),
    *("opened_at", "last_attempt_at", "touched_at", "closed_at"),
)


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


def abandoned(day: float, who: str = "ana", key: str | None = None, **buyer: Any) -> dict[str, Any]:
    at = START + round(day * DAY)
    return {
        "id": key or f"abandoned-{who}-{day}", "creation_date": at, "event": "PURCHASE_OUT_OF_SHOPPING_CART",
        "data": {
            "product": {"id": 4_200_001, "name": "Watercolours"}, "offer": {"code": "offer-a"}, "affiliate": False,
            "buyer": {"name": who.title(), "email": f"{who}@example.com", **buyer},
            "checkout_country": {"iso": "BR"},
        },
    }  # fmt: skip


def sold(
    reference: str, status: str, ordered: float, at: float, who: str = "ana", **more: Any
) -> dict[str, Any]:
    """A message about a sale of the product, ordered on a day, with what happened on another."""
    approved = more.pop("approved", None)
    values: dict[str, Any] = {
        "purchase__transaction": reference,
        "purchase__order_date": START + round(ordered * DAY),
        "purchase__approved_date": None if approved is None else START + round(approved * DAY),
        "data__buyer": {"name": who.title(), "email": f"{who.upper()}@example.com", "document": f"{who}-1"},
        "purchase__payment": {"type": more.pop("method", "CREDIT_CARD"), **more},
    }
    kinds = {"APPROVED": "PURCHASE_APPROVED", "EXPIRED": "PURCHASE_EXPIRED", "CANCELED": "PURCHASE_CANCELED"}
    message = webhook(kinds.get(status, "PURCHASE_BILLET_PRINTED"), status, **values)
    at = START + round(at * DAY)
    return message | {"id": f"{reference}-{status}-{at}", "creation_date": at}


def refused(reference: str, day: float, who: str = "ana") -> dict[str, Any]:
    return sold(reference, "CANCELED", day, day, who, refusal_reason="Saldo insuficiente")


async def arrive(seller: dict[str, Any], *messages: dict[str, Any]) -> None:
    for message in messages:
        receipt = await receive(seller["intake_id"], SECRET, body(message))
        assert receipt.status == 200


async def found(seller: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    """The opportunities that count, oldest first."""
    chosen = names or _COLUMNS
    sales = {str(row["id"]): row["reference"] for row in await rows(seller, "sales")}
    stored = sorted(
        await rows(seller, "opportunities"),
        key=lambda row: (row["opened_at"], row["kind"], sales.get(str(row["sale_id"]), "")),
    )
    for row in stored:
        row["sale"], row["winner"] = sales.get(str(row["sale_id"])), sales.get(str(row["won_by_id"]))
    return [tuple(row[name] for name in chosen) for row in stored]


async def everything(seller: dict[str, Any]) -> Any:
    """All that follows from messages, without ids and the times of arrival.

    What was paid in time is left out: it is there only if the clock came before the message that says so.
    """
    stored = {
        str(row["id"]): row for row in await rows(seller, "opportunities") if row["status"] != "CANCELLED"
    }
    events = [
        (*(stored[str(row["opportunity_id"])][name] for name in ("kind", "opened_at", "contact")),
         row["kind"], row["key"], row["happened_at"])
        for row in await rows(seller, "opportunity_events")
        if str(row["opportunity_id"]) in stored
    ]  # fmt: skip
    counted = [
        row for row in await found(seller, *_COLUMNS, "sale", "winner", "contact") if row[1] != "CANCELLED"
    ]
    return counted, sorted(events)


async def test_an_abandoned_checkout_is_an_opportunity_and_further_attempts_count_in_it() -> None:
    seller = await account()
    await arrive(seller, abandoned(0), abandoned(20), abandoned(49, phone="+55 11 90000-0002"), abandoned(80))

    first, second = await found(
        seller, "kind", "status", "attempts", "opened_at", "touched_at", "contact_phone"
    )

    assert first == ("ABANDONED_CHECKOUT", "TODO", 3, START, START + 49 * DAY, "+55 11 90000-0002")
    assert second[2:4] == (1, START + 80 * DAY)
    assert [row["name"] for row in await rows(seller, "products")] == ["Watercolours"]
    (message, *_) = await rows(seller, "intake_events")
    assert message["outcome"] == "OTHER"


async def test_the_price_of_an_abandoned_offer_is_the_one_of_that_time_whenever_it_is_known() -> None:
    seller = await account()
    await arrive(seller, abandoned(0))
    before = await found(seller, "amount", "currency")
    await arrive(seller, sold("HP1", "APPROVED", -5, -5, "other", approved=-5))

    assert before == [(None, None)]
    assert await found(seller, "amount", "currency") == [(12_000, "BRL")]


async def test_without_a_contact_or_a_product_there_is_no_opportunity() -> None:
    seller = await account()
    nobody = abandoned(0, email="", phone="")
    nothing = abandoned(1)
    nothing["data"]["product"] = {"name": "Watercolours"}
    await arrive(seller, nobody, nothing, abandoned(2, email="", phone="11 9999-0000"))

    assert await found(seller, "contact") == [("p:1199990000",)]
    doubts = [row["doubts"] for row in await rows(seller, "intake_events")]
    assert [bool(doubt) for doubt in doubts] == [True, True, False]


async def test_the_marketplaces_test_message_is_none() -> None:
    seller = await account()
    test = abandoned(0)
    test["data"]["product"] = {"id": 0, "name": "Produto test postback2"}
    await arrive(seller, test)

    assert await found(seller) == []
    assert [row["outcome"] for row in await rows(seller, "intake_events")] == ["TEST"]


async def test_a_sale_of_the_same_product_to_the_same_contact_wins_in_every_order_of_arrival() -> None:
    for messages in (
        [abandoned(0), sold("HP1", "APPROVED", 1, 1, approved=1)],
        [sold("HP1", "APPROVED", 1, 1, approved=1), abandoned(0)],
    ):
        seller = await account()
        await arrive(seller, *messages)
        assert await found(seller, "status", "winner", "closed_at") == [("WON", "HP1", START + DAY)]


async def test_a_sale_before_the_opening_wins_nothing_and_what_comes_after_it_is_another() -> None:
    seller = await account()
    await arrive(seller, sold("HP1", "APPROVED", 1, 1, approved=1), abandoned(0), abandoned(2))

    assert await found(seller, "opened_at", "status") == [(START, "WON"), (START + 2 * DAY, "TODO")]


async def test_a_slip_of_the_past_is_an_opportunity_at_once() -> None:
    seller = await account()
    slips = [
        sold(f"HP{number}", "BILLET_PRINTED", 0, 0, f"b{number}", method=method)
        for number, method in enumerate(("PIX", "BILLET"))
    ]
    await arrive(seller, *slips, sold("HP2", "STARTED", 0, 0, "b2", method="PIX"))

    assert await found(seller, "kind", "sale", "opened_at") == [
        ("UNPAID_SLIP", "HP0", START),
        ("UNPAID_SLIP", "HP1", START),
    ]


async def test_the_clock_makes_a_slip_an_opportunity_as_old_as_its_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await nothing_is_due()
    seller = await account()
    present = START + 30 * 60_000
    monkeypatch.setattr(database, "now", lambda: present)
    await arrive(
        seller,
        sold("HP0", "BILLET_PRINTED", 0, 0, "b0", method="PIX"),
        sold("HP1", "BILLET_PRINTED", 0, 0, "b1", method="BILLET"),
    )
    counts = [await found(seller)]
    for moment in (START + HOUR - 1, START + HOUR, START + DAY):
        await Worker().work_once(moment)
        counts.append(await found(seller, "sale", "opened_at", "status"))

    assert [len(count) for count in counts] == [0, 0, 1, 2]
    assert counts[-1] == [("HP0", START, "TODO"), ("HP1", START, "TODO")]
    assert all(row["recovery_due_at"] is None for row in await rows(seller, "sales"))
    await arrive(seller, sold("HP1", "EXPIRED", 0, 5, "b1", method="BILLET"))
    assert await found(seller, "sale", "kind") == [
        ("HP1", "EXPIRED_SLIP"),
        ("HP0", "UNPAID_SLIP"),
    ]


async def test_what_was_paid_in_time_is_none_and_cancels_one_that_the_clock_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await nothing_is_due()
    present = START + HOUR
    monkeypatch.setattr(database, "now", lambda: present)
    seller = await account()
    slip = sold("HP0", "BILLET_PRINTED", 0, 0, method="BILLET")
    paid = sold("HP0", "APPROVED", 0, 0.5, method="BILLET", approved=0.5)
    await arrive(seller, slip, paid)
    late = await account()
    await arrive(late, slip)
    await Worker().work_once(START + DAY)
    before = await found(late, "status")
    await arrive(late, paid)

    assert await found(seller) == []
    assert before == [("TODO",)]
    assert await found(late, "status", "closed_at", "winner") == [("CANCELLED", START + DAY // 2, None)]
    (event,) = [row for row in await rows(late, "opportunity_events") if row["key"] == "closed"]
    assert event["kind"] == "PAID_IN_TIME"


async def test_a_slip_that_is_paid_late_is_won_by_itself() -> None:
    seller = await account()
    await arrive(
        seller,
        sold("HP0", "EXPIRED", 0, 5, method="BILLET"),
        sold("HP0", "APPROVED", 0, 6, method="BILLET", approved=6),
    )

    assert await found(seller, "kind", "status", "sale", "winner") == [("UNPAID_SLIP", "WON", "HP0", "HP0")]


async def test_refused_payments_of_a_contact_are_one_and_a_later_sale_wins_it() -> None:
    seller = await account()
    await arrive(seller, refused("HP1", 0), refused("HP2", 3), refused("HP3", 0.2, "bia"))
    open_ = await found(seller, "sale", "attempts", "status", "amount")
    await arrive(seller, sold("HP4", "APPROVED", 4, 4, approved=4))

    assert open_ == [("HP1", 2, "TODO", 10_000), ("HP3", 1, "TODO", 10_000)]
    assert await found(seller, "sale", "status", "winner") == [("HP1", "WON", "HP4"), ("HP3", "TODO", None)]


async def test_a_buyer_without_an_address_is_recognized_by_the_document_else_by_the_sale() -> None:
    seller = await account()

    def without(message: dict[str, Any], document: str | None) -> dict[str, Any]:
        message["data"]["buyer"] = {"name": "Someone", "email": None, "document": document}
        return message

    await arrive(seller, without(refused("HP1", 0), "77"), without(refused("HP2", 0), None))
    await arrive(seller, without(sold("HP3", "APPROVED", 3, 3, approved=3), "77"))

    assert await found(seller, "sale", "contact", "status") == [
        ("HP1", "d:77", "WON"), ("HP2", "s:HP2", "TODO")
    ]  # fmt: skip


async def test_sales_of_another_seller_make_and_win_none() -> None:
    seller = await account()
    theirs = refused("HP1", 0)
    theirs["data"]["commissions"] = [{"source": "AFFILIATE", "value": 5, "currency_value": "BRL"}]
    await arrive(seller, theirs)

    assert await found(seller) == []


async def test_it_has_the_assignee_of_its_sale_as_long_as_no_one_assigned_it() -> None:
    import make

    seller = await account()
    collaborator = await make.collaborator(seller)
    await arrive(seller, refused("HP1", 0))
    before = await found(seller, "assignee_id")

    async def code() -> None:
        values = {"id": database.new_id(), "account_id": seller["id"], "collaborator_id": collaborator["id"]}
        await database.insert("source_codes", values | {"code": "ad-17"})

    await database.transact(code)
    await arrive(seller, sold("HP1", "CANCELED", 0, 1, refusal_reason="Saldo insuficiente"))

    assert before == [(None,)]
    assert [str(row[0]) for row in await found(seller, "assignee_id")] == [collaborator["id"]]


def history() -> list[dict[str, Any]]:
    """Everything that can happen to two contacts, in some of its orders."""
    return [
        abandoned(0), abandoned(20), abandoned(35), abandoned(90), abandoned(2, "bia"), abandoned(95),
        sold("HP1", "BILLET_PRINTED", 1, 1, method="BILLET"),
        sold("HP1", "EXPIRED", 1, 6, method="BILLET"),
        sold("HP2", "BILLET_PRINTED", 3, 3, "bia", method="PIX"),
        sold("HP2", "APPROVED", 3, 5, "bia", method="PIX", approved=5),
        refused("HP3", 7), refused("HP4", 30), refused("HP5", 80),
        sold("HP6", "APPROVED", 40, 40, approved=40),
        sold("HP7", "BILLET_PRINTED", 50, 50, method="BILLET"),
        sold("HP7", "APPROVED", 50, 50.2, method="BILLET", approved=50.2),
        refused("HP8", 60, "bia"),
        sold("HP8", "APPROVED", 60, 63, "bia", approved=63),
    ]  # fmt: skip


@settings(max_examples=extent(4, 60), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 17), max_size=6))
async def test_every_order_of_arrival_with_repeats_ends_alike(
    database_url: str, shuffle: random.Random, repeated: list[int]
) -> None:
    messages = history()
    again = [*messages, *(messages[number] for number in repeated)]
    shuffle.shuffle(again)

    async def ends(sent: list[dict[str, Any]]) -> Any:
        seller = await account()
        await arrive(seller, *sent)
        return await everything(seller)

    assert await ends(again) == await ends(messages)


async def test_a_refold_builds_them_for_accounts_that_ran_before_and_repeating_it_changes_nothing() -> None:
    seller = await account()
    await arrive(seller, *history())
    today = await everything(seller)

    async def forget() -> None:
        for table in ("opportunity_events", "opportunities", "checkout_attempts"):
            await database.write(f"DELETE FROM {table} WHERE account_id = ?", (seller["id"],))

    await database.transact(forget)
    await refold(seller["id"], lambda *_: None)
    once, ids = await everything(seller), [row["id"] for row in await rows(seller, "opportunities")]
    await refold(seller["id"], lambda *_: None)

    assert len(today[0]) >= 8
    assert once == today
    assert await everything(seller) == today
    assert [row["id"] for row in await rows(seller, "opportunities")] == ids
