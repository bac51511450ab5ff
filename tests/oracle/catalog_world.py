"""What random worlds have beside sales: requests for refunds, and what products are, were and cost."""

from typing import Any

from oracle.world_words import CURRENCIES, FIRST_DAY, FUTURE, HOUR, NAMES

REFUNDS = "REQUEST_REFUNDS"


def add_refunds(make: Any) -> None:
    """Requests for the refund of some sales. They are drawn apart, so that the rest is as it was without them."""
    world = make.world
    for number, profile in enumerate(world["profiles"]):
        if number % 2 and REFUNDS not in profile["grants"]:
            profile["grants"].append(REFUNDS)
    closed = ("REFUNDED", "REFUSED", "WITHDRAWN", "OVERTAKEN", "EXPIRED")
    for sale in [sale for sale in world["sales"] if make.often(0.4)]:
        owner = next(
            account["owner_id"] for account in world["accounts"] if account["id"] == sale["account_id"]
        )
        for newest in (False, True)[make.pick(0, 1) :]:
            status = make.pick("REQUESTED", "AWAITING_APPROVAL", *closed) if newest else make.pick(*closed)
            at = make.when()
            make.row("refund_requests", account_id=sale["account_id"], sale_id=sale["id"],
                     current_of=sale["id"] if newest else None, assignee_id=sale["assignee_id"],
                     reference=sale["reference"], status=status, reason=make.pick("REGRET", "DUPLICATE"),
                     note=make.pick(None, "Why"), amount=sale["price"], currency=sale["currency"],
                     requested_at=at, requested_by_id=owner, requested_by_owner=True,
                     requested_by_name=make.pick(*NAMES), decided_by_name=make.pick(None, *NAMES),
                     refusal_reason=make.pick(None, "No"), expires_at=FUTURE,
                     closed_at=at + HOUR if status in closed else None, own_status=status)  # fmt: skip


def add_catalog(make: Any) -> None:
    """What products are, were and cost, and when buyers first opened them. It is drawn apart, too."""
    world = make.world
    for sale in world["sales"]:
        sale["first_access_at"] = make.pick(None, FIRST_DAY, make.when())
    for product in world["products"]:
        product |= {"status": make.pick("ACTIVE", "ACTIVE", "DRAFT", "PAUSED", "ARCHIVED"),
                    "source": make.pick("MARKETPLACE", "HAND", "BOTH")}  # fmt: skip
        for _ in range(make.pick(0, 1, 2)):
            make.row("plans", account_id=product["account_id"], product_id=product["id"],
                     code=f"plan{make.number()}", name=make.pick(*NAMES), period=make.pick("MONTHLY", "ANNUAL"),
                     trial_days=make.pick(None, 7), max_charges=make.pick(None, 12))  # fmt: skip
    for offer in world["offers"]:
        plans = [plan["id"] for plan in world["plans"] if plan["product_id"] == offer["product_id"]]
        offer |= {"plan_id": make.pick(None, *plans), "main": make.often(0.3)}
        start = FIRST_DAY
        for _ in range(make.rng.randint(0, 4)):
            start += make.pick(1, HOUR, 300 * HOUR)
            until = make.pick(None, start + make.pick(1, HOUR, 500 * HOUR))
            make.row("offer_prices", account_id=offer["account_id"], offer_id=offer["id"], start=start, until=until,
                     amount=make.pick(0, 9_900), currency=make.pick(*CURRENCIES),
                     source=make.pick("MARKETPLACE", "HAND"), by_name=make.pick(None, *NAMES))  # fmt: skip
            if until is None:
                break
            start = until
