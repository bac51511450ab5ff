"""A plan above the rows: one coroutine function, written for exactly the selected fields.

Resolvers are called as the standard executor calls them: once each, in the order of the document. Their
result, a description or an object, is completed by an expression or a step for its fields.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
)

from engine.plan.code import InvalidValue, is_leaf, present
from engine.plan.fields import DEFINITION
from engine.plan.limitations import Limitation, NotCompiled
from engine.plan.nested import read_nested
from engine.plan.objects import NO_NAMES, ObjectCode, possible_types
from engine.plan.run import Run, levels, read_connection
from engine.plan.shape import ConnectionShape, Shape
from engine.plan.variables import Arguments
from engine.rows.connection import Connection
from engine.rows.events import EventRows
from engine.rows.lists import PROJECTED, ByIds, FirstRow, Key, Objects, Projection, Rows
from engine.rows.tree import BINDINGS

Step = Callable[[Any, Run], Awaitable[Any]]
PlanFunction = Callable[[Run], Awaitable[Any]]


class PlanBuilder(ObjectCode):
    """Writes the code of one plan. Above the rows, it calls resolvers and reads rows."""

    def root(self, graphql_type: GraphQLObjectType) -> PlanFunction:
        """The function that runs the whole operation. The root has no object."""
        fields = self.collector.expressions(
            graphql_type,
            self.collector.root(graphql_type),
            lambda definition, nodes: self.field(definition, nodes, "None", NO_NAMES),
        )
        return self.code.coroutine("run", self.code.object(fields))

    def resolved(
        self, definition: GraphQLField, strawberry_field: Any, field_nodes: Any, variable: str
    ) -> str:
        """The expression for the result of a resolver, called with the field's arguments."""
        resolver = strawberry_field.base_resolver
        if resolver.parent_parameter or resolver.root_parameter:
            raise NotCompiled(Limitation.PARENT)
        arguments = [variable] if resolver.self_parameter is not None else []
        collector, node = self.collector, field_nodes[0].node
        reader = Arguments(
            collector.strawberry_schema, collector.operation, definition, strawberry_field, node
        )
        arguments += reader.written(self.code)
        if resolver.info_parameter:
            arguments.append(f"{resolver.info_parameter.name}=run.info")
        call = f"{self.code.name(resolver.wrapped_func, 'f')}({', '.join(arguments)})"
        return self.finished(definition.type, field_nodes, f"await {call}" if resolver.is_async else call)

    def finished(self, graphql_type: Any, field_nodes: Any, value: str) -> str:
        """The expression that encodes the value of a field.

        If the value is a description of rows, they are read first.
        """
        step = self._step(graphql_type, field_nodes)
        if step is None:
            return super().finished(graphql_type, field_nodes, value)
        variable = self.code.local("v")
        result = f"await {self.code.name(step, 's')}({variable}, run)"
        if not isinstance(graphql_type, GraphQLNonNull):
            return f"(None if ({variable} := {value}) is None else {result})"
        return f"(required(None) if ({variable} := {value}) is None else {present(result)})"

    def _step(self, graphql_type: Any, field_nodes: Any) -> Step | None:
        """The step that reads a value of a type; None for types whose values need no reading."""
        if is_leaf(graphql_type):
            return None
        inner = _nullable(graphql_type)
        item = _nullable(inner.of_type) if isinstance(inner, GraphQLList) else inner
        make: Callable[[Any, Any], Step] | None = None
        if isinstance(item, GraphQLInterfaceType | GraphQLUnionType):
            possible = possible_types(self.collector, item)
            if isinstance(item, GraphQLInterfaceType) or any(map(_is_bound, possible)):
                make = self._abstract
        elif _is_bound(item):
            make = self._first_row if item is inner else self._list
        elif item is inner and _is_connection(inner):
            make = self._connection
        elif item is not inner and item.extensions[DEFINITION].origin in PROJECTED:
            make = self._projection
        return make(item, field_nodes) if make is not None else None

    def _list(self, graphql_type: GraphQLObjectType, field_nodes: Any) -> Step:
        shape, build = self._shape(graphql_type, field_nodes)

        async def finish(value: Any, run: Run) -> Any:
            if not isinstance(value, Rows):
                raise InvalidValue
            return build(*await _read(shape, value, run))

        return finish

    def _projection(self, graphql_type: GraphQLObjectType, field_nodes: Any) -> Step:
        item = self.code.local("o")
        fields = ObjectCode(self.code, self.collector).fields(graphql_type, field_nodes, item, NO_NAMES)
        build = self.code.function("rows", f"[{fields} for {item} in rows]")
        attributes = frozenset(self.code.attributes[item])

        async def finish(value: Projection, _run: Run) -> Any:
            return build(await value.read(attributes))

        return finish

    def _first_row(self, graphql_type: GraphQLObjectType, field_nodes: Any) -> Step:
        shape, build = self._shape(graphql_type, field_nodes)

        async def finish(value: Any, run: Run) -> Any:
            if isinstance(value, EventRows):
                return build(*await _read_events(shape, value, run))
            if not isinstance(value, FirstRow):
                raise InvalidValue
            found = build(*await _read(shape, value.rows, run, 1))
            return found[0] if found else None

        return finish

    def _shape(
        self, graphql_type: GraphQLObjectType, field_nodes: Any
    ) -> tuple[Shape, Callable[..., list[Any]]]:
        shape = Shape(BINDINGS[graphql_type.extensions[DEFINITION].origin], self)
        return shape, shape.build(graphql_type, field_nodes)

    def _connection(self, graphql_type: GraphQLObjectType, field_nodes: Any) -> Step:
        shape = ConnectionShape(graphql_type, field_nodes, self)

        async def finish(value: Any, run: Run) -> Any:
            if not isinstance(value, Connection):
                raise InvalidValue
            return await read_connection(shape, value, run)

        return finish

    def _abstract(self, graphql_type: GraphQLInterfaceType | GraphQLUnionType, field_nodes: Any) -> Step:
        """Objects of several types, some of them rows. The code for a type is written when a value has it."""
        possible = {
            object_type.extensions[DEFINITION].origin: object_type
            for object_type in possible_types(self.collector, graphql_type)
        }
        shapes: dict[type, tuple[Shape, Callable[..., list[Any]]]] = {}
        keyed: dict[type, Any] = {}
        objects: dict[type, Step] = {}

        async def listed(value: Rows[Any], run: Run, limit: int | None = None) -> list[Any]:
            if value.cls not in shapes:
                shapes[value.cls] = self._shape(_possible(possible, value.cls), field_nodes)
            shape, build = shapes[value.cls]
            return build(*await _read(shape, value, run, limit))

        async def by_ids(value: ByIds, run: Run) -> Any:
            found: dict[Key, Any] = {}
            for group in value.groups:
                if isinstance(group, Objects):
                    for name, item in (await group.read()).items():
                        found[group.type_name, name] = await single(item, run)
                    continue
                if group.cls not in keyed:
                    keyed[group.cls] = self._keyed(_possible(possible, group.cls), field_nodes)
                found.update(await keyed[group.cls](group, run, single=value.single))
            return value.arranged(found)

        async def single(value: Any, run: Run) -> Any:
            cls = type(value)
            if cls not in objects:
                fields = self.fields(_possible(possible, cls), field_nodes, "o", NO_NAMES)
                objects[cls] = self.code.coroutine("o, run", fields)
            return await objects[cls](value, run)

        async def finish(value: Any, run: Run) -> Any:
            if isinstance(value, ByIds):
                return await by_ids(value, run)
            if isinstance(value, Rows):
                return await listed(value, run)
            if isinstance(value, FirstRow):
                found = await listed(value.rows, run, 1)
                return found[0] if found else None
            if isinstance(value, list):
                return [None if item is None else await single(item, run) for item in value]
            return await single(value, run)

        return finish

    def _keyed(self, graphql_type: GraphQLObjectType, field_nodes: Any) -> Any:
        """Rows by their ids."""
        shape, build = self._shape(graphql_type, field_nodes)
        position = shape.columns.position("r.id")

        async def read(value: Rows[Any], run: Run, *, single: bool) -> dict[Key, Any]:
            rows, run, below = await _read(shape, value, run, single=single)
            return {
                (value.cls, row[position]): item
                for row, item in zip(rows, build(rows, run, below), strict=True)
            }

        return read


