"""The rows of the annual summary: whole years, and their months."""

from operator import attrgetter

import strawberry

from authz.gates import Needs, gated
from engine.rows.source import sourced
from graph.reports.columns import ReportColumns, of_attribute
from graph.reports.rows import Split
from reports.declarations import REPORTS

_GATE = Needs(grant=REPORTS["annualSummary"].grant)


@gated(_GATE)
@strawberry.type
class MonthColumns(ReportColumns):
    """The columns of one month of a year."""

    month: int = sourced(of_attribute(attrgetter("first.month"), "bucket"))
    """The month, from 1 (January) to 12 (December)."""


@gated(_GATE)
@strawberry.type
class AnnualTotal(ReportColumns):
    """The columns of a whole year."""


@strawberry.type
class InYear:
    """A row of one calendar year."""

    year: int
    """The year."""


@gated(_GATE)
@strawberry.type
class AnnualRow(InYear, Split):
    """A row of `annualSummary`: one calendar year and currency."""

    total: AnnualTotal
    """The whole year."""
    months: list[MonthColumns]
    """January to December."""
