"""What a selection reads from a table's rows: columns, joined objects, and the levels below."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType
from tortoise import Tortoise
from tortoise.fields import CharField, TextField, UUIDField

from engine.plan.code import is_leaf, named_object
from engine.plan.fields import DEFINITION
from engine.plan.limitations import Limitation, NotCompiled
from engine.plan.objects import ObjectCode
from engine.plan.variables import Arguments, ReadArguments
from engine.rows.connection import Slice
from engine.rows.select import Selection
from engine.rows.source import Children, Counted, Lookup, Pages, Within, first
from engine.rows.tree import (
    BINDINGS,
    BelowValue,
    Binding,
    Columns,
    ColumnValue,
    ComputedValue,
    ObjectValue,
    ResolverValue,
    RowObject,
    StampedValue,
)


@dataclass(slots=True)
class ListLevel:
    """Children below the rows of a shape: the parent's value that identifies them, and their own shape."""

    source: Children
    parent_position: int
    shape: "Shape"
    build: Callable[..., Any]


@dataclass(slots=True)
class CountLevel:
    """The number of children of each row of a shape."""

    source: Counted
    parent_position: int


@dataclass(slots=True)
class ConnectionLevel:
    """A connection below each row of a shape."""

    source: Pages
    parent_position: int
    connection: "ConnectionShape"
    arguments: dict[str, Any] | ReadArguments


@dataclass(slots=True)
class LookupLevel:
    """A value of each row of a shape that depends on arguments."""

    source: Lookup
    parent_position: int
    arguments: dict[str, Any] | ReadArguments


