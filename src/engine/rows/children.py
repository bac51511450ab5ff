"""Rows below rows: read for all parents of a level in one statement, for both executors."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from strawberry.dataloader import DataLoader

from engine.rows.connection import Connection, Page, Slice, cursor_purpose, requested_page, slice_of
from engine.rows.cursor import Seal
from engine.rows.lists import Selects
from engine.rows.objects import object_reader
from engine.rows.select import counted_by, page_of_each, whole
from engine.rows.source import Children, Counted, Lookup, Pages
from engine.rows.tree import BINDINGS
from models import database

T = TypeVar("T")


async def read_children(
    source: Children, viewer: Any, parents: Sequence[str], selects: Selects
) -> tuple[Sequence[Any], int]:
    """The children of parents in their order, and the position of the column that names the parent."""
    selection = selects.selection((f"r.{source.key}",))
    statement = whole(selection, source.within(viewer, parents), source.order, None)
    return await database.read(statement, named=False), len(selection.columns) - 1


async def count_children(
    children: Children, table: str, viewer: Any, parents: Sequence[str]
) -> dict[str, int]:
    """How many children each parent has; those without any are left out."""
    statement = counted_by(table, children.key, children.within(viewer, parents))
    return dict(await database.read(statement, named=False))


async def read_pages(
    source: Pages, viewer: Any, parents: Sequence[str], page: Page, seal: Seal, selects: Selects
) -> dict[str, Slice]:
    """The page of each parent's children: one statement for all of them."""
    children = source.children
    sliced = {parent: _slice_of(source, viewer, parent, page, seal) for parent in parents}
    _, keys, after = sliced[parents[0]]
    selection = selects.selection((*keys, f"r.{children.key}"))
    statement = page_of_each(
        selection,
        children.condition(viewer),
        children.key,
        parents,
        children.order,
        after=after,
        reverse=page.backward,
        limit=page.size + 1,
        dialect=database.dialect(),
    )
    grouped: dict[str, list[Any]] = {parent: [] for parent in parents}
    for row in await database.read(statement, named=False):
        grouped[row[-1]].append(row)
    start = len(selection.columns) - len(keys) - 1
    return {parent: sliced[parent][0](rows, start) for parent, rows in grouped.items()}


def _slice_of(source: Pages, viewer: Any, parent: str, page: Page, seal: Seal) -> Any:
    """How the rows of one parent become its page; a cursor is valid below its own parent only."""
    central, children = viewer.central, source.children
    account_id = central.account_id if central else None
    name = f"{children.key}:{children.where.text if children.where else ''}"
    purpose = cursor_purpose(account_id, name, parent, source.table, children.order)
    return slice_of(purpose, children.order, page, seal)


class ChildLoaders:
    """The loaders of one request for the standard executor: each level of children is one statement."""

    def __init__(self, viewer: Any) -> None:
        self.viewer = viewer
        self._loaders: dict[Any, DataLoader[str, Any]] = {}

    def loader(self, source: Children, cls: type) -> DataLoader[str, list[Any]]:
        """The loader of a list: it gathers the parents of a level."""
        return self._loader(source, lambda parents: self._read(source, cls, parents))

    def counter(self, source: Counted) -> DataLoader[str, int]:
        """The loader of a number of children."""
        return self._loader(source, lambda parents: self._count(source.children, source.table, parents))

    def connection(
        self, source: Pages, cls: type, parent: str, seal: Seal, arguments: dict[str, Any]
    ) -> Connection[Any]:
        """The connection below one parent: its page is read with the pages of its siblings."""
        page = requested_page(**arguments, most=source.most, usual=source.usual)
        _slice_of(source, self.viewer, parent, page, seal)  # a bad cursor is refused now

        async def read(parents: list[str]) -> list[Slice]:
            selects = object_reader(BINDINGS[cls])
            pages = await read_pages(source, self.viewer, parents, page, seal, selects)
            return [pages[parent] for parent in parents]

        pages = self._loader((source, page), read)
        counts = self._loader(
            (source, "count"), lambda parents: self._count(source.children, source.table, parents)
        )
        return Connection(pages=_SiblingPages(BINDINGS[cls], parent, pages, counts))

    def lookup(self, source: Lookup, arguments: dict[str, Any]) -> DataLoader[str, Any]:
        """The loader of values that depend on arguments."""

        async def read(parents: list[str]) -> list[Any]:
            found = await source.read(self.viewer, parents, arguments)
            return [found.get(parent) for parent in parents]

        return self._loader((source, tuple(arguments.items())), read)

    def _loader(self, key: Any, read: Callable[[list[str]], Any]) -> DataLoader[str, Any]:
        if key not in self._loaders:
            self._loaders[key] = DataLoader(read)
        return self._loaders[key]

    async def _count(self, children: Children, table: str, parents: list[str]) -> list[int]:
        counts = await count_children(children, table, self.viewer, parents)
        return [counts.get(parent, 0) for parent in parents]

    async def _read(self, source: Children, cls: type, parents: list[str]) -> list[list[Any]]:
        reader = object_reader(BINDINGS[cls])
        rows, position = await read_children(source, self.viewer, parents, reader)
        grouped: dict[str, list[Any]] = {parent: [] for parent in parents}
        for row in rows:
            grouped[row[position]].append(reader.make(row))
        return [grouped[parent] for parent in parents]


class _SiblingPages(msgspec.Struct, Generic[T], frozen=True):
    """One parent's page among those of its level."""

    binding: Any
    parent: str
    pages: DataLoader[str, Slice]
    counts: DataLoader[str, int]

    async def slice(self, selects: Selects) -> Slice:
        """The page, with every attribute selected."""
        del selects
        return await self.pages.load(self.parent)

    async def count(self) -> int:
        """How many children there are."""
        return await self.counts.load(self.parent)
