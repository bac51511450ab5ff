"""Other messages in the demo's intake: about ended subscriptions, first accesses, and what is no sale."""

from collections.abc import Iterator
from typing import Any

import msgspec

from centrals.demo.chance import DAY, END, HOUR, MINUTE, Chance
from intake.events.event import Event
from intake.hotmart.event import hotmart_event
from intake.messages.arrival import arrival_of
from intake.messages.secret import Secrets
from intake.messages.store import INTAKE_COLUMNS, intake_row
from intake.sales.contact import store_notices
from intake.values.reading import decoded
from models import database
from models.currency import major_units
from models.vocabulary import IntakeChannel

_MONTH = 30 * DAY
_SAID = 0.9
"""The share of ended subscriptions whose end the marketplace reports."""
_ACCESSES = 200


async def add_messages(account_id: str, seller: str) -> None:
    """Receive an account's messages, the same in every run."""
    chance = Chance(f"{seller}, messages")
    rows: list[tuple[Any, ...]] = []
    events: list[Event] = []
    messages = [(at, f"demo-{seller}-{days}", message) for days, at, message in _others(chance, seller)]
    messages += [*await _ends(chance, account_id), *await _first_accesses(chance, account_id)]
    for at, key, message in messages:
        content = {"id": key, "creation_date": at, "version": "2.0.0"} | message
        arrival = arrival_of(decoded(msgspec.json.encode(content)), Secrets(), hotmart_event)
        rows.append(intake_row(chance.id(at), account_id, arrival, IntakeChannel.WEBHOOK, at + 800))
        if arrival.event is not None and arrival.event.notice is not None:
            events.append(arrival.event)
    await database.insert_many("intake_events", INTAKE_COLUMNS, rows)
    await store_notices(account_id, events, END)


def _others(chance: Chance, seller: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """A malformed message, messages about no sale, and a test, with the days before the demo's end."""
    product = {"id": 4_100_001, "name": "Demo"}
    purchase = {"transaction": "HP0000000001", "price": {"value": 97, "currency_value": "BRL"}}
    plan = {"product": product, "subscription": {"status": "ACTIVE"}}
    test = {"product": {"id": 0, "name": "Produto test postback2"}, "purchase": purchase}
    broken = {"product": product, "buyer": {"name": seller}, "purchase": purchase | {"status": "HALF_PAID"}}
    for days, message in (
        (2, {"event": "PURCHASE_APPROVED", "data": broken}),
        (3, {"event": "PURCHASE_REFUNDED", "creation_date": None, "data": broken}),
        (5, {"event": "SWITCH_PLAN", "data": plan}),
        (8, {"event": "CLUB_FIRST_ACCESS", "data": {"product": product}}),
        (30, {"event": "PURCHASE_APPROVED", "data": test}),
    ):
        yield days, END - days * DAY - chance.number(1, 20) * HOUR, message


async def _ends(chance: Chance, account_id: str) -> list[tuple[int, str, dict[str, Any]]]:
    """What the marketplace sends when a subscription ends: of most that have no payment any more."""
    rows = await database.read(
        "SELECT s.subscription_code, s.buyer_name, s.marketplace_email, s.price, s.currency, s.ordered_at,"
        " p.reference, p.name FROM sales s JOIN products p ON p.account_id = s.account_id"
        " AND p.id = s.product_id WHERE s.account_id = ? AND s.subscription_code IS NOT NULL"
        " ORDER BY s.ordered_at, s.reference",
        (account_id,),
    )
    newest = {row["subscription_code"]: row for row in rows}
    found = []
    for code, row in newest.items():
        at = row["ordered_at"] + chance.number(2, 28) * DAY
        if row["ordered_at"] + _MONTH + DAY < END and chance.falls(_SAID):
            data = {
                "subscriber": {"code": code, "name": row["buyer_name"], "email": row["marketplace_email"]},
                "product": {"id": int(row["reference"]), "name": row["name"]},
                "cancellation_date": at,
                "date_next_charge": row["ordered_at"] + _MONTH,
                "actual_recurrence_value": str(major_units(row["price"], row["currency"])),
                "currency": row["currency"],
            }
            found.append((at, chance.name(), {"event": "SUBSCRIPTION_CANCELLATION", "data": data}))
    return found


async def _first_accesses(chance: Chance, account_id: str) -> list[tuple[int, str, dict[str, Any]]]:
    """What it sends when the buyers of the newest paid sales first opened the product."""
    rows = await database.read(
        "SELECT s.buyer_name, s.marketplace_email, s.approved_at, p.reference FROM sales s"
        " JOIN products p ON p.account_id = s.account_id AND p.id = s.product_id"
        " WHERE s.account_id = ? AND s.status IN ('APPROVED', 'COMPLETE') AND s.approved_at < ?"
        " AND s.subscription_code IS NULL"
        " ORDER BY s.approved_at DESC, s.reference LIMIT ?",
        (account_id, END - DAY, _ACCESSES),
    )
    found = []
    for row in rows:
        user = {"name": row["buyer_name"], "email": row["marketplace_email"]}
        data = {"product": {"id": int(row["reference"])}, "user": user}
        at = row["approved_at"] + chance.number(5 * MINUTE, 20 * HOUR)
        found.append((at, chance.name(), {"event": "CLUB_FIRST_ACCESS", "data": data}))
    return found
