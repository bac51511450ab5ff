"""How a type's fields come out of a table's rows, and lists that have not been read yet.

A type is bound to a table by `@row_of`; its fields are columns of the same name unless they say otherwise.
A list resolver returns `Rows`, a description. Awaited, it becomes one statement and the type's objects.
"""

from collections import defaultdict
from collections.abc import Callable, Generator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import msgspec
from strawberry.dataloader import DataLoader

from authz.reach import Reach
from engine.rows.select import Order, Selection, counted, counted_by, whole
from engine.rows.source import Children, Column, Computed, Counted, Embedded, Foreign, Joined, inner_type
from models import database
from models.statement import Statement

T = TypeVar("T")

RowReader = Callable[[Sequence[Any]], Any]


class Binding:
    """A type's table, and the way from its rows to its objects."""

    def __init__(self, cls: type, table: str, prefix: str | None, carries: Mapping[str, str]) -> None:
        self.cls = cls
        self.table = table
        self.prefix = prefix
        self.carries = carries

    @cached_property
    def plan(self) -> "Plan":
        """The columns and joins of a whole object; made once, when every type is known."""
        return Plan(self)

    def global_id(self, row_id: str) -> str:
        """The id that the API gives a row."""
        return f"{self.prefix}_{row_id}"


BINDINGS: dict[type, Binding] = {}


def row_of(
    table: str, prefix: str | None = None, carries: Mapping[str, str] = MappingProxyType({})
) -> Callable[[type[T]], type[T]]:
    """Bind a type to a table; `prefix` opens its global ids.

    `carries` names columns that the type's own resolvers read: private attributes, by column.
    """

    def bind(cls: type[T]) -> type[T]:
        BINDINGS[cls] = Binding(cls, table, prefix, carries)
        return cls

    return bind


class Plan:
    """What to select for one object of a type, and how to make it of the values."""

    def __init__(self, binding: Binding) -> None:
        self.binding = binding
        self.columns: list[str] = []
        self.joins: list[str] = []
        self._selections: dict[tuple[str, ...], Selection] = {}
        self.make = self._object(binding.cls, "r", "", "r", binding)

    def selection(self, extra: tuple[str, ...] = ()) -> Selection:
        """What the statement selects; `extra` columns come last."""
        found = self._selections.get(extra)
        if found is None:
            found = Selection(self.binding.table, (*self.columns, *extra), tuple(self.joins))
            self._selections[extra] = found
        return found

    def _read(self, expression: str) -> int:
        if expression not in self.columns:
            self.columns.append(expression)
        return self.columns.index(expression)

    def _object(self, cls: type, alias: str, prefix: str, path: str, binding: Binding | None) -> RowReader:
        parts: list[tuple[str, RowReader]] = []
        definition = cls.__strawberry_definition__  # type: ignore[attr-defined]
        if binding is not None:
            position = self._read(f"{alias}.id")
            parts.append(("row_id", lambda row: row[position]))
            for name, carried in binding.carries.items():
                parts.append((name, _column_reader(None, self._read(f"{alias}.{carried}"))))
        for field in definition.fields:
            source = field.metadata.get("source")
            if isinstance(source, Children | Counted) or (source is None and field.base_resolver is not None):
                continue
            parts.append((field.python_name, self._value(field, source, alias, prefix, path, binding)))
        new = object.__new__

        def make(row: Sequence[Any]) -> Any:
            instance: Any = new(cls)
            instance.__dict__ = {name: read(row) for name, read in parts}
            return instance

        return make

    def _value(
        self, field: Any, source: Any, alias: str, prefix: str, path: str, binding: Binding | None
    ) -> RowReader:
        inner = inner_type(field.type)
        if isinstance(source, Joined):
            return self._joined(inner, source, alias, path)
        if isinstance(source, Embedded):
            return self._embedded(inner, source, alias, prefix, path)
        if isinstance(source, Foreign):
            expression, join = source.joined(alias)
            if join not in self.joins:
                self.joins.append(join)
            return _column_reader(inner, self._read(expression))
        if isinstance(source, Computed):
            positions = [self._read(f"{alias}.{prefix}{name}") for name in source.columns]
            compute = source.make
            return lambda row: compute(*[row[position] for position in positions])
        name = source.name if isinstance(source, Column) else prefix + field.python_name
        position = self._read(f"{alias}.{name}")
        if name == "id" and binding is not None and binding.prefix is not None:
            opening = f"{binding.prefix}_"
            return lambda row: opening + row[position]
        return _column_reader(inner, position)

    def _embedded(self, cls: type, source: Embedded, alias: str, prefix: str, path: str) -> RowReader:
        if not source.names:
            return self._object(cls, alias, prefix + source.prefix, path, None)
        parts = [(name, self._read(f"{alias}.{column}")) for name, column in source.names.items()]
        present = self._read(f"{alias}.{source.present}") if source.present else None

        def make(row: Sequence[Any]) -> Any:
            if present is not None and row[present] is None:
                return None
            instance: Any = object.__new__(cls)
            instance.__dict__ = {name: row[position] for name, position in parts}
            return instance

        return make

    def _joined(self, cls: type, source: Joined, alias: str, path: str) -> RowReader:
        target = BINDINGS[cls]
        inner = f"{path}_{source.key.removesuffix('_id')}"
        self.joins.append(source.join(target.table, inner, alias))
        position = self._read(f"{inner}.id")
        make = self._object(cls, inner, "", inner, target)
        return lambda row: make(row) if row[position] is not None else None


