"""How a query runs for a person: what `centrals explain` prints."""

from collections.abc import Iterator
from textwrap import indent
from typing import Any

import msgspec
from graphql import GraphQLError

from authz.identity import NoSuchCentral, person_in
from authz.refusal import Unauthenticated
from authz.viewer import Viewer
from centrals.application import handler_of
from centrals.commands.terminal import row_of
from centrals.settings import Settings
from engine.document import RejectedOperation
from engine.execute import Engine, OperationResult
from engine.limits import measure
from engine.plan.limitations import Limitation
from engine.plan.planner import Examined, InvalidVariables, PreparedOperation
from engine.weigher import weighed_lists
from graph.http.handler import GraphQLHandler
from graph.http.request import GraphQLRequest
from models import database
from models.statement import numbered
from models.text import normalised_email

_LONGEST = 100  # of the meaning of a name


class InvalidQuery(Exception):
    """A query, a person, a central or variables that do not exist or cannot be used."""


async def explained(
    settings: Settings, text: str, email: str, central: str | None, variables: str | None
) -> list[str]:
    """The lines of an explanation; raises `InvalidQuery`."""
    viewer = await _viewer(email, central)
    values = _variables(variables)
    handler = handler_of(settings)
    prepared = handler.engine.prepare(text, None, viewer.mask, values)
    if isinstance(prepared, RejectedOperation):
        raise InvalidQuery("\n".join(error.message for error in prepared.errors))
    lines = [*_cost(prepared, handler.engine, values)]
    if not prepared.is_query:
        return [*lines, "", *_problems(_examined(prepared, values), None), "", "Statements: not run."]
    result, statements = await _run(handler, prepared, viewer, values)
    examined = _examined(prepared, values)
    lines += ["", *_execution(result), "", *_problems(examined, result), "", *_statements(statements)]
    return [*lines, "", *_code(examined)]


async def _viewer(email: str, central: str | None) -> Viewer:
    try:
        return await person_in(normalised_email(email), row_of(central) if central is not None else None)
    except Unauthenticated as error:
        raise InvalidQuery(f"There is no user {email}.") from error
    except NoSuchCentral as error:
        raise InvalidQuery(f"There is no central {central}, or {email} may not enter it.") from error


def _variables(text: str | None) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text or "{}", type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise InvalidQuery("--variables is not a JSON object.") from error


async def _run(
    handler: GraphQLHandler, prepared: PreparedOperation, viewer: Viewer, values: dict[str, Any]
) -> tuple[OperationResult, list[str]]:
    request = GraphQLRequest("", variables=values)
    context = handler.context(request, viewer, database.new_id())
    with database.observed() as statements:
        result = await handler.engine.run(prepared, values, context)
    return result, statements


def _examined(prepared: PreparedOperation, values: dict[str, Any]) -> Examined | None:
    """The plan's code and problems. None if there is no plan at all for these variables or arguments."""
    try:
        return prepared.examined(prepared.coerced(values))
    except (InvalidVariables, GraphQLError):
        return None


def _cost(prepared: PreparedOperation, engine: Engine, values: dict[str, Any]) -> Iterator[str]:
    size = measure(prepared.document, prepared.operation, engine.limits)
    yield f"Cost: {prepared.cost.value(values):,} of {engine.limits.cost:,}"
    yield f"  {size.fields} fields, {size.depth} levels deep; a list counts its fields once for each row"
    schema = prepared.schema._schema
    for weighed in weighed_lists(schema, prepared.document, prepared.operation, engine.weights, values):
        yield f"  {weighed.path}: {weighed.rows} rows, {weighed.cost:,}"


def _execution(result: OperationResult) -> Iterator[str]:
    yield "Execution: compiled" if result.compiled else f"Execution: standard executor ({result.reason})"
    for error in result.errors:
        path = ".".join(map(str, error.path or ()))
        yield f"  error{f' at {path}' if path else ''}: {error.message}"


def _problems(examined: Examined | None, result: OperationResult | None) -> Iterator[str]:
    """Everything that is not compiled: what the examination found, and what only a run shows."""
    found = {str(problem): problem.limitation for problem in (examined.problems if examined else ())}
    if result is not None and result.reason and result.reason not in found:
        found[result.reason] = Limitation.of(result.reason)
    yield "Not compiled:" if found else "Not compiled: nothing"
    for reason, limitation in found.items():
        yield f"  {reason}"
        yield f"    {limitation.meaning}"


def _statements(statements: list[str]) -> Iterator[str]:
    yield f"Statements: {len(statements)}"
    postgres = database.dialect() == "postgres"
    for number, text in enumerate(statements, 1):
        yield f"  {number}. {numbered(text) if postgres else text}"


def _code(examined: Examined | None) -> Iterator[str]:
    yield "Generated code:" if examined and examined.sources else "Generated code: none"
    for source in examined.sources if examined else ():
        yield indent(source, "  ")
    if examined and examined.sources:
        yield "where"
        for name, meaning in examined.names.items():
            yield f"  {name} = {meaning if len(meaning) <= _LONGEST else meaning[:_LONGEST] + '…'}"
