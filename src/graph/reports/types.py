"""Reports: what the sales within the viewer's statistics reach add up to."""

from collections.abc import Generator, Iterator
from enum import Enum
from functools import partial
from inspect import Parameter, Signature
from typing import Any, TypeVar

import msgspec
import strawberry

from authz.gates import AdminOnly, LeadOnly, needs
from authz.viewer import Viewer
from engine.rows.lists import unread
from graph.kit.context import Info
from graph.kit.period import PeriodInput
from graph.reports.annual import AnnualRow
from graph.reports.billing import Statements
from graph.reports.canceled import CANCELED
from graph.reports.customers import CustomerConnection, CustomerFilter, CustomerOrder, customer_list
from graph.reports.filters import ReportFilter, choice, order_of
from graph.reports.keys import objects_of
from graph.reports.listed import list_field
from graph.reports.overdue import OVERDUE
from graph.reports.recurring import RecoveryFilter, SubscriptionReportFilter
from graph.reports.rows import grain, row_type
from reports.annual_summary import annual_summary
from reports.billing import with_heads
from reports.declarations import REPORTS
from reports.grouping import Grouping, PlaceLevel
from reports.period import Period, ReportInterval
from reports.report import Kind, Report, Row
from reports.sums import MAX_TOP, Choice, sums

T = TypeVar("T")

strawberry.enum(ReportInterval)
strawberry.enum(PlaceLevel)


@strawberry.enum
class ReportGroup(Enum):
    """What a report can be split by in addition to its own keys."""

    MEMBER = strawberry.enum_value("MEMBER", directives=[LeadOnly()])
    """By the person that sales, opportunities or subscriptions are credited to, including people who have
    left."""
    TEAM = strawberry.enum_value("TEAM", directives=[AdminOnly()])
    """By the team that they are credited to, including deleted teams."""


_COUNTS = "Amounts in different currencies are never added up."
_BY = "by: What else the rows are split by."
_EVERY = "every: How the period is divided into buckets."
_LEVEL = "level: How closely places are distinguished. Without `top`, 100 cities have rows of their own."
_SUM = """{asks} One row for each {apart}; empty buckets are included. {rows} {at} {counts}

Args:
    period: The days that the report covers, divided into at most 400 buckets.
    {every}
    {by}
    filter: What the report adds up.
    order: The order of the rows within each bucket, by default by the names of their keys.
    {top}
"""
_TOP = """top: How many keys have rows of their own in each currency, from 1 to 100: those with the largest
        first amount over the whole period. A row with `others: true` adds up the rest."""
_YEARS = """{asks} One row for each {apart}, month by month and in total. {rows} {at} {counts}

Args:
    first_year: The first year.
    last_year: The last year, which the report includes; by default the first one.
    {by}
    filter: What the report adds up.
    order: The order of the rows of each year by their totals, by default by name.
"""
_LIST = """{asks} Everyone with sales that count in the period, by default those who bought last first.
{rows} {at} {counts}

Args:
    period: The days that the report covers.
    filter: The conditions that customers must meet.
    order: The sort order of the list.
    first: The number of rows to read from the start of the list, at most 100; 20 by default.
    after: The cursor after which the page starts.
    last: The number of rows to read from the end of the list, at most 100.
    before: The cursor before which the page ends.
"""


def _says(report: Report, text: str, *first: str) -> str:
    apart = grain(report, *first)
    return text.format(
        asks=report.asks,
        apart=apart,
        rows=report.rows.says,
        at=report.at.says,
        counts=_COUNTS,
        by=_BY,
        every="\n    ".join([*([] if report.monthly else [_EVERY]), *([_LEVEL] if report.levels else [])]),
        top=_TOP if report.keys else "",
    )


def _grouping(by: ReportGroup | None) -> Grouping | None:
    return Grouping[by.name] if by is not None else None


class ReportRows(msgspec.Struct, frozen=True):
    """The rows of a report that have not been read: a plan reads only the attributes that it needs."""

    viewer: Viewer
    report: Report
    period: Period
    every: ReportInterval
    by: Grouping | None
    choice: Choice

    async def read(self, attributes: frozenset[str] | None = None) -> list[Row]:
        """The rows, with the objects that their keys name: one statement, and one for each kind of object."""
        objects = partial(objects_of, self.viewer)
        rows = await sums(
            self.viewer,
            self.report,
            self.period,
            self.every,
            self.by,
            self.choice,
            attributes=attributes,
            objects=objects,
        )
        if self.report.monthly and (attributes is None or "statement" in attributes):
            return await with_heads(self.viewer, rows)
        return rows

    def __await__(self) -> Generator[Any, None, list[Row]]:
        """Read them with all of their attributes."""
        return self.read().__await__()


