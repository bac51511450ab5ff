"""Accounts that ran under an older version gain what their messages say besides."""

from typing import Any

import pytest
from intake_state import SECRET, account, rows, state
from payloads import APRIL, body, webhook

from intake.endpoint.receive import receive
from intake.reprocessing.refold import refold
from models import database
from models.price_history import UNREAD

_FORGOTTEN = {
    "sold_as": "PRODUCER", "own_amount": None, "own_currency": None, "marketplace_email": None, "slip_kind": None,
    "slip_code": None, "slip_issued_at": None, "first_access_at": None, "offer_price": None, "offer_currency": None,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


def unwatched(_done: int, _all: int) -> None:
    """Nobody looks."""


def _messages() -> list[dict[str, Any]]:
    """A slip, a sale as an affiliate that names two affiliates, a first access and an end of a subscription."""
    user = {"name": "Ana", "email": "Ana@Example.com"}
    product = {"id": 4_200_001, "name": "Watercolours"}
    shares = [
        {"source": source, "name": name, "value": value, "currency_value": "BRL"}
        for source, name, value in (("AFFILIATE", "Other", 5), ("AFFILIATE", "STUDIO Prado", 7))
    ]
    pix = {"type": "PIX", "pix_code": "pix-1", "pix_expiration_date": APRIL + 9_000_000}
    ended = {"subscriber": {"code": "SUB1"}, "cancellation_date": APRIL + 9_000, "product": product}
    return [
        webhook("PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", purchase__transaction="HP1", purchase__payment=pix),
        webhook(purchase__transaction="HP2", data__commissions=shares),
        {"id": "access", "creation_date": APRIL + 8_000, "event": "CLUB_FIRST_ACCESS",
         "data": {"product": product, "user": user}},
        {"id": "ended", "creation_date": APRIL + 9_000, "event": "SUBSCRIPTION_CANCELLATION", "data": ended},
    ]  # fmt: skip


async def _stored(seller: dict[str, Any]) -> Any:
    """What is stored, without what depends on when and under which id."""
    without = {"id", "account_id", "sale_id", "received_at", "created_at"}
    events = [
        [
            {name: value for name, value in row.items() if name not in without}
            for row in await rows(seller, table)
        ]
        for table in ("contact_events", "subscription_events")
    ]
    return await state(seller), [sorted(table, key=repr) for table in events]


async def _forget(seller: dict[str, Any]) -> None:
    """As an older version left it: without the columns, the tables and the facts of today."""

    async def work() -> None:
        settings = ", ".join(f"{name} = ?" for name in _FORGOTTEN)
        of = (*_FORGOTTEN.values(), seller["id"])
        await database.write(f"UPDATE sales SET {settings} WHERE account_id = ?", of)
        await database.write("UPDATE offers SET priced_at = ? WHERE account_id = ?", (UNREAD, seller["id"]))
        for table in ("contact_events", "subscription_events", "offer_prices"):
            await database.write(f"DELETE FROM {table} WHERE account_id = ?", (seller["id"],))

    await database.transact(work)


async def test_a_refold_ends_as_if_the_messages_arrived_today_and_repeating_it_changes_nothing() -> None:
    seller = await account(name="Studio Prado")
    for message in _messages():
        await receive(seller["intake_id"], SECRET, body(message))
    today = await _stored(seller)
    await _forget(seller)
    forgotten = await _stored(seller)

    first = await refold(seller["id"], unwatched)
    once = await _stored(seller)
    await refold(seller["id"], unwatched)

    assert forgotten != today
    assert once == await _stored(seller)
    assert once == today
    assert (first.read, first.sales) == (4, 2)
    sales = {row["reference"]: row for row in await rows(seller, "sales")}
    assert (sales["HP1"]["slip_code"], sales["HP1"]["first_access_at"]) == ("pix-1", APRIL + 8_000)
    assert (sales["HP2"]["sold_as"], sales["HP2"]["own_amount"]) == ("AFFILIATE", 700)


async def test_of_several_shares_none_is_the_accounts_if_none_has_its_name() -> None:
    seller = await account(name="Somebody Else")
    for message in _messages():
        await receive(seller["intake_id"], SECRET, body(message))

    sales = {row["reference"]: row for row in await rows(seller, "sales")}

    assert (sales["HP2"]["sold_as"], sales["HP2"]["own_amount"]) == ("AFFILIATE", None)
    (ended,) = await rows(seller, "subscription_events")
    assert (ended["code"], ended["key"], ended["kind"]) == ("SUB1", "ended", "SUBSCRIPTION_CANCELLATION")


async def test_what_a_person_changed_outlasts_a_refold() -> None:
    seller = await account()
    await receive(seller["intake_id"], SECRET, body(_messages()[1]))
    (sale,) = await rows(seller, "sales")
    change = {
        "id": database.new_id(), "account_id": seller["id"], "sale_id": sale["id"], "key": "person:1",
        "source": "PERSON", "kind": "BUYER_EMAIL", "status": None, "happened_at": 1, "received_at": 1,
        "facts": '{"buyer_email": "new@example.com"}',
    }  # fmt: skip
    await database.transact(lambda: database.insert("sale_events", change))

    await refold(seller["id"], unwatched)

    (after,) = await rows(seller, "sales")
    assert (after["buyer_email"], after["marketplace_email"]) == ("new@example.com", "ana@example.com")
