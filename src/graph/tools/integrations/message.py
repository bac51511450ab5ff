"""What an integration sends of an event: the chosen fields, as one person can see them now."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from actions.tools.integrations.settings import Chosen, filled
from engine.execute import Engine
from graph.kit.context import Context
from graph.tools.read_node import node_document, read_node
from models.integration_fields import IntegrationField
from models.outgoing_events import OUTGOING, EventType
from models.tables.target import IntegrationKind


class Shape(msgspec.Struct, frozen=True):
    """The shape of an integration's messages."""

    kind: IntegrationKind
    chosen: tuple[Chosen, ...]
    template: str

    def body(self, values: Mapping[str, Any]) -> bytes:
        """A message with some values."""
        if self.kind is IntegrationKind.CHAT:
            return msgspec.json.encode({"text": filled(self.template, dict(values))})
        return msgspec.json.encode(values)


class Occasion(msgspec.Struct, frozen=True):
    """The event that a message is about."""

    type: EventType
    object_id: str
    happened_at: int


class Values(msgspec.Struct, frozen=True):
    """The values of the chosen fields by their names, and whether some are left out for want of a grant."""

    named: dict[str, Any]
    incomplete: bool


async def chosen_values(engine: Engine, context: Context, shape: Shape, event: Occasion) -> Values | None:
    """The chosen fields of an event's object, of those that such objects have. None if the viewer does not
    reach it."""
    kind = OUTGOING[event.type].object
    assert kind is not None
    chosen = [item for item in shape.chosen if item.field.is_of(kind)]
    paths = tuple(sorted({item.field.path for item in chosen if item.field.type_name}))
    found = await read_node(
        engine, context, _document(kind.type_name, paths), f"{kind.prefix}_{event.object_id}"
    )
    if found is None:
        return None
    named, incomplete = {}, False
    for item in chosen:
        if item.field.type_name is None:
            named[item.name] = _of_event(item.field, event)
            continue
        held, value = _at(found, item.field.path.split("."))
        if held:
            named[item.name] = value
        incomplete = incomplete or not held
    return Values(named, incomplete)


def _at(found: Any, path: Sequence[str]) -> tuple[bool, Any]:
    """Whether the viewer holds the field at a path, and its value."""
    for name in path:
        if found is None:
            return True, None
        if name not in found:
            return False, None
        found = found[name]
    return True, found


def _of_event(field: IntegrationField, event: Occasion) -> str:
    if field is IntegrationField.EVENT_TYPE:
        return event.type.wire
    at = datetime.fromtimestamp(event.happened_at / 1000, UTC).isoformat(timespec="milliseconds")
    return at.replace("+00:00", "Z")


@lru_cache(maxsize=256)
def _document(type_name: str, paths: tuple[str, ...]) -> str:
    tree: dict[str, Any] = {"__typename": None}
    for path in paths:
        *above, last = path.split(".")
        level = tree
        for name in above:
            level = level.setdefault(name, {})
        level[last] = None
    return node_document(type_name, tree)
