"""Where the value of a field comes from: a column, several columns, or rows of another table."""

import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
class Beside:
    """A column of the row of another table that a foreign key of this row names in the same account."""

    key: str
    table: str
    column: str

    def joined(self, alias: str) -> tuple[str, str]:
        """The expression for the column and the join that it needs, for a row with an alias."""
        inner = f"{alias}_{self.key.removesuffix('_id')}"
        return f"{inner}.{self.column}", Joined(self.key).join(self.table, inner, alias)


@dataclasses.dataclass(frozen=True, slots=True)
class Expression:
    """An expression over a row, as SQL for its alias."""

    text: Callable[[str], str]


@dataclasses.dataclass(frozen=True, slots=True)
class Computed:
    """A field computed from the columns that it declares, and from nothing else.

    With `of_object` these are attributes of its object instead, wherever the object comes from.
    """

    make: Callable[..., Any]
    columns: tuple[str | Beside | Expression, ...]
    of_object: bool = False

    @property
    def resolver(self) -> Callable[..., Any] | None:
        """The resolver for the standard executor, for a field of an object's attributes."""
        if not self.of_object:
            return None
        make, columns = self.make, self.columns

        def compute(self: Any) -> Any:
            return make(*[getattr(self, str(name)) for name in columns])

        return compute


@dataclasses.dataclass(frozen=True, slots=True)
class Covered:
    """A value that is covered for viewers whose mask has a bit: they get what a function makes of it."""

    source: Column | Computed
    bit: int
    cover: Callable[[Any], Any]

    @property
    def resolver(self) -> Callable[..., Any]:
        """The resolver for the standard executor: covers the value of the attribute for such a viewer."""
        bit, cover = self.bit, self.cover

        def value(self: Any, info: strawberry.Info[Any, Any]) -> Any:
            found = self.__dict__[info._field.python_name]
            return cover(found) if info.context.viewer.mask & bit else found

        return value


@dataclasses.dataclass(frozen=True, slots=True)
class Embedded:
    """An object whose fields are columns of the same row: with a prefix, or named by `names`.

    A nullable one is null where the column `present` is. With `of_object`, `names` are attributes of its
    object instead, wherever the object comes from.
    """

    prefix: str = ""
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    present: str | None = None
    of_object: bool = False

    @property
    def resolver(self) -> Callable[..., Any] | None:
        """The resolver for the standard executor, for a field of an object's attributes."""
        if not self.of_object:
            return None
        source = self

        def embed(self: Any, info: strawberry.Info[Any, Any]) -> Any:
            return source.extract(field_class(info), self)

        return embed

    def extract(self, cls: type, source_object: Any) -> Any:
        """The object made of the attributes of another; none where the attribute `present` is null."""
        if self.present is not None and getattr(source_object, self.present) is None:
            return None
        instance: Any = object.__new__(cls)
        instance.__dict__ = {inner: getattr(source_object, name) for inner, name in self.names.items()}
        return instance


@dataclasses.dataclass(frozen=True, slots=True)
class Joined:
    """One object of another table, joined by a foreign key to its id or to another unique column.

    `when` is a column of this row and a condition on it, without which there is no such object.
    """

    key: str
    on: str = "id"
    when: tuple[str, str] | None = None

    def join(self, table: str, inner: str, alias: str) -> str:
        """The clause that joins the row of the object to this row, by their aliases."""
        condition = f"{inner}.account_id = {alias}.account_id AND {inner}.{self.on} = {alias}.{self.key}"
        if self.when is not None:
            condition += f" AND {alias}.{' '.join(self.when)}"
        return f" LEFT JOIN {table} {inner} ON {condition}"


@dataclasses.dataclass(frozen=True, slots=True)
class Foreign:
    """A column of a row that a foreign key names in a table outside accounts, such as users."""

    table: str
    key: str
    column: str

    def joined(self, alias: str) -> tuple[str, str]:
        """The expression for the column and the join that it needs, for a row with an alias."""
        inner = f"{alias}_{self.key.removesuffix('_id')}"
        join = f" LEFT JOIN {self.table} {inner} ON {inner}.id = {alias}.{self.key}"
        return f"{inner}.{self.column}", join


@dataclasses.dataclass(frozen=True, slots=True)
class SameRow:
    """An object of another type that is made of the same row; with `present`, null where that is null."""

    present: Expression | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Stamped:
    """A value that an event adds at the end of its row: -2 is its cursor, -1 its time."""

    position: int


class Children:
    """The rows of another table that refer to this one: read for all parents in one statement."""

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

    def condition(self, viewer: Any) -> Statement:
        """The condition for children of any parent; with `reach`, only those within that reach."""
        if self.reach is not None:
            found = self.reach(viewer).where("r")
        else:
            found = Reach("", viewer.account_id).where("r")
        return found if self.where is None else found & self.where

    def within(self, viewer: Any, parents: Sequence[str]) -> Statement:
        """The condition for the children of parents."""
        return self.condition(viewer) & one_of(f"r.{self.key}", parents)

    @property
    def resolver(self) -> Callable[..., Any]:
        """The resolver for the standard executor: waits for the batch that reads this parent's children."""
        source = self

        async def children(self: Any, info: strawberry.Info[Any, Any]) -> Any:
            return await info.context.children(source, info).load(self.row_id)

        return children


