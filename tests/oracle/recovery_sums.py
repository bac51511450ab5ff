"""The oracle's reports on opportunities and subscriptions: their rows added up one by one."""

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from oracle.sums import KEYS, REVENUE, named_keys, part, pieces

Row = dict[str, Any]
HOUR, DAY = 3_600_000, 86_400_000
A_YEAR = {"WEEKLY": 52, "MONTHLY": 12, "BIMONTHLY": 6, "QUARTERLY": 4, "BIANNUAL": 2, "ANNUAL": 1}
# the keys of each report, by their columns
REPORTS = {
    "PurchaseRecoveryRow": {"kind": "kind"},
    "SubscriptionCancellationsRow": {"product": "product_id"},
    "CancelledSubscriptionsRow": {"product": "product_id", "plan": "plan", "endedBy": "ended_by"},
}
_COUNTED = {
    "PurchaseRecoveryRow": ("opened", "won", "lost", "open", "openedValue", "recoveredValue", "hours"),
    "SubscriptionCancellationsRow": (
        *("started", "reactivated", "canceled", "expired", "churned", "steps", "yearly", "ended"),
    ),
    "CancelledSubscriptionsRow": ("canceled", "inFirstPeriod", "begun", "payments", "time", "ended"),
}
Counts = Callable[[Row], bool]
Added = tuple[date, Row, str, Row]
"""The day on which a row counts, the row, a currency, and what it adds to columns."""


def currency_of(world: dict[str, list[Row]], account: Row, row: Row) -> str:
    """A row's currency; else that of all offers of its product, and else the account's."""
    of_offers = {
        offer["currency"]
        for offer in world["offers"]
        if offer["product_id"] == row["product_id"] and offer["currency"]
    }
    return str(row["currency"] or (of_offers.pop() if len(of_offers) == 1 else account["currency"]))


def yearly(row: Row) -> int:
    """What a subscription brings in a year."""
    return (row["price"] or 0) * A_YEAR.get(row["period"], 0)


def monthly(amount: int) -> int:
    """What an amount a year is a month."""
    return round(Fraction(amount, 12))


def rows(
    world: dict[str, list[Row]],
    counts: Counts,
    account: Row,
    row: str,
    *,
    period: Row,
    every: str = "MONTH",
    by: str | None = None,
) -> list[Row]:
    """One row for each bucket, values of the keys and currency."""
    buckets = pieces(date.fromisoformat(period["from"]), date.fromisoformat(period["to"]), every)
    start, zone = buckets[0][0], ZoneInfo(account["timezone"])

    def day(at: int) -> date:
        return datetime.fromtimestamp(at / 1000, zone).date()

    def bucket(on: date) -> date | None:
        """The first day of a day's bucket; the smallest date before the period, and none after it."""
        return date.min if on < start else next((first for first, end in buckets if on < end), None)

    found: dict[tuple[Any, ...], dict[date, Row]] = {}
    added = {
        "PurchaseRecoveryRow": _opportunities,
        "SubscriptionCancellationsRow": _turns,
        "CancelledSubscriptionsRow": _canceled,
    }[row]
    for at, counted, currency, amounts in added(world, counts, account, day):
        first = bucket(at)
        if first is None or (first == date.min and row != "SubscriptionCancellationsRow"):
            continue
        if "begun" in amounts and row == "SubscriptionCancellationsRow":
            begun = bucket(amounts.pop("begun"))
            amounts["churned"] = int(amounts["canceled"] and begun is not None and begun < first)
        keys = (*((KEYS[by](counted),) if by else ()), *(counted[column] for column in REPORTS[row].values()))
        columns = found.setdefault((*keys, currency), {}).setdefault(first, dict.fromkeys(_COUNTED[row], 0))
        for name, amount in amounts.items():
            columns[name] += amount
    names, nothing = [*([by] if by else []), *REPORTS[row]], dict.fromkeys(_COUNTED[row], 0)
    found = {place: columns for place, columns in found.items() if _remains(columns)}
    return [
        {
            **dict.fromkeys(("kind", "plan", "endedBy")),
            **named_keys(world, names, values[:-1] or None),
            "currency": values[-1],
            "from": first.isoformat(),
            "to": end.isoformat(),
            **_shown(row, columns.get(first) or nothing, [columns[at] for at in columns if at < first]),
        }
        for first, end in buckets
        for values, columns in (found or {(account["currency"],): {}}).items()
    ]


