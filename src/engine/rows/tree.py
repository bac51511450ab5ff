"""Where each field of a type comes from in the rows of its table: the one tree that all readers share.

A type is bound to a table by `@row_of`. The objects of the standard executor (`engine.rows.objects`) and
generated code (`engine.plan.shape`) both take the value of each field from here, with the columns it needs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from engine.rows.select import Selection
from engine.rows.source import (
    Beside,
    Children,
    Column,
    Computed,
    Counted,
    Covered,
    Embedded,
    Expression,
    Foreign,
    Joined,
    Lookup,
    Pages,
    SameRow,
    Stamped,
    Within,
    inner_type,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """The table of a type, and the prefix of its global ids."""

    cls: type
    table: str
    prefix: str | None
    carries: Mapping[str, str]

    def global_id(self, row_id: str) -> str:
        """The id of a row in the API."""
        return f"{self.prefix}_{row_id}"


BINDINGS: dict[type, Binding] = {}


def row_of(
    table: str, prefix: str | None = None, carries: Mapping[str, str] = MappingProxyType({})
) -> Callable[[type[T]], type[T]]:
    """Bind a type to a table; `prefix` starts its global ids.

    `carries` names columns that the type's own resolvers read: private attributes, by column.
    """

    def bind(cls: type[T]) -> type[T]:
        BINDINGS[cls] = Binding(cls, table, prefix, carries)
        return cls

    return bind


class Columns:
    """The columns and joins that a statement selects of a table's rows, each once."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.names: list[str] = []
        self.joins: list[str] = []
        self._selections: dict[tuple[str, ...], Selection] = {}

    def position(self, expression: str) -> int:
        """The position of a column in the rows."""
        if expression not in self.names:
            self.names.append(expression)
            self._selections.clear()
        return self.names.index(expression)

    def join(self, clause: str | None) -> None:
        """Add a join, unless it is there."""
        if clause is not None and clause not in self.joins:
            self.joins.append(clause)
            self._selections.clear()

    def selection(self, extra: tuple[str, ...] = ()) -> Selection:
        """What the statement selects; `extra` columns come last."""
        selection = self._selections.get(extra)
        if selection is None:
            selection = Selection(self.table, (*self.names, *extra), tuple(self.joins))
            self._selections[extra] = selection
        return selection


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """A column of the row, or of a row joined to it; `id_prefix` starts the global id made of it."""

    expression: str
    table: str = ""
    name: str = ""
    id_prefix: str = ""
    join: str | None = None


@dataclass(frozen=True, slots=True)
class ComputedValue:
    """The result of a function of columns."""

    make: Callable[..., Any]
    expressions: tuple[str, ...]
    joins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectValue:
    """An object in the row, or in a row joined to it; none where the column `present` is null."""

    row_object: "RowObject"
    present: str | None = None
    join: str | None = None


@dataclass(frozen=True, slots=True)
class BelowValue:
    """What another table has of this row: rows that refer to it, a page or number of them, or a value."""

    source: Children | Counted | Lookup | Pages
    key: str


@dataclass(frozen=True, slots=True)
class ResolverValue:
    """The result of the type's own resolver, which reads only the attributes that its binding carries."""

    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StampedValue:
    """A value at the end of the row."""

    position: int


Value = ColumnValue | ComputedValue | ObjectValue | BelowValue | ResolverValue | StampedValue


