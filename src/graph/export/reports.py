"""Reports as files. A file is the answer to an ordinary query, so that every gate and rule of reach holds."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type
from starlette.exceptions import HTTPException
from strawberry.utils.str_converters import to_camel_case

from actions.kit.log import Change
from actions.kit.mutation import Mutation
from authz.gates import Standing, grant_bit
from authz.viewer import Viewer
from engine.scope.gates import members
from graph.export.chart import THEMES
from graph.export.customers import customer_columns, customer_pages
from graph.export.formats import Heading, Row, Table
from graph.export.page import FORMATS as CHARTS
from graph.export.reader import AccessEnded, Reader, cost_of, read_account, selection, value_at
from graph.export.report_query import document_of, variables_of
from graph.export.route import Source, chosen_columns
from graph.export.row_lists import list_columns, list_pages
from graph.http.body import BadRequest
from graph.reports.types import LISTINGS
from reports.declarations import REPORTS
from reports.grouping import PlaceLevel
from reports.report import Kind, Report

EXPORT_REPORT = Mutation("exportReport", Standing.ADMIN, "Account", while_closed=True)
REPORT_PATH = "/export/report"
MOST_DRAWN = 10
"""How many keys a chart shows unless `top` says otherwise; the rest is one more."""
DRAWN_ROW = 60
"""The cost of a row of a chart, which takes about 130 µs to draw."""
_FIRST = ("from", "to", "year", "month", "group")
_OF_OBJECTS = ("id", "nodeId", "code", "name", "amount")
_TWICE = ("member", "team")  # they are the group
_OF_YEARS = ("year", "group")
_PAGE = 1_000


async def report_table(reader: Reader, parameters: Mapping[str, str], ending: str) -> Table:
    """The table of a report that parameters describe, as the reader sees it.

    Raises a 404 for a report that they do not have, and `BadRequest` or `Refusal` for what the API refuses.
    """
    viewer = await reader.viewer()
    report = REPORTS.get(parameters.get("name", ""))
    if report is None or not viewer.mask & grant_bit(report.grant):
        raise HTTPException(404)
    schema = reader.handler.engine.scopes.scoped(viewer.mask)._schema
    visible = list(columns_of(schema, report))
    columns = chosen_columns(visible, parameters.get("columns"))
    variables = variables_of(report, parameters)
    heading = None
    if ending not in CHARTS and {"measure", "theme"} & parameters.keys():
        raise BadRequest(400, "measure and theme are for charts: format=svg, format=png or format=html.")
    if ending in CHARTS:
        if report.kind is not Kind.SUM:
            raise BadRequest(400, f"{report.name} is no chart. format is csv, jsonl or xlsx.")
        columns = tuple(visible)
        heading = _heading(viewer, _drawn(report, parameters), parameters, visible)
        if report.keys:
            variables.setdefault("top", MOST_DRAWN)
    changes = tuple(
        Change(f"Reports.{report.name}({name}:)", None, value) for name, value in variables.items()
    )
    if report.name in LISTINGS:
        pages = await list_pages(reader, viewer, LISTINGS[report.name], columns, variables, ending)
    elif report.kind is Kind.LIST:
        pages = await customer_pages(reader, viewer, report, columns, variables, ending)
    else:
        rows = await _rows(reader, viewer, report, columns, variables)
        if heading is not None:
            reader.charge(viewer, DRAWN_ROW * len(rows))
        pages = _pages(reader, report, rows)
    return Table(report.name, columns, pages, changes, heading)


async def _rows(
    reader: Reader, viewer: Viewer, report: Report, columns: tuple[str, ...], variables: dict[str, Any]
) -> list[Row]:
    schema = reader.handler.engine.scopes.scoped(viewer.mask)._schema
    of_years = report.kind is Kind.YEARS
    fields = selection(_paths_of_years(columns) if of_years else columns)
    document = document_of(schema, report, variables, fields)
    async with reader.turn(viewer, cost_of(reader, viewer, document, variables)):
        found = await read_account(reader, viewer, document, variables)
    rows = found["reports"]["rows"]
    return [
        {column: value_at(row, column) for column in columns} for row in (_months(rows) if of_years else rows)
    ]


def _paths_of_years(columns: Iterable[str]) -> Iterator[str]:
    """The paths of columns in the rows of whole years, most of which are those of their months."""
    yield "months.month"
    for column in columns:
        yield column if column.partition(".")[0] in _OF_YEARS else f"months.{column}"


def _months(years: Iterable[Any]) -> Iterator[Any]:
    """A row for each month of the rows of whole years."""
    for year in years:
        for month in year["months"]:
            yield year | month


async def _pages(reader: Reader, report: Report, rows: list[Row]) -> AsyncIterator[list[Row]]:
    """The rows, a part at a time. Each part needs the access to be there still."""
    yield rows[:_PAGE]
    for start in range(_PAGE, len(rows), _PAGE):
        if not (await reader.viewer()).mask & grant_bit(report.grant):
            raise AccessEnded
        yield rows[start : start + _PAGE]


def _heading(viewer: Viewer, report: Report, parameters: Mapping[str, str], visible: list[str]) -> Heading:
    assert viewer.central is not None
    measure, theme = parameters.get("measure"), parameters.get("theme", "auto")
    numbers = {to_camel_case(column.name) for column in report.columns}
    if measure is not None and not (measure in numbers and {measure, f"{measure}.amount"} & set(visible)):
        raise BadRequest(400, f"{report.name} has no column {measure[:60]!r} that can be drawn.")
    if theme not in THEMES:
        raise BadRequest(400, f"theme is {', '.join(THEMES[:-1])} or {THEMES[-1]}.")
    account, first, end = viewer.central.account_name, parameters.get("from", ""), parameters.get("to", "")
    return Heading(report, viewer.locale, account, first, end, measure, theme, "by" in parameters)


def _drawn(report: Report, parameters: Mapping[str, str]) -> Report:
    """The report with the keys that its rows are distinguished by: those of a level, if it has levels."""
    level = parameters.get("level", PlaceLevel.COUNTRY.name)
    if not report.levels or level not in PlaceLevel.__members__:
        return report  # the API refuses another level
    return replace(report, keys=report.keys[: PlaceLevel[level].value])


def columns_of(schema: GraphQLSchema, report: Report) -> Iterator[str]:
    """The columns of a viewer's rows: days, group, keys and currency first."""
    if report.name in LISTINGS:
        yield from list_columns(schema, LISTINGS[report.name])
        return
    if report.kind is Kind.LIST:
        yield from customer_columns(schema, report)
        return
    row: Any = schema.type_map[report.row_name]
    fields = {name: field for name, field in members(row).items() if name not in _TWICE}
    keys = [to_camel_case(key.name) for key in report.keys]
    if report.kind is Kind.YEARS:
        fields = {name: field for name, field in fields.items() if name in _OF_YEARS}
        fields |= members(schema.type_map["MonthColumns"])
    for name in dict.fromkeys([*_FIRST, *keys, "currency", *fields]):
        if name in fields:
            kind: Any = get_named_type(fields[name].type)
            yield from _paths(name, kind)


def _paths(name: str, kind: Any) -> Iterator[str]:
    if is_leaf_type(kind):
        yield name
    elif isinstance(kind, GraphQLObjectType):
        for part in _OF_OBJECTS:
            if part in members(kind):
                yield f"{name}.{part}"


REPORT_EXPORT = Source(
    REPORT_PATH,
    EXPORT_REPORT,
    ("name", "from", "to", "every", "level", "by", "filter", "order", "top", "columns", "measure", "theme"),
    ("csv", "jsonl", "xlsx", *CHARTS),
    report_table,
    CHARTS,
)
