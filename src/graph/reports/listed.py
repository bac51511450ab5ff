"""Reports whose rows are those of a table, a page at a time: the field, its arguments and its connection."""

from collections.abc import Callable
from functools import partial
from inspect import Parameter, Signature
from typing import Any, NamedTuple

from authz.viewer import Viewer
from engine.rows.connection import page
from engine.rows.lists import Rows
from engine.rows.select import Order
from engine.rows.source import Lookup
from graph.kit.context import Info
from graph.kit.filters import conditions
from graph.kit.listed import MAX_PAGE
from graph.kit.period import PeriodInput
from graph.kit.row_reach import row_reach
from reports.lists import Listed
from reports.period import Period
from reports.report import Report

_SAYS = """{asks} {rows} {at} {order}

Args:
    period: {period}
    filter: The conditions that the listed rows must meet.
    first: The number of rows to read from the start of the list, at most {most}; 20 by default.
    after: The cursor after which the page starts.
    last: The number of rows to read from the end of the list, at most {most}.
    before: The cursor before which the page ends.
"""
_PERIOD = "The days that the report covers."
_ANY_TIME = "The days that the report covers; by default, any."
_PAGING: dict[str, Any] = {"first": int | None, "after": str | None, "last": int | None, "before": str | None}


class Listing(NamedTuple):
    """How a report lists its rows: their type, their connection, their filter and their order.

    `columns` are the paths of fields that its files have, of which those in `amounts` are lists of money.
    """

    report: Report
    row: type
    connection: type
    filter: type
    order: Order
    says: str
    """The order, in a sentence."""
    columns: tuple[str, ...]
    amounts: tuple[str, ...] = ()


def list_field(listing: Listing) -> Any:
    """The resolver of a report that lists rows."""
    report = listing.report

    def resolve(self: Any, info: Info, **arguments: Any) -> Any:
        viewer: Viewer = self.viewer
        listed = _listed(viewer, report, arguments.get("period"), arguments.get("filter"))
        rows: Rows[Any] = Rows(listing.row, listed.within(viewer), listed.condition, (listing.order,))
        describe = partial(row_reach, viewer, rows.reach, info.context.locale, "credited")
        make = partial(listing.connection, describe=describe, viewer=viewer, listed=listed)
        paging: Any = {name: arguments.get(name) for name in _PAGING}
        return page(rows, info.context.seal, report.name, most=MAX_PAGE, make=make, **paging)

    resolve.__doc__ = _SAYS.format(
        asks=report.asks,
        rows=report.rows.says,
        at=report.at.says,
        order=listing.says,
        period=_ANY_TIME if report.now else _PERIOD,
        most=MAX_PAGE,
    )
    kinds = {"filter": listing.filter | None} | _PAGING
    period = (PeriodInput | None, None) if report.now else (PeriodInput, Parameter.empty)
    resolve.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("self", Parameter.POSITIONAL_OR_KEYWORD),
            Parameter("info", Parameter.POSITIONAL_OR_KEYWORD, annotation=Info),
            Parameter("period", Parameter.KEYWORD_ONLY, annotation=period[0], default=period[1]),
            *(
                Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind, default=None)
                for name, kind in kinds.items()
            ),
        ],
        return_annotation=listing.connection | None,
    )
    return resolve


def _listed(viewer: Viewer, report: Report, period: PeriodInput | None, chosen: Any) -> Listed:
    assert viewer.central is not None
    days = None if period is None else Period(period.from_, period.to).whole(viewer.central.timezone)
    return Listed(report, days, conditions(viewer, chosen))


def found_for_rows(read: Callable[..., Any], kind: Any, says: str) -> Lookup:
    """A value that a function of the viewer and the ids of rows finds for each of them."""

    async def of_rows(viewer: Viewer, ids: Any, _arguments: dict[str, Any]) -> Any:
        return await read(viewer, ids)

    async def resolve(self: Any, info: Info) -> Any:
        return await info.context.lookup(found, self.row_id, {})

    resolve.__annotations__["return"] = kind
    resolve.__doc__ = says
    found = Lookup(of_rows, resolve)
    return found