@dataclass(frozen=True, slots=True)
class RowObject:
    """An object in a row: its class, its table and the table's alias, and its binding if it has one.

    The columns of an embedded object have a prefix, or the names in `names`.
    """

    cls: type
    alias: str
    table: str
    binding: Binding | None
    prefix: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, binding: Binding, alias: str = "r") -> "RowObject":
        """The object that a whole row is."""
        return cls(binding.cls, alias, binding.table, binding)

    def column(self, name: str) -> str:
        """The expression for the column of an attribute."""
        return f"{self.alias}.{self.names.get(name, self.prefix + name)}"

    def value(self, strawberry_field: Any, mask: int = 0) -> Value:
        """Where the value of a field comes from, for viewers with a mask."""
        source = strawberry_field.metadata.get("source")
        if isinstance(source, Within):
            return BelowValue(source, self.column(source.column))
        if isinstance(source, Children | Counted | Lookup | Pages):
            return BelowValue(source, f"{self.alias}.id")
        if isinstance(source, Covered):
            value = self._sourced(source.source, inner_type(strawberry_field.type))
            return _covered(value, source.cover) if mask & source.bit else value
        if source is not None:
            return self._sourced(source, inner_type(strawberry_field.type))
        if strawberry_field.base_resolver is not None:
            return ResolverValue(self._carried())
        expression = self.column(strawberry_field.python_name)
        return self._column(expression.partition(".")[2], expression)

    def _sourced(self, source: Any, inner: type) -> Value:  # noqa: PLR0911 - one for each kind
        match source:
            case Joined():
                return self._joined(inner, source)
            case Embedded():
                return self._embedded(inner, source)
            case Foreign():
                expression, join = source.joined(self.alias)
                return ColumnValue(expression, join=join)
            case Computed():
                return self._computed(source)
            case Column():
                expression = self.column(source.name)
                return self._column(expression.partition(".")[2], expression)
            case SameRow(present):
                shown = None if present is None else present.text(self.alias)
                return ObjectValue(RowObject.of(BINDINGS[inner], self.alias), shown)
            case Stamped():
                return StampedValue(source.position)
        raise TypeError(f"No source of a row: {source}")

    def attributes(self) -> Iterator[tuple[str, Value, Any]]:
        """The attributes of the whole object, each with its value and type; lists below it are left out."""
        if self.binding is not None:
            yield "row_id", ColumnValue(f"{self.alias}.id"), None
            for name, expression in self._carried().items():
                yield name, ColumnValue(expression), None
        elif not self.names:
            yield "row_id", ColumnValue(f"{self.alias}.id"), None
        if self.names:
            for name in self.names:
                yield name, ColumnValue(self.column(name)), None
            return
        for strawberry_field in self.cls.__strawberry_definition__.fields:  # type: ignore[attr-defined]
            value = self.value(strawberry_field)
            if not isinstance(value, BelowValue | ResolverValue):
                yield strawberry_field.python_name, value, inner_type(strawberry_field.type)

    def _column(self, name: str, expression: str) -> ColumnValue:
        binding = self.binding
        id_prefix = f"{binding.prefix}_" if name == "id" and binding and binding.prefix is not None else ""
        return ColumnValue(expression, self.table, name, id_prefix)

    def _carried(self) -> dict[str, str]:
        carries = self.binding.carries if self.binding is not None else {}
        return {name: f"{self.alias}.{column}" for name, column in carries.items()}

    def _embedded(self, cls: type, source: Embedded) -> ObjectValue:
        prefix = self.prefix + source.prefix
        row_object = RowObject(cls, self.alias, self.table, None, prefix, source.names)
        return ObjectValue(row_object, self.column(source.present) if source.present else None)

    def _computed(self, source: Computed) -> ComputedValue:
        expressions, joins = [], []
        for column in source.columns:
            match column:
                case Beside():
                    expression, join = column.joined(self.alias)
                    joins.append(join)
                case Expression(text):
                    expression = text(self.alias)
                case _:
                    expression = self.column(column)
            expressions.append(expression)
        return ComputedValue(source.make, tuple(expressions), tuple(joins))

    def _joined(self, cls: type, source: Joined) -> ObjectValue:
        target = BINDINGS[cls]
        alias = f"{self.alias}_{source.key.removesuffix('_id')}"
        join = source.join(target.table, alias, self.alias)
        return ObjectValue(RowObject.of(target, alias), f"{alias}.id", join)


def _covered(value: Value, cover: Callable[[Any], Any]) -> Value:
    match value:
        case ColumnValue():
            return ComputedValue(cover, (value.expression,))
        case ComputedValue(make, expressions, joins):
            return ComputedValue(lambda *columns: cover(make(*columns)), expressions, joins)
    raise TypeError(f"Only columns are covered: {value}")
