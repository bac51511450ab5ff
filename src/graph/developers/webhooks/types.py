"""Endpoints of webhooks and deliveries, as the API shows them."""

from enum import StrEnum
from typing import Any

import msgspec
import strawberry

from actions.developers.webhooks.secret import secrets_in
from authz import reach
from authz.active import is_active
from authz.gates import Needs, admin_only, gated
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.source import Embedded, Expression, computed, sourced
from graph.kit.changed_by import ChangedBy
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from graph.membership.profiles.types import profile_grants
from models.outgoing_events import OUTGOING, EventType
from models.tables.delivery import DeliveryStatus, DisabledReason

GATE = Grant.MANAGE_API_AND_NOTIFICATIONS
strawberry.enum(EventType)
strawberry.enum(DeliveryStatus)
strawberry.enum(DisabledReason)


@strawberry.enum
class WebhookStatus(StrEnum):
    """The status of an endpoint."""

    ACTIVE = "ACTIVE"
    """It gets events."""
    FAILING = "FAILING"
    """It gets events, and did not take the last ones."""
    DISABLED = "DISABLED"
    """It gets nothing until someone enables it."""
    FALLEN = "FALLEN"
    """Whoever is responsible for it has lost access, so it gets nothing."""


def _list(stored: Any) -> list[Any]:
    found: list[Any] = msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored
    return found


def _owner() -> Expression:
    return Expression(lambda alias: f"(SELECT a.owner_id FROM accounts a WHERE a.id = {alias}.account_id)")


def _of_membership(value: str) -> Expression:
    rows = (
        "FROM collaborators c JOIN profiles p ON p.account_id = c.account_id AND p.id = c.profile_id"
        " WHERE c.account_id = {0}.account_id AND c.user_id = {0}.user_id"
    )
    return Expression(lambda alias: f"(SELECT {value} {rows.format(alias)})")


def _status(
    enabled: Any, fell: Any, failing_since: int | None, user_id: Any, owner_id: Any, grants: Any, *dates: Any
) -> WebhookStatus:
    if not _stands(str(user_id) == str(owner_id), grants, *dates) or fell:
        return WebhookStatus.FALLEN
    if not enabled:
        return WebhookStatus.DISABLED
    return WebhookStatus.ACTIVE if failing_since is None else WebhookStatus.FAILING


def _stands(is_owner: bool, grants: Any, *dates: Any) -> bool:
    if is_owner:
        return True
    return grants is not None and GATE in profile_grants(grants) and is_active(*dates)


@gated(Needs(grant=GATE))
@strawberry.type
class SecretHint:
    """A secret that signs what an endpoint gets. The secret itself is shown only once."""

    ending: str
    """The last four characters of the secret."""
    created_at: DateTime
    """When the secret was created."""
    until: DateTime | None
    """When it stops signing; null for the current secret."""


def _hints(stored: Any) -> list[SecretHint]:
    return [
        SecretHint(
            ending=secret.ending,
            created_at=DateTime(secret.created_at),
            until=None if secret.until is None else DateTime(secret.until),
        )
        for secret in secrets_in(stored)
    ]


def _product_ids(stored: Any) -> list[strawberry.ID]:
    return [strawberry.ID(f"product_{found}") for found in _list(stored)]


@gated(Needs(grant=GATE))
@row_of("webhook_endpoints", "webhook")
@strawberry.type
class WebhookEndpoint(Node):
    """An address that gets signed messages about events, as Standard Webhooks describes them.

    A message has what its `responsible` person holds and reaches when it is sent, and else only the id of the
    object.
    """

    url: str
    """The address."""
    description: str
    """What it is for."""
    enabled: bool
    """Whether it gets events."""
    events: list[EventType] = computed(lambda stored: [EventType(name) for name in _list(stored)], "events")
    """The types of events that it gets; empty for all."""
    product_ids: list[strawberry.ID] = computed(_product_ids, "products")
    """The products whose events it gets; empty for all events, also those that are about no product."""
    responsible: ChangedBy = sourced(Embedded(names={"name": "user_name"}))
    """The person who is responsible for it: who created it, or last changed it."""
    created_at: DateTime
    """When it was created. It gets no earlier events."""
    status: WebhookStatus = computed(
        _status,
        "enabled",
        "fell",
        "failing_since",
        "user_id",
        _owner(),
        _of_membership("p.grants"),
        _of_membership("c.suspended_at"),
        _of_membership("c.starts_at"),
        _of_membership("c.ends_at"),
    )
    """The current status."""
    disabled_reason: DisabledReason | None
    """Why it is disabled; null if it is not."""
    secrets: list[SecretHint] = computed(_hints, "secrets")
    """The secrets that sign now, the current one first: two while a secret is being replaced."""
    last_delivery_at: DateTime | None
    """When it last took a message; null if never."""
    failing_since: DateTime | None
    """Since when it has taken no message; null if it took the last one."""
    version: int
    """A number that grows with each change. `editWebhook` requires it."""


found_within(WebhookEndpoint, reach.webhooks)


@strawberry.type
class Attempt:
    """A try to send a message."""

    at: DateTime
    """When it began."""
    status: int | None
    """The HTTP status of the answer; null if there was none."""
    duration_ms: int
    """How long it took, in milliseconds."""
    error: str | None
    """Why there was no answer: none in time, no connection, or an address in a private network."""


class _StoredAttempt(msgspec.Struct):
    at: int
    status: int | None = None
    duration_ms: int = 0
    error: str | None = None


def attempts_in(stored: Any) -> list[Attempt]:
    """The tries of a delivery."""
    found = msgspec.convert(_list(stored), list[_StoredAttempt])
    return [
        Attempt(at=DateTime(item.at), status=item.status, duration_ms=item.duration_ms, error=item.error)
        for item in found
    ]


def object_id_of(event: str, object_id: Any) -> str | None:
    """The id of the object that a delivery is about."""
    kind = OUTGOING[EventType(event)].object
    return None if kind is None or object_id is None else f"{kind.prefix}_{object_id}"


@gated(Needs(grant=GATE))
@row_of("deliveries", "delivery")
@strawberry.type
class Delivery(Node):
    """One event for one receiver. Its message is never shown."""

    event: EventType
    """What happened."""
    event_id: str
    """The id of the event, which is the `webhook-id` of every message about it."""
    endpoint_id: strawberry.ID = computed(lambda found: strawberry.ID(f"webhook_{found}"), "receiver_id")
    """The endpoint that gets it."""
    status: DeliveryStatus
    """The current status."""
    reduced: bool
    """Whether the last message had no more than the id of the object."""
    attempts: list[Attempt] = computed(attempts_in, "attempts")
    """The tries so far, the first one first: at most ten."""
    happened_at: DateTime
    """When the event happened."""
    created_at: DateTime
    """When the delivery was created."""
    next_at: DateTime | None
    """When it is tried next; null if it will not be tried again."""
    object: str | None = computed(object_id_of, "event", "object_id")
    """The id of the object that the event is about; null for a test."""
    reference: str | None = admin_only()
    """The marketplace's name of the object, where it has one."""


found_within(Delivery, reach.deliveries)
