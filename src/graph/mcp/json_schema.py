"""The inputs of fields as JSON Schema, for clients that know no GraphQL."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLType,
    Undefined,
    VariableDefinitionNode,
    get_named_type,
    is_required_argument,
    is_required_input_field,
    type_from_ast,
)

_SCALARS = {"Int": "integer", "Float": "number", "Boolean": "boolean"}


def schema_of_arguments(arguments: Mapping[str, GraphQLArgument]) -> dict[str, Any]:
    """The arguments of a field."""
    required = [name for name, argument in arguments.items() if is_required_argument(argument)]
    members = {name: _described(argument) for name, argument in arguments.items()}
    return _object(members, required, (argument.type for argument in arguments.values()))


def schema_of_variables(
    definitions: Iterable[VariableDefinitionNode], schema: GraphQLSchema
) -> dict[str, Any]:
    """The variables of an operation that is valid on a schema."""
    found: dict[str, GraphQLType] = {}
    required: list[str] = []
    for definition in definitions:
        kind = type_from_ast(schema, definition.type)
        assert kind is not None, "the document is valid"
        name = definition.variable.name.value
        found[name] = kind
        if isinstance(kind, GraphQLNonNull) and definition.default_value is None:
            required.append(name)
    members = {name: _schema(kind) for name, kind in found.items()}
    return _object(members, required, found.values())


def _object(members: dict[str, Any], required: list[str], kinds: Iterable[GraphQLType]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": members, "additionalProperties": False}
    if required:
        found["required"] = required
    definitions: dict[str, Any] = {}
    for kind in kinds:
        _define(get_named_type(kind), definitions)
    if definitions:
        found["$defs"] = definitions
    return found


def _define(kind: Any, definitions: dict[str, Any]) -> None:
    """Add an input type or an enum, and all that it is made of."""
    if kind.name in definitions:
        return
    if isinstance(kind, GraphQLEnumType):
        definitions[kind.name] = {"type": "string", "enum": list(kind.values), **_says(kind)}
    elif isinstance(kind, GraphQLInputObjectType):
        definitions[kind.name] = {}  # an input can contain itself
        required = [name for name, field in kind.fields.items() if is_required_input_field(field)]
        definitions[kind.name] = {
            "type": "object",
            "properties": {name: _described(field) for name, field in kind.fields.items()},
            "additionalProperties": False,
            **({"required": required} if required else {}),
            **({"minProperties": 1, "maxProperties": 1} if kind.is_one_of else {}),
            **_says(kind),
        }
        for field in kind.fields.values():
            _define(get_named_type(field.type), definitions)


def _described(member: GraphQLArgument | GraphQLInputField) -> dict[str, Any]:
    found = _schema(member.type) | _says(member)
    if member.default_value is not Undefined and isinstance(member.default_value, str | int | float):
        found["default"] = member.default_value
    return found


def _says(element: Any) -> dict[str, str]:
    return {"description": element.description} if element.description else {}


def _schema(kind: Any) -> dict[str, Any]:
    if isinstance(kind, GraphQLNonNull):
        return _present(kind.of_type)
    found = _present(kind)
    if isinstance(found.get("type"), str):
        return found | {"type": [found["type"], "null"]}
    return {"anyOf": [found, {"type": "null"}]}


def _present(kind: Any) -> dict[str, Any]:
    if isinstance(kind, GraphQLList):
        return {"type": "array", "items": _schema(kind.of_type)}
    if isinstance(kind, GraphQLEnumType | GraphQLInputObjectType):
        return {"$ref": f"#/$defs/{kind.name}"}
    return {"type": _SCALARS.get(kind.name, "string")}
