"""The sales of whole calendar years, month by month."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from reports.grouping import Grouping, Named
from reports.period import FIRST_YEAR, LAST_YEAR, MAX_BUCKETS, Bucket, Period, ReportInterval
from reports.report import Report, Row
from reports.sums import EVERY_ROW, Choice, in_order, sums

MAX_YEARS = MAX_BUCKETS // 12


@dataclass(frozen=True, slots=True)
class AnnualRow:
    """One calendar year in one currency: the months January to December, and their total."""

    year: int
    group: Named | None
    months: tuple[Row, ...]
    total: Row


async def annual_summary(
    viewer: Viewer,
    report: Report,
    first_year: int,
    last_year: int,
    by: Grouping | None = None,
    choice: Choice = EVERY_ROW,
) -> list[AnnualRow]:
    """The rows of a report over calendar years, including the last one, by month and in total.

    The order of a choice sorts the rows of a year by their totals.
    """
    months_of = replace(choice, order=None)
    found = await sums(viewer, report, _years(first_year, last_year), ReportInterval.MONTH, by, months_of)
    years: list[AnnualRow] = []
    for year, in_year in groupby(found, key=lambda row: row.bucket.first.year):
        apart: dict[tuple[Named | None, str], list[Row]] = {}
        for row in in_year:
            apart.setdefault((row.group, row.currency), []).append(row)
        rows = [
            AnnualRow(year, group, tuple(months), _total(report, months))
            for (group, _), months in apart.items()
        ]
        years += in_order(rows, choice, lambda row: row.total)
    return years


def _total(report: Report, months: list[Row]) -> Row:
    """The total of months of one group and currency."""
    make: Any = report.row_type
    first, last = months[0], months[-1]
    year = Bucket(first.bucket.first, last.bucket.end, first.bucket.start_ms, last.bucket.end_ms)
    columns = [sum(getattr(row, total.name) for row in months) for total in report.totals]
    return make(year, first.group, first.currency, False, *columns)  # type: ignore[no-any-return]


def _years(first: int, last: int) -> Period:
    for field, year in (("firstYear", first), ("lastYear", last)):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Refusal(
                ErrorCode.BAD_INPUT, "year_out_of_range", (field,), first=FIRST_YEAR, last=LAST_YEAR
            )
    if last < first:
        raise Refusal(ErrorCode.BAD_INPUT, "period_ends_before_it_starts", ("lastYear",))
    if last - first >= MAX_YEARS:
        raise Refusal(ErrorCode.BAD_INPUT, "too_many_years", ("lastYear",), most=MAX_YEARS)
    return Period(date(first, 1, 1), date(last + 1, 1, 1))
