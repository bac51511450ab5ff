"""Integrations and their deliveries, as the API shows them."""

from typing import Any

import msgspec
import strawberry

from actions.tools.integrations.settings import chosen_in, headers_in
from authz import reach
from authz.gates import Needs, admin_only, gated
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.source import Embedded, Joined, computed, sourced
from graph.developers.webhooks.types import Attempt, attempts_in, object_id_of
from graph.kit.changed_by import ChangedBy
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from graph.tools.targets.types import Target
from models.integration_fields import IntegrationField
from models.outgoing_events import EventType
from models.tables.delivery import DeliveryStatus, DisabledReason
from models.tables.target import IntegrationKind

GATE = Grant.MANAGE_INTEGRATIONS
strawberry.enum(IntegrationField)
strawberry.enum(IntegrationKind)


def _list(stored: Any) -> list[Any]:
    found: list[Any] = msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored
    return found


@gated(Needs(grant=GATE))
@strawberry.type
class ChosenField:
    """A field that an integration sends."""

    as_: str = strawberry.field(name="as")
    """Its name in the message."""
    from_: IntegrationField = strawberry.field(name="from")
    """The field."""


def _chosen(stored: Any) -> list[ChosenField]:
    return [ChosenField(as_=item.name, from_=item.field) for item in chosen_in(stored)]


@gated(Needs(grant=GATE))
@row_of("integrations", "integration")
@strawberry.type
class Integration(Node):
    """A system outside that gets chosen fields of events.

    Its target says whether anything is sent, and on whose authority. Of an object that the person with that
    authority does not reach, nothing is sent.
    """

    name: str
    """Its name."""
    kind: IntegrationKind
    """The kind of system."""
    target: Target | None = sourced(Joined("id", on="thing_id"))
    """The address that it sends to, and whether it may."""
    events: list[EventType] = computed(lambda stored: [EventType(name) for name in _list(stored)], "events")
    """The types of events that it gets."""
    product_ids: list[strawberry.ID] = computed(
        lambda stored: [strawberry.ID(f"product_{found}") for found in _list(stored)], "products"
    )
    """The products whose events it gets; empty for all events, also those that are about no product."""
    fields: list[ChosenField] = computed(_chosen, "chosen")
    """What is sent. A message has those of the fields that the event's object has."""
    template: str
    """The text for a chat, with the names of fields in braces; empty for other kinds."""
    header_names: list[str] = computed(lambda stored: [found.name for found in headers_in(stored)], "headers")
    """The names of the headers that every message has. Their values are never shown."""
    enabled: bool
    """Whether it gets events."""
    disabled_reason: DisabledReason | None
    """Why it is disabled; null if it is not."""
    last_delivery_at: DateTime | None
    """When it last took a message; null if never."""
    failing_since: DateTime | None
    """Since when it has taken no message; null if it took the last one."""
    created_at: DateTime
    """When it was created. It gets no earlier events."""
    version: int
    """A number that grows with each change. `editIntegration` requires it."""
    changed_at: DateTime
    """When its settings were last saved."""
    changed_by: ChangedBy = sourced(Embedded(names={"name": "changed_by"}))
    """The person who saved them."""


found_within(Integration, reach.integrations)


@gated(Needs(grant=GATE))
@row_of("deliveries", "integrationDelivery")
@strawberry.type
class IntegrationDelivery(Node):
    """One event for one integration. Its message is never shown."""

    event: EventType
    """What happened."""
    event_id: str
    """The id of the event."""
    integration_id: strawberry.ID = computed(
        lambda found: strawberry.ID(f"integration_{found}"), "receiver_id"
    )
    """The integration that gets it."""
    status: DeliveryStatus
    """The current status."""
    attempts: list[Attempt] = computed(attempts_in, "attempts")
    """The tries so far, the first one first: at most ten."""
    happened_at: DateTime
    """When the event happened."""
    created_at: DateTime
    """When the delivery was created."""
    next_at: DateTime | None
    """When it is tried next; null if it will not be tried again."""
    object: str | None = computed(object_id_of, "event", "object_id")
    """The id of the object that the event is about."""
    reference: str | None = admin_only()
    """The marketplace's name of the object, where it has one."""


found_within(IntegrationDelivery, reach.integration_deliveries)
