"""The gates of a schema's elements, and the elements by their coordinates."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_introspection_type,
    is_required_argument,
    is_required_input_field,
)

from authz.gates import gate_among
from engine.rows.source import Covered

DEFINITION = "strawberry-definition"


def gate_of(element: Any) -> int:
    """The bit that opens a type, field, argument, input field or enum value. 0 if it is open to everyone."""
    definition = element.extensions.get(DEFINITION)
    return gate_among(getattr(definition, "directives", None) or ())


class Gates:
    """Every gate of a full schema, read once."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.types: dict[str, int] = {}
        self.members: dict[tuple[str, str], int] = {}
        self.arguments: dict[tuple[str, str, str], int] = {}
        self.needs: dict[tuple[str, str], tuple[str, ...]] = {}
        """The types without which a field or an input field cannot be: its own, and of required arguments."""
        for name, graphql_type in schema.type_map.items():
            if is_introspection_type(graphql_type):
                continue
            self.types[name] = gate_of(graphql_type)
            for member_name, member in members(graphql_type).items():
                self.members[name, member_name] = gate_of(member)
                self.needs[name, member_name] = _needs(member)
                if isinstance(member, GraphQLInputField) and is_required_input_field(member):
                    self._stay_open(gate_of(member), f"{name}.{member_name}")
                for argument_name, argument in getattr(member, "args", {}).items():
                    coordinate = f"{name}.{member_name}({argument_name}:)"
                    self.arguments[name, member_name, argument_name] = gate_of(argument)
                    if is_required_argument(argument):
                        self._stay_open(gate_of(argument), coordinate)
        self.covers = self.relevant = 0
        for owner, name in self.members:
            self.covers |= _cover_bit(schema, owner, name)
        for bit in (*self.types.values(), *self.members.values(), *self.arguments.values(), self.covers):
            self.relevant |= bit

    @staticmethod
    def _stay_open(bit: int, coordinate: str) -> None:
        if bit:
            raise TypeError(f"{coordinate} is required, so a gate on it would make its owner unusable.")


@lru_cache(maxsize=8)
def gates_of(schema: GraphQLSchema) -> Gates:
    """The gates of a full schema, read once for all that serve it."""
    return Gates(schema)


def _needs(member: Any) -> tuple[str, ...]:
    if not isinstance(member, GraphQLField | GraphQLInputField):
        return ()
    required = (arg for arg in getattr(member, "args", {}).values() if is_required_argument(arg))
    return (get_named_type(member.type).name, *(get_named_type(arg.type).name for arg in required))


def _cover_bit(schema: GraphQLSchema, owner: str, name: str) -> int:
    """The bit for whose viewers the value of a field is covered; 0 for none."""
    source = source_at(schema, f"{owner}.{name}")
    return source.bit if isinstance(source, Covered) else 0


def members(graphql_type: GraphQLNamedType) -> Mapping[str, Any]:
    """The fields, input fields or values of a type."""
    if isinstance(graphql_type, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        return cast("Mapping[str, Any]", graphql_type.fields)
    if isinstance(graphql_type, GraphQLEnumType):
        return cast("Mapping[str, Any]", graphql_type.values)
    return {}


def element_at(schema: GraphQLSchema, coordinate: str) -> Any:
    """The field, input field, enum value or argument at a coordinate; None if there is none."""
    owner, _, name = coordinate.removesuffix(":)").partition(".")
    name, _, argument = name.partition("(")
    graphql_type = schema.type_map.get(owner)
    member = None if graphql_type is None else members(graphql_type).get(name)
    return member if member is None or not argument else member.args.get(argument)


def source_at(schema: GraphQLSchema, coordinate: str) -> Any:
    """The source that the field at a coordinate declares; None for any other, and for an argument."""
    declared = element_at(schema, coordinate).extensions.get(DEFINITION)
    return getattr(declared, "metadata", {}).get("source")