def decoded(stored: Any) -> Any:
    """JSON from a column: one database gives its text, the other may have read it."""
    return msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored


def _column_reader(field_type: Any, position: int) -> RowReader:
    wrapped = getattr(field_type, "wrapped_cls", field_type)
    if isinstance(wrapped, type) and issubclass(wrapped, Enum):
        return lambda row: wrapped(row[position]) if row[position] is not None else None
    if field_type is bool:
        return lambda row: bool(row[position])
    return lambda row: row[position]


class Rows(msgspec.Struct, Generic[T], frozen=True):
    """A list that has not been read: what, from where, which of it, and in what order."""

    cls: type[T]
    reach: Reach
    where: Statement | None = None
    order: tuple[Order, ...] = ()

    @property
    def binding(self) -> Binding:
        """How the type comes out of its table."""
        return BINDINGS[self.cls]

    @property
    def condition(self) -> Statement:
        """Within reach, and what was asked for besides."""
        within = self.reach.where("r")
        return within if self.where is None else within & self.where

    def __await__(self) -> Generator[Any, None, list[T]]:
        """Read them all: one statement."""
        return self._all(None).__await__()

    async def _all(self, limit: int | None) -> list[T]:
        plan = self.binding.plan
        rows = await database.read(whole(plan.selection(), self.condition, self.order, limit), named=False)
        return [plan.make(row) for row in rows]

    async def count(self) -> int:
        """How many there are."""
        rows = await database.read(counted(self.binding.table, self.condition), named=False)
        return int(rows[0][0])


class One(msgspec.Struct, Generic[T], frozen=True):
    """The only row of a list, or none: not read yet."""

    rows: Rows[T]

    def __await__(self) -> Generator[Any, None, T | None]:
        """Read it: one statement."""
        return self._only().__await__()

    async def _only(self) -> T | None:
        found = await self.rows._all(1)
        return found[0] if found else None


class ByIds(msgspec.Struct, frozen=True):
    """Objects by their ids, in the order wanted, each within its reach: not read yet.

    `groups` has one list for each type among them; `wanted` names type and row, or none for an id of nothing.
    """

    groups: tuple[Rows[Any], ...]
    wanted: tuple[tuple[type, str] | None, ...]
    single: bool

    def __await__(self) -> Generator[Any, None, Any]:
        """Read them: one statement for each type."""
        return self._read().__await__()

    async def _read(self) -> Any:
        found = {(group.cls, item.row_id): item for group in self.groups for item in await group}
        listed = [found.get(item) if item is not None else None for item in self.wanted]
        return listed[0] if self.single else listed


def unread(described: Any) -> T:  # type: ignore[type-var]
    """A description, as the value that a resolver promises: the executor reads it."""
    value: T = described
    return value


class ChildLoaders:
    """For one request: a loader for each kind of child list, so that a level is one statement."""

    def __init__(self, viewer: Any) -> None:
        self.viewer = viewer
        self._loaders: dict[Children, DataLoader[str, list[Any]]] = {}
        self._counters: dict[Counted, DataLoader[str, int]] = {}

    def loader(self, source: Children, cls: type) -> DataLoader[str, list[Any]]:
        """The loader that gathers the parents of a level."""
        if source not in self._loaders:
            self._loaders[source] = DataLoader(lambda keys: self._read(source, cls, keys))
        return self._loaders[source]

    def counter(self, source: Counted) -> DataLoader[str, int]:
        """The loader that counts for the parents of a level."""
        if source not in self._counters:
            self._counters[source] = DataLoader(lambda keys: self._count(source, keys))
        return self._counters[source]

    async def _count(self, source: Counted, keys: list[str]) -> list[int]:
        within = source.children.within(self.viewer, keys)
        found = dict(await database.read(counted_by(source.table, source.children.key, within), named=False))
        return [found.get(key, 0) for key in keys]

    async def _read(self, source: Children, cls: type, keys: list[str]) -> list[list[Any]]:
        binding = BINDINGS[cls]
        within = source.within(self.viewer, keys)
        selection = binding.plan.selection((f"r.{source.key}",))
        rows = await database.read(whole(selection, within, source.order, None), named=False)
        found: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            found[row[len(binding.plan.columns)]].append(binding.plan.make(row))
        return [found[key] for key in keys]
