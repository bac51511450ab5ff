"""A few other messages in the demo's intake: a malformed one, one about no sale, and a test."""

from typing import Any

import msgspec

from centrals.demo.chance import DAY, END, HOUR, Chance
from intake.hotmart.event import hotmart_event
from intake.messages.arrival import arrival_of
from intake.messages.secret import Secrets
from intake.messages.store import INTAKE_COLUMNS, intake_row
from intake.values.reading import decoded
from models.vocabulary import IntakeChannel

__all__ = ["INTAKE_COLUMNS", "message_rows"]


def message_rows(account_id: str, seller: str) -> list[tuple[Any, ...]]:
    """The rows of an account's messages, the same in every run."""
    chance = Chance(f"{seller}, messages")
    rows = []
    for days, message in _messages(seller):
        at = END - days * DAY - chance.number(1, 20) * HOUR
        content = {"id": f"demo-{seller}-{days}", "creation_date": at, "version": "2.0.0"} | message
        arrival = arrival_of(decoded(msgspec.json.encode(content)), Secrets(), hotmart_event)
        rows.append(intake_row(chance.id(at), account_id, arrival, IntakeChannel.WEBHOOK, at + 800))
    return rows


def _messages(seller: str) -> list[tuple[int, dict[str, Any]]]:
    """Each message, with the number of days before the demo's end at which it arrived."""
    product = {"id": 4_100_001, "name": "Demo"}
    purchase = {"transaction": "HP0000000001", "price": {"value": 97, "currency_value": "BRL"}}
    plan = {"product": product, "subscription": {"status": "ACTIVE"}}
    test = {"product": {"id": 0, "name": "Produto test postback2"}, "purchase": purchase}
    broken = {"product": product, "buyer": {"name": seller}, "purchase": purchase | {"status": "HALF_PAID"}}
    return [
        (2, {"event": "PURCHASE_APPROVED", "data": broken}),
        (3, {"event": "PURCHASE_REFUNDED", "creation_date": None, "data": broken}),
        (5, {"event": "SWITCH_PLAN", "data": plan}),
        (8, {"event": "CLUB_FIRST_ACCESS", "data": {"product": product}}),
        (30, {"event": "PURCHASE_APPROVED", "data": test}),
    ]
