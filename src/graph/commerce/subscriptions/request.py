"""What people requested from the marketplace for a subscription."""

from datetime import date

import strawberry

from actions.commerce.subscriptions.found import subscription_requests
from authz.gates import Needs, gated
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.source import Computed, computed, sourced
from graph.kit.changed_by import ChangedBy
from graph.kit.node import Node, found_within
from graph.kit.scalars import Date, DateTime
from models.tables.subscription import (
    CancellationReason,
    SubscriptionRequestKind,
    SubscriptionRequestStatus,
)

strawberry.enum(CancellationReason)


def _day(stored: str | None) -> Date | None:
    return None if stored is None else Date(date.fromisoformat(stored))


def _person(name: str) -> ChangedBy | None:
    return ChangedBy(name=name) if name else None


@gated(Needs(grant=Grant.MANAGE_SUBSCRIPTIONS))
@row_of("subscription_requests", "subscriptionRequest")
@strawberry.type
class SubscriptionRequest(Node):
    """Something that was requested from the marketplace for a subscription. It changes nothing until a
    message from the marketplace says that it was done."""

    kind: SubscriptionRequestKind
    """What is requested."""
    status: SubscriptionRequestStatus
    """The status of the request. Events at the marketplace count by the time at which they happened, however
    late their messages arrive."""
    reason: CancellationReason | None
    """The reason for canceling the subscription; null for other requests."""
    note: str | None
    """A note by the person who requested it."""
    day: int | None
    """The day of the month to charge on, from 1 to 31; null for other requests. In a shorter month, it is the
    last day."""
    effective_from: Date | None = sourced(Computed(_day, ("effective_from",)))
    """The first day that would be charged on the new day; null for other requests. The next charge stays as
    it is."""
    charge: bool
    """Whether the marketplace is to charge at once when it activates the subscription again."""
    requested_at: DateTime
    """When it was requested."""
    requested_by: ChangedBy | None = computed(_person, "requested_by_name")
    """The person who requested it; null if the subscription rules did."""
    expires_at: DateTime
    """When the request expires if it is still open then."""
    closed_at: DateTime | None
    """When the request was closed; null if it is open."""


found_within(SubscriptionRequest, subscription_requests)
