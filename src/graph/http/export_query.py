"""What exports of the API's data have in common: their parameters, and the ordinary queries that they are."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from starlette.datastructures import QueryParams

from authz.viewer import Viewer
from engine.document import RejectedOperation
from graph.http.body import BadRequest
from graph.http.export import Reader
from telemetry.request import request_id

_LONGEST = 20_000


def json_parameter(parameters: QueryParams, name: str) -> Any:
    """A parameter that is an input of the API, as JSON; None without it."""
    text = parameters.get(name)
    if text is None:
        return None
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadRequest(400, f"{name} is JSON, as the API takes it.") from error


def chosen_columns(visible: Sequence[str], chosen: str | None) -> tuple[str, ...]:
    """The columns that a parameter names among those that a viewer has; without it, all of them."""
    if chosen is None:
        return tuple(visible)
    wanted = tuple(dict.fromkeys(chosen.split(",")))
    for column in wanted:
        if column not in visible:
            raise BadRequest(400, f"There is no column {column[:60]!r}.")
    return wanted


def selection(columns: Iterable[str]) -> str:
    """The fields of some paths, as a document selects them."""
    tree: dict[str, Any] = {}
    for column in columns:
        level = tree
        for name in column.split("."):
            level = level.setdefault(name, {})
    return _written(tree)


def _written(tree: dict[str, Any]) -> str:
    return " ".join(f"{name} {{ {_written(below)} }}" if below else name for name, below in tree.items())


async def read_account(reader: Reader, viewer: Viewer, document: str, variables: dict[str, Any]) -> Any:
    """The account that an ordinary query returns. Raises `BadRequest` for what the API refuses."""
    handler = reader.handler
    prepared = handler.engine.prepare(document, None, viewer.mask, variables)
    if isinstance(prepared, RejectedOperation):
        raise BadRequest(400, prepared.errors[0].message)
    context = handler.context(reader.request, viewer, request_id())
    result = await handler.engine.run(prepared, variables, context)
    if result.errors:
        raise BadRequest(400, result.errors[0].message[:_LONGEST])
    return msgspec.json.decode(msgspec.json.encode(result.data))["account"]


def value_at(node: Any, column: str) -> Any:
    """The value at the path of a column."""
    for name in column.split("."):
        if node is None:
            return None
        node = node[name]
    return node
