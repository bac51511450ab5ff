"""A minimal query for each field of a schema, below each field that leads to its type."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

REQUIRED = {
    "id": '"{id}"',
    "ids": '["{id}"]',
    "reference": '"{reference}"',
    "number": '"SB-2024-01-BRL"',
    "revision": "1",
    "code": '"no code of any"',
    "period": '{{from: "2024-01-01", to: "2024-01-03"}}',
    "firstYear": "2024",
    "token": '"no token of any"',
    "product": '"{Product}"',
    "coordinate": '"Sale.net"',
    "collaborator": '"{Collaborator}"',
    "grants": "[SEARCH_SALES]",
    "at": '"2024-01-02T00:00:00Z"',
}


def minimal_queries(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """The coordinate of each field, with where it stands, and a query for it; `{id}` and `{Type}` are to be filled.

    A field is asked for below every field that returns its type: of a row, of a plain object, in a list.
    """
    root = schema.query_type
    assert root is not None
    shortest = _ways(schema, root)
    for owner, way in shortest.items():
        kind = schema.type_map[owner]
        for name, definition in kind.fields.items():  # type: ignore[attr-defined]
            opening = f"{name}{_arguments(definition)}"
            inner = get_named_type(definition.type)
            if is_leaf_type(inner):
                if kind is root:
                    yield f"{owner}.{name}", _closed([*way, opening])
                continue
            for target in _targets(schema, inner):
                narrow = [] if target is inner else [f"... on {target.name}"]
                for below, leaf in target.fields.items():
                    request = f"{below}{_arguments(leaf)}"
                    end = get_named_type(leaf.type)
                    if not is_leaf_type(end):
                        request += f" {{ {_some(end)} }}"
                    query = _closed([*way, opening, *narrow, request])
                    yield (
                        f"{owner}.{name} → {target.name}.{below}",
                        query.replace("{id}", f"{{{target.name}}}"),
                    )


def _ways(schema: GraphQLSchema, root: GraphQLObjectType) -> dict[str, list[str]]:
    """The shortest way to each object type from the root."""
    found: dict[str, list[str]] = {root.name: []}
    waiting = [root.name]
    while waiting:
        owner = waiting.pop(0)
        for name, definition in schema.type_map[owner].fields.items():  # type: ignore[attr-defined]
            inner = get_named_type(definition.type)
            if isinstance(inner, GraphQLObjectType) and inner.name not in found:
                found[inner.name] = [*found[owner], f"{name}{_arguments(definition)}"]
                waiting.append(inner.name)
    return found


def _targets(schema: GraphQLSchema, kind: Any) -> list[Any]:
    return [*schema.get_possible_types(kind), kind] if isinstance(kind, GraphQLInterfaceType) else [kind]


def _arguments(definition: Any) -> str:
    values = [
        f"{name}: {REQUIRED[name]}" for name, item in definition.args.items() if is_required_argument(item)
    ]
    return f"({', '.join(values)})" if values else ""


def _some(kind: Any) -> str:
    """A leaf of a type, or else its name."""
    leaves = [name for name, item in kind.fields.items() if is_leaf_type(get_named_type(item.type))]
    return leaves[0] if leaves else "__typename"


def _closed(parts: list[str]) -> str:
    opened = " { ".join(parts).replace("{{", "\0").replace("}}", "\1")
    return "{ " + opened.replace("\0", "{").replace("\1", "}") + " }" * len(parts)
