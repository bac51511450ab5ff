"""What reports list row by row: which rows, and what they add up to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import msgspec

from authz.reach import Reach
from authz.viewer import Viewer
from models import database
from models.product_vocabulary import PlanPeriod
from models.statement import Statement, one_of
from models.tables.subscription import CancellationReason, SubscriptionEmailKind
from models.vocabulary import EventSource
from reports.columns import quotient
from reports.counted import among
from reports.expressions import PAID, TWELFTHS, known_currency, monthly_twelfths
from reports.facts import SALES, SOLD
from reports.period import Bucket
from reports.report import Report

_DAY = 86_400_000
_ALIAS = re.compile(r"\bs\.")
Amount = tuple[int, str]
"""Minor units and their currency."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a report, called `r`: those of a period, or of any time, that meet `where`."""

    report: Report
    period: Bucket | None = None
    where: Statement | None = None

    def within(self, viewer: Viewer) -> Reach:
        """The rows that the viewer's statistics count."""
        return self.report.facts.within(viewer, self.report.grant)

    @property
    def condition(self) -> Statement:
        """What rows within reach must meet."""
        text, time = _condition(self.report)
        found = Statement(text)
        if self.period is not None:
            span = (self.period.start_ms, self.period.end_ms)
            found = found & Statement(f"{time} >= ? AND {time} < ?", span)
        return found if self.where is None else found & self.where


@lru_cache(maxsize=64)
def _condition(report: Report) -> tuple[str, str]:
    """The condition on a report's rows, and the column of their time, which one search finds."""
    (search,) = report.at.searches(report.rows)
    found = f"r.{among(search.statuses)}{_ALIAS.sub('r.', report.rows.condition)}"
    return found, f"r.{search.time}"


class Lateness(Enum):
    """How long a payment has been late."""

    D1_7 = "D1_7"
    """Up to 7 days."""
    D8_15 = "D8_15"
    """8 to 15 days."""
    D16_30 = "D16_30"
    """16 to 30 days."""
    D31_60 = "D31_60"
    """31 to 60 days."""
    OVER_60 = "OVER_60"
    """More than 60 days."""


_AT_MOST = {Lateness.D1_7: 7, Lateness.D8_15: 15, Lateness.D16_30: 30, Lateness.D31_60: 60}


def days_late(due_at: int) -> int:
    """The number of whole days since a payment was due."""
    return max(0, (database.now() - due_at) // _DAY)


def lateness(due_at: int) -> Lateness:
    """How long a payment is late, as totals distinguish it."""
    days = days_late(due_at)
    return next((late for late, most in _AT_MOST.items() if days <= most), Lateness.OVER_60)


class CanceledTotal(msgspec.Struct, frozen=True, gc=False):
    """The subscriptions that were canceled for one reason, and what is lost in a month, in one currency."""

    reason: CancellationReason
    currency: str
    canceled: int
    lost_recurring: int


class OverdueTotal(msgspec.Struct, frozen=True, gc=False):
    """The payments that are late for about as long, and their amounts, in one currency."""

    late: Lateness
    currency: str
    charges: int
    amount: int


def a_month(price: int | None, period: str | None) -> int | None:
    """What a subscription brings in a month; None without a known price and period."""
    if price is None or period is None:
        return None
    found = quotient(price * TWELFTHS[PlanPeriod(period)], 12, 0)
    return int(found) if found is not None else None


async def canceled_totals(viewer: Viewer, listed: Listed) -> list[CanceledTotal]:
    """What the canceled subscriptions of a list add up to, by reason and currency."""
    within = listed.within(viewer)
    rows = await database.read(
        Statement(
            "SELECT x.reason, x.currency, COUNT(*), CAST(COALESCE(SUM(x.twelfths), 0) AS BIGINT) FROM ("
            f"SELECT COALESCE(r.reason, '{CancellationReason.UNKNOWN.value}') AS reason,"
            f" {known_currency('r')} AS currency, {monthly_twelfths('r')} AS twelfths"
            " FROM subscriptions r WHERE ",
            custom_plan=True,
        )
        + within.where("r")
        + " AND "
        + listed.condition
        + ") x GROUP BY 1, 2",
        named=False,
    )
    found = [
        CanceledTotal(CancellationReason(reason), currency, count, int(quotient(twelfths, 12, 0) or 0))
        for reason, currency, count, twelfths in rows
    ]
    return sorted(found, key=lambda total: (_REASONS.index(total.reason), total.currency))


_REASONS = list(CancellationReason)


async def overdue_totals(viewer: Viewer, listed: Listed) -> list[OverdueTotal]:
    """What the overdue payments of a list add up to, by how late they are and by currency."""
    within = listed.within(viewer)
    now = database.now()
    bounds = tuple(now - (most + 1) * _DAY for most in _AT_MOST.values())
    cases = " ".join(f"WHEN r.ordered_at > ? THEN {place}" for place in range(len(bounds)))
    rows = await database.read(
        Statement(
            "SELECT x.late, x.currency, COUNT(*), CAST(SUM(x.price) AS BIGINT) FROM ("
            f"SELECT CASE {cases} ELSE {len(bounds)} END AS late, r.currency, r.price FROM sales r WHERE ",
            bounds,
            custom_plan=True,
        )
        + within.where("r")
        + " AND "
        + listed.condition
        + ") x GROUP BY 1, 2 ORDER BY 1, 2",
        named=False,
    )
    classes = list(Lateness)
    return [OverdueTotal(classes[late], currency, count, amount) for late, currency, count, amount in rows]


async def received(viewer: Viewer, report: Report, ids: Sequence[str]) -> dict[str, list[Amount]]:
    """What the payments of subscriptions that are revenue and within reach brought, by currency."""
    within = SALES.within(viewer, report.grant)
    rows = await database.read(
        Statement("SELECT s.subscription_id, CAST(SUM(s.price) AS BIGINT), s.currency FROM sales s WHERE ")
        + one_of("s.subscription_id", ids)
        + f" AND s.{among(PAID)}{SOLD.condition} AND "
        + within.where("s")
        + " GROUP BY 1, 3 ORDER BY 1, 3",
        named=False,
    )
    found: dict[str, list[Amount]] = {subscription_id: [] for subscription_id in ids}
    for subscription_id, amount, currency in rows:
        found[str(subscription_id)].append((amount, currency))
    return found


async def reminders(viewer: Viewer, report: Report, ids: Sequence[str]) -> dict[str, int]:
    """How often subscribers were reminded of each of some payments since it was due."""
    within = report.facts.within(viewer, report.grant)
    rows = await database.read(
        Statement(
            "SELECT s.id, COUNT(*) FROM sales s JOIN subscription_events e ON e.account_id = s.account_id"
            " AND e.subscription_id = s.subscription_id AND e.happened_at >= s.ordered_at"
            f" AND ((e.source = '{EventSource.PERSON.value}' AND e.kind = 'REMINDER')"
            f" OR (e.source = '{EventSource.CLOCK.value}' AND e.kind = 'RULE_EMAIL'"
            f" AND e.key LIKE 'rules:{SubscriptionEmailKind.OVERDUE.value}:%')) WHERE "
        )
        + one_of("s.id", ids)
        + " AND "
        + within.where("s")
        + " GROUP BY 1",
        named=False,
    )
    found = {str(sale_id): count for sale_id, count in rows}
    return {sale_id: found.get(sale_id, 0) for sale_id in ids}