class Shape:
    """The columns and joins of one table's rows, collected while expressions over a row `r` are written."""

    def __init__(self, binding: Binding, objects: ObjectCode) -> None:
        self.binding = binding
        self.objects = ObjectCode(objects.code, objects.collector)
        self.code = objects.code
        self.collector = objects.collector
        self.columns = Columns(binding.table)
        self.levels: list[ListLevel | CountLevel | ConnectionLevel | LookupLevel] = []
        self._leaves: dict[tuple[Any, ...], str] = {}

    def selection(self, extra: tuple[str, ...] = ()) -> Selection:
        """The columns of the statement. The `extra` columns come last."""
        return self.columns.selection(extra)

    def build(self, graphql_type: GraphQLObjectType, field_nodes: Any) -> Callable[..., list[Any]]:
        """A function from rows, the run, and the levels by parent, to the selected objects."""
        expression = self._object(graphql_type, field_nodes, RowObject.of(self.binding))
        return self.code.function("rows, run, levels", f"[{expression} for r in rows]")

    def _object(self, graphql_type: GraphQLObjectType, field_nodes: Any, row_object: RowObject) -> str:
        """The expression for an object in a row."""
        collected = self.collector.below(graphql_type, field_nodes)
        return self.code.object(
            self.collector.expressions(
                graphql_type,
                collected,
                lambda definition, nodes: self._field_or_leaf(definition, nodes, row_object),
            )
        )

    def _field_or_leaf(self, definition: GraphQLField, field_nodes: Any, row_object: RowObject) -> str:
        """The expression for a field, written once for a leaf that several objects select."""
        node = field_nodes[0].node
        if node.selection_set is not None or node.arguments or row_object.names:
            return self._field(definition, field_nodes, row_object)
        key = id(definition), row_object.cls, row_object.alias, row_object.prefix
        if key not in self._leaves:
            self._leaves[key] = self._field(definition, field_nodes, row_object)
        return self._leaves[key]

    def _field(self, definition: GraphQLField, field_nodes: Any, row_object: RowObject) -> str:
        strawberry_field = self.collector.open_field(definition)
        value = row_object.value(strawberry_field, self.collector.mask)
        if isinstance(value, BelowValue):
            return self._below(definition, strawberry_field, field_nodes, value)
        if field_nodes[0].node.arguments:
            raise NotCompiled(Limitation.ROW_ARGUMENTS)
        if isinstance(value, ObjectValue):
            return self._nested(definition, field_nodes, value)
        if isinstance(value, ColumnValue):
            return self._column(definition, value)
        if isinstance(value, StampedValue):
            return self.code.leaf(definition.type, f"r[{value.position}]")
        if isinstance(value, ComputedValue):
            for join in value.joins:
                self.columns.join(join)
            columns = ", ".join(self._read(expression) for expression in value.expressions)
            call = f"{self.code.name(value.make, 'm')}({columns})"
        else:
            call = self._resolver(strawberry_field, value, row_object)
        return self.objects.finished(definition.type, field_nodes, call)

    def _read(self, expression: str) -> str:
        """The expression for a column."""
        return f"r[{self.columns.position(expression)}]"

    def _column(self, definition: GraphQLField, value: ColumnValue) -> str:
        if not is_leaf(definition.type):
            raise NotCompiled(Limitation.ROW_OBJECT)
        self.columns.join(value.join)
        expression = self._read(value.expression)
        if value.id_prefix:
            return f"{value.id_prefix!r} + {expression}"
        never_null, is_text = _promised(value.table, value.name)
        return self.code.leaf(definition.type, expression, never_null=never_null, is_text=is_text)

    def _nested(self, definition: GraphQLField, field_nodes: Any, value: ObjectValue) -> str:
        graphql_type = named_object(definition.type)
        self.columns.join(value.join)
        never_null = isinstance(definition.type, GraphQLNonNull)
        if value.present is None or (value.join is None and never_null):
            return self._object(graphql_type, field_nodes, value.row_object)
        present = f"{self._read(value.present)} is not None"
        found = self._object(graphql_type, field_nodes, value.row_object)
        return f"({found} if {present} else {'required(None)' if never_null else 'None'})"

    def _below(
        self, definition: GraphQLField, strawberry_field: Any, field_nodes: Any, value: BelowValue
    ) -> str:
        source, position = value.source, self.columns.position(value.key)
        number = len(self.levels)
        if isinstance(source, Pages):
            return self._connection(definition, strawberry_field, field_nodes, (source, position))
        if isinstance(source, Counted):
            self.levels.append(CountLevel(source, position))
            return f"levels[{number}].get(r[{position}], 0)"
        if isinstance(source, Lookup):
            arguments = self._arguments(definition, strawberry_field, field_nodes)
            self.levels.append(LookupLevel(source, position, arguments))
            value_of = f"levels[{number}].get(r[{position}])"
            return self.objects.finished(definition.type, field_nodes, value_of)
        graphql_type = named_object(definition.type)
        shape = Shape(BINDINGS[graphql_type.extensions[DEFINITION].origin], self.objects)
        build = shape.build(graphql_type, field_nodes)
        self.levels.append(ListLevel(source, position, shape, build))
        rows = f"levels[{number}].get(r[{position}], ())"
        return f"{self.code.name(first, 'm')}({rows})" if isinstance(source, Within) else rows

    def _connection(
        self, definition: GraphQLField, strawberry_field: Any, field_nodes: Any, below: tuple[Pages, int]
    ) -> str:
        source, position = below
        arguments = self._arguments(definition, strawberry_field, field_nodes)
        connection = ConnectionShape(named_object(definition.type), field_nodes, self.objects, below=True)
        self.levels.append(ConnectionLevel(source, position, connection, arguments))
        return f"levels[{len(self.levels) - 1}][r[{position}]]"

    def _arguments(
        self, definition: GraphQLField, strawberry_field: Any, field_nodes: Any
    ) -> dict[str, Any] | ReadArguments:
        node, collector = field_nodes[0].node, self.collector
        return Arguments(
            collector.strawberry_schema, collector.operation, definition, strawberry_field, node
        ).reader()

    def _resolver(self, strawberry_field: Any, value: ResolverValue, row_object: RowObject) -> str:
        """The call of a resolver that reads only attributes that the binding provides."""
        resolver = strawberry_field.base_resolver
        if not value.columns or resolver.is_async or strawberry_field.arguments:
            raise NotCompiled(Limitation.ROW_RESOLVER)
        carrier = self.code.name(_carrier(row_object.cls, tuple(value.columns)), "k")
        columns = ", ".join(self._read(expression) for expression in value.columns.values())
        info = f", {resolver.info_parameter.name}=run.info" if resolver.info_parameter else ""
        return f"{self.code.name(resolver.wrapped_func, 'm')}({carrier}({columns}){info})"


_CONNECTION = ("nodes", "edges", "pageInfo")


