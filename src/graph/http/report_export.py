"""Reports as files. A file is the answer to an ordinary query, so that every gate and rule of reach holds."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from strawberry.utils.str_converters import to_camel_case

from actions.kit.log import Change
from actions.kit.mutation import Mutation
from authz.gates import Standing, grant_bit
from engine.scope.schema import members
from graph.http.body import BadRequest
from graph.http.export import (
    Reader,
    Source,
    Table,
    chosen_columns,
    json_parameter,
    read_account,
    selection,
    value_at,
)
from graph.http.export_format import Row
from reports.declarations import REPORTS
from reports.report import Kind, Report

EXPORT_REPORT = Mutation("exportReport", Standing.ADMIN, "Account", while_closed=True)
REPORT_PATH = "/export/report"
_FIRST = ("from", "to", "group")
_OF_OBJECTS = ("id", "code", "name", "amount")
_TWICE = ("member", "team")  # they are the group


async def _table(reader: Reader, parameters: QueryParams, _ending: str) -> Table:
    viewer = await reader.viewer()
    report = REPORTS.get(parameters.get("name", ""))
    if report is None or report.kind is not Kind.SUM or not viewer.mask & grant_bit(report.grant):
        raise HTTPException(404)
    schema = reader.handler.engine.scopes.scoped(viewer.mask)._schema
    columns = chosen_columns(list(_columns(schema, report)), parameters.get("columns"))
    variables = _variables(parameters)
    types = {name: _argument_type(schema, report, name) for name in variables}
    declared = ", ".join(f"${name}: {kind}" for name, kind in types.items())
    arguments = ", ".join(f"{name}: ${name}" for name in variables)
    document = (
        f"query Report({declared}) {{ account {{ reports"
        f" {{ rows: {report.name}({arguments}) {{ {selection(columns)} }} }} }} }}"
    )
    found = await read_account(reader, viewer, document, variables)
    rows: list[Row] = [
        {column: value_at(row, column) for column in columns} for row in found["reports"]["rows"]
    ]
    changes = tuple(
        Change(f"Reports.{report.name}({name}:)", None, value) for name, value in variables.items()
    )
    return Table(report.name, columns, _one_page(rows), changes)


def _variables(parameters: QueryParams) -> dict[str, Any]:
    """The arguments of the report that the parameters are, as a client sends them."""
    found: dict[str, Any] = {"period": {"from": parameters.get("from"), "to": parameters.get("to")}}
    for name in ("every", "by"):
        if name in parameters:
            found[name] = parameters[name]
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


def _columns(schema: GraphQLSchema, report: Report) -> Iterator[str]:
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


async def _one_page(rows: list[Row]) -> AsyncIterator[list[Row]]:
    yield rows


REPORT_EXPORT = Source(
    REPORT_PATH,
    EXPORT_REPORT,
    ("name", "from", "to", "every", "by", "filter", "order", "top", "columns"),
    ("csv", "jsonl", "xlsx"),
    _table,
)
