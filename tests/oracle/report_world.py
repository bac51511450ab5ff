"""What the reports on customers, statements and subscriptions need of a random world, drawn apart."""

import random
from typing import Any

from oracle.report_fields import LISTS, OF_RECOVERY
from oracle.world_words import HOUR

Row = dict[str, Any]
BILLING = "VIEW_SELF_BILLING_REPORT"
APART = sorted({grant for grant, _ in (OF_RECOVERY | LISTS).values()} - {BILLING})
"""The grants of these reports. Every profile has about half of them."""
REPORT_TABLES = ("subscription_turns", "billing_statements", "billing_lines")


def add_reported(make: Any, rng: random.Random) -> None:
    """Let buyers buy again and payments be late, and let subscriptions begin, end and begin again."""
    make.rng, world = rng, make.world
    for number, profile in enumerate(world["profiles"]):
        profile["grants"] += [
            grant
            for place, grant in enumerate(APART)
            if (number + place) % 2 and grant not in profile["grants"]
        ]
    for before, sale in zip(world["sales"], world["sales"][1:], strict=False):
        if before["account_id"] == sale["account_id"] and make.often(0.3):
            sale["buyer_email"] = before["buyer_email"].upper()
        if sale["subscription_id"] and sale["status"] in ("STARTED", "WAITING_PAYMENT", "CANCELLED"):
            sale["status"] = "OVERDUE"
    for row in world["opportunities"]:
        if row["closed_at"] is not None:
            row["closed_at"] += make.pick(0, 1, 7) * HOUR
    for row in world["subscriptions"]:
        _turns(make, row)
        requests = [item for item in world["subscription_requests"] if item["subscription_id"] == row["id"]]
        requested = row["status"] == "CANCELLED" and requests and make.often(0.7)
        row["cancelled_by_request"] = requests[0]["id"] if requested else None
    for event in world["subscription_events"]:
        if event["kind"] == "RULE_EMAIL" and make.often(0.5):
            event["facts"] = {"email": "OVERDUE", "days": 3}
            event["key"] = f"rules:OVERDUE:{event['key']}"
    for account in world["accounts"]:
        products = [item for item in world["products"] if item["account_id"] == account["id"]]
        for currency in ("BRL", "JPY") if products else ():
            _statement(make, account, products, currency)


def _turns(make: Any, row: Row) -> None:
    """The beginnings and ends of a subscription that was paid, in the order of time."""
    ends = {"CANCELLED": "CANCELLED", "EXPIRED": "EXPIRED"}
    if row["status"] in ("STARTED", "INACTIVE"):
        return
    kinds = ["STARTED"]
    if make.often(0.4):
        kinds += [make.pick("CANCELLED", "EXPIRED"), "REACTIVATED"]
    kinds += [ends[row["status"]]] if row["status"] in ends else []
    begun = at = row["started_at"] or 0
    for position, kind in enumerate(kinds):
        at = at if position == 0 else max(at, row["known_since"]) + make.pick(1, 20, 300, 700) * HOUR
        begun = at if kind in ("STARTED", "REACTIVATED") else begun
        make.row("subscription_turns", account_id=row["account_id"], subscription_id=row["id"],
                 position=position, kind=kind, happened_at=at, begun_at=begun)  # fmt: skip


def _statement(make: Any, account: Row, products: list[Row], currency: str) -> None:
    """The revisions of the statement of a month, and the lines that some of them have."""
    of = {"account_id": account["id"], "month": "2024-01", "currency": currency}
    newest = make.pick(1, 2, 3)
    for revision in range(1, newest + 1):
        make.row("billing_statements", **of, revision=revision, revised_at=make.when(),
                 sales=make.rng.randrange(9), unknown=make.pick(0, 1), received=make.rng.randrange(90_000),
                 reversed=make.rng.randrange(900))  # fmt: skip
    for _ in range(6):
        first = make.rng.randint(1, newest)
        make.row("billing_lines", **of, first_revision=first,
                 last_revision=make.pick(None, make.rng.randint(first, newest)),
                 sold_as=make.pick("PRODUCER", "AFFILIATE"), product_id=make.pick(*products)["id"],
                 unit=make.pick(None, 17, 1_700), sales=make.pick(1, 4), unknown=make.pick(0, 1),
                 received=make.rng.randrange(9_000), reversed=make.pick(0, 17))  # fmt: skip
