"""The events that go out to other systems, as far as their reader has what they carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from graphql import GraphQLNamedType, GraphQLSchema, get_named_type

from authz.gates import grants_in
from engine.scope.gates import gates_of, members
from graph.kit.describe import attribute_docstrings
from models.outgoing_events import OUTGOING, EventType

_AT = "2026-07-25T12:00:00.000Z"
_ENDPOINTS = "WebhookEndpoint"


@dataclass(frozen=True, slots=True)
class Event:
    """An event, what it is about, and a message as an example."""

    type: EventType
    description: str
    gate: str | None
    example: str


def visible_events(schema: GraphQLSchema, whole: GraphQLSchema) -> list[Event]:
    """The events of objects that a schema has. Their examples have the fields that it has, and no others."""
    words = attribute_docstrings(EventType)
    found = []
    for event, declared in OUTGOING.items():
        type_name = _ENDPOINTS if declared.object is None else declared.object.type_name
        kind = schema.type_map.get(type_name)
        if kind is None:
            continue
        data: dict[str, Any] = {"account": "account_0197"}
        if declared.object is not None:
            named = {"id": f"{declared.object.prefix}_0197", **data, "object": type_name}
            data = named | _within(kind, declared.example)
        message = {"type": event.wire, "timestamp": _AT, "data": data}
        text = msgspec.json.format(msgspec.json.encode(message), indent=2).decode()
        found.append(Event(event, words[event.name], _grant(whole, type_name), text))
    return found


@cache
def _grant(whole: GraphQLSchema, type_name: str) -> str | None:
    """The grant that opens a type, if a single one does."""
    grants = grants_in(gates_of(whole).types[type_name])
    return grants[0].value if len(grants) == 1 else None


def _within(kind: GraphQLNamedType, example: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an example that a type has in the schema of its reader."""
    fields = members(kind)
    return {name: _value(fields[name], value) for name, value in example.items() if name in fields}


def _value(field: Any, example: Any) -> Any:
    kind = get_named_type(field.type)
    if isinstance(example, list):
        return [_within(kind, part) if isinstance(part, Mapping) else part for part in example]
    return _within(kind, example) if isinstance(example, Mapping) else example
