"""A plan above the rows: one coroutine function, written for exactly the selected fields.

Resolvers are called as the standard executor calls them, once each, in the order of the document. What they
return, a description or an object, is finished by an expression, or a step, that was made for its fields.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import strawberry
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
)

from engine.plan.code import Code, Fault, NotCompiled, is_leaf, named_object, present
from engine.plan.fields import Collected, Collector
from engine.plan.paging import ConnectionMaker
from engine.plan.run import Run, levels
from engine.plan.shape import Shape, open_field, plain
from engine.plan.variables import Arguments
from engine.rows.connection import Connection
from engine.rows.lists import BINDINGS, ByIds, One, Rows
from engine.rows.select import whole
from engine.rows.source import Computed, Embedded
from models import database

_DEFINITION = "strawberry-definition"

Step = Callable[[Any, Run], Awaitable[Any]]
Answer = Callable[[Run], Awaitable[Any]]


class Maker:
    """Makes the code of one plan."""

    def __init__(self, schema: strawberry.Schema, collector: Collector) -> None:
        self.schema = schema
        self.collector = collector
        self.code = Code()

    def root(self, kind: GraphQLObjectType) -> Answer:
        """The function that answers the whole operation; at the root stands no object."""
        return self.code.coroutine("run", self._fields(kind, self.collector.root(kind), "None"))

    def _fields(self, kind: GraphQLObjectType, collected: Collected, held: str) -> str:
        """The expression for the selected fields of an object that a name holds."""
        fields: list[tuple[str, str]] = []
        for key, details in collected.items():
            name = details[0].node.name.value
            if name == "__typename":
                fields.append((key, repr(kind.name)))
            elif name.startswith("__"):
                raise NotCompiled("introspection")
            else:
                definition = kind.fields[name]
                value = self._value(definition, details, held)
                fields.append((key, self._finished(definition.type, details, value)))
        return self.code.object(fields)

    def _value(self, definition: GraphQLField, details: Any, held: str) -> str:
        """The expression for what a field of an object holds, or its resolver returns."""
        stated = open_field(definition, self.collector.mask)
        source = stated.metadata.get("source")
        if isinstance(source, Computed) and source.of_object:
            read = ", ".join(f"{held}.{name}" for name in source.columns)
            return f"{self.code.name(source.make, 'm')}({read})"
        if isinstance(source, Embedded) and source.of_object:
            cls = named_object(definition.type).extensions[_DEFINITION].origin
            return f"{self.code.name(partial(source.taken, cls), 'm')}({held})"
        if stated.base_resolver is None:
            return f"{held}.{stated.python_name}"
        if source is not None:
            raise NotCompiled(f"a source of rows on a plain object: {stated.python_name}")
        call = self._call(definition, stated, details[0].node, held)
        return f"await {call}" if stated.base_resolver.is_async else call

    def _call(self, definition: GraphQLField, stated: Any, node: Any, held: str) -> str:
        resolver = stated.base_resolver
        if resolver.parent_parameter or resolver.root_parameter:
            raise NotCompiled(f"a parent parameter: {stated.python_name}")
        told = [held] if resolver.self_parameter is not None else []
        arguments = Arguments(self.schema, self.collector.operation, definition, stated, node)
        told += arguments.written(self.code)
        if resolver.info_parameter:
            told.append(f"{resolver.info_parameter.name}=run.info")
        return f"{self.code.name(resolver.wrapped_func, 'f')}({', '.join(told)})"

    def _finished(self, kind: Any, details: Any, value: str) -> str:
        """The expression that makes of a field's value what is encoded."""
        if is_leaf(kind):
            return self.code.leaf(kind, value)
        may_be_null = not isinstance(kind, GraphQLNonNull)
        inner = kind if may_be_null else kind.of_type
        if isinstance(inner, GraphQLList):
            step = self._listed(inner, details)
            if step is None:
                return plain(self.code, self.collector, kind, details, value)
        elif isinstance(inner, GraphQLObjectType) and not _is_read(inner):
            return self._object(inner, details, value, may_be_null=may_be_null)
        else:
            step = self._read(inner, details)
        held = self.code.holder("v")
        finished = f"await {self.code.name(step, 's')}({held}, run)"
        if may_be_null:
            return f"(None if ({held} := {value}) is None else {finished})"
        return f"(required(None) if ({held} := {value}) is None else {present(finished)})"

    def _object(self, kind: GraphQLObjectType, details: Any, value: str, *, may_be_null: bool) -> str:
        held = self.code.holder("o")
        made = self._fields(kind, self.collector.below(kind, details), held)
        nothing = "None" if may_be_null else "required(None)"
        return f"({nothing} if ({held} := {value}) is None else {made})"

    def _read(self, kind: Any, details: Any) -> Step:
        """The step for what its value only describes: rows that have not been read."""
        if isinstance(kind, GraphQLInterfaceType):
            return self._nodes(kind, details, single=True)
        if not isinstance(kind, GraphQLObjectType):
            raise NotCompiled(f"no object type: {kind}")
        if kind.extensions[_DEFINITION].origin in BINDINGS:
            return self._one(kind, details)
        return self._connection(kind, details)

    def _listed(self, kind: GraphQLList[Any], details: Any) -> Step | None:
        """The step for a list of which the value is a description; none for one of plain objects."""
        inner = kind.of_type.of_type if isinstance(kind.of_type, GraphQLNonNull) else kind.of_type
        if isinstance(inner, GraphQLInterfaceType):
            return self._nodes(inner, details, single=False)
        if not isinstance(inner, GraphQLObjectType):
            raise NotCompiled(f"a list of {inner}")
        if inner.extensions[_DEFINITION].origin not in BINDINGS:
            return None
        read = self._reader(inner, details)

        async def finish(value: Any, run: Run) -> Any:
            if not isinstance(value, Rows):
                raise Fault
            return await read(value, None, run)

        return finish

    def _one(self, kind: GraphQLObjectType, details: Any) -> Step:
        read = self._reader(kind, details)

        async def finish(value: Any, run: Run) -> Any:
            if not isinstance(value, One):
                raise Fault
            found = await read(value.rows, 1, run)
            return found[0] if found else None

        return finish

    def _reader(
        self, kind: GraphQLObjectType, details: Any
    ) -> Callable[[Rows[Any], int | None, Run], Awaitable[list[Any]]]:
        shape = Shape(BINDINGS[kind.extensions[_DEFINITION].origin], self.code, self.collector)
        build = shape.build(kind, self.collector.below(kind, details))

        async def read(described: Rows[Any], limit: int | None, run: Run) -> list[Any]:
            if described.binding is not shape.binding:
                raise Fault
            statement = whole(shape.selection(), described.condition, described.order, limit)
            rows = await database.read(statement, named=False)
            below = await levels(shape, rows, run) if shape.levels else []
            built: list[Any] = build(rows, run, below)
            return built

        return read

    def _nodes(self, kind: GraphQLInterfaceType, details: Any, *, single: bool) -> Step:
        """Objects by their ids: a shape for each type that an id may name, made when one does."""
        readers: dict[type, Any] = {}
        possible = {
            one.extensions[_DEFINITION].origin: one
            for one in self.schema._schema.get_possible_types(kind)
            if isinstance(one, GraphQLObjectType)
        }

        async def finish(value: Any, run: Run) -> Any:
            if not isinstance(value, ByIds) or value.single is not single:
                raise Fault
            found: dict[tuple[type, str], Any] = {}
            for described in value.groups:
                cls = described.cls
                if cls not in readers:
                    readers[cls] = self._keyed_reader(possible[cls], details)
                found.update({(cls, key): one for key, one in (await readers[cls](described, run)).items()})
            listed = [found.get(one) if one is not None else None for one in value.wanted]
            return listed[0] if single else listed

        return finish

    def _keyed_reader(self, kind: GraphQLObjectType, details: Any) -> Any:
        shape = Shape(BINDINGS[kind.extensions[_DEFINITION].origin], self.code, self.collector)
        position = shape.read("r.id")
        build = shape.build(kind, self.collector.below(kind, details))

        async def read(described: Rows[Any], run: Run) -> dict[str, Any]:
            rows = await database.read(
                whole(shape.selection(), described.condition, described.order, None), named=False
            )
            built = build(rows, run, await levels(shape, rows, run))
            return {row[position]: one for row, one in zip(rows, built, strict=True)}

        return read

    def _connection(self, kind: GraphQLObjectType, details: Any) -> Step:
        made = ConnectionMaker(self.code, self.collector, kind)
        for key, found in self.collector.below(kind, details).items():
            made.add(key, found)
        return made.finish


def _is_read(kind: GraphQLObjectType) -> bool:
    """Whether a field of this type describes rows of which none was read."""
    definition = kind.extensions[_DEFINITION]
    of = definition.concrete_of
    return (of is not None and of.origin is Connection) or definition.origin in BINDINGS
