"""A plan's steps above the rows: fields of plain objects, resolvers, lists, connections and nodes.

Resolvers are called as the standard executor calls them, once each. What they return, a description or an
object, is finished by a step that was made for exactly the selected fields.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from operator import attrgetter
from typing import Any

import strawberry
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
)

from engine.code import Code, Fault, NotCompiled, is_leaf, named_object
from engine.collect import Collected, Collector
from engine.connection import Connection
from engine.paging import ConnectionMaker
from engine.rows import BINDINGS, ByIds, One, Rows
from engine.run import Run, levels
from engine.select import whole
from engine.shape import Shape, open_field, plain
from engine.source import Computed, Embedded
from engine.variables import Arguments
from models import database

_DEFINITION = "strawberry-definition"

Finish = Callable[[Any, "Run"], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """How a field's value is finished; `waits` says that it must be awaited."""

    finish: Finish
    waits: bool


class Maker:
    """Makes the steps of one plan."""

    def __init__(self, schema: strawberry.Schema, collector: Collector) -> None:
        self.schema = schema
        self.collector = collector
        self.code = Code()

    def root(self, kind: GraphQLObjectType) -> Step:
        """The step for the whole operation."""
        return self._fields(kind, self.collector.root(kind))

    def _fields(self, kind: GraphQLObjectType, collected: Collected) -> Step:
        parts: list[tuple[str, Callable[[Any, Run], Any], Finish | None, bool]] = []
        for key, details in collected.items():
            name = details[0].node.name.value
            if name.startswith("__"):
                if name != "__typename":
                    raise NotCompiled("introspection")
                parts.append((key, _constant(kind.name), None, False))
                continue
            definition = kind.fields[name]
            get, waits = self._getter(definition, details)
            step = self._finished(definition.type, details)
            parts.append((key, get, _awaiting(step.finish) if waits else step.finish, waits or step.waits))

        async def finish(source: Any, run: Run) -> dict[str, Any]:
            found = {}
            for key, get, end, waiting in parts:
                value = get(source, run)
                if end is not None:
                    value = end(value, run)
                    if waiting:
                        value = await value
                found[key] = value
            return found

        return Step(finish, waits=True)

    def _getter(self, definition: GraphQLField, details: Any) -> tuple[Callable[[Any, Run], Any], bool]:
        """How a field's value is got from its object, and whether that must be awaited."""
        stated = open_field(definition, self.collector.mask)
        source = stated.metadata.get("source")
        if isinstance(source, Computed) and source.of_object:
            make, read = source.make, [attrgetter(name) for name in source.columns]
            return (lambda held, _run: make(*[one(held) for one in read])), False
        if isinstance(source, Embedded) and source.of_object:
            cls = named_object(definition.type).extensions[_DEFINITION].origin
            return (lambda held, _run: source.taken(cls, held)), False
        if stated.base_resolver is None:
            attribute = attrgetter(stated.python_name)
            return (lambda held, _run: attribute(held)), False
        if source is not None:
            raise NotCompiled(f"a source of rows on a plain object: {stated.python_name}")
        return self._call(definition, stated, details[0].node), stated.base_resolver.is_async

    def _call(self, definition: GraphQLField, stated: Any, node: Any) -> Callable[[Any, Run], Any]:
        resolver = stated.base_resolver
        if resolver.parent_parameter or resolver.root_parameter:
            raise NotCompiled(f"a parent parameter: {stated.python_name}")
        function = resolver.wrapped_func
        takes_self = resolver.self_parameter is not None
        info_name = resolver.info_parameter.name if resolver.info_parameter else None
        arguments = Arguments(self.schema, self.collector.operation, definition, stated, node).reader()

        def call(source: Any, run: Run) -> Any:
            named = arguments(run.variables)
            if info_name is not None:
                named = {**named, info_name: run.info}
            return function(source, **named) if takes_self else function(**named)

        return call

    def _finished(self, kind: Any, details: Any) -> Step:
        if is_leaf(kind):
            return Step(self.code.function("v, run", self.code.leaf(kind, "v")), waits=False)
        if isinstance(kind, GraphQLNonNull):
            return _present(self._nullable(kind.of_type, details), may_be_null=False)
        return _present(self._nullable(kind, details), may_be_null=True)

    def _nullable(self, kind: Any, details: Any) -> Step:
        if isinstance(kind, GraphQLList):
            return self._list(kind, details)
        if isinstance(kind, GraphQLInterfaceType):
            return self._nodes(kind, details, single=True)
        if not isinstance(kind, GraphQLObjectType):
            raise NotCompiled(f"no object type: {kind}")
        definition = kind.extensions[_DEFINITION]
        if definition.concrete_of is not None and definition.concrete_of.origin is Connection:
            return self._connection(kind, details)
        if definition.origin in BINDINGS:
            return self._one(kind, details)
        return self._plain_or_fields(kind, details)

    def _plain_or_fields(self, kind: GraphQLObjectType, details: Any) -> Step:
        try:
            expression = plain(self.code, self.collector, kind, details, "v")
        except NotCompiled:
            return self._fields(kind, self.collector.below(kind, details))
        return Step(self.code.function("v, run", expression), waits=False)

    def _list(self, kind: GraphQLList[Any], details: Any) -> Step:
        inner = kind.of_type.of_type if isinstance(kind.of_type, GraphQLNonNull) else kind.of_type
        if isinstance(inner, GraphQLInterfaceType):
            return self._nodes(inner, details, single=False)
        if not isinstance(inner, GraphQLObjectType):
            raise NotCompiled(f"a list of {inner}")
        if inner.extensions[_DEFINITION].origin in BINDINGS:
            read = self._reader(inner, details)

            async def finish(value: Any, run: Run) -> Any:
                if not isinstance(value, Rows):
                    raise Fault
                return await read(value, None, run)

            return Step(finish, waits=True)
        expression = plain(self.code, self.collector, kind, details, "v")
        return Step(self.code.function("v, run", expression), waits=False)

    def _one(self, kind: GraphQLObjectType, details: Any) -> Step:
        read = self._reader(kind, details)

        async def finish(value: Any, run: Run) -> Any:
            if not isinstance(value, One):
                raise Fault
            found = await read(value.rows, 1, run)
            return found[0] if found else None

        return Step(finish, waits=True)

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
            built: list[Any] = build(rows, run, await levels(shape, rows, run))
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

        return Step(finish, waits=True)

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
        return Step(made.finish, waits=True)


def _present(step: Step, *, may_be_null: bool) -> Step:
    """A step that is not taken for null, which is a fault where it is not allowed."""
    finish = step.finish
    if step.waits:

        async def waiting(value: Any, run: Run) -> Any:
            found = None if value is None else await finish(value, run)
            if found is None and not may_be_null:
                raise Fault
            return found

        return Step(waiting, waits=True)

    def at_once(value: Any, run: Run) -> Any:
        if value is None:
            if not may_be_null:
                raise Fault
            return None
        return finish(value, run)

    return Step(at_once, waits=False)


def _awaiting(finish: Finish) -> Finish:
    async def awaited(value: Any, run: Run) -> Any:
        found = finish(await value, run)
        return await found if isawaitable(found) else found

    return awaited


def _constant(value: str) -> Callable[[Any, Run], Any]:
    return lambda _source, _run: value
