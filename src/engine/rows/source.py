"""Where a field's value comes from, as its declaration says: a column, several, another table's rows."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import strawberry
from strawberry.types.base import StrawberryContainer

from authz.reach import Reach
from engine.rows.select import Order
from models.statement import Statement, one_of


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A field that is a column under another name."""

    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Computed:
    """A field made of the columns that it declares, and of nothing else.

    `of_object` says that these are attributes of its object, wherever that comes from.
    """

    make: Callable[..., Any]
    columns: tuple[str, ...]
    of_object: bool = False

    @property
    def resolver(self) -> Callable[..., Any] | None:
        """What the standard executor calls for one made of its object's attributes."""
        if not self.of_object:
            return None
        make, columns = self.make, self.columns

        def compute(self: Any) -> Any:
            return make(*[getattr(self, name) for name in columns])

        return compute


@dataclasses.dataclass(frozen=True, slots=True)
class Embedded:
    """An object whose fields are columns of the same row: under a prefix, or as `names` says.

    A nullable one is there where the column of `present` is not null. `of_object` says that `names` are
    attributes of its object, wherever that comes from.
    """

    prefix: str = ""
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    present: str | None = None
    of_object: bool = False

    @property
    def resolver(self) -> Callable[..., Any] | None:
        """What the standard executor calls for one made of its object's attributes."""
        if not self.of_object:
            return None
        source = self

        def embed(self: Any, info: strawberry.Info[Any, Any]) -> Any:
            return source.taken(field_class(info), self)

        return embed

    def taken(self, cls: type, held: Any) -> Any:
        """The object of an object's attributes; none where the present one is null."""
        if self.present is not None and getattr(held, self.present) is None:
            return None
        made: Any = object.__new__(cls)
        made.__dict__ = {inner: getattr(held, name) for inner, name in self.names.items()}
        return made


@dataclasses.dataclass(frozen=True, slots=True)
class Joined:
    """One object of another table, named by a foreign key, or by another unique column of it.

    `when` is a column of this row and a condition on it, without which there is no such object.
    """

    key: str
    on: str = "id"
    when: tuple[str, str] | None = None

    def join(self, table: str, inner: str, alias: str) -> str:
        """The clause that joins the object's row to that of another, by their aliases."""
        condition = f"{inner}.account_id = {alias}.account_id AND {inner}.{self.on} = {alias}.{self.key}"
        if self.when is not None:
            condition += f" AND {alias}.{' '.join(self.when)}"
        return f" LEFT JOIN {table} {inner} ON {condition}"


@dataclasses.dataclass(frozen=True, slots=True)
class Foreign:
    """A column of the row that a foreign key names in a table that belongs to no account, as people do."""

    table: str
    key: str
    column: str

    def joined(self, alias: str) -> tuple[str, str]:
        """The expression for the column, and the join that it needs, beside a row of that alias."""
        inner = f"{alias}_{self.key.removesuffix('_id')}"
        join = f" LEFT JOIN {self.table} {inner} ON {inner}.id = {alias}.{self.key}"
        return f"{inner}.{self.column}", join


class Children:
    """The rows of another table that name this one: read for all parents in one statement."""

    def __init__(
        self,
        key: str,
        *order: Order,
        where: Statement | None = None,
        reach: Callable[[Any], Reach] | None = None,
    ) -> None:
        self.key = key
        self.order = order
        self.where = where
        self.reach = reach

    def within(self, viewer: Any, parents: Sequence[str]) -> Statement:
        """The children of parents that are in reach, within a reach of their own if they have one."""
        if self.reach is not None:
            found = self.reach(viewer).where("r")
        else:
            central = viewer.central
            found = Reach("", central.account_id if central else None).where("r")
        found = found & one_of(f"r.{self.key}", parents)
        return found if self.where is None else found & self.where

    @property
    def resolver(self) -> Callable[..., Any]:
        """What the standard executor calls: waits for the batch that this parent is read in."""
        source = self

        async def children(self: Any, info: strawberry.Info[Any, Any]) -> Any:
            return await info.context.children(source, info).load(self.row_id)

        return children


@dataclasses.dataclass(frozen=True)
class Counted:
    """How many rows of another table name this one: counted for all parents in one statement."""

    children: Children
    table: str

    @property
    def resolver(self) -> Callable[..., Any]:
        """What the standard executor calls: waits for the batch that this parent is counted in."""
        source = self

        async def count(self: Any, info: strawberry.Info[Any, Any]) -> Any:
            return await info.context.counts(source).load(self.row_id)

        return count


def inner_kind(kind: Any) -> Any:
    """What a type is of, its wrappers aside."""
    while isinstance(kind, StrawberryContainer):
        kind = kind.of_type
    return kind


def field_class(info: strawberry.Info[Any, Any]) -> type:
    """The type of the objects in a field."""
    kind: type = inner_kind(info._field.type)
    return kind


def column(name: str, **options: Any) -> Any:
    """A field that is a column under another name."""
    return sourced(Column(name), **options)


def computed(make: Callable[..., Any], *columns: str, **options: Any) -> Any:
    """A field made of declared columns."""
    return sourced(Computed(make, columns), **options)


def embedded(prefix: str, **options: Any) -> Any:
    """An object made of columns of the same row."""
    return sourced(Embedded(prefix), **options)


def joined(key: str, **options: Any) -> Any:
    """One object that a foreign key names."""
    return sourced(Joined(key), **options)


def children(key: str, *order: Order, **options: Any) -> Any:
    """The objects that name this one."""
    return sourced(Children(key, *order), **options)


def counted(source: Children, table: str, **options: Any) -> Any:
    """How many objects name this one."""
    return sourced(Counted(source, table), **options)


def sourced(source: Any, **options: Any) -> Any:
    """A field with a source of its own."""
    resolver: Any = getattr(source, "resolver", None)
    return strawberry.field(metadata={"source": source}, resolver=resolver, **options)
