"""What an event says: its object as one person can see it now, read by an ordinary query.

The query selects every field that the event declares, each marked `@whenGranted`. So the person's gates and
reach decide what there is, by the same machinery as for any other query.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec

from authz.gates import grant_bit
from authz.grant import Grant
from authz.viewer import Viewer
from graph.export.reader import AccessEnded, PersonReader
from graph.http.handler import GraphQLHandler
from graph.tools.read_node import node_document, read_node
from models.outgoing_events import OUTGOING, EventType

MOST_BYTES = 20 * 1024


class Occurred(msgspec.Struct, frozen=True):
    """An event that is about to be sent."""

    type: EventType
    account_id: str
    object_id: str | None
    happened_at: int


class EventContent(msgspec.Struct, frozen=True):
    """What is sent of an event, and whether that is no more than an id."""

    data: dict[str, Any]
    reduced: bool

    def body(self, event: Occurred) -> bytes:
        """The message as Standard Webhooks writes it. Raises nothing: what is too long is reduced before."""
        at = datetime.fromtimestamp(event.happened_at / 1000, UTC).isoformat(timespec="milliseconds")
        content = {"type": event.type.wire, "timestamp": at.replace("+00:00", "Z"), "data": self.data}
        return msgspec.json.encode(content)


async def event_content(
    handler: GraphQLHandler, email: str, gate: Grant, event: Occurred
) -> EventContent | None:
    """What a person, by their address, can see of an event.

    None if they cannot enter the account, or lack the grant that receivers of this kind need.
    """
    reader = PersonReader(handler, email, event.account_id)
    try:
        viewer = await reader.viewer()
    except AccessEnded:
        return None
    if viewer.central is None or viewer.central.closed or not viewer.mask & grant_bit(gate):
        return None
    account = f"account_{event.account_id}"
    kind = OUTGOING[event.type].object
    if kind is None:
        return EventContent({"account": account}, reduced=False)
    object_id = f"{kind.prefix}_{event.object_id}"
    found = await event_data(reader, viewer, event.type, object_id)
    reduced = EventContent({"id": object_id}, reduced=True)
    if found is None:
        return reduced
    data = {"id": object_id, "account": account, "object": kind.type_name, **found}
    full = EventContent(data, reduced=False)
    return full if len(full.body(event)) <= MOST_BYTES else reduced


async def event_data(
    reader: PersonReader, viewer: Viewer, event_type: EventType, object_id: str
) -> dict[str, Any] | None:
    """The fields of an event that a viewer holds. None if they lack the grant of its object, or do not reach
    it."""
    document = _document(event_type)
    found = await read_node(reader.handler.engine, reader.context(viewer), document, object_id)
    return found or None


@cache
def _document(event_type: EventType) -> str:
    declared = OUTGOING[event_type]
    assert declared.object is not None
    return node_document(declared.object.type_name, declared.fields)
