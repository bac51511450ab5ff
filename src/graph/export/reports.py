"""Reports as files. A file is the answer to an ordinary query, so that every gate and rule of reach holds."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type
from starlette.exceptions import HTTPException
from strawberry.utils.str_converters import to_camel_case

from actions.kit.log import Change
from actions.kit.mutation import Mutation
from authz.gates import Standing, grant_bit
from authz.viewer import Viewer
from engine.scope.schema import members
from graph.export.chart import THEMES
from graph.export.formats import Heading, Row, Table
from graph.export.page import FORMATS as CHARTS
from graph.export.reader import Reader, cost_of, read_account, selection, value_at
from graph.export.route import Source, chosen_columns, json_parameter
from graph.http.body import BadRequest
from reports.declarations import REPORTS
from reports.grouping import PlaceLevel
from reports.period import ReportInterval
from reports.report import Kind, Report

EXPORT_REPORT = Mutation("exportReport", Standing.ADMIN, "Account", while_closed=True)
REPORT_PATH = "/export/report"
MOST_DRAWN = 10
"""How many keys a chart shows unless `top` says otherwise; the rest is one more."""
_FIRST = ("from", "to", "group")
_OF_OBJECTS = ("id", "nodeId", "code", "name", "amount")
_TWICE = ("member", "team")  # they are the group
_PAGE = 1_000


async def report_table(reader: Reader, parameters: Mapping[str, str], ending: str) -> Table:
    """The table of a report that parameters describe, as the reader sees it.

    Raises a 404 for a report that they do not have, and `BadRequest` or `Refusal` for what the API refuses.
    """
    viewer = await reader.viewer()
    report = REPORTS.get(parameters.get("name", ""))
    if report is None or report.kind is not Kind.SUM or not viewer.mask & grant_bit(report.grant):
        raise HTTPException(404)
    schema = reader.handler.engine.scopes.scoped(viewer.mask)._schema
    visible = list(columns_of(schema, report))
    columns = chosen_columns(visible, parameters.get("columns"))
    variables = _variables(report, parameters)
    heading = None
    if ending not in CHARTS and {"measure", "theme"} & parameters.keys():
        raise BadRequest(400, "measure and theme are for charts: format=svg or format=html.")
    if ending in CHARTS:
        columns = tuple(visible)
        heading = _heading(viewer, _drawn(report, parameters), parameters, visible)
        if report.keys:
            variables.setdefault("top", MOST_DRAWN)
    rows = await _rows(reader, viewer, report, columns, variables)
    changes = tuple(
        Change(f"Reports.{report.name}({name}:)", None, value) for name, value in variables.items()
    )
    return Table(report.name, columns, _pages(reader, rows), changes, heading)


async def _rows(
    reader: Reader, viewer: Viewer, report: Report, columns: tuple[str, ...], variables: dict[str, Any]
) -> list[Row]:
    schema = reader.handler.engine.scopes.scoped(viewer.mask)._schema
    types = {name: _argument_type(schema, report, name) for name in variables}
    declared = ", ".join(f"${name}: {kind}" for name, kind in types.items())
    arguments = ", ".join(f"{name}: ${name}" for name in variables)
    document = (
        f"query Report({declared}) {{ account {{ reports"
        f" {{ rows: {report.name}({arguments}) {{ {selection(columns)} }} }} }} }}"
    )
    async with reader.turn(viewer, cost_of(reader, viewer, document, variables)):
        found = await read_account(reader, viewer, document, variables)
    return [{column: value_at(row, column) for column in columns} for row in found["reports"]["rows"]]


async def _pages(reader: Reader, rows: list[Row]) -> AsyncIterator[list[Row]]:
    """The rows, a part at a time. Each part needs the access to be there still."""
    yield rows[:_PAGE]
    for start in range(_PAGE, len(rows), _PAGE):
        await reader.viewer()
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


def _variables(report: Report, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of the report that the parameters are, as a client sends them."""
    found: dict[str, Any] = {"period": {"from": parameters.get("from"), "to": parameters.get("to")}}
    for name in ("every", "level", "by"):
        if name in parameters:
            found[name] = parameters[name]
    if report.monthly and found.get("every") == ReportInterval.MONTH.name:
        del found["every"]  # as it is anyway
    for name in ("filter", "order"):
        if name in parameters:
            found[name] = json_parameter(parameters, name)
    if "top" in parameters:
        if not parameters["top"].isdecimal() or len(parameters["top"]) > 3:
            raise BadRequest(400, "top is a number.")
        found["top"] = int(parameters["top"])
    return found


def _argument_type(schema: GraphQLSchema, report: Report, name: str) -> str:
    """The type of an argument of a report. Raises `BadRequest` where the viewer's schema has none."""
    arguments = members(schema.type_map["Reports"])[report.name].args
    if name not in arguments:
        raise BadRequest(400, f"{report.name} has no {name}.")
    return str(arguments[name].type)


def columns_of(schema: GraphQLSchema, report: Report) -> Iterator[str]:
    """The columns of a viewer's rows: days, group, keys and currency first."""
    row: Any = schema.type_map[report.row_name]
    fields = {name: field for name, field in members(row).items() if name not in _TWICE}
    keys = [to_camel_case(key.name) for key in report.keys]
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
