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
        found = self._selections.get(extra)
        if found is None:
            found = Selection(self.binding.table, (*self.columns, *extra), tuple(self.joins))
            self._selections[extra] = found
        return found

    def build(self, kind: GraphQLObjectType, collected: Collected) -> Callable[..., Any]:
        """A function from rows, and the children of each level by parent, to the selected objects."""
        expression = self.object(
            kind, collected, Place(self.binding.cls, "r", self.binding.table, self.binding)
        )
        return self.code.function("rows, run, levels", f"[{expression} for r in rows]")

    def object(self, kind: GraphQLObjectType, collected: Collected, place: "Place") -> str:
        """The expression for an object of a type that stands at a place of the row."""
        fields: list[tuple[str, str]] = []
        for key, details in collected.items():
            name = details[0].node.name.value
            if name == "__typename":
                fields.append((key, repr(kind.name)))
                continue
            fields.append((key, self._field(kind.fields[name], details, place)))
        return self.code.object(fields)

    def _field(self, definition: GraphQLField, details: Any, place: "Place") -> str:
        stated = open_field(definition, self.collector.mask)
        source = stated.metadata.get("source")
        if details[0].node.arguments:
            raise NotCompiled(f"arguments below a row: {stated.python_name}")
        made_by: dict[type, Callable[..., str]] = {
            Children: self._children,
            Counted: self._counted,
            Joined: self._joined,
            Embedded: self._embedded,
            Computed: self._computed,
            Foreign: self._foreign,
        }
        if type(source) in made_by:
            return made_by[type(source)](definition, source, details, place)
        if stated.base_resolver is not None:
            return self._resolved(definition, stated, details, place)
        if not is_leaf(definition.type):
            raise NotCompiled(f"no source: {stated.python_name}")
        name = source.name if isinstance(source, Column) else place.column(stated.python_name)
        return self._column(definition, place, name)

    def _column(self, definition: GraphQLField, place: "Place", name: str) -> str:
        expression = f"r[{self.read(f'{place.alias}.{name}')}]"
        if name == "id" and place.binding is not None and place.binding.prefix is not None:
            return f"{place.binding.prefix + '_'!r} + {expression}"
        there, is_text = _promised(place.table, name)
        return self.code.leaf(definition.type, expression, there=there, is_text=is_text)

    def _computed(self, definition: GraphQLField, source: Computed, details: Any, place: "Place") -> str:
        columns = [f"r[{self.read(f'{place.alias}.{place.column(name)}')}]" for name in source.columns]
        call = f"{self.code.name(source.make, 'm')}({', '.join(columns)})"
        if is_leaf(definition.type):
            return self.code.leaf(definition.type, call)
        return plain(self.code, self.collector, definition.type, details, call)

    def _embedded(self, definition: GraphQLField, source: Embedded, details: Any, place: "Place") -> str:
        kind = named_object(definition.type)
        cls = kind.extensions[_DEFINITION].origin
        inner = Place(cls, place.alias, place.table, None, place.prefix + source.prefix, source.names)
        made = self.object(kind, self.collector.below(kind, details), inner)
        if source.present is None or isinstance(definition.type, GraphQLNonNull):
            return made
        there = self.read(f"{place.alias}.{place.column(source.present)}")
        return f"(None if r[{there}] is None else {made})"

    def _joined(self, definition: GraphQLField, source: Joined, details: Any, place: "Place") -> str:
        kind = named_object(definition.type)
        target = BINDINGS[kind.extensions[_DEFINITION].origin]
        inner = f"{place.alias}_{source.key.removesuffix('_id')}"
        self._join(source.join(target.table, inner, place.alias))
        there = f"r[{self.read(f'{inner}.id')}] is not None"
        made = self.object(
            kind, self.collector.below(kind, details), Place(target.cls, inner, target.table, target)
        )
        missing = "required(None)" if isinstance(definition.type, GraphQLNonNull) else "None"
        return f"({made} if {there} else {missing})"

    def _foreign(self, definition: GraphQLField, source: Foreign, _details: Any, place: "Place") -> str:
        expression, join = source.joined(place.alias)
        self._join(join)
        return self.code.leaf(definition.type, f"r[{self.read(expression)}]")

    def _join(self, join: str) -> None:
        if join not in self.joins:
            self.joins.append(join)
            self._selections.clear()

    def _children(self, definition: GraphQLField, source: Children, details: Any, place: "Place") -> str:
        kind = named_object(definition.type)
        binding = BINDINGS[kind.extensions[_DEFINITION].origin]
        position = self.read(f"{place.alias}.id")
        shape = Shape(binding, self.code, self.collector)
        build = shape.build(kind, self.collector.below(kind, details))
        self.levels.append(Level(source, position, shape, build))
        return f"levels[{len(self.levels) - 1}].get(r[{position}], ())"

    def _counted(self, _definition: GraphQLField, source: Counted, _details: Any, place: "Place") -> str:
        position = self.read(f"{place.alias}.id")
        self.levels.append(Count(source, position))
        return f"levels[{len(self.levels) - 1}].get(r[{position}], 0)"

    def _resolved(self, definition: GraphQLField, stated: Any, details: Any, place: "Place") -> str:
        """A method of the type that reads only what the binding carries."""
        resolver = stated.base_resolver
        if place.binding is None or not place.binding.carries or resolver.is_async or stated.arguments:
            raise NotCompiled(f"a resolver on a row: {stated.python_name}")
        carried = {
            name: self.read(f"{place.alias}.{column}") for name, column in place.binding.carries.items()
        }
        make = self.code.name(_carrier(place.cls, tuple(carried)), "k")
        source = f"{make}({', '.join(f'r[{position}]' for position in carried.values())})"
        info = f", {resolver.info_parameter.name}=run.info" if resolver.info_parameter else ""
        call = f"{self.code.name(resolver.wrapped_func, 'm')}({source}{info})"
        if is_leaf(definition.type):
            return self.code.leaf(definition.type, call)
        return plain(self.code, self.collector, definition.type, details, call)


