"""What a tool selects of the result of its field: everything short, and the names of what is longer."""

from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

_DEPTH = 2
_ROWS = ("nodes", "pageInfo", "totalCount")


def selection(kind: Any, depth: int = _DEPTH) -> str:
    """The selection of a type, with braces; empty for a leaf."""
    named = get_named_type(kind)
    if is_leaf_type(named):
        return ""
    if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
        shared = " id" if isinstance(named, GraphQLInterfaceType) and "id" in named.fields else ""
        return f"{{ __typename{shared} }}"
    assert isinstance(named, GraphQLObjectType)
    parts = [part for name, field in named.fields.items() if (part := _selected(named, name, field, depth))]
    return f"{{ {' '.join(parts) or '__typename'} }}"


def _selected(owner: GraphQLObjectType, name: str, field: Any, depth: int) -> str | None:
    """A field as it is selected; None if it is left out."""
    if any(is_required_argument(argument) for argument in field.args.values()) or field.deprecation_reason:
        return None
    named = get_named_type(field.type)
    if is_leaf_type(named):
        return name
    if _is_connection(owner):
        return f"{name} {selection(named, depth)}" if name in _ROWS else None
    if _is_connection(named) or depth == 0 or _is_list(field.type):
        is_errors = name == "errors" and _is_list(field.type)
        return f"{name} {selection(named, 0)}" if is_errors else None
    inner = selection(named, depth - 1)
    return None if inner == "{ __typename }" else f"{name} {inner}"


def _is_connection(kind: Any) -> bool:
    return isinstance(kind, GraphQLObjectType) and {"edges", "nodes", "pageInfo"} <= set(kind.fields)


def _is_list(kind: Any) -> bool:
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)
