"""Expressions for Python objects: their attributes, computed fields, unions and interfaces."""

from collections.abc import Mapping
from typing import Any, NoReturn

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
)

from engine.plan.code import Code, InvalidValue, is_leaf, named_object
from engine.plan.fields import DEFINITION, Collector
from engine.plan.limitations import Limitation, NotCompiled
from engine.rows.source import Computed, Embedded

NO_NAMES: Mapping[str, str] = {}


class ObjectCode:
    """Writes expressions for objects that exist already. Nothing is awaited, and no resolver is called."""

    def __init__(self, code: Code, collector: Collector) -> None:
        self.code = code
        self.collector = collector

    def fields(
        self, graphql_type: GraphQLObjectType, field_nodes: Any, variable: str, names: Mapping[str, str]
    ) -> str:
        """The expression for the selected fields of an object; `names` maps attributes to other names."""
        collected = self.collector.below(graphql_type, field_nodes)
        return self.code.object(
            self.collector.expressions(
                graphql_type,
                collected,
                lambda definition, nodes: self.field(definition, nodes, variable, names),
            )
        )

    def field(
        self, definition: GraphQLField, field_nodes: Any, variable: str, names: Mapping[str, str]
    ) -> str:
        """The expression for one field of the object in a variable."""
        strawberry_field = self.collector.open_field(definition)
        source = strawberry_field.metadata.get("source")
        if isinstance(source, Embedded) and source.of_object:
            found = self.fields(named_object(definition.type), field_nodes, variable, source.names)
            if source.present is None or isinstance(definition.type, GraphQLNonNull):
                return found
            return f"(None if {self.code.attribute(variable, source.present)} is None else {found})"
        if isinstance(source, Computed) and source.of_object:
            parts = ", ".join(
                self.code.attribute(variable, names.get(name, name)) for name in map(str, source.columns)
            )
            return self.finished(definition.type, field_nodes, f"{self.code.name(source.make, 'm')}({parts})")
        if strawberry_field.base_resolver is None:
            name = strawberry_field.python_name
            value = self.code.attribute(variable, names.get(name, name))
            return self.finished(definition.type, field_nodes, value)
        if source is not None:
            raise NotCompiled(Limitation.ROWS_BELOW_OBJECT)
        return self.resolved(definition, strawberry_field, field_nodes, variable)

    def resolved(
        self, definition: GraphQLField, strawberry_field: Any, field_nodes: Any, variable: str
    ) -> str:
        """The expression for the result of a resolver."""
        del definition, strawberry_field, field_nodes, variable
        raise NotCompiled(Limitation.ITEM_RESOLVER)

    def finished(self, graphql_type: Any, field_nodes: Any, value: str) -> str:
        """The expression that encodes a field's value."""
        if is_leaf(graphql_type):
            return self.code.leaf(graphql_type, value)
        may_be_null = not isinstance(graphql_type, GraphQLNonNull)
        inner = graphql_type if may_be_null else graphql_type.of_type
        variable = self.code.local("o")
        if isinstance(inner, GraphQLList):
            item = ObjectCode(self.code, self.collector).finished(inner.of_type, field_nodes, variable)
            if not may_be_null:
                return f"[{item} for {variable} in {value}]"
            return f"(None if ({variable}s := {value}) is None else [{item} for {variable} in {variable}s])"
        if isinstance(inner, GraphQLObjectType):
            found = self.fields(inner, field_nodes, variable, NO_NAMES)
        else:
            found = self.one_of(inner, field_nodes, variable)
        missing = "None" if may_be_null else "required(None)"
        return f"({missing} if ({variable} := {value}) is None else {found})"

    def one_of(self, graphql_type: GraphQLAbstractType, field_nodes: Any, variable: str) -> str:
        """The expression for an object of an interface or a union, chosen by its class."""
        found = f"{self.code.name(_invalid, 'm')}()"
        for possible in possible_types(self.collector, graphql_type):
            cls = self.code.name(possible.extensions[DEFINITION].origin, "k")
            fields = self.fields(possible, field_nodes, variable, NO_NAMES)
            found = f"({fields} if type({variable}) is {cls} else {found})"
        return found


def possible_types(collector: Collector, graphql_type: GraphQLAbstractType) -> list[GraphQLObjectType]:
    """The types of an interface or a union, if only the class of an object decides among them."""
    if getattr(graphql_type.extensions[DEFINITION], "resolve_type", None):
        raise NotCompiled(Limitation.TYPE_RESOLVER, graphql_type.name)
    possible = list(collector.schema.get_possible_types(graphql_type))
    for object_type in possible:
        definition = object_type.extensions[DEFINITION]
        if definition.is_type_of or definition.concrete_of:
            raise NotCompiled(Limitation.TYPE_RESOLVER, object_type.name)
    return possible


def _invalid() -> NoReturn:
    raise InvalidValue
