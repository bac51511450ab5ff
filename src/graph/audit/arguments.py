"""The arguments of exports in the audit log, without what does not exist for its reader."""

from typing import Any

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLNamedType, GraphQLSchema, get_named_type

from authz.gates import Standing
from engine.scope.schema import type_of
from graph.kit.export import column_exists

_TEXT = "text"
_COVERED = "…"


def shown_argument(schema: GraphQLSchema, mask: int, coordinate: str, value: Any) -> Any:
    """The value of an argument: fields, enum values and columns that a schema lacks are left out.

    A text to search for can be personal data, so that only the owner sees it.
    """
    owner, _, member = coordinate.partition(".")
    if owner == "AccountExport" and coordinate.endswith("(columns:)"):
        name = member.partition("(")[0]
        return [column for column in value if column_exists(schema, name, column)]
    return _shown(type_of(schema, coordinate), value, owns=bool(mask & Standing.OWNER))


def _shown(kind: GraphQLNamedType, value: Any, *, owns: bool) -> Any:
    if isinstance(value, list):
        shown = (_shown(kind, item, owns=owns) for item in value)
        return [item for item in shown if item is not None]
    if isinstance(kind, GraphQLEnumType):
        return value if value in kind.values else None
    if not isinstance(kind, GraphQLInputObjectType) or not isinstance(value, dict):
        return value
    return {
        name: _shown(get_named_type(kind.fields[name].type), item, owns=owns)
        if owns or name != _TEXT
        else _COVERED
        for name, item in value.items()
        if name in kind.fields
    }
