"""Lists that have not been read yet.

A resolver returns a description: `Rows`, `FirstRow`, `ByIds`. Awaited, it becomes one statement and its
objects; a plan reads the same description with just the columns that are selected.
"""

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from authz.reach import Reach
from engine.rows.objects import decoded, object_reader
from engine.rows.searched import Found, searched_count
from engine.rows.select import Order, Ranges, Selection, counted, whole
from engine.rows.tree import BINDINGS, Binding, row_of
from models import database
from models.statement import Statement

T = TypeVar("T")


class Selects(Protocol):
    """Something that says what to select of rows."""

    def selection(self, extra: tuple[str, ...] = ()) -> Selection:
        """What the statement selects; `extra` columns come last."""
        ...


PROJECTED: set[type] = set()
"""The types whose lists are described by a `Projection`."""


def projected(cls: type[T]) -> type[T]:
    """Declare that the resolvers of lists of a type return a `Projection`."""
    PROJECTED.add(cls)
    return cls


class Projection(Protocol):
    """A list of objects that no table has as they are, computed with only the attributes that are needed."""

    async def read(self, attributes: frozenset[str] | None = None) -> Sequence[Any]:
        """The objects, with these attributes or, by default, all of them."""
        ...


class Rows(msgspec.Struct, Generic[T], frozen=True):
    """A list that has not been read: of what, from where, which rows of it, and in what order."""

    cls: type[T]
    reach: Reach
    where: Statement | None = None
    order: tuple[Order, ...] = ()
    cursor_scope: str = ""
    """What positions in the order depend on besides the account, for example the currency of a price."""
    ranges: Ranges | None = None
    """What `where` leaves, if indexes have it in the order."""
    found: Found | None = None
    """The same, if an index finds it in no order."""

    @property
    def binding(self) -> Binding:
        """The table of the type."""
        return BINDINGS[self.cls]

    @property
    def condition(self) -> Statement:
        """Within reach, and within the filter."""
        within = self.reach.where("r")
        if self.found is not None:
            return within & self.found.condition
        where = self.where if self.ranges is None else self.ranges.condition
        return within if where is None else within & where

    def __await__(self) -> Generator[Any, None, list[T]]:
        """Read all of them: one statement."""
        return self.objects().__await__()

    async def objects(self, limit: int | None = None) -> list[T]:
        """The objects of the rows."""
        reader = object_reader(self.binding)
        return [reader.make(row) for row in await self.fetch(reader, limit)]

    async def fetch(self, selects: Selects, limit: int | None = None) -> Sequence[Any]:
        """The rows, with what is selected of them."""
        statement = whole(selects.selection(), self.condition, self.order, limit)
        rows: Sequence[Any] = await database.read(statement, named=False)
        return rows

    async def count(self) -> int:
        """How many there are."""
        table = self.binding.table
        if self.found is not None:
            statement = searched_count(table, self.reach, self.found, database.dialect())
        else:
            statement = counted(table, self.condition)
        rows = await database.read(statement, named=False)
        return int(rows[0][0])


class FirstRow(msgspec.Struct, Generic[T], frozen=True):
    """The first row of a list, or none: not read yet."""

    rows: Rows[T]

    def __await__(self) -> Generator[Any, None, T | None]:
        """Read it: one statement."""
        return self._first().__await__()

    async def _first(self) -> T | None:
        found = await self.rows.objects(1)
        return found[0] if found else None


class Objects(msgspec.Struct, frozen=True):
    """Objects of a type that no table holds as they are, by what their ids name: not read yet."""

    type_name: str
    read: Callable[[], Awaitable[Mapping[str, Any]]]


Key = tuple[type | str, str]
"""A type, by its class or its name, and what an id of it names."""


class ByIds(msgspec.Struct, frozen=True):
    """Objects by their ids, in the order requested, each within its reach: not read yet.

    `groups` has a list for each type among them; `wanted` has, for each id, what it can name in them.
    """

    groups: tuple[Rows[Any] | Objects, ...]
    wanted: tuple[tuple[Key, ...], ...]
    single: bool

    def __await__(self) -> Generator[Any, None, Any]:
        """Read them: one statement for each type."""
        return self._read().__await__()

    async def _read(self) -> Any:
        objects: dict[Key, Any] = {}
        for group in self.groups:
            if isinstance(group, Objects):
                objects |= {(group.type_name, name): item for name, item in (await group.read()).items()}
            else:
                objects |= {(group.cls, item.row_id): item for item in await group}
        return self.arranged(objects)

    def arranged(self, objects: Mapping[Key, Any]) -> Any:
        """The objects found, in the order requested; none where an id found nothing."""
        if self.single:
            return _first(objects, self.wanted[0])
        return [_first(objects, keys) for keys in self.wanted]


def _first(objects: Mapping[Key, Any], keys: tuple[Key, ...]) -> Any:
    for key in keys:
        if key in objects:
            return objects[key]
    return None


def unread(described: Any) -> T:  # type: ignore[type-var]
    """A description, typed as the value that the resolver promises: the executor reads it."""
    value: T = described
    return value


__all__ = [
    "BINDINGS",
    "PROJECTED",
    "ByIds",
    "FirstRow",
    "Key",
    "Objects",
    "Projection",
    "Rows",
    "Selects",
    "decoded",
    "projected",
    "row_of",
    "unread",
]
