"""When a scheduled report is due, and for which days it is."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.tables.schedule import ReportFrequency

_AT = time(6)


def next_time(frequency: ReportFrequency, timezone: str, after: int) -> int:
    """When a report is due next after a time, in milliseconds since 1970."""
    zone = ZoneInfo(timezone)
    day = start_of(frequency, datetime.fromtimestamp(after / 1000, zone).date())
    while (due := round(datetime.combine(day, _AT, zone).timestamp() * 1000)) <= after:
        day = _following(frequency, day)
    return due


def days_before(frequency: ReportFrequency, timezone: str, at: int) -> tuple[date, date]:
    """The days of the last full week or month before a time: the first, and the one after the last."""
    end = start_of(frequency, datetime.fromtimestamp(at / 1000, ZoneInfo(timezone)).date())
    return start_of(frequency, end - timedelta(days=1)), end


def start_of(frequency: ReportFrequency, day: date) -> date:
    """The Monday of a day's week, or the first day of its month."""
    if frequency is ReportFrequency.WEEKLY:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1)


def _following(frequency: ReportFrequency, day: date) -> date:
    return start_of(frequency, day + timedelta(days=7 if frequency is ReportFrequency.WEEKLY else 31))
