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

from engine.plan.code import Code, InvalidValue, NotCompiled, is_leaf, named_object, present
from engine.plan.fields import Collected, Collector
from engine.plan.paging import ConnectionStep
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
PlanFunction = Callable[[Run], Awaitable[Any]]


class PlanBuilder:
    """Makes the code of one plan."""

    def __init__(self, schema: strawberry.Schema, collector: Collector) -> None:
        self.schema = schema
        self.collector = collector
        self.code = Code()

    def root(self, graphql_type: GraphQLObjectType) -> PlanFunction:
        """The function that answers the whole operation; at the root stands no object."""
        return self.code.coroutine(
            "run", self._fields(graphql_type, self.collector.root(graphql_type), "None")
        )

    def _fields(self, graphql_type: GraphQLObjectType, collected: Collected, variable: str) -> str:
        """The expression for the selected fields of an object that a name holds."""
        fields: list[tuple[str, str]] = []
        for key, field_nodes in collected.items():
            name = field_nodes[0].node.name.value
            if name == "__typename":
                fields.append((key, repr(graphql_type.name)))
            elif name.startswith("__"):
                raise NotCompiled("introspection")
            else:
                definition = graphql_type.fields[name]
                value = self._value(definition, field_nodes, variable)
                fields.append((key, self._finished(definition.type, field_nodes, value)))
        return self.code.object(fields)

    def _value(self, definition: GraphQLField, field_nodes: Any, variable: str) -> str:
        """The expression for what a field of an object holds, or its resolver returns."""
        strawberry_field = open_field(definition, self.collector.mask)
        source = strawberry_field.metadata.get("source")
        if isinstance(source, Computed) and source.of_object:
            read = ", ".join(f"{variable}.{name}" for name in source.columns)
            return f"{self.code.name(source.make, 'm')}({read})"
        if isinstance(source, Embedded) and source.of_object:
            cls = named_object(definition.type).extensions[_DEFINITION].origin
            return f"{self.code.name(partial(source.extract, cls), 'm')}({variable})"
        if strawberry_field.base_resolver is None:
            return f"{variable}.{strawberry_field.python_name}"
        if source is not None:
            raise NotCompiled(f"a source of rows on a plain object: {strawberry_field.python_name}")
        call = self._call(definition, strawberry_field, field_nodes[0].node, variable)
        return f"await {call}" if strawberry_field.base_resolver.is_async else call

    def _call(self, definition: GraphQLField, strawberry_field: Any, node: Any, variable: str) -> str:
        resolver = strawberry_field.base_resolver
        if resolver.parent_parameter or resolver.root_parameter:
            raise NotCompiled(f"a parent parameter: {strawberry_field.python_name}")
        arguments = [variable] if resolver.self_parameter is not None else []
        reader = Arguments(self.schema, self.collector.operation, definition, strawberry_field, node)
        arguments += reader.written(self.code)
        if resolver.info_parameter:
            arguments.append(f"{resolver.info_parameter.name}=run.info")
        return f"{self.code.name(resolver.wrapped_func, 'f')}({', '.join(arguments)})"

    def _finished(self, graphql_type: Any, field_nodes: Any, value: str) -> str:
        """The expression that makes of a field's value what is encoded."""
        if is_leaf(graphql_type):
            return self.code.leaf(graphql_type, value)
        may_be_null = not isinstance(graphql_type, GraphQLNonNull)
        inner = graphql_type if may_be_null else graphql_type.of_type
        if isinstance(inner, GraphQLList):
            step = self._listed(inner, field_nodes)
            if step is None:
                return plain(self.code, self.collector, graphql_type, field_nodes, value)
        elif isinstance(inner, GraphQLObjectType) and not _is_read(inner):
            return self._object(inner, field_nodes, value, may_be_null=may_be_null)
        else:
            step = self._read(inner, field_nodes)
        variable = self.code.local("v")
        finished = f"await {self.code.name(step, 's')}({variable}, run)"
        if may_be_null:
            return f"(None if ({variable} := {value}) is None else {finished})"
        return f"(required(None) if ({variable} := {value}) is None else {present(finished)})"

    def _object(
        self, graphql_type: GraphQLObjectType, field_nodes: Any, value: str, *, may_be_null: bool
    ) -> str:
        variable = self.code.local("o")
        expression = self._fields(graphql_type, self.collector.below(graphql_type, field_nodes), variable)
        nothing = "None" if may_be_null else "required(None)"
        return f"({nothing} if ({variable} := {value}) is None else {expression})"

    def _read(self, graphql_type: Any, field_nodes: Any) -> Step:
        """The step for what its value only describes: rows that have not been read."""
        if isinstance(graphql_type, GraphQLInterfaceType):
            return self._nodes(graphql_type, field_nodes, single=True)
        if not isinstance(graphql_type, GraphQLObjectType):
            raise NotCompiled(f"no object type: {graphql_type}")
        if graphql_type.extensions[_DEFINITION].origin in BINDINGS:
            return self._one(graphql_type, field_nodes)
        return self._connection(graphql_type, field_nodes)

    def _listed(self, graphql_type: GraphQLList[Any], field_nodes: Any) -> Step | None:
        """The step for a list of which the value is a description; none for one of plain objects."""
        inner = (
            graphql_type.of_type.of_type
            if isinstance(graphql_type.of_type, GraphQLNonNull)
            else graphql_type.of_type
        )
        if isinstance(inner, GraphQLInterfaceType):
            return self._nodes(inner, field_nodes, single=False)
        if not isinstance(inner, GraphQLObjectType):
            raise NotCompiled(f"a list of {inner}")
        if inner.extensions[_DEFINITION].origin not in BINDINGS:
            return None
        read = self._reader(inner, field_nodes)

        async def finish(value: Any, run: Run) -> Any:
            if not isinstance(value, Rows):
                raise InvalidValue
            return await read(value, None, run)

        return finish

    def _one(self, graphql_type: GraphQLObjectType, field_nodes: Any) -> Step:
        read = self._reader(graphql_type, field_nodes)

        async def finish(value: Any, run: Run) -> Any:
            if not isinstance(value, One):
                raise InvalidValue
            found = await read(value.rows, 1, run)
            return found[0] if found else None

        return finish

    def _reader(
        self, graphql_type: GraphQLObjectType, field_nodes: Any
    ) -> Callable[[Rows[Any], int | None, Run], Awaitable[list[Any]]]:
        shape = Shape(BINDINGS[graphql_type.extensions[_DEFINITION].origin], self.code, self.collector)
        build = shape.build(graphql_type, self.collector.below(graphql_type, field_nodes))

        async def read(described: Rows[Any], limit: int | None, run: Run) -> list[Any]:
            if described.binding is not shape.binding:
                raise InvalidValue
            statement = whole(shape.selection(), described.condition, described.order, limit)
            rows = await database.read(statement, named=False)
            below = await levels(shape, rows, run) if shape.levels else []
            built: list[Any] = build(rows, run, below)
            return built

        return read

    def _nodes(self, graphql_type: GraphQLInterfaceType, field_nodes: Any, *, single: bool) -> Step:
        """Objects by their ids: a shape for each type that an id may name, made when one does."""
        readers: dict[type, Any] = {}
        possible = {
            reference.extensions[_DEFINITION].origin: reference
            for reference in self.schema._schema.get_possible_types(graphql_type)
            if isinstance(reference, GraphQLObjectType)
        }

        async def finish(value: Any, run: Run) -> Any:
            if not isinstance(value, ByIds) or value.single is not single:
                raise InvalidValue
            found: dict[tuple[type, str], Any] = {}
            for described in value.groups:
                cls = described.cls
                if cls not in readers:
                    readers[cls] = self._keyed_reader(possible[cls], field_nodes)
                found.update(
                    {(cls, key): reference for key, reference in (await readers[cls](described, run)).items()}
                )
            listed = [found.get(reference) if reference is not None else None for reference in value.wanted]
            return listed[0] if single else listed

        return finish

    def _keyed_reader(self, graphql_type: GraphQLObjectType, field_nodes: Any) -> Any:
        shape = Shape(BINDINGS[graphql_type.extensions[_DEFINITION].origin], self.code, self.collector)
        position = shape.read("r.id")
        build = shape.build(graphql_type, self.collector.below(graphql_type, field_nodes))

        async def read(described: Rows[Any], run: Run) -> dict[str, Any]:
            rows = await database.read(
                whole(shape.selection(), described.condition, described.order, None), named=False
            )
            built = build(rows, run, await levels(shape, rows, run))
            return {row[position]: one for row, one in zip(rows, built, strict=True)}

        return read

    def _connection(self, graphql_type: GraphQLObjectType, field_nodes: Any) -> Step:
        step = ConnectionStep(self.code, self.collector, graphql_type)
        for key, child_nodes in self.collector.below(graphql_type, field_nodes).items():
            step.add(key, child_nodes)
        return step.finish


def _is_read(graphql_type: GraphQLObjectType) -> bool:
    """Whether a field of this type describes rows of which none was read."""
    definition = graphql_type.extensions[_DEFINITION]
    of = definition.concrete_of
    return (of is not None and of.origin is Connection) or definition.origin in BINDINGS
