"""Random subscriptions and opportunities, and what the distribution decided about sales."""

import random
from typing import Any

from oracle.world_words import CURRENCIES, FIRST_DAY, FUTURE, HOUR, NAMES, PAST

Row = dict[str, Any]
RECOVERY, SUBSCRIPTIONS = "VIEW_PURCHASE_RECOVERY_REPORT", "MANAGE_SUBSCRIPTIONS"
RECOVERY_TABLES = (
    "pipeline_steps", "subscriptions", "subscription_requests", "subscription_events",
    "opportunities", "opportunity_notes", "opportunity_events",
)  # fmt: skip
STATUSES = {
    "subscriptions": ("STARTED", "ACTIVE", "DELAYED", "CANCELLED", "INACTIVE", "EXPIRED"),
    "opportunities": ("TODO", "TODO", "STANDBY", "WON", "LOST", "CANCELLED"),
}
KINDS = ("ABANDONED_CHECKOUT", "UNPAID_SLIP", "EXPIRED_SLIP", "REFUSED_PAYMENT", "MANUAL")
"""The kinds of opportunities."""


def add_recovery(make: Any, rng: random.Random) -> None:
    """Give each account that has products steps, subscriptions and opportunities, drawn apart.

    All of them were assigned by people, so that they do not follow their sales.
    """
    make.rng, world = rng, make.world
    for number, profile in enumerate(world["profiles"]):
        if number % 2 == 0 and RECOVERY not in profile["grants"]:
            profile["grants"].append(RECOVERY)
    for account in world["accounts"]:
        if not any(product["account_id"] == account["id"] for product in world["products"]):
            continue
        for position, name in enumerate(("New", "Offer", "Waiting")):
            make.row("pipeline_steps", account_id=account["id"], name=name, position=position)
        for _ in range(8):
            _subscription(make, account)
        for _ in range(12):
            opportunity(make, account)
    for sale in world["sales"]:
        own = [item["id"] for item in world["subscriptions"] if item["account_id"] == sale["account_id"]]
        sale["subscription_id"] = make.pick(*own) if sale["subscription_code"] and make.often(0.5) else None
        if make.often(0.2):
            _event(make, "sale", sale, "CLOCK", "DISTRIBUTION", _decision(make), status=None)


def _of(make: Any, table: str, account: Row) -> list[Row]:
    return [row for row in make.world[table] if row["account_id"] == account["id"]]


def _assigned(make: Any, account: Row) -> Row:
    """Whom a row is assigned to, if to anyone, and whom it counts for."""
    collaborators = [item["id"] for item in _of(make, "collaborators", account)]
    assignee = make.pick(*collaborators) if collaborators and make.often(0.8) else None
    team = make.pick(None, *(item["id"] for item in _of(make, "teams", account))) if assignee else None
    return {
        "assignee_id": assignee, "team_id": team, "assigned_at": PAST,
        "credit_id": make.pick(assignee, assignee, None), "credit_team_id": None,
    }  # fmt: skip


def _person(make: Any, prefix: str, number: int) -> Row:
    values = {
        "name": make.pick(None, *NAMES), "email": make.pick(None, f"{prefix}-{number}@example.com"),
        "phone": make.pick(None, f"+55{number:09}"), "document": make.pick(None, f"X{number:08}K"),
        "country": make.pick("BR", None),
    }  # fmt: skip
    return {f"{prefix}_{name}": value for name, value in values.items()}


def _event(make: Any, noun: str, row: Row, source: str, kind: str, facts: Row, **more: Any) -> None:
    at = make.when()
    make.row(
        f"{noun}_events", account_id=row["account_id"], **{f"{noun}_id": row["id"]},
        key=f"event:{make.number()}", source=source, kind=kind, **more, happened_at=at, received_at=at,
        facts=facts,
    )  # fmt: skip


def _decision(make: Any) -> Row:
    numbers = {name: make.rng.randrange(1, 9) for name in ("candidates", "load", "number", "daily_cap")}
    return {"rule": "Everyone", "method": make.pick("ROUND_ROBIN", "BY_LOAD"), **numbers}


def _by_hand(make: Any) -> Row:
    to = make.pick({}, {"assignee_name": make.pick(*NAMES), "team_name": make.pick(None, "East")})
    return make.pick({}, {"by": {"name": make.pick(*NAMES)}}) | {"assignment": to}


