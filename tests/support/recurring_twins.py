"""The words of reports on opportunities and subscriptions in plain Python, written apart from their SQL."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
PAID = {"APPROVED", "COMPLETE", "PARTIALLY_REFUNDED"}
PER_YEAR = {"WEEKLY": 52, "MONTHLY": 12, "BIMONTHLY": 6, "QUARTERLY": 4, "BIANNUAL": 2, "ANNUAL": 1}
BEGINS = {"STARTED", "REACTIVATED"}
HOUR = 3_600_000


def turns(subscription: Row) -> list[Row]:
    """The beginnings and ends of a subscription, each with the subscription."""
    return [subscription | turn for turn in subscription["turns"]]


FACTS: dict[str, tuple[Callable[[Row], list[Row]], str]] = {
    "OPPORTUNITIES": (lambda opportunity: [opportunity], "known_currency"),
    "SUBSCRIPTIONS": (lambda subscription: [subscription], "known_currency"),
    "TURNS": (lambda turn: [turn], "known_currency"),
    "CHARGES": (lambda charge: [charge], "currency"),
}
ROWS: dict[str, Callable[[Row], bool]] = {
    "OPPORTUNITIES_OPENED": lambda row: row["status"] != "CANCELLED",
    "SUBSCRIPTIONS_PAID": lambda row: "turn" in row,
    "SUBSCRIPTIONS_CANCELED": lambda row: row["status"] == "CANCELLED",
    "CHARGES_OVERDUE": lambda row: row["status"] == "OVERDUE" and row["subscription_id"] is not None,
}
MOMENTS: dict[str, Callable[[Row], int | None]] = {
    "OPENED": lambda row: int(row["opened_at"]),
    "TURNED": lambda row: int(row["happened_at"]),
    "CANCELED": lambda row: row["ended_at"],
    "DUE": lambda row: int(row["ordered_at"]),
}
KEYS: dict[str, Callable[[Row], Any]] = {
    "kind": lambda row: row["kind"],
    "plan": lambda row: row["plan"],
    "ended_by": lambda row: row["ended_by"],
}


def step(turn: Row) -> int:
    return 1 if turn["turn"] in BEGINS else -1


def yearly(row: Row) -> int:
    """What a subscription brings in a year."""
    return (row["price"] or 0) * PER_YEAR.get(row["period"], 0)


def if_it_was(*states: str) -> Callable[[Row], list[tuple[str, Any]]]:
    return lambda row: [(row["known_currency"], int(row["status"] in states))]


def if_it_turned(kind: str) -> Callable[[Row], list[tuple[str, Any]]]:
    return lambda row: [(row["known_currency"], int(row["turn"] == kind))]


def if_begun(value: Callable[[Row], int]) -> Callable[[Row], list[tuple[str, Any]]]:
    """A value of a subscription whose beginning is known."""
    return lambda row: [(row["known_currency"], value(row) if row["started_at"] is not None else 0)]


def recovered(row: Row) -> list[tuple[str, Any]]:
    """The price of the sale that won, at the first opportunity that it won."""
    sale = row["won_back"]
    return [] if sale is None else [(sale["currency"], sale["price"])]


TOTALS: dict[str, Callable[[Row], list[tuple[str, Any]]]] = {
    "opened": lambda row: [(row["known_currency"], 1)],
    "won": if_it_was("WON"),
    "lost": if_it_was("LOST"),
    "open": if_it_was("TODO", "STANDBY"),
    "opened_value": lambda row: [(row["known_currency"], row["amount"] or 0)],
    "recovered_value": recovered,
    "time_to_win": lambda row: [
        (row["known_currency"], row["closed_at"] - row["opened_at"] if row["status"] == "WON" else 0)
    ],
    "active_at_start": lambda row: [(row["known_currency"], step(row))],
    "active_at_end": lambda row: [(row["known_currency"], step(row))],
    "started": if_it_turned("STARTED"),
    "reactivated": if_it_turned("REACTIVATED"),
    "expired": if_it_turned("EXPIRED"),
    "canceled": lambda row: [(row["known_currency"], int(row.get("turn", "CANCELLED") == "CANCELLED"))],
    "churned": lambda row: [(row["known_currency"], int(row["turn"] == "CANCELLED" and row["begun_before"]))],
    "recurring_twelfths": lambda row: [(row["known_currency"], step(row) * yearly(row))],
    "ended_twelfths": lambda row: [(row["known_currency"], yearly(row) if step(row) < 0 else 0)],
    "in_first_period": if_begun(lambda row: int(row["paid_recurrences"] <= 1)),
    "begun": if_begun(lambda row: 1),
    "payments_made": if_begun(lambda row: int(row["paid_recurrences"])),
    "time_subscribed": if_begun(lambda row: int(row["ended_at"] - row["started_at"])),
    "cancelled_twelfths": lambda row: [(row["known_currency"], yearly(row))],
}
CARRIED = {"active_at_start": False, "active_at_end": True, "recurring_twelfths": True}
"""The columns that add up what was before their bucket, and whether they add up the bucket, too."""


def ratio(dividend: int, divisor: int, digits: int | None = 4) -> Any:
    return round(Fraction(dividend, divisor), digits) if divisor else None


def lost(row: Row, _whole: Row) -> Any:
    return ratio(row.get("ended_twelfths", 0) + row.get("cancelled_twelfths", 0), 12, None)


RATIOS: dict[str, Callable[[Row, Row], Any]] = {
    "recovery_rate": lambda row, _whole: ratio(row["won"], row["opened"]),
    "hours_to_win": lambda row, _whole: ratio(row["time_to_win"], row["won"] * HOUR, 2),
    "churn_rate": lambda row, _whole: ratio(row["churned"], row["active_at_start"]),
    "recurring": lambda row, _whole: ratio(row["recurring_twelfths"], 12, None),
    "lost_recurring": lost,
    "mean_payments": lambda row, _whole: ratio(row["payments_made"], row["begun"], 2),
    "mean_days": lambda row, _whole: ratio(row["time_subscribed"], row["begun"] * 24 * HOUR, 2),
}
