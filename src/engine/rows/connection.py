"""Connections: keyset pagination, stable while rows are inserted."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import strawberry

from engine.rows.cursor import BadCursor, Seal
from engine.rows.lists import Rows, Selects
from engine.rows.objects import object_reader
from engine.rows.page import page as select_page
from engine.rows.searched import Placing, searched_page
from engine.rows.select import Order, beyond
from engine.rows.tree import Binding
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
        keys = self.keys
        return self.seal.write_all(self.purpose, [tuple(row[keys]) for row in self.rows])

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


class PageSource(Protocol):
    """Where a connection gets its page and its number of rows."""

    @property
    def binding(self) -> Binding:
        """The table of the rows."""
        ...

    async def slice(self, selects: Selects) -> Slice:
        """The rows of the page, with what is selected of them."""
        ...

    async def count(self) -> int:
        """The number of rows in the whole list."""
        ...


class RowPages(msgspec.Struct, frozen=True):
    """A page of a list: one statement for the page, one for the number of rows."""

    rows: Rows[Any]
    page: Page
    seal: Seal
    name: str

    @property
    def binding(self) -> Binding:
        """The table of the rows."""
        return self.rows.binding

    async def slice(self, selects: Selects) -> Slice:
        """The rows of the page, with what is selected of them."""
        statement, cut = page_statement(self.rows, self.page, self.seal, self.name, selects)
        return cut(await database.read(statement, named=False))

    async def count(self) -> int:
        """The number of rows in the whole list."""
        return await self.rows.count()


@strawberry.type
class Connection(Generic[T]):
    """One page of a list."""

    pages: strawberry.Private[PageSource]
    _read: strawberry.Private["asyncio.Future[Slice] | None"] = field(default=None, init=False)

    @strawberry.field
    async def nodes(self) -> list[T]:
        """The rows of the page."""
        make = object_reader(self.pages.binding).make
        return [make(row) for row in (await self._slice()).rows]

    @strawberry.field
    async def edges(self) -> list[Edge[T]]:
        """The rows of the page, each with its cursor."""
        page = await self._slice()
        make = object_reader(self.pages.binding).make
        return [Edge(cursor=page.cursor(row), node=make(row)) for row in page.rows]

    @strawberry.field
    async def page_info(self) -> PageInfo:
        """The position of the page in the list."""
        return (await self._slice()).page_info()

    @strawberry.field
    async def total_count(self) -> int:
        """The number of rows in the whole list that you can see. It is counted only if it is selected."""
        return await self.pages.count()

    async def _slice(self) -> Slice:
        """The page, read once for all fields that need it."""
        if self._read is None:
            self._read = asyncio.ensure_future(self.pages.slice(object_reader(self.pages.binding)))
        return await asyncio.shield(self._read)


def requested_page(
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    most: int,
    usual: int = 20,
) -> Page:
    """The page that arguments ask for; raises `PaginationError` for bad ones."""
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
    if not 0 <= size <= most:
        raise PaginationError(name, f"{name} is from 0 to {most}.")
    return Page(size, before if backward else after, backward)


def page(
    rows: Rows[Any],
    seal: Seal,
    name: str,
    *,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    most: int,
    usual: int = 20,
    make: Callable[..., Any] | None = None,
) -> Any:
    """A connection over rows; raises `PaginationError` for bad arguments.

    The cursors are valid only for the list of the same name in the same account. `make` makes a connection
    of another class of its pages.
    """
    requested = requested_page(first=first, after=after, last=last, before=before, most=most, usual=usual)
    slice_of(purpose_of(rows, name), rows.order, requested, seal)  # a bad cursor is refused now
    return (make or Connection)(pages=RowPages(rows, requested, seal, name))


def purpose_of(rows: Rows[Any], name: str) -> str:
    """What the cursors of a list are valid for: its account, its name, its order and what that depends on."""
    return cursor_purpose(rows.reach.account_id, name, rows.cursor_scope, rows.binding.table, rows.order)


def cursor_purpose(
    account_id: str | None, name: str, scope: str, table: str, order: tuple[Order, ...]
) -> str:
    """The same by its parts. Only the last one, the scope, is free text."""
    return f"{account_id}\n{name}\n{_ordered(table, order)}\n{scope}"


@lru_cache(maxsize=64)
def _ordered(table: str, order: tuple[Order, ...]) -> str:
    return f"{table}:{','.join(key.column + ('-' if key.descending else '+') for key in order)}"


@lru_cache(maxsize=64)
def _keys(order: tuple[Order, ...]) -> tuple[str, ...]:
    """The columns whose values a cursor holds."""
    if len({key.descending for key in order}) > 1:
        raise TypeError("A keyset order runs one way.")
    return (*(f"r.{key.column}" for key in order), "r.id")


Cut = Callable[[Sequence[Any], int], Slice]


def slice_of(
    purpose: str, order: tuple[Order, ...], page: Page, seal: Seal
) -> tuple[Cut, tuple[str, ...], Statement | None]:
    """How rows become a page: the function that cuts them, the columns of its cursors, and where it starts.

    The function takes the rows, one more than the page has if more follow, and the position of the first
    column of their cursors. Raises `PaginationError` for a cursor of another list.
    """
    position = None
    if page.cursor is not None:
        try:
            position = seal.read(purpose, page.cursor, len(order) + 1)
        except BadCursor as error:
            name = "before" if page.backward else "after"
            raise PaginationError(name, "This is no cursor of this list.") from error
    keys = _keys(order)

    def cut(rows: Sequence[Any], start: int) -> Slice:
        more = len(rows) > page.size
        page_rows = list(rows[: page.size])
        if page.backward:
            page_rows.reverse()
        return Slice(
            rows=page_rows,
            keys=slice(start, start + len(keys)),
            purpose=purpose,
            seal=seal,
            more_after=more if not page.backward else position is not None,
            more_before=more if page.backward else position is not None,
        )

    return cut, keys, beyond(order, position, reverse=page.backward) if position is not None else None


def page_statement(
    rows: Rows[Any], page: Page, seal: Seal, name: str, selects: Selects
) -> tuple[Statement, Callable[[Sequence[Any]], Slice]]:
    """The statement of a page, which reads one row more, and the function that cuts its rows."""
    cut, keys, after = slice_of(purpose_of(rows, name), rows.order, page, seal)
    selection = selects.selection(keys)
    place: Placing = {
        "after": after,
        "reverse": page.backward,
        "limit": page.size + 1,
        "dialect": database.dialect(),
    }
    if rows.where is not None and rows.found is not None:
        statement = searched_page(selection, rows.reach, rows.where, rows.found, rows.order, **place)
    else:
        statement = select_page(selection, rows.reach, rows.where, rows.order, ranges=rows.ranges, **place)
    start = len(selection.columns) - len(keys)
    return statement, lambda found: cut(found, start)
