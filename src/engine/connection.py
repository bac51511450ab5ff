"""Connections: a list in pages, by keyset, stable while rows are inserted."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import strawberry

from engine.cursor import BadCursor, Seal
from engine.rows import Order, Rows, sort_clause
from models import database
from models.statement import Statement

T = TypeVar("T")


@strawberry.type
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool
    """Whether rows follow the page."""
    has_previous_page: bool
    """Whether rows precede the page."""
    start_cursor: str | None
    """The cursor of the page's first row."""
    end_cursor: str | None
    """The cursor of the page's last row."""


@strawberry.type
class Edge(Generic[T]):
    """A row in its place in the list."""

    cursor: str
    """Where the row stands: for `after` and `before`."""
    node: T
    """The row."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    size: int
    cursor: str | None
    backward: bool


@dataclass(slots=True)
class Slice(Generic[T]):
    """The rows of a page, in the list's order, and whether there are more on either side."""

    nodes: list[T]
    cursors: list[str]
    more_after: bool
    more_before: bool


class PageFault(Exception):
    """Arguments of a page that cannot be served: which one, and why."""

    def __init__(self, argument: str, message: str) -> None:
        super().__init__(message)
        self.argument = argument


@strawberry.type
class Connection(Generic[T]):
    """A list in pages, and what is known of the page asked for."""

    rows: strawberry.Private[Rows[Any]]
    page: strawberry.Private[Page]
    seal: strawberry.Private[Seal]
    _read: strawberry.Private["asyncio.Future[Slice[Any]] | None"] = field(default=None, init=False)

    @strawberry.field
    async def nodes(self) -> list[T]:
        """The rows of the page."""
        return (await self._slice()).nodes

    @strawberry.field
    async def edges(self) -> list[Edge[T]]:
        """The rows of the page, each with its cursor."""
        found = await self._slice()
        return [
            Edge(cursor=cursor, node=node) for cursor, node in zip(found.cursors, found.nodes, strict=True)
        ]

    @strawberry.field
    async def page_info(self) -> PageInfo:
        """Where the page stands in the list."""
        found = await self._slice()
        return PageInfo(
            has_next_page=found.more_after,
            has_previous_page=found.more_before,
            start_cursor=found.cursors[0] if found.cursors else None,
            end_cursor=found.cursors[-1] if found.cursors else None,
        )

    @strawberry.field
    async def total_count(self) -> int:
        """How many rows the whole list has for you; counted only when asked for."""
        return await self.rows.count()

    async def _slice(self) -> Slice[Any]:
        """The page, read once however many fields ask for it."""
        if self._read is None:
            self._read = asyncio.ensure_future(read_page(self.rows, self.page, self.seal))
        return await asyncio.shield(self._read)


def page(
    rows: Rows[Any],
    seal: Seal,
    *,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    most: int,
    usual: int = 20,
) -> Any:
    """A connection over rows; raises `PageFault` for arguments that cannot be served."""
    if first is not None and last is not None:
        raise PageFault("last", "Give first or last, not both.")
    backward = last is not None or (before is not None and first is None)
    if (backward and after is not None) or (not backward and before is not None):
        raise PageFault("after" if backward else "before", "Give first with after, or last with before.")
    size = last if backward else first
    name = "last" if backward else "first"
    if size is None:
        size = usual
    if not 1 <= size <= most:
        raise PageFault(name, f"{name} is from 1 to {most}.")
    cursor = before if backward else after
    asked = Page(size, cursor, backward)
    _position(rows, asked, seal)
    return Connection(rows=rows, page=asked, seal=seal)


def _purpose(rows: Rows[Any]) -> str:
    order = ",".join(f"{one.column}{'-' if one.descending else '+'}" for one in rows.order)
    return f"{rows.binding.table}:{order}"


def _position(rows: Rows[Any], asked: Page, seal: Seal) -> tuple[Any, ...] | None:
    if asked.cursor is None:
        return None
    try:
        return seal.read(_purpose(rows), asked.cursor, len(rows.order) + 1)
    except BadCursor as error:
        raise PageFault("before" if asked.backward else "after", "This is no cursor of this list.") from error


def _beyond(order: tuple[Order, ...], values: tuple[Any, ...], *, backward: bool) -> Statement:
    """The rows after a position; every column of the order runs the same way, as its index does."""
    descending = order[-1].descending if order else False
    columns = [*(one.column for one in order), "r.id"]
    sign = "<" if descending != backward else ">"
    marks = ", ".join("?" * len(columns))
    return Statement(f"({', '.join(columns)}) {sign} ({marks})", values)


async def read_page(rows: Rows[Any], asked: Page, seal: Seal) -> Slice[Any]:
    """One page: one statement, one row more than the page to see whether there are others."""
    if len({one.descending for one in rows.order}) > 1:
        raise TypeError("A keyset order runs one way.")
    condition = rows.condition
    position = _position(rows, asked, seal)
    if position is not None:
        condition = condition & _beyond(rows.order, position, backward=asked.backward)
    plan = rows.binding.plan
    tail = f" ORDER BY {sort_clause(rows.order, reverse=asked.backward)} LIMIT {asked.size + 1}"
    keys = [*(one.column for one in rows.order), "r.id"]
    found = list(await database.read(plan.select(condition + tail, keys)))
    more = len(found) > asked.size
    found = found[: asked.size]
    if asked.backward:
        found.reverse()
    start = len(plan.columns)
    purpose = _purpose(rows)
    return Slice(
        nodes=[plan.make(row) for row in found],
        cursors=[seal.write(purpose, tuple(row[start + n] for n in range(len(keys)))) for row in found],
        more_after=more if not asked.backward else position is not None,
        more_before=more if asked.backward else position is not None,
    )
