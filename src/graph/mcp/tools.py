"""The tools of a schema: one for each of its queries and mutations, and one for documents of one's own.

A tool is a document on the viewer's own schema, so there is nothing to keep apart: what a viewer lacks has no
tool, and a call of one is a request like any other.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    ast_from_value,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
    print_ast,
    validate,
)

from engine.granted import without_absent
from graph.mcp.json_schema import schema_of_arguments, schema_of_variables
from graph.mcp.selection import selection

MOST_SCHEMAS = 32
"""The most schemas whose tools a process caches."""
QUERY = "query"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST_NAME = 64
_ANY_DOCUMENT = {
    "type": "object",
    "properties": {
        "document": {"type": "string", "description": "A GraphQL document with one operation."},
        "variables": {"type": "object", "description": "The variables of the operation."},
    },
    "required": ["document"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it takes, and the document that it sends. Without a text, the call has it."""

    name: str
    description: str
    input_schema: dict[str, Any]
    text: str | None = None
    trusted: str | None = None
    """The name of the trusted document that it sends."""
    writes: bool = False


_tools: LRUCache[GraphQLSchema, dict[str, Tool]] = LRUCache(MOST_SCHEMAS)


def tools_of(schema: GraphQLSchema) -> Mapping[str, Tool]:
    """The tools of a schema, by name."""
    found = _tools.get(schema)
    if found is None:
        found = {tool.name: tool for tool in _all_tools(schema)}
        _tools[schema] = found
    return found


def _all_tools(schema: GraphQLSchema) -> Iterator[Tool]:
    yield Tool(
        QUERY,
        "Runs a GraphQL document on your schema. Read the schema with an introspection query.",
        _ANY_DOCUMENT,
    )
    query, mutation = schema.query_type, schema.mutation_type
    for name, field in query.fields.items() if query is not None else ():
        if name == "account":
            yield from _of_account(field)
        else:
            yield _tool(name, field, (name,))
    for name, field in mutation.fields.items() if mutation is not None else ():
        yield _tool(name, field, (name,), writes=True)


def _of_account(account: GraphQLField) -> Iterator[Tool]:
    """One tool for what is short of the account, and one for each of its other fields."""
    kind = get_named_type(account.type)
    assert isinstance(kind, GraphQLObjectType)
    yield _tool("account", account, ("account",))
    for name, field in kind.fields.items():
        named = get_named_type(field.type)
        if is_leaf_type(named) and not field.args:
            continue
        if isinstance(named, GraphQLObjectType) and _is_a_group(named) and not field.args:
            for part, member in named.fields.items():
                yield _tool(f"account_{name}_{part}", member, ("account", name, part))
        else:
            yield _tool(f"account_{name}", field, ("account", name))


def _is_a_group(kind: GraphQLObjectType) -> bool:
    """Whether a type groups fields that are asked one by one, as reports are."""
    members = kind.fields.values()
    return "id" not in kind.fields and any(
        any(is_required_argument(argument) for argument in member.args.values()) for member in members
    )


def _tool(name: str, field: GraphQLField, path: tuple[str, ...], *, writes: bool = False) -> Tool:
    variables = ", ".join(_variable(key, argument) for key, argument in field.args.items())
    arguments = ", ".join(f"{key}: ${key}" for key in field.args)
    *around, last = path
    inner = f"{last}{f'({arguments})' if arguments else ''} {selection(field.type)}".rstrip()
    for outer in reversed(around):
        inner = f"{outer} {{ {inner} }}"
    operation = "mutation" if writes else "query"
    text = f"{operation} Tool{f'({variables})' if variables else ''} {{ {inner} }}"
    return Tool(name, field.description or name, schema_of_arguments(field.args), text, writes=writes)


def _variable(name: str, argument: GraphQLArgument) -> str:
    """The variable of an argument, with its default value."""
    default = None
    if argument.default_value is not Undefined:
        default = ast_from_value(argument.default_value, argument.type)
    return f"${name}: {argument.type}{f' = {print_ast(default)}' if default is not None else ''}"


def trusted_tools(schema: GraphQLSchema, documents: Mapping[str, str]) -> dict[str, Tool]:
    """A tool for each trusted document that a schema can answer and that has one operation, no stream."""
    found: dict[str, Tool] = {}
    for name, text in sorted(documents.items()):
        document = without_absent(schema, parse(text))
        operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
        if len(operations) != 1 or operations[0].operation is OperationType.SUBSCRIPTION:
            continue
        if validate(schema, document):
            continue
        shown = _NOT_IN_NAMES.sub("_", name)[:_LONGEST_NAME]
        if shown in found:
            continue  # of two names that look alike, the first
        found[shown] = Tool(
            shown,
            f"Sends the trusted document {name}.",
            schema_of_variables(operations[0].variable_definitions or (), schema),
            text,
            trusted=name,
            writes=operations[0].operation is OperationType.MUTATION,
        )
    return found
