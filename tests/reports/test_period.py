"""A period is half-open, local to its time zone, and cut without gaps."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authz.refusal import ErrorCode, Refusal
from reports.period import Bucket, Period, ReportInterval

HOUR = 3_600_000
ZONES = ["UTC", "America/Sao_Paulo", "Europe/Madrid", "Asia/Kathmandu", "Atlantic/Azores", "Asia/Beirut"]


def days(period: Period, zone: str) -> dict[date, float]:
    """Hours of each day of a period."""
    return {
        bucket.first: (bucket.end_ms - bucket.start_ms) / HOUR
        for bucket in period.cut(ReportInterval.DAY, zone)
    }


def dates(buckets: tuple[Bucket, ...]) -> list[tuple[str, str]]:
    return [(bucket.first.isoformat(), bucket.end.isoformat()) for bucket in buckets]


def test_a_day_in_madrid_has_23_hours_in_march_and_25_in_october() -> None:
    assert list(days(Period(date(2024, 3, 30), date(2024, 4, 2)), "Europe/Madrid").values()) == [24, 23, 24]
    assert list(days(Period(date(2024, 10, 26), date(2024, 10, 29)), "Europe/Madrid").values()) == [
        24,
        25,
        24,
    ]


def test_a_day_in_sao_paulo_starts_at_one_where_clocks_skip_midnight() -> None:
    spring = Period(date(2018, 11, 3), date(2018, 11, 6))

    assert list(days(spring, "America/Sao_Paulo").values()) == [24, 23, 24]
    start = spring.cut(ReportInterval.DAY, "America/Sao_Paulo")[1].start_ms
    assert start == datetime(2018, 11, 4, 3, tzinfo=UTC).timestamp() * 1000


def test_a_day_in_sao_paulo_had_25_hours_when_summer_time_ended() -> None:
    autumn = Period(date(2018, 2, 16), date(2018, 2, 19))

    assert list(days(autumn, "America/Sao_Paulo").values()) == [24, 25, 24]


def test_sao_paulo_has_had_no_summer_time_since_2019() -> None:
    assert set(days(Period(date(2023, 1, 1), date(2024, 1, 1)), "America/Sao_Paulo").values()) == {24}


def test_a_day_that_a_place_skipped_is_an_empty_bucket() -> None:
    assert days(Period(date(2011, 12, 29), date(2012, 1, 1)), "Pacific/Apia")[date(2011, 12, 30)] == 0


def test_weeks_start_on_monday_and_the_first_and_last_are_clipped() -> None:
    period = Period(date(2024, 12, 27), date(2025, 1, 8))

    assert dates(period.cut(ReportInterval.WEEK, "UTC")) == [
        ("2024-12-27", "2024-12-30"),
        ("2024-12-30", "2025-01-06"),
        ("2025-01-06", "2025-01-08"),
    ]


def test_months_end_where_the_calendar_says() -> None:
    period = Period(date(2023, 12, 31), date(2024, 3, 1))

    assert dates(period.cut(ReportInterval.MONTH, "UTC")) == [
        ("2023-12-31", "2024-01-01"),
        ("2024-01-01", "2024-02-01"),
        ("2024-02-01", "2024-03-01"),
    ]


def test_a_whole_period_is_one_bucket() -> None:
    period = Period(date(2024, 2, 3), date(2026, 5, 1))

    assert dates(period.cut(ReportInterval.WHOLE, "UTC")) == [("2024-02-03", "2026-05-01")]


def test_years_are_calendar_years() -> None:
    period = Period(date(2023, 6, 1), date(2025, 1, 2))

    assert dates(period.cut(ReportInterval.YEAR, "UTC")) == [
        ("2023-06-01", "2024-01-01"),
        ("2024-01-01", "2025-01-01"),
        ("2025-01-01", "2025-01-02"),
    ]


@given(
    first=st.dates(date(2000, 1, 1), date(2037, 1, 1)),
    length=st.integers(1, 400),
    every=st.sampled_from(ReportInterval),
    zone=st.sampled_from(ZONES),
)
def test_buckets_follow_one_another_and_begin_where_local_dates_do(
    first: date, length: int, every: ReportInterval, zone: str
) -> None:
    end = first + timedelta(days=length)

    buckets = Period(first, end).cut(every, zone)

    assert buckets[0].first == first
    assert buckets[-1].end == end
    for item, other in pairwise(buckets):
        assert (item.end, item.end_ms) == (other.first, other.start_ms)
    for bucket in buckets:
        assert bucket.first < bucket.end
        for at, day in ((bucket.start_ms, bucket.first), (bucket.end_ms, bucket.end)):
            moment = datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
            assert moment.date() == day
            assert (moment.astimezone(UTC) - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() < day


@pytest.mark.parametrize("end", [date(2024, 1, 1), date(2023, 12, 31)])
def test_a_period_that_ends_before_it_starts_is_refused(end: date) -> None:
    with pytest.raises(Refusal) as refused:
        Period(date(2024, 1, 1), end)

    assert (refused.value.code, refused.value.field) == (ErrorCode.BAD_INPUT, ("period", "to"))


@pytest.mark.parametrize(
    ("first", "end", "field"),
    [
        (date(1999, 12, 31), date(2000, 1, 2), "from"),
        (date(2101, 1, 1), date(2101, 1, 2), "from"),
        (date(2100, 12, 31), date(2101, 1, 2), "to"),
        (date(2024, 1, 1), date(9999, 12, 31), "to"),
    ],
)
def test_a_period_outside_2000_to_2100_is_refused(first: date, end: date, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        Period(first, end)

    assert (refused.value.code, refused.value.field) == (ErrorCode.BAD_INPUT, ("period", field))


def test_the_century_can_be_looked_at_whole() -> None:
    assert len(Period(date(2000, 1, 1), date(2101, 1, 1)).cut(ReportInterval.YEAR, "Europe/Madrid")) == 101


def test_four_hundred_buckets_are_cut_and_one_more_is_refused() -> None:
    assert len(Period(date(2024, 1, 1), date(2025, 2, 4)).cut(ReportInterval.DAY, "UTC")) == 400
    with pytest.raises(Refusal) as refused:
        Period(date(2024, 1, 1), date(2025, 2, 5)).cut(ReportInterval.DAY, "UTC")

    assert (refused.value.code, refused.value.field) == (ErrorCode.BAD_INPUT, ("every",))


def test_an_unknown_time_zone_is_an_error_and_never_another_one() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        Period(date(2024, 1, 1), date(2024, 1, 2)).cut(ReportInterval.DAY, "Mars/Olympus")
