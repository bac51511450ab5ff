"""What a selection takes of a table's rows: the columns, the joined objects, the levels of children."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLField, GraphQLList, GraphQLNonNull, GraphQLObjectType
from tortoise import Tortoise
from tortoise.fields import CharField, TextField, UUIDField

from authz.gates import DIRECTIVES, Guard, bit_of
from engine.plan.code import Code, NotCompiled, is_leaf, named_object
from engine.plan.fields import Collected, Collector
from engine.rows.lists import BINDINGS, Binding
from engine.rows.select import Selection
from engine.rows.source import Children, Column, Computed, Counted, Embedded, Foreign, Joined

_DEFINITION = "strawberry-definition"


@dataclass(slots=True)
class Level:
    """Children under the rows of a shape: which of the parent's values names them, and their own shape."""

    source: Children
    parent_position: int
    shape: "Shape"
    build: Callable[..., Any]


@dataclass(slots=True)
class Count:
    """How many children the rows of a shape have."""

    source: Counted
    parent_position: int


@dataclass(slots=True)
class Shape:
    """Columns and joins of one table's rows, gathered while expressions over `r` are written."""

    binding: Binding
    code: Code
    collector: Collector
    columns: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    levels: list[Level | Count] = field(default_factory=list)
    _selections: dict[tuple[str, ...], Selection] = field(default_factory=dict)

    def read(self, expression: str) -> int:
        """The position of a column in the rows."""
        if expression not in self.columns:
            self.columns.append(expression)
            self._selections.clear()
        return self.columns.index(expression)

    def selection(self, extra: tuple[str, ...] = ()) -> Selection:
        """What the statement selects; `extra` columns come last."""
        selection = self._selections.get(extra)
        if selection is None:
            selection = Selection(self.binding.table, (*self.columns, *extra), tuple(self.joins))
            self._selections[extra] = selection
        return selection

    def build(self, graphql_type: GraphQLObjectType, collected: Collected) -> Callable[..., Any]:
        """A function from rows, and the children of each level by parent, to the selected objects."""
        expression = self.object(
            graphql_type, collected, RowObject(self.binding.cls, "r", self.binding.table, self.binding)
        )
        return self.code.function("rows, run, levels", f"[{expression} for r in rows]")

    def object(self, graphql_type: GraphQLObjectType, collected: Collected, row_object: "RowObject") -> str:
        """The expression for an object of a type that stands at a place of the row."""
        fields: list[tuple[str, str]] = []
        for key, field_nodes in collected.items():
            name = field_nodes[0].node.name.value
            if name == "__typename":
                fields.append((key, repr(graphql_type.name)))
                continue
            fields.append((key, self._field(graphql_type.fields[name], field_nodes, row_object)))
        return self.code.object(fields)

    def _field(self, definition: GraphQLField, field_nodes: Any, row_object: "RowObject") -> str:
        strawberry_field = open_field(definition, self.collector.mask)
        source = strawberry_field.metadata.get("source")
        if field_nodes[0].node.arguments:
            raise NotCompiled(f"arguments below a row: {strawberry_field.python_name}")
        handlers: dict[type, Callable[..., str]] = {
            Children: self._children,
            Counted: self._counted,
            Joined: self._joined,
            Embedded: self._embedded,
            Computed: self._computed,
            Foreign: self._foreign,
        }
        if type(source) in handlers:
            return handlers[type(source)](definition, source, field_nodes, row_object)
        if strawberry_field.base_resolver is not None:
            return self._resolved(definition, strawberry_field, field_nodes, row_object)
        if not is_leaf(definition.type):
            raise NotCompiled(f"no source: {strawberry_field.python_name}")
        name = source.name if isinstance(source, Column) else row_object.column(strawberry_field.python_name)
        return self._column(definition, row_object, name)

    def _column(self, definition: GraphQLField, row_object: "RowObject", name: str) -> str:
        expression = f"r[{self.read(f'{row_object.alias}.{name}')}]"
        if name == "id" and row_object.binding is not None and row_object.binding.prefix is not None:
            return f"{row_object.binding.prefix + '_'!r} + {expression}"
        never_null, is_text = _promised(row_object.table, name)
        return self.code.leaf(definition.type, expression, never_null=never_null, is_text=is_text)

    def _computed(
        self, definition: GraphQLField, source: Computed, field_nodes: Any, row_object: "RowObject"
    ) -> str:
        columns = [
            f"r[{self.read(f'{row_object.alias}.{row_object.column(name)}')}]" for name in source.columns
        ]
        call = f"{self.code.name(source.make, 'm')}({', '.join(columns)})"
        if is_leaf(definition.type):
            return self.code.leaf(definition.type, call)
        return plain(self.code, self.collector, definition.type, field_nodes, call)

    def _embedded(
        self, definition: GraphQLField, source: Embedded, field_nodes: Any, row_object: "RowObject"
    ) -> str:
        graphql_type = named_object(definition.type)
        cls = graphql_type.extensions[_DEFINITION].origin
        inner = RowObject(
            cls, row_object.alias, row_object.table, None, row_object.prefix + source.prefix, source.names
        )
        object_code = self.object(graphql_type, self.collector.below(graphql_type, field_nodes), inner)
        if source.present is None or isinstance(definition.type, GraphQLNonNull):
            return object_code
        position = self.read(f"{row_object.alias}.{row_object.column(source.present)}")
        return f"(None if r[{position}] is None else {object_code})"

    def _joined(
        self, definition: GraphQLField, source: Joined, field_nodes: Any, row_object: "RowObject"
    ) -> str:
        graphql_type = named_object(definition.type)
        target = BINDINGS[graphql_type.extensions[_DEFINITION].origin]
        inner = f"{row_object.alias}_{source.key.removesuffix('_id')}"
        self._join(source.join(target.table, inner, row_object.alias))
        present = f"r[{self.read(f'{inner}.id')}] is not None"
        object_code = self.object(
            graphql_type,
            self.collector.below(graphql_type, field_nodes),
            RowObject(target.cls, inner, target.table, target),
        )
        missing = "required(None)" if isinstance(definition.type, GraphQLNonNull) else "None"
        return f"({object_code} if {present} else {missing})"

    def _foreign(
        self, definition: GraphQLField, source: Foreign, _field_nodes: Any, row_object: "RowObject"
    ) -> str:
        expression, join = source.joined(row_object.alias)
        self._join(join)
        return self.code.leaf(definition.type, f"r[{self.read(expression)}]")

    def _join(self, join: str) -> None:
        if join not in self.joins:
            self.joins.append(join)
            self._selections.clear()

    def _children(
        self, definition: GraphQLField, source: Children, field_nodes: Any, row_object: "RowObject"
    ) -> str:
        graphql_type = named_object(definition.type)
        binding = BINDINGS[graphql_type.extensions[_DEFINITION].origin]
        position = self.read(f"{row_object.alias}.id")
        shape = Shape(binding, self.code, self.collector)
        build = shape.build(graphql_type, self.collector.below(graphql_type, field_nodes))
        self.levels.append(Level(source, position, shape, build))
        return f"levels[{len(self.levels) - 1}].get(r[{position}], ())"

    def _counted(
        self, _definition: GraphQLField, source: Counted, _field_nodes: Any, row_object: "RowObject"
    ) -> str:
        position = self.read(f"{row_object.alias}.id")
        self.levels.append(Count(source, position))
        return f"levels[{len(self.levels) - 1}].get(r[{position}], 0)"

    def _resolved(
        self, definition: GraphQLField, strawberry_field: Any, field_nodes: Any, row_object: "RowObject"
    ) -> str:
        """A method of the type that reads only what the binding carries."""
        resolver = strawberry_field.base_resolver
        if (
            row_object.binding is None
            or not row_object.binding.carries
            or resolver.is_async
            or strawberry_field.arguments
        ):
            raise NotCompiled(f"a resolver on a row: {strawberry_field.python_name}")
        carried = {
            name: self.read(f"{row_object.alias}.{column}")
            for name, column in row_object.binding.carries.items()
        }
        make = self.code.name(_carrier(row_object.cls, tuple(carried)), "k")
        source = f"{make}({', '.join(f'r[{position}]' for position in carried.values())})"
        info = f", {resolver.info_parameter.name}=run.info" if resolver.info_parameter else ""
        call = f"{self.code.name(resolver.wrapped_func, 'm')}({source}{info})"
        if is_leaf(definition.type):
            return self.code.leaf(definition.type, call)
        return plain(self.code, self.collector, definition.type, field_nodes, call)


