"""The words of the reports' vocabulary in plain Python, sale by sale: written apart from their SQL."""

import string
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from reports.grouping import Grouping, Named
from reports.period import Period, ReportInterval
from reports.report import Report

Row = dict[str, Any]
PAID = {"APPROVED", "COMPLETE", "PARTIALLY_REFUNDED"}
LOST = {"REFUNDED", "DISPUTE", "CHARGEBACK"}
SMALL_TO_CAPITAL = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


def placed(sale: Row) -> int | None:
    """When a sale counts: at its approval, or at its order where it was lost before."""
    if sale["approved_at"] is None and sale["status"] in LOST:
        return int(sale["ordered_at"])
    return sale["approved_at"]


def of(status: str, sale: Row) -> list[tuple[str, int]]:
    return [(sale["currency"], sale["price"])] if sale["status"] == status else []


def paid(sale: Row, currency: str, value: Any) -> list[tuple[str, int]]:
    return [(sale[currency], value)] if sale["status"] in PAID else []


def net(sale: Row) -> list[tuple[str, int]]:
    return [] if net_is_unknown(sale) else paid(sale, "net_currency", sale["net"])


def net_is_unknown(sale: Row) -> bool:
    return sale["net"] is None or sale["net_currency"] is None


FACTS = {"SALES": "sales"}
ROWS: dict[str, Callable[[Row], bool]] = {"SOLD": lambda sale: sale["status"] in PAID | LOST}
MOMENTS: dict[str, Callable[[Row], int | None]] = {"PLACED": placed}
KEYS: dict[str, Callable[[Row], Any]] = {
    "product": lambda sale: sale["product_id"],
    "src": lambda sale: sale["origin_src"],
    "sck": lambda sale: sale["origin_sck"],
    "payment_method": lambda sale: sale["payment_method"],
    "in_installments": lambda sale: sale["instalments"] > 1,
    "device": lambda sale: sale["device"] and sale["device"].translate(SMALL_TO_CAPITAL),
}
GROUPS = {None: "", Grouping.MEMBER: "credit_id", Grouping.TEAM: "credit_team_id"}
# what a sale adds to a column, and in which currency
TOTALS: dict[str, Callable[[Row], list[tuple[str, int]]]] = {
    "count": lambda sale: paid(sale, "currency", 1),
    "gross": lambda sale: paid(sale, "currency", sale["price"]),
    "net": net,
    "unknown_net": lambda sale: paid(sale, "currency", int(net_is_unknown(sale))),
    "refunded": lambda sale: of("REFUNDED", sale),
    "disputed": lambda sale: of("DISPUTE", sale),
    "charged_back": lambda sale: of("CHARGEBACK", sale),
}
# what a row's totals, and those of all rows of its bucket, group and currency, make of a ratio
RATIOS: dict[str, Callable[[Row, Row], Any]] = {
    "share": lambda row, whole: round(Fraction(row["gross"], whole["gross"]), 4) if whole["gross"] else None,
    "average": lambda row, _whole: round(Fraction(row["gross"], row["count"])) if row["count"] else None,
}


def opening(day: date, every: ReportInterval) -> date:
    """The first day of the calendar's day, week, month or year around a day."""
    return {
        ReportInterval.DAY: day,
        ReportInterval.WEEK: day - timedelta(days=day.weekday()),
        ReportInterval.MONTH: day.replace(day=1),
        ReportInterval.YEAR: day.replace(month=1, day=1),
        ReportInterval.WHOLE: date.min,
    }[every]


def expected(
    report: Report,
    sales: list[Row],
    period: Period,
    every: ReportInterval,
    zone: str,
    by: Grouping | None = None,
) -> dict[tuple[date, Any, Any, str], Row]:
    """A report's columns by first day of bucket, id of group, values of keys, and currency."""
    totals = [column.name for column in report.columns if column.name in TOTALS]
    found: dict[Any, Row] = defaultdict(lambda: dict.fromkeys(totals, 0))
    for sale in sales:
        at = MOMENTS[report.at.name](sale)
        if at is None or not ROWS[report.rows.name](sale):
            continue
        day = datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).date()
        if not period.first <= day < period.end:
            continue
        first = max(opening(day, every), period.first)
        group = sale[GROUPS[by]] if by else None
        place = (first, group, tuple(KEYS[key.name](sale) for key in report.keys))
        found[*place, sale["currency"]]  # a row, whether or not a column counts the sale
        for name in totals:
            for currency, value in TOTALS[name](sale):
                found[*place, currency][name] += value
    days = [period.first + timedelta(days=number) for number in range((period.end - period.first).days)]
    kinds = {place[1:] for place in found}
    for first in {max(opening(day, every), period.first) for day in days}:
        for kind in kinds:
            found[first, *kind]
    wholes: dict[Any, Row] = defaultdict(lambda: dict.fromkeys(totals, 0))
    for (first, group, _, currency), row in found.items():
        for name in totals:
            wholes[first, group, currency][name] += row[name]
    ratios = [column.name for column in report.columns if column.name in RATIOS]
    return {
        (first, group, keys, currency): row
        | {name: RATIOS[name](row, wholes[first, group, currency]) for name in ratios}
        for (first, group, keys, currency), row in found.items()
    }


def actual(report: Report, rows: list[Any]) -> dict[tuple[date, Any, Any, str], Row]:
    """The rows of a report as `expected` has them."""

    def plain(value: Any) -> Any:
        return value.id if isinstance(value, Named) else value

    return {
        (
            row.bucket.first,
            plain(row.group),
            tuple(plain(getattr(row, key.name)) for key in report.keys),
            row.currency,
        ): {column.name: getattr(row, column.name) for column in report.columns}
        for row in rows
    }