def _subscription(make: Any, account: Row) -> None:
    of, number = account["id"], make.number()
    status, price = make.pick(*STATUSES["subscriptions"]), make.pick(None, 0, 4_990)
    started = make.pick(None, make.when())
    ended = make.when() if status in STATUSES["subscriptions"][3:] else None
    row = make.row(
        "subscriptions", account_id=of, code=f"SUB{number}", status=status,
        ended_by=make.pick("CUSTOMER", "UNKNOWN") if status == "CANCELLED" else None,
        product_id=make.pick(*_of(make, "products", account))["id"], plan=make.pick(None, "Monthly", "Zoë"),
        period=make.pick(None, "MONTHLY", "ANNUAL"), price=price,
        currency=None if price is None else make.pick(*CURRENCIES), trial=make.often(0.2), started_at=started,
        known_since=started or make.when(), next_charge_at=make.pick(None, make.when()),
        charge_day=make.pick(None, 31), silent_from=make.pick(None, FIRST_DAY, FUTURE),
        recurrence=make.pick(None, 3), paid_recurrences=make.pick(0, 3), overdue_recurrences=make.pick(0, 0, 1),
        ended_at=ended, reason=make.pick("PRICE", "UNKNOWN") if status == "CANCELLED" else None,
        note=make.pick(None, "A note"), **_person(make, "subscriber", number), created_at=PAST,
        **_assigned(make, account),
    )  # fmt: skip
    for _ in range(make.pick(0, 1, 2)):
        kind, at = make.pick("CANCEL", "CHARGE_DAY"), make.when()
        status = make.pick("REQUESTED", "DONE", "EXPIRED")
        day = 15 if kind == "CHARGE_DAY" else None
        make.row("subscription_requests", account_id=of, subscription_id=row["id"],
                 assignee_id=row["assignee_id"], kind=kind, status=status,
                 reason=None if day else "PRICE", note=make.pick(None, "Why"), day=day, charge=make.often(0.5),
                 effective_from="2024-03-15" if day else None, requested_at=at, requested_by_id=account["owner_id"],
                 requested_by_name=make.pick("", *NAMES), expires_at=at + 100 * HOUR,
                 closed_at=None if status == "REQUESTED" else at + HOUR, own_status=status)  # fmt: skip
    happened: list[tuple[str, str, Row]] = [
        ("WEBHOOK", "SUBSCRIPTION_CANCELLATION", {}), ("REST", "SUBSCRIPTIONS", {}),
        ("PERSON", "ASSIGNMENT", _by_hand(make)), ("PERSON", "REMINDER", {"by": {"name": make.pick(*NAMES)}}),
        ("PERSON", "REQUEST", {"kind": "CANCEL", "status": "REQUESTED", "reason": "PRICE"}),
        ("CLOCK", "RULE_EMAIL", {"email": "RENEWAL", "days": 3}),
        ("CLOCK", "RULE_EMAIL_SKIPPED", {"email": "WIN_BACK", "days": 9}),
    ]  # fmt: skip
    for source, kind, facts in make.rng.sample(happened, 3):
        _event(make, "subscription", row, source, kind, facts, code=row["code"])


def opportunity(make: Any, account: Row) -> Row:
    """An opportunity with its notes and its history."""
    of, number, at = account["id"], make.number(), make.when()
    product = make.pick(None, *_of(make, "products", account))
    offers = [item["id"] for item in make.world["offers"] if product and item["product_id"] == product["id"]]
    sales = [None, *(sale["id"] for sale in _of(make, "sales", account))]
    used = {item["sale_id"] for item in _of(make, "opportunities", account)} - {None}
    status, amount = make.pick(*STATUSES["opportunities"]), make.pick(None, 0, 9_900, 120_000)
    row: Row = make.row(
        "opportunities", account_id=of, kind=make.pick(*KINDS), status=status,
        product_id=product and product["id"], offer_id=make.pick(None, *offers),
        amount=amount, currency=None if amount is None else make.pick(*CURRENCIES),
        title=make.pick(None, None, *NAMES), **_person(make, "contact", number),
        origin_src=make.pick(None, "ads"), origin_sck=make.pick(None, "a|b"), origin_xcod=None,
        affiliate_code=make.pick(None, f"aff{number}"), affiliate_name=make.pick(None, *NAMES),
        sale_id=make.pick(None, *[item for item in sales if item not in used]), won_by_id=make.pick(*sales),
        step_id=make.pick(*_of(make, "pipeline_steps", account))["id"], starred=make.often(0.3),
        probability=make.pick(None, 60), remind_at=make.when() if status == "STANDBY" else None,
        attempts=make.pick(1, 2), opened_at=at, last_attempt_at=at, touched_at=at + make.pick(0, HOUR),
        closed_at=at if status in ("WON", "LOST", "CANCELLED") else None,
        lost_reason=make.pick(None, "PRICE"), version=make.pick(1, 4), created_at=PAST, own_status=status,
        **_assigned(make, account),
    )  # fmt: skip
    for _ in range(make.pick(0, 1, 3)):
        make.row("opportunity_notes", account_id=of, opportunity_id=row["id"], text=make.pick("Called", "李雷"),
                 written_at=make.when(), written_by_id=account["owner_id"],
                 written_by_name=make.pick(*NAMES))  # fmt: skip
    happened: list[tuple[str, str, Row]] = [
        ("WEBHOOK", "OPENED", {}), ("REST", "WON", {}), ("PERSON", "NOTE", {"by": {"name": make.pick(*NAMES)}}),
        ("PERSON", "STEP", {"step": "Offer"}), ("PERSON", "LOSS", {"reason": "PRICE"}),
        ("PERSON", "ASSIGNMENT", _by_hand(make)), ("CLOCK", "DISTRIBUTION", _decision(make)),
    ]  # fmt: skip
    for source, kind, facts in make.rng.sample(happened, 4):
        _event(make, "opportunity", row, source, kind, facts)
    return row
