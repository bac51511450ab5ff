"""The period of a report: local dates, of which the last is excluded, divided into buckets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo

from authz.refusal import ErrorCode, Refusal

MAX_BUCKETS = 400
FIRST_YEAR, LAST_YEAR = 2000, 2100
EARLIEST, LATEST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR + 1, 1, 1)


class ReportInterval(Enum):
    """How a period is divided into buckets. The first and last end with the period."""

    DAY = "DAY"
    """By calendar day."""
    WEEK = "WEEK"
    """By ISO week, from Monday."""
    MONTH = "MONTH"
    """By calendar month."""
    YEAR = "YEAR"
    """By calendar year."""
    WHOLE = "WHOLE"
    """Not divided: the whole period is one bucket."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket of a period, in local dates and in milliseconds since 1970. Both ends are exclusive."""

    first: date
    end: date
    start_ms: int
    end_ms: int


def _next_day(day: date) -> date:
    return day + timedelta(days=1)


def _next_week(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _next_year(day: date) -> date:
    return date(day.year + 1, 1, 1)


def _after_all(_day: date) -> date:
    return LATEST


_NEXT = {
    ReportInterval.DAY: _next_day,
    ReportInterval.WEEK: _next_week,
    ReportInterval.MONTH: _next_month,
    ReportInterval.YEAR: _next_year,
    ReportInterval.WHOLE: _after_all,
}


@dataclass(frozen=True, slots=True)
class Period:
    """The local dates from `first` up to, but not including, `end`. An empty or too long period is refused.

    A refusal names the input field.
    """

    first: date
    end: date
    field: str = "period"

    def __post_init__(self) -> None:
        """Refuse periods that no report can cover."""
        if not EARLIEST <= self.first < LATEST:
            raise _outside(self.field, "from")
        if not EARLIEST <= self.end <= LATEST:
            raise _outside(self.field, "to")
        if self.end <= self.first:
            raise Refusal(ErrorCode.BAD_INPUT, "period_ends_before_it_starts", (self.field, "to"))

    def cut(self, every: ReportInterval, timezone: str) -> tuple[Bucket, ...]:
        """The buckets in order and without a gap. The first and the last end with the period."""
        return _buckets(self, every, timezone)

    def whole(self, timezone: str) -> Bucket:
        """The period as a single bucket."""
        zone = ZoneInfo(timezone)
        return Bucket(self.first, self.end, _midnight(self.first, zone), _midnight(self.end, zone))

    def edges(self, every: ReportInterval) -> Iterator[date]:
        """The first day of each bucket, and the end of the last."""
        day = self.first
        while day < self.end:
            yield day
            day = _NEXT[every](day)
        yield self.end


@lru_cache(maxsize=64)
def _buckets(period: Period, every: ReportInterval, timezone: str) -> tuple[Bucket, ...]:
    zone = ZoneInfo(timezone)
    days: list[date] = []
    for day in period.edges(every):
        if len(days) > MAX_BUCKETS:
            raise Refusal(ErrorCode.BAD_INPUT, "too_many_buckets", ("every",), most=MAX_BUCKETS)
        days.append(day)
    instants = [_midnight(day, zone) for day in days]
    return tuple(
        Bucket(*bounds) for bounds in zip(days[:-1], days[1:], instants[:-1], instants[1:], strict=True)
    )


def _outside(*field: str) -> Refusal:
    return Refusal(ErrorCode.BAD_INPUT, "year_out_of_range", field, first=FIRST_YEAR, last=LAST_YEAR)


def _midnight(day: date, zone: ZoneInfo) -> int:
    """The first instant of a local day; if clocks skip midnight, the instant at which they do."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * 1000