def _remains(columns: dict[date, Row]) -> bool:
    """Whether something happened in the period, or something was left when it began."""
    return any(first != date.min for first in columns) or bool(columns[date.min]["steps"])


def _opportunities(world: dict[str, list[Row]], counts: Counts, account: Row, day: Any) -> list[Added]:
    found: list[Added] = []
    counted = [row for row in world["opportunities"] if counts(row) and row["status"] != "CANCELLED"]
    for row in counted:
        at, currency = day(row["opened_at"]), currency_of(world, account, row)
        won = row["status"] == "WON"
        amounts = {
            "opened": 1,
            "won": int(won),
            "lost": int(row["status"] == "LOST"),
            "open": int(row["status"] in ("TODO", "STANDBY")),
            "openedValue": row["amount"] or 0,
            "hours": row["closed_at"] - row["opened_at"] if won else 0,
        }
        found.append((at, row, currency, amounts))
        same = [item for item in counted if item["status"] == "WON" and item["won_by_id"] == row["won_by_id"]]
        sale = next((sale for sale in world["sales"] if sale["id"] == row["won_by_id"]), None)
        first = won and min(same, key=lambda item: (item["opened_at"], item["id"])) is row
        if first and sale and sale["status"] in REVENUE and counts(sale):
            found.append((at, row, sale["currency"], {"recoveredValue": sale["price"]}))
    return found


def _turns(world: dict[str, list[Row]], counts: Counts, account: Row, day: Any) -> list[Added]:
    found: list[Added] = []
    for turn in world["subscription_turns"]:
        row = next(item for item in world["subscriptions"] if item["id"] == turn["subscription_id"])
        if not counts(row):
            continue
        step = 1 if turn["kind"] in ("STARTED", "REACTIVATED") else -1
        kinds = {
            "STARTED": "started",
            "REACTIVATED": "reactivated",
            "CANCELLED": "canceled",
            "EXPIRED": "expired",
        }
        amounts = {name: int(turn["kind"] == kind) for kind, name in kinds.items()}
        amounts |= {"steps": step, "yearly": step * yearly(row), "ended": yearly(row) if step < 0 else 0}
        amounts["begun"] = day(turn["begun_at"])
        found.append((day(turn["happened_at"]), row, currency_of(world, account, row), amounts))
    return found


def _canceled(world: dict[str, list[Row]], counts: Counts, account: Row, day: Any) -> list[Added]:
    found: list[Added] = []
    for row in world["subscriptions"]:
        if row["status"] == "CANCELLED" and counts(row):
            known = row["started_at"] is not None
            amounts = {
                "canceled": 1,
                "inFirstPeriod": int(known and row["paid_recurrences"] <= 1),
                "begun": int(known),
                "payments": row["paid_recurrences"] if known else 0,
                "time": row["ended_at"] - row["started_at"] if known else 0,
                "ended": yearly(row),
            }
            found.append((day(row["ended_at"]), row, currency_of(world, account, row), amounts))
    return found


def _shown(row: str, columns: Row, before: list[Row]) -> Row:
    """The columns of a row as they are shown, with what was before its bucket."""
    if row == "PurchaseRecoveryRow":
        return columns | {
            "recoveryRate": part(columns["won"], columns["opened"]),
            "hoursToWin": _mean(columns["hours"], columns["won"], HOUR),
        }
    if row == "CancelledSubscriptionsRow":
        return columns | {
            "meanPayments": _mean(columns["payments"], columns["begun"], 1),
            "meanDays": _mean(columns["time"], columns["begun"], DAY),
            "lostRecurring": monthly(columns["ended"]),
        }
    active = sum(item["steps"] for item in before)
    return columns | {
        "activeAtStart": active,
        "activeAtEnd": active + columns["steps"],
        "churnRate": part(columns["churned"], active),
        "recurring": monthly(sum(item["yearly"] for item in before) + columns["yearly"]),
        "lostRecurring": monthly(columns["ended"]),
    }


def _mean(some: int, number: int, unit: int) -> str | None:
    """A mean in two decimals."""
    hundredths = round(Fraction(some * 100, number * unit)) if number else 0
    sign, digits = "-" if hundredths < 0 else "", abs(hundredths)
    return f"{sign}{digits // 100}.{digits % 100:02}" if number else None
