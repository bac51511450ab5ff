"""Periods of plans, in the account's time zone."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from models.product_vocabulary import PlanPeriod

_MONTHS = {
    PlanPeriod.MONTHLY: 1,
    PlanPeriod.BIMONTHLY: 2,
    PlanPeriod.QUARTERLY: 3,
    PlanPeriod.BIANNUAL: 6,
    PlanPeriod.ANNUAL: 12,
}

_LAST_MS = 250_000_000_000_000
"""A time in the year 9892, so that a year later is a time too."""


def day_of_month(at: int, timezone: str) -> int:
    """The day of the month of a time."""
    return _local(at, timezone).day


def after_periods(at: int, period: PlanPeriod, timezone: str) -> int:
    """The time one period after another, at the same time of the day; the last day of a shorter month."""
    local = _local(at, timezone)
    if period is PlanPeriod.WEEKLY:
        later = local + timedelta(days=7)
    else:
        years, month = divmod(local.month - 1 + _MONTHS[period], 12)
        year, month = local.year + years, month + 1
        later = local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]))
    return int(later.astimezone(UTC).timestamp() * 1000)


def _local(at: int, timezone: str) -> datetime:
    return datetime.fromtimestamp(min(at, _LAST_MS) / 1000, ZoneInfo(timezone))