def _sum_field(report: Report) -> Any:
    def resolve(self: "Reports", **arguments: Any) -> Any:
        period = arguments["period"]
        level = arguments.get("level", PlaceLevel.COUNTRY) if report.levels else None
        covered = Period(period.from_, period.to)
        top = arguments.get("top")
        if level is PlaceLevel.CITY and top is None:
            top = MAX_TOP
        chosen = choice(self.viewer, report, arguments.get("filter"), arguments.get("order"), top)
        counted = report.at_level(level) if level is not None else report
        every, by = arguments.get("every", ReportInterval.MONTH), _grouping(arguments.get("by"))
        return unread(ReportRows(self.viewer, counted, covered, every, by, chosen))

    resolve.__doc__ = _says(report, _SUM, "bucket")
    resolve.__signature__ = Signature(  # type: ignore[attr-defined]
        [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD), *_arguments(report)],
        return_annotation=list[row_type(report)] | None,  # type: ignore[misc]
    )
    return resolve


def _arguments(report: Report) -> Iterator[Parameter]:
    """The arguments of a report by period, with their defaults."""
    yield _argument("period", PeriodInput, Parameter.empty)
    if not report.monthly:
        yield _argument("every", ReportInterval, ReportInterval.MONTH)
    if report.levels:
        yield _argument("level", PlaceLevel, PlaceLevel.COUNTRY)
    yield _argument("by", ReportGroup | None)
    yield _argument("filter", _FILTERS[report.facts.table] | None)
    yield _argument("order", order_of(report) | None)
    if report.keys:
        yield _argument("top", int | None)


_FILTERS: dict[str, Any] = {
    "sales": ReportFilter,
    "opportunities": RecoveryFilter,
    "subscriptions": SubscriptionReportFilter,
}
"""The filter of reports by the table that they count."""


def _argument(name: str, kind: Any, default: Any = None) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _years_field(report: Report) -> Any:
    async def resolve(
        self: "Reports",
        first_year: int,
        last_year: int | None = None,
        by: ReportGroup | None = None,
        filter: ReportFilter | None = None,  # noqa: A002 - the argument's name in the API
        order: Any = None,
    ) -> list[AnnualRow] | None:
        until = first_year if last_year is None else last_year
        chosen = choice(self.viewer, report, filter, order)
        return unread(await annual_summary(self.viewer, report, first_year, until, _grouping(by), chosen))

    resolve.__doc__ = _says(report, _YEARS, "year")
    resolve.__annotations__["order"] = order_of(report) | None
    return resolve


def _customers_field(report: Report) -> Any:
    def resolve(
        self: "Reports",
        info: Info,
        period: PeriodInput,
        filter: CustomerFilter | None = None,  # noqa: A002 - the argument's name in the API
        order: CustomerOrder | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> CustomerConnection | None:
        return customer_list(
            self.viewer, info, period, filter, order, first=first, after=after, last=last, before=before
        )

    resolve.__doc__ = _LIST.format(asks=report.asks, rows=report.rows.says, at=report.at.says, counts=_COUNTS)
    return resolve


LISTINGS = {listing.report.name: listing for listing in (CANCELED, OVERDUE)}
"""The reports whose rows are those of a table."""


def _list_field(report: Report) -> Any:
    listing = LISTINGS.get(report.name)
    return _customers_field(report) if listing is None else list_field(listing)


_FIELDS = {Kind.SUM: _sum_field, Kind.YEARS: _years_field, Kind.LIST: _list_field}


def report_field(report: Report) -> Any:
    """The field of a report, behind its grant."""
    resolve = _FIELDS[report.kind](report)
    resolve.__name__ = report.python_name
    return needs(report.grant)(resolve)


def _with_reports(cls: type[T]) -> type[T]:
    """Give a type the field of every report that is declared."""
    for report in REPORTS.values():
        setattr(cls, report.python_name, report_field(report))
    return cls


@strawberry.type
@_with_reports
class Reports(Statements):
    """The reports that the viewer's grants open. Each report adds up the sales, opportunities or
    subscriptions within the viewer's statistics reach: everything in the account for the owner and admins,
    their own and those of the members of the teams they lead for team leads, and their own for users.

    A row can be opened as a list of sales: its bucket, currency and keys are filters of that list.
    """
