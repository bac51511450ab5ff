"""Connections: a list in pages, by keyset, stable while rows are inserted."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import strawberry

from engine.rows.cursor import BadCursor, Seal
from engine.rows.lists import Rows
from engine.rows.select import Order, Selection, beyond
from engine.rows.select import page as select_page
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


class Page(msgspec.Struct, frozen=True):
    """Which part of a list is asked for."""

    size: int
    cursor: str | None
    backward: bool


class Slice(msgspec.Struct):
    """The rows of a page, in the list's order, and whether there are more on either side."""

    rows: list[Any]
    keys: slice
    purpose: str
    seal: Seal
    more_after: bool
    more_before: bool

    def cursor(self, row: Any) -> str:
        """Where a row stands."""
        return self.seal.write(self.purpose, tuple(row[self.keys]))

    @property
    def cursors(self) -> list[str]:
        """Where each row stands."""
        return [self.cursor(row) for row in self.rows]

    def page_info(self) -> PageInfo:
        """Where the page stands."""
        return PageInfo(
            has_next_page=self.more_after,
            has_previous_page=self.more_before,
            start_cursor=self.cursor(self.rows[0]) if self.rows else None,
            end_cursor=self.cursor(self.rows[-1]) if self.rows else None,
        )


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
    _read: strawberry.Private["asyncio.Future[Slice] | None"] = field(default=None, init=False)

    @strawberry.field
    async def nodes(self) -> list[T]:
        """The rows of the page."""
        make = self.rows.binding.plan.make
        return [make(row) for row in (await self._slice()).rows]

    @strawberry.field
    async def edges(self) -> list[Edge[T]]:
        """The rows of the page, each with its cursor."""
        found = await self._slice()
        make = self.rows.binding.plan.make
        return [Edge(cursor=found.cursor(row), node=make(row)) for row in found.rows]

    @strawberry.field
    async def page_info(self) -> PageInfo:
        """Where the page stands in the list."""
        return (await self._slice()).page_info()

    @strawberry.field
    async def total_count(self) -> int:
        """How many rows the whole list has for you; counted only when asked for."""
        return await self.rows.count()

    async def _slice(self) -> Slice:
        """The page, read once however many fields ask for it."""
        if self._read is None:
            self._read = asyncio.ensure_future(self._page())
        return await asyncio.shield(self._read)

    async def _page(self) -> Slice:
        statement, cut = page_statement(self.rows, self.page, self.seal, self.rows.binding.plan)
        return cut(await database.read(statement, named=False))


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
    return _purpose_of(rows.binding.table, rows.order)


@lru_cache(maxsize=64)
def _purpose_of(table: str, order: tuple[Order, ...]) -> str:
    return f"{table}:{','.join(one.column + ('-' if one.descending else '+') for one in order)}"


def _position(rows: Rows[Any], asked: Page, seal: Seal) -> tuple[Any, ...] | None:
    if asked.cursor is None:
        return None
    try:
        return seal.read(_purpose(rows), asked.cursor, len(rows.order) + 1)
    except BadCursor as error:
        raise PageFault("before" if asked.backward else "after", "This is no cursor of this list.") from error


class Selects(Protocol):
    """Knows what to select of a page's rows."""

    def selection(self, extra: tuple[str, ...] = ()) -> Selection:
        """What the statement selects; `extra` columns come last."""
        ...


@lru_cache(maxsize=64)
def _keys(order: tuple[Order, ...]) -> tuple[str, ...]:
    """The columns that a cursor stands on."""
    if len({one.descending for one in order}) > 1:
        raise TypeError("A keyset order runs one way.")
    return (*(f"r.{one.column}" for one in order), "r.id")


def page_statement(
    rows: Rows[Any], asked: Page, seal: Seal, selects: Selects
) -> tuple[Statement, Callable[[Sequence[Any]], Slice]]:
    """The statement of a page, and how its rows are cut: one more is read, to see whether more follow."""
    keys = _keys(rows.order)
    selection = selects.selection(keys)
    start = len(selection.columns) - len(keys)
    position = _position(rows, asked, seal)
    after = beyond(rows.order, position, reverse=asked.backward) if position is not None else None
    statement = select_page(
        selection,
        rows.reach,
        rows.where,
        rows.order,
        after=after,
        reverse=asked.backward,
        limit=asked.size + 1,
        dialect=database.dialect(),
    )

    def cut(found: Sequence[Any]) -> Slice:
        more = len(found) > asked.size
        kept = list(found[: asked.size])
        if asked.backward:
            kept.reverse()
        return Slice(
            rows=kept,
            keys=slice(start, start + len(keys)),
            purpose=_purpose(rows),
            seal=seal,
            more_after=more if not asked.backward else position is not None,
            more_before=more if asked.backward else position is not None,
        )

    return statement, cut