@dataclass(frozen=True, slots=True)
class Place:
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
    stated = definition.extensions.get(_DEFINITION)
    if stated is None:
        raise NotCompiled("a field without declaration")
    for extension in stated.extensions:
        if type(extension) is not Guard:
            raise NotCompiled(f"an extension: {type(extension).__name__}")
        if not extension.bit & mask:
            raise NotCompiled(f"a shut gate: {stated.python_name}")
    for directive in stated.directives or ():
        if type(directive) not in DIRECTIVES:
            raise NotCompiled(f"a directive: {type(directive).__name__}")
        if not bit_of(directive) & mask:
            raise NotCompiled(f"a shut gate: {stated.python_name}")
    return stated


def plain(code: Code, collector: Collector, kind: Any, details: Any, expression: str) -> str:
    """The expression for plain objects: one, or a list, whose selected fields are attributes or computed."""
    if isinstance(kind, GraphQLNonNull):
        return _plain(code, collector, kind.of_type, details, expression, may_be_null=False)
    return _plain(code, collector, kind, details, expression, may_be_null=True)


def _plain(
    code: Code, collector: Collector, kind: Any, details: Any, expression: str, *, may_be_null: bool
) -> str:
    held = code.holder("o")
    if isinstance(kind, GraphQLList):
        inner = plain(code, collector, kind.of_type, details, held)
        if not may_be_null:
            return f"[{inner} for {held} in {expression}]"
        return f"(None if ({held}s := {expression}) is None else [{inner} for {held} in {held}s])"
    if not isinstance(kind, GraphQLObjectType):
        raise NotCompiled(f"no plain object: {kind}")
    made = _of_attributes(code, collector, kind, details, held, {})
    nothing = "None" if may_be_null else "required(None)"
    return f"({nothing} if ({held} := {expression}) is None else {made})"


def _of_attributes(
    code: Code,
    collector: Collector,
    kind: GraphQLObjectType,
    details: Any,
    held: str,
    names: Mapping[str, str],
) -> str:
    """The expression for an object whose fields are attributes of what is held, under other names maybe."""
    fields: list[tuple[str, str]] = []
    for key, found in collector.below(kind, details).items():
        name = found[0].node.name.value
        if name == "__typename":
            fields.append((key, repr(kind.name)))
            continue
        fields.append((key, _attribute(code, collector, kind.fields[name], found, (held, names))))
    return code.object(fields)


def _attribute(
    code: Code,
    collector: Collector,
    definition: GraphQLField,
    details: Any,
    place: tuple[str, Mapping[str, str]],
) -> str:
    held, names = place
    stated = open_field(definition, collector.mask)
    source = stated.metadata.get("source")
    if isinstance(source, Embedded) and source.of_object:
        kind = named_object(definition.type)
        made = _of_attributes(code, collector, kind, details, held, source.names)
        if source.present is None or isinstance(definition.type, GraphQLNonNull):
            return made
        return f"(None if {held}.{source.present} is None else {made})"
    if isinstance(source, Computed) and source.of_object:
        parts = ", ".join(f"{held}.{names.get(name, name)}" for name in source.columns)
        call = f"{code.name(source.make, 'm')}({parts})"
    elif stated.base_resolver is not None or isinstance(source, Children):
        raise NotCompiled(f"a resolver on a plain object: {stated.python_name}")
    else:
        call = f"{held}.{names.get(stated.python_name, stated.python_name)}"
    if is_leaf(definition.type):
        return code.leaf(definition.type, call)
    return plain(code, collector, definition.type, details, call)


def _carrier(cls: type, names: tuple[str, ...]) -> Callable[..., Any]:
    def carry(*values: Any) -> Any:
        made: Any = object.__new__(cls)
        made.__dict__ = dict(zip(names, values, strict=True))
        return made

    return carry


def _promised(table: str, column: str) -> tuple[bool, bool]:
    """What the table's model promises of a column: that it is never null, and that it holds text."""
    for model in Tortoise.apps["models"].values() if Tortoise.apps else ():
        if model._meta.db_table == table:
            found = model._meta.fields_map.get(column)
            if found is None:
                break
            return not found.null, isinstance(found, CharField | TextField | UUIDField)
    return False, False