async def _read(
    shape: Shape, value: Rows[Any], run: Run, limit: int | None = None, *, single: bool = False
) -> tuple[Any, Run, list[Any]]:
    """The arguments of a shape's function: the rows, the run, and the levels below."""
    if value.binding is not shape.binding:
        raise InvalidValue
    if shape.levels and (single or limit == 1):
        nested = await read_nested(shape, value, run, limit)
        if nested is not None:
            return nested
    rows = await value.fetch(shape, limit)
    return rows, run, await levels(shape, rows, run) if shape.levels else []


async def _read_events(shape: Shape, value: EventRows[Any], run: Run) -> tuple[Any, Run, list[Any]]:
    """The same for the rows of events, one for each event that is left."""
    if value.rows.binding is not shape.binding:
        raise InvalidValue
    rows = await value.fetch(shape, shape.columns.position("r.id"))
    return rows, run, await levels(shape, rows, run) if shape.levels else []


def _possible(possible: dict[type, GraphQLObjectType], cls: type) -> GraphQLObjectType:
    if cls not in possible:
        raise InvalidValue
    return possible[cls]


def _nullable(graphql_type: Any) -> Any:
    return graphql_type.of_type if isinstance(graphql_type, GraphQLNonNull) else graphql_type


def _is_bound(graphql_type: Any) -> bool:
    """Whether objects of a type are rows of a table."""
    return (
        isinstance(graphql_type, GraphQLObjectType) and graphql_type.extensions[DEFINITION].origin in BINDINGS
    )


def _is_connection(graphql_type: Any) -> bool:
    definition = graphql_type.extensions[DEFINITION]
    return issubclass((definition.concrete_of or definition).origin, Connection)