@dataclass(frozen=True, slots=True)
class RowObject:
    """Where an object stands in a row: its class, its table and that one's alias, its binding if it has one,
    and how the columns of an embedded object are called."""

    cls: type
    alias: str
    table: str
    binding: Binding | None
    prefix: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """The column of an attribute."""
        return self.names.get(name, self.prefix + name)


def open_field(definition: GraphQLField, mask: int) -> Any:
    """The declaration of a field whose gate is open for a mask; anything unknown about it is not compiled."""
    strawberry_field = definition.extensions.get(_DEFINITION)
    if strawberry_field is None:
        raise NotCompiled("a field without declaration")
    for extension in strawberry_field.extensions:
        if type(extension) is not Guard:
            raise NotCompiled(f"an extension: {type(extension).__name__}")
        if not extension.bit & mask:
            raise NotCompiled(f"a closed gate: {strawberry_field.python_name}")
    for directive in strawberry_field.directives or ():
        if type(directive) not in DIRECTIVES:
            raise NotCompiled(f"a directive: {type(directive).__name__}")
        if not bit_of(directive) & mask:
            raise NotCompiled(f"a closed gate: {strawberry_field.python_name}")
    return strawberry_field


def plain(code: Code, collector: Collector, graphql_type: Any, field_nodes: Any, expression: str) -> str:
    """The expression for plain objects: one, or a list, whose selected fields are attributes or computed."""
    if isinstance(graphql_type, GraphQLNonNull):
        return _plain(code, collector, graphql_type.of_type, field_nodes, expression, may_be_null=False)
    return _plain(code, collector, graphql_type, field_nodes, expression, may_be_null=True)


