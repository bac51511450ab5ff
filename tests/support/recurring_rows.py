"""Opportunities and subscriptions of all kinds, as rows."""

import random
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import make
from models import database
from models.product_vocabulary import PlanPeriod
from models.tables.opportunity import OpportunityKind, OpportunityStatus
from models.tables.subscription import EndedBy, SubscriptionStatus
from recurring_twins import PAID

Row = dict[str, Any]


async def recurring(
    account: Row, seed: int, first_ms: int, last_ms: int, sales: list[Row]
) -> dict[str, list[Row]]:
    """What reports count of opportunities, some of which these sales won, and of subscriptions."""
    chance = random.Random(seed)
    zone = ZoneInfo(account["timezone"])
    products = [await make.product(account) for _ in range(2)]
    await make.offer(account, products[0], currency="EUR")
    people = [await make.collaborator(account) for _ in range(2)]
    team = await make.team(account, members=people[:1])

    def instant() -> int:
        at = chance.randrange(first_ms, last_ms)
        if chance.random() < 0.3:
            day = datetime.fromtimestamp(at / 1000, zone)
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            at = int(midnight.timestamp() * 1000) + chance.choice([-1, 0, 1])
        return at

    def credited() -> Row:
        person = chance.choice([*people, None])
        return {
            "product_id": chance.choice(products)["id"],
            "credit_id": person and person["id"],
            "credit_team_id": person and chance.choice([None, team["id"]]),
            "currency": chance.choice([None, "BRL", "USD"]),
        }

    def known(row: Row) -> Row:
        other = "EUR" if row["product_id"] == products[0]["id"] else account["currency"]
        return {"known_currency": row["currency"] or other}

    async def work() -> dict[str, list[Row]]:
        opportunities = [await _opportunity(account, chance, credited(), instant, sales) for _ in range(80)]
        subscriptions = [await _subscription(account, chance, credited(), instant) for _ in range(80)]
        return {
            "OPPORTUNITIES": [
                row | known(row) | _won_back(row, opportunities, sales) for row in opportunities
            ],
            "SUBSCRIPTIONS": [row | known(row) for row in subscriptions],
            "TURNS": [row | known(row) | turn for row in subscriptions for turn in row["turns"]],
        }

    return await database.transact(work)


async def _opportunity(
    account: Row, chance: random.Random, values: Row, instant: Any, sales: list[Row]
) -> Row:
    status = chance.choice([*OpportunityStatus, OpportunityStatus.WON, OpportunityStatus.WON]).value
    opened = instant()
    won = status == "WON" and sales and chance.random() < 0.8
    return await make.opportunity(
        account,
        **values,
        kind=chance.choice([*OpportunityKind]).value,
        status=status,
        amount=chance.choice([None, chance.randrange(10**9)]),
        opened_at=opened,
        closed_at=opened + chance.randrange(10**9) if status not in ("TODO", "STANDBY") else None,
        won_by_id=chance.choice(sales[:20])["id"] if won else None,
    )


def _won_back(row: Row, opportunities: list[Row], sales: list[Row]) -> Row:
    """The sale that won it, if it is revenue and this is the first opportunity that it won."""
    sale = next((sale for sale in sales if sale["id"] == row["won_by_id"] is not None), None)
    same = [
        (other["opened_at"], other["id"])
        for other in opportunities
        if other["won_by_id"] == row["won_by_id"] and other["status"] == "WON"
    ]
    first = sale is not None and row["status"] == "WON" and min(same) == (row["opened_at"], row["id"])
    return {"won_back": sale if first and sale["status"] in PAID else None}  # type: ignore[index]


async def _subscription(account: Row, chance: random.Random, values: Row, instant: Any) -> Row:
    count = chance.choice([0, 1, 1, 2, 2, 3, 4])
    times = sorted(instant() for _ in range(count))
    if times and chance.random() < 0.3:
        times[0] = 0
    turns = [
        {
            "turn": (
                chance.choice(["CANCELLED", "EXPIRED"])
                if place % 2
                else "REACTIVATED"
                if place
                else "STARTED"
            ),
            "happened_at": at,
            "begun_at": times[place - place % 2],
        }
        for place, at in enumerate(times)
    ]
    status = chance.choice([*SubscriptionStatus, *[SubscriptionStatus.CANCELLED] * 5]).value
    ended = instant() if status in ("CANCELLED", "EXPIRED", "INACTIVE") else None
    row = await make.subscription(
        account,
        **values,
        status=status,
        price=chance.choice([None, chance.randrange(10**9)]),
        period=chance.choice([None, *(period.value for period in PlanPeriod)]),
        plan=chance.choice([None, "Monthly", "Yearly"]),
        ended_by=chance.choice([None, *(by.value for by in EndedBy)]) if status == "CANCELLED" else None,
        started_at=chance.choice([None, instant()]),
        ended_at=ended,
        paid_recurrences=chance.randrange(4),
    )
    if row["started_at"] is not None and ended is not None and row["started_at"] > ended:
        row["started_at"] = ended
        await database.write("UPDATE subscriptions SET started_at = ? WHERE id = ?", (ended, row["id"]))
    for place, turn in enumerate(turns):
        stored = {"kind": turn["turn"], "happened_at": turn["happened_at"], "begun_at": turn["begun_at"]}
        keys = {"id": database.new_id(), "account_id": account["id"], "subscription_id": row["id"]}
        await database.insert("subscription_turns", keys | {"position": place} | stored)
    return row | {"turns": turns}