class Within(Children):
    """One row of another table that a column of this row names, if it is within a reach of its own.

    Its binding carries the column under its name.
    """

    def __init__(self, column: str, reach: Callable[[Any], Reach]) -> None:
        super().__init__("id", reach=reach)
        self.column = column

    @property
    def resolver(self) -> Callable[..., Any]:
        """The resolver for the standard executor: waits for the batch that reads the rows of this level."""
        source = self

        async def row(self: Any, info: strawberry.Info[Any, Any]) -> Any:
            named = getattr(self, source.column)
            return None if named is None else first(await info.context.children(source, info).load(named))

        return row


def first(rows: Sequence[Any]) -> Any:
    """The only one of some rows, or none."""
    return rows[0] if rows else None


@dataclasses.dataclass(frozen=True)
class Counted:
    """How many rows of another table refer to this one: counted for all parents in one statement."""

    children: Children
    table: str

    @property
    def resolver(self) -> Callable[..., Any]:
        """The resolver for the standard executor: waits for the batch that counts this parent's children."""
        source = self

        async def count(self: Any, info: strawberry.Info[Any, Any]) -> Any:
            return await info.context.counts(source).load(self.row_id)

        return count


PAGE_ARGUMENTS = """A page of the rows.

Args:
    first: The number of rows to read from the start of the list, at most {most}; {usual} by default.
    after: The cursor after which the page starts.
    last: The number of rows to read from the end of the list, at most {most}.
    before: The cursor before which the page ends.
"""
"""The documentation of a connection's arguments."""


@dataclasses.dataclass(frozen=True, eq=False)
class Pages:
    """A connection of the rows of another table that refer to this one: a page of them for each parent.

    The pages of all parents on a level are read in one statement, and so are their numbers of rows.
    """

    children: Children
    table: str
    most: int = 100
    usual: int = 20

    @property
    def resolver(self) -> Callable[..., Any]:
        """The resolver for the standard executor: waits for the batch that reads this parent's page."""
        source = self

        async def connection(
            self: Any,
            info: strawberry.Info[Any, Any],
            first: int | None = None,
            after: str | None = None,
            last: int | None = None,
            before: str | None = None,
        ) -> Any:
            arguments = {"first": first, "after": after, "last": last, "before": before}
            return info.context.pages(source, node_class(info), self.row_id, arguments)

        connection.__doc__ = PAGE_ARGUMENTS.format(most=self.most, usual=self.usual)
        return connection


@dataclasses.dataclass(frozen=True, eq=False)
class Lookup:
    """A value that depends on the field's arguments: found for all rows of a level in one statement.

    `resolver` has the arguments, and awaits `info.context.lookup` of this source.
    """

    read: Callable[[Any, Sequence[str], dict[str, Any]], Awaitable[Mapping[str, Any]]]
    """From the viewer, the ids of the rows and the arguments to the value of each row that has any."""
    resolver: Callable[..., Any]


def inner_type(field_type: Any) -> Any:
    """The type inside of lists and optionals."""
    while isinstance(field_type, StrawberryContainer):
        field_type = field_type.of_type
    return field_type


def field_class(info: strawberry.Info[Any, Any]) -> type:
    """The class of the objects in a field."""
    field_type: type = inner_type(info._field.type)
    return field_type


def node_class(info: strawberry.Info[Any, Any]) -> type:
    """The class of the nodes in a field that is a connection."""
    definition = field_class(info).__strawberry_definition__  # type: ignore[attr-defined]
    node: type = next(iter(definition.type_var_map.values()))
    return node


def column(name: str, **options: Any) -> Any:
    """A field that is a column under another name."""
    return sourced(Column(name), **options)


def computed(make: Callable[..., Any], *columns: str | Beside | Expression, **options: Any) -> Any:
    """A field computed from columns."""
    return sourced(Computed(make, columns), **options)


def embedded(prefix: str, **options: Any) -> Any:
    """An object made of columns of the same row."""
    return sourced(Embedded(prefix), **options)


def joined(key: str, **options: Any) -> Any:
    """One object that a foreign key names."""
    return sourced(Joined(key), **options)


def children(key: str, *order: Order, **options: Any) -> Any:
    """The objects that refer to this one."""
    return sourced(Children(key, *order), **options)


def counted(source: Children, table: str, **options: Any) -> Any:
    """How many objects refer to this one."""
    return sourced(Counted(source, table), **options)


def sourced(source: Any, **options: Any) -> Any:
    """A field with its own source."""
    resolver: Any = getattr(source, "resolver", None)
    return strawberry.field(metadata={"source": source}, resolver=resolver, **options)