class ConnectionShape:
    """What a selection reads of a connection, at the root or below the rows of another shape.

    `own_fields` are the resolvers of what only a subclass of connections has. They are called at the root.
    """

    def __init__(
        self, graphql_type: GraphQLObjectType, field_nodes: Any, objects: ObjectCode, *, below: bool = False
    ) -> None:
        self.graphql_type = graphql_type
        self.below = below
        self.own_fields: list[Callable[[Any], Awaitable[Any]]] = []
        self.objects = objects
        node = named_object(graphql_type.fields["nodes"].type)
        self.node = node
        self.shape = Shape(BINDINGS[node.extensions[DEFINITION].origin], objects)
        self.builds: list[Any] = []
        self.counts = self.reads = self.has_cursors = False
        collected = objects.collector.below(graphql_type, field_nodes)
        fields = objects.collector.expressions(graphql_type, collected, self._field)
        self._function = objects.code.function(
            "page, total, cursors, nodes, own", objects.code.object(fields)
        )

    def build(
        self, page: Slice | None, total: int | None, nodes: list[list[Any]], own: Sequence[Any] = ()
    ) -> Any:
        """The selected fields of a connection. `nodes` has the page's objects for each selection of them."""
        return self._function(page, total, page.cursors if page and self.has_cursors else (), nodes, own)

    def _field(self, definition: GraphQLField, field_nodes: Any) -> str:
        strawberry_field = self.objects.collector.open_field(definition)
        name = field_nodes[0].node.name.value
        if name == "totalCount":
            self.counts = True
            return "total"
        if name not in _CONNECTION:
            return self._own_field(definition, strawberry_field, field_nodes)
        self.reads = True
        if name == "nodes":
            return f"nodes[{self._selection(field_nodes)}]"
        if name == "edges":
            return self._edges(field_nodes)
        if name == "pageInfo":
            return ObjectCode(self.objects.code, self.objects.collector).finished(
                definition.type, field_nodes, "page.page_info()"
            )
        raise NotCompiled(Limitation.CONNECTION_FIELD)

    def _own_field(self, definition: GraphQLField, strawberry_field: Any, field_nodes: Any) -> str:
        resolver = strawberry_field.base_resolver
        if self.below or resolver is None or resolver.arguments or not resolver.is_async:
            raise NotCompiled(Limitation.CONNECTION_FIELD)
        self.own_fields.append(resolver.wrapped_func)
        value = f"own[{len(self.own_fields) - 1}]"
        return ObjectCode(self.objects.code, self.objects.collector).finished(
            definition.type, field_nodes, value
        )

    def _selection(self, field_nodes: Any) -> int:
        """The index of a selection of nodes."""
        self.builds.append(self.shape.build(self.node, field_nodes))
        return len(self.builds) - 1

    def _edges(self, field_nodes: Any) -> str:
        edge = named_object(self.graphql_type.fields["edges"].type)
        collector = self.objects.collector

        def write(_definition: GraphQLField, nodes: Any) -> str:
            name = nodes[0].node.name.value
            if name == "cursor":
                self.has_cursors = True
                return "cursors[i]"
            if name == "node":
                return f"nodes[{self._selection(nodes)}][i]"
            raise NotCompiled(Limitation.CONNECTION_FIELD)

        fields = collector.expressions(edge, collector.below(edge, field_nodes), write)
        return f"[{self.objects.code.object(fields)} for i in range(len(page.rows))]"


@cache
def _carrier(cls: type, names: tuple[str, ...]) -> Callable[..., Any]:
    """A function that creates an object with only some attributes."""

    def carry(*values: Any) -> Any:
        instance: Any = object.__new__(cls)
        instance.__dict__ = dict(zip(names, values, strict=True))
        return instance

    return carry


def _promised(table: str, column: str) -> tuple[bool, bool]:
    """What a table's model guarantees about a column: that it is never null, and that it contains text."""
    return _promises().get((table, column), (False, False)) if Tortoise.apps else (False, False)


@cache
def _promises() -> dict[tuple[str, str], tuple[bool, bool]]:
    return {
        (model._meta.db_table, name): (not found.null, isinstance(found, CharField | TextField | UUIDField))
        for model in Tortoise.apps["models"].values()
        for name, found in model._meta.fields_map.items()
    }
