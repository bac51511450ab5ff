"""The ordinary query that parameters of an address mean: whatever it is refused is refused to an export."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import strawberry
from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    get_argument_values,
    get_variable_values,
    parse,
)
from strawberry.types.arguments import convert_arguments

from engine.scope.gates import members
from graph.export.route import json_parameter
from graph.http.body import BadRequest
from reports.period import ReportInterval
from reports.report import Kind, Report


def variables_of(report: Report, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of a report that parameters mean, as a client sends them."""
    found: dict[str, Any] = dict(_PERIODS[report.kind](report, parameters))
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


def _days(report: Report, parameters: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    if not report.now or {"from", "to"} & parameters.keys():
        yield "period", {"from": parameters.get("from"), "to": parameters.get("to")}


def _years(report: Report, parameters: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    try:
        first, end = (date.fromisoformat(parameters.get(name, "")) for name in ("from", "to"))
    except ValueError as error:
        raise BadRequest(400, "from and to are dates as 2026-01-01.") from error
    if {(day.month, day.day) for day in (first, end)} != {(1, 1)}:
        raise BadRequest(400, f"{report.name} covers whole years: from and to are each a January 1.")
    yield "firstYear", first.year
    yield "lastYear", end.year - 1


_PERIODS = {Kind.SUM: _days, Kind.LIST: _days, Kind.YEARS: _years}


def document_of(schema: GraphQLSchema, report: Report, variables: Mapping[str, Any], fields: str) -> str:
    """The query for fields of a report. Raises `BadRequest` for an argument that the schema lacks."""
    types = {name: _type(schema, report, name) for name in variables}
    declared = _in_brackets(f"${name}: {kind}" for name, kind in types.items())
    arguments = _in_brackets(f"{name}: ${name}" for name in variables)
    return (
        f"query Report{declared} {{ account {{ reports"
        f" {{ rows: {report.name}{arguments} {{ {fields} }} }} }} }}"
    )


def _in_brackets(parts: Iterable[str]) -> str:
    text = ", ".join(parts)
    return f"({text})" if text else ""


def _type(schema: GraphQLSchema, report: Report, name: str) -> str:
    arguments = members(schema.type_map["Reports"])[report.name].args
    if name not in arguments:
        raise BadRequest(400, f"{report.name} has no {name}.")
    return str(arguments[name].type)


def resolver_arguments(schema: strawberry.Schema, document: str, variables: Mapping[str, Any]) -> Any:
    """What the resolver of a report gets for a query that was not refused."""
    (operation,) = parse(document).definitions
    assert isinstance(operation, OperationDefinitionNode)
    values: Any = get_variable_values(schema._schema, operation.variable_definitions or (), dict(variables))
    node: Any = operation
    for _ in ("account", "reports", "rows"):
        (node,) = node.selection_set.selections
    field = members(schema._schema.type_map["Reports"])[node.name.value]
    coerced = get_argument_values(field, node, values)
    own = field.extensions["strawberry-definition"].arguments
    return convert_arguments(coerced, own, schema.schema_converter.scalar_registry, schema.config)
