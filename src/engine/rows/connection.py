"""Connections: keyset pagination, stable while rows are inserted."""

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
    """The position of a page in its list."""

    has_next_page: bool
    """Whether rows follow the page."""
    has_previous_page: bool
    """Whether rows precede the page."""
    start_cursor: str | None
    """The cursor of the first row of the page; null if the page is empty."""
    end_cursor: str | None
    """The cursor of the last row of the page; null if the page is empty."""


@strawberry.type
class Edge(Generic[T]):
    """A row and its cursor."""

    cursor: str
    """The position of the row, for `after` and `before`."""
    node: T
    """The row."""


class Page(msgspec.Struct, frozen=True):
    """The part of a list that was requested."""

    size: int
    cursor: str | None
    backward: bool


class Slice(msgspec.Struct):
    """The rows of a page in the order of the list, and whether there are more on either side."""

    rows: list[Any]
    keys: slice
    purpose: str
    seal: Seal
    more_after: bool
    more_before: bool

    def cursor(self, row: Any) -> str:
        """The cursor of a row."""
        return self.seal.write(self.purpose, tuple(row[self.keys]))

    @property
    def cursors(self) -> list[str]:
        """The cursor of each row."""
        return [self.cursor(row) for row in self.rows]

    def page_info(self) -> PageInfo:
        """The position of the page."""
        return PageInfo(
            has_next_page=self.more_after,
            has_previous_page=self.more_before,
            start_cursor=self.cursor(self.rows[0]) if self.rows else None,
            end_cursor=self.cursor(self.rows[-1]) if self.rows else None,
        )


class PaginationError(Exception):
    """A bad argument of a page: which one, and why."""

    def __init__(self, argument: str, message: str) -> None:
        super().__init__(message)
        self.argument = argument


@strawberry.type
class Connection(Generic[T]):
    """One page of a list."""

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
        """The position of the page in the list."""
        return (await self._slice()).page_info()

    @strawberry.field
    async def total_count(self) -> int:
        """The number of rows in the whole list that you can see. It is counted only if it is selected."""
        return await self.rows.count()

    async def _slice(self) -> Slice:
        """The page, read once for all fields that need it."""
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
    """A connection over rows; raises `PaginationError` for bad arguments."""
    if first is not None and last is not None:
        raise PaginationError("last", "Give first or last, not both.")
    backward = last is not None or (before is not None and first is None)
    if (backward and after is not None) or (not backward and before is not None):
        raise PaginationError(
            "after" if backward else "before", "Give first with after, or last with before."
        )
    size = last if backward else first
    name = "last" if backward else "first"
    if size is None:
        size = usual
    if not 1 <= size <= most:
        raise PaginationError(name, f"{name} is from 1 to {most}.")
    cursor = before if backward else after
    requested = Page(size, cursor, backward)
    _position(rows, requested, seal)
    return Connection(rows=rows, page=requested, seal=seal)


def _purpose(rows: Rows[Any]) -> str:
    return _purpose_of(rows.binding.table, rows.order)


@lru_cache(maxsize=64)
def _purpose_of(table: str, order: tuple[Order, ...]) -> str:
    return f"{table}:{','.join(key.column + ('-' if key.descending else '+') for key in order)}"


def _position(rows: Rows[Any], page: Page, seal: Seal) -> tuple[Any, ...] | None:
    if page.cursor is None:
        return None
    try:
        return seal.read(_purpose(rows), page.cursor, len(rows.order) + 1)
    except BadCursor as error:
        raise PaginationError(
            "before" if page.backward else "after", "This is no cursor of this list."
        ) from error


class Selects(Protocol):
    """Something that says what to select of the rows of a page."""

    def selection(self, extra: tuple[str, ...] = ()) -> Selection:
        """What the statement selects; `extra` columns come last."""
        ...


@lru_cache(maxsize=64)
def _keys(order: tuple[Order, ...]) -> tuple[str, ...]:
    """The columns whose values a cursor holds."""
    if len({key.descending for key in order}) > 1:
        raise TypeError("A keyset order runs one way.")
    return (*(f"r.{key.column}" for key in order), "r.id")


def page_statement(
    rows: Rows[Any], page: Page, seal: Seal, selects: Selects
) -> tuple[Statement, Callable[[Sequence[Any]], Slice]]:
    """The statement of a page, which reads one row more, and the function that cuts its rows."""
    keys = _keys(rows.order)
    selection = selects.selection(keys)
    start = len(selection.columns) - len(keys)
    position = _position(rows, page, seal)
    after = beyond(rows.order, position, reverse=page.backward) if position is not None else None
    statement = select_page(
        selection,
        rows.reach,
        rows.where,
        rows.order,
        after=after,
        reverse=page.backward,
        limit=page.size + 1,
        dialect=database.dialect(),
    )

    def cut(found: Sequence[Any]) -> Slice:
        more = len(found) > page.size
        page_rows = list(found[: page.size])
        if page.backward:
            page_rows.reverse()
        return Slice(
            rows=page_rows,
            keys=slice(start, start + len(keys)),
            purpose=_purpose(rows),
            seal=seal,
            more_after=more if not page.backward else position is not None,
            more_before=more if page.backward else position is not None,
        )

    return statement, cut
