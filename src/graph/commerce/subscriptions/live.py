"""Subscriptions as they change."""

import strawberry

from authz.gates import Needs, gated, needs
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.source import SameRow, Stamped, sourced
from graph.commerce.subscriptions.filters import find_subscriptions
from graph.commerce.subscriptions.types import ProductSubscription
from graph.kit.follow import followed
from graph.kit.scalars import DateTime
from models.changes import ChangeKind


@gated(Needs(grant=Grant.MANAGE_SUBSCRIPTIONS))
@row_of("subscriptions")
@strawberry.type
class SubscriptionUpdate:
    """Something that happened to a subscription."""

    cursor: str = sourced(Stamped(-2))
    """The position of the event, for `after`."""
    at: DateTime = sourced(Stamped(-1))
    """When it happened."""
    subscription: ProductSubscription = sourced(SameRow())
    """The subscription as it is when the event is sent."""


@strawberry.type
class SubscriptionUpdates:
    """Subscriptions as they change."""

    subscription_changed: SubscriptionUpdate = followed(
        SubscriptionUpdate, ChangeKind.SUBSCRIPTION, find_subscriptions, needs(Grant.MANAGE_SUBSCRIPTIONS)
    )
    """The changes of subscriptions within your reach, new ones included. Each event has a subscription as it
    is after the change, if it is then within your reach and meets the filter."""
