"""What whole years sold, month by month."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from reports.grouping import Grouping, Named
from reports.period import FIRST_YEAR, LAST_YEAR, MAX_BUCKETS, Every, Period
from reports.revenue_columns import Columns, Sum, added, sums, totals

MAX_YEARS = MAX_BUCKETS // 12


class Month(Columns, frozen=True, gc=False, kw_only=True):
    """The columns of one month, from 1."""

    month: int


@dataclass(frozen=True, slots=True)
class AnnualRow:
    """What one calendar year sold in one currency: January to December, and their total."""

    year: int
    group: Named | None
    months: tuple[Month, ...]
    total: Columns


async def annual_summary(
    viewer: Viewer, first_year: int, last_year: int, by: Grouping | None = None
) -> list[AnnualRow]:
    """Sales of calendar years, the last one included, by the month of their approval and in total."""
    period = _years(first_year, last_year)
    found = await sums(viewer, Grant.VIEW_ANNUAL_REVENUE_SUMMARY_REPORT, period, Every.MONTH, by)
    rows = []
    for year, in_year in groupby(found, key=lambda row: row.bucket.first.year):
        apart: dict[tuple[Named | None, str], list[Sum]] = {}
        for row in in_year:
            apart.setdefault((row.group, row.currency), []).append(row)
        for (group, currency), of_months in apart.items():
            months = tuple(
                Month(currency, *totals(row), month=number) for number, row in enumerate(of_months, 1)
            )
            rows.append(AnnualRow(year, group, months, added(months)))
    return rows


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