def _plain(
    code: Code,
    collector: Collector,
    graphql_type: Any,
    field_nodes: Any,
    expression: str,
    *,
    may_be_null: bool,
) -> str:
    variable = code.local("o")
    if isinstance(graphql_type, GraphQLList):
        inner = plain(code, collector, graphql_type.of_type, field_nodes, variable)
        if not may_be_null:
            return f"[{inner} for {variable} in {expression}]"
        return f"(None if ({variable}s := {expression}) is None else [{inner} for {variable} in {variable}s])"
    if not isinstance(graphql_type, GraphQLObjectType):
        raise NotCompiled(f"no plain object: {graphql_type}")
    object_code = _of_attributes(code, collector, graphql_type, field_nodes, variable, {})
    nothing = "None" if may_be_null else "required(None)"
    return f"({nothing} if ({variable} := {expression}) is None else {object_code})"


def _of_attributes(
    code: Code,
    collector: Collector,
    graphql_type: GraphQLObjectType,
    field_nodes: Any,
    variable: str,
    names: Mapping[str, str],
) -> str:
    """The expression for an object whose fields are attributes of what is held, under other names maybe."""
    fields: list[tuple[str, str]] = []
    for key, child_nodes in collector.below(graphql_type, field_nodes).items():
        name = child_nodes[0].node.name.value
        if name == "__typename":
            fields.append((key, repr(graphql_type.name)))
            continue
        fields.append(
            (key, _attribute(code, collector, graphql_type.fields[name], child_nodes, (variable, names)))
        )
    return code.object(fields)


def _attribute(
    code: Code,
    collector: Collector,
    definition: GraphQLField,
    field_nodes: Any,
    parent: tuple[str, Mapping[str, str]],
) -> str:
    variable, names = parent
    strawberry_field = open_field(definition, collector.mask)
    source = strawberry_field.metadata.get("source")
    if isinstance(source, Embedded) and source.of_object:
        graphql_type = named_object(definition.type)
        object_code = _of_attributes(code, collector, graphql_type, field_nodes, variable, source.names)
        if source.present is None or isinstance(definition.type, GraphQLNonNull):
            return object_code
        return f"(None if {variable}.{source.present} is None else {object_code})"
    if isinstance(source, Computed) and source.of_object:
        parts = ", ".join(f"{variable}.{names.get(name, name)}" for name in source.columns)
        call = f"{code.name(source.make, 'm')}({parts})"
    elif strawberry_field.base_resolver is not None or isinstance(source, Children):
        raise NotCompiled(f"a resolver on a plain object: {strawberry_field.python_name}")
    else:
        call = f"{variable}.{names.get(strawberry_field.python_name, strawberry_field.python_name)}"
    if is_leaf(definition.type):
        return code.leaf(definition.type, call)
    return plain(code, collector, definition.type, field_nodes, call)


def _carrier(cls: type, names: tuple[str, ...]) -> Callable[..., Any]:
    def carry(*values: Any) -> Any:
        instance: Any = object.__new__(cls)
        instance.__dict__ = dict(zip(names, values, strict=True))
        return instance

    return carry


def _promised(table: str, column: str) -> tuple[bool, bool]:
    """What the table's model promises of a column: that it is never null, and that it holds text."""
    for model in Tortoise.apps["models"].values() if Tortoise.apps else ():
        if model._meta.db_table == table:
            field = model._meta.fields_map.get(column)
            if field is None:
                break
            return not field.null, isinstance(field, CharField | TextField | UUIDField)
    return False, False
