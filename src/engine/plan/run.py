"""One run of a plan, and the levels below the rows that it reads."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec
import strawberry
from graphql.execution.values import VariableValues

from engine.plan.code import InvalidValue
from engine.plan.shape import (
    ConnectionLevel,
    ConnectionShape,
    CountLevel,
    ListLevel,
    LookupLevel,
    Shape,
)
from engine.rows.children import count_children, read_children, read_pages
from engine.rows.connection import Connection, requested_page


class PlanInfo:
    """The parts of GraphQL's `info` that resolvers can use while a plan runs.

    The schema is the viewer's own, which few resolvers need and which may still have to be built.
    """

    __slots__ = ("_schema", "context")

    def __init__(self, context: Any, schema: Callable[[], strawberry.Schema]) -> None:
        self.context = context
        self._schema = schema

    @property
    def schema(self) -> strawberry.Schema:
        """The schema of the viewer."""
        return self._schema()


class Run(msgspec.Struct):
    """A single run of a plan."""

    info: PlanInfo
    variables: VariableValues


async def levels(shape: Shape, rows: Any, run: Run) -> list[dict[str, Any]]:
    """The values below the rows of a shape, by parent. Each level takes one statement."""
    found: list[dict[str, Any]] = []
    for level in shape.levels:
        named = dict.fromkeys([row[level.parent_position] for row in rows])
        keys = [key for key in named if key is not None]
        if not keys:
            found.append({})
        elif isinstance(level, CountLevel):
            source = level.source
            found.append(await count_children(source.children, source.table, run.info.context.viewer, keys))
        elif isinstance(level, ListLevel):
            found.append(await _children(level, keys, run))
        elif isinstance(level, LookupLevel):
            arguments = _read_arguments(level.arguments, run)
            found.append(dict(await level.source.read(run.info.context.viewer, keys, arguments)))
        else:
            found.append(await _connections(level, keys, run))
    return found


def _read_arguments(arguments: Any, run: Run) -> dict[str, Any]:
    found: dict[str, Any] = arguments if isinstance(arguments, dict) else arguments(run.variables)
    return found


async def _children(level: ListLevel, keys: list[str], run: Run) -> dict[str, list[Any]]:
    rows, position = await read_children(level.source, run.info.context.viewer, keys, level.shape)
    below = await levels(level.shape, rows, run) if level.shape.levels else []
    built = level.build(rows, run, below)
    if len(keys) == 1:
        return {keys[0]: built}
    by_parent: dict[str, list[Any]] = defaultdict(list)
    for row, item in zip(rows, built, strict=True):
        by_parent[row[position]].append(item)
    return by_parent


async def _connections(level: ConnectionLevel, keys: list[str], run: Run) -> dict[str, Any]:
    """A connection for each parent. The nodes of all connections are built together."""
    source, connection, context = level.source, level.connection, run.info.context
    page = requested_page(**_read_arguments(level.arguments, run), most=source.most, usual=source.usual)
    totals: dict[str, int] = {}
    if connection.counts:
        totals = await count_children(source.children, source.table, context.viewer, keys)
    if not connection.reads:
        return {key: connection.build(None, totals.get(key, 0), []) for key in keys}
    shape = connection.shape
    pages = await read_pages(source, context.viewer, keys, page, context.seal, shape)
    rows = [row for key in keys for row in pages[key].rows]
    below = await levels(shape, rows, run) if shape.levels else []
    nodes = [build(rows, run, below) for build in connection.builds]
    found: dict[str, Any] = {}
    start = 0
    for key in keys:
        end = start + len(pages[key].rows)
        found[key] = connection.build(pages[key], totals.get(key, 0), [part[start:end] for part in nodes])
        start = end
    return found


async def read_connection(shape: ConnectionShape, connection: Connection[Any], run: Run) -> Any:
    """The selected fields of a connection above the rows: a statement for its page, another for its count."""
    pages = connection.pages
    if pages.binding is not shape.shape.binding:
        raise InvalidValue
    total = await pages.count() if shape.counts else None
    own = [await read(connection) for read in shape.own_fields] if shape.own_fields else ()
    if not shape.reads:
        return shape.build(None, total, [], own)
    page = await pages.slice(shape.shape)
    below = await levels(shape.shape, page.rows, run) if shape.shape.levels else []
    return shape.build(page, total, [build(page.rows, run, below) for build in shape.builds], own)
