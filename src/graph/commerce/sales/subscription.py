"""What a sale says about the subscription that it is a payment of, and how that stands."""

import strawberry

from actions.commerce.subscriptions.found import subscriptions
from authz.gates import Needs, gated
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.source import Column, Expression, SameRow, Within, joined, sourced
from graph.kit.scalars import DateTime
from graph.membership.collaborators.types import Person
from models.tables.subscription import SubscriptionStatus

strawberry.enum(SubscriptionStatus)

_SUBSCRIPTIONS = Needs(grant=Grant.MANAGE_SUBSCRIPTIONS)


@gated(_SUBSCRIPTIONS)
@row_of("subscriptions", "subscription")
@strawberry.type
class SubscriptionSummary:
    """How a subscription stands. `Account.subscription` and `node` have all of it, with its payments."""

    subscription_id: strawberry.ID = sourced(Column("id"))
    """The subscription's id."""
    status: SubscriptionStatus
    """The current status of the subscription. A request does not change it."""
    next_charge_at: DateTime | None
    """When the next payment is due; null if it is not known."""
    overdue_recurrences: int
    """The number of payments that are overdue now."""
    ended_at: DateTime | None
    """When the subscription ended; null if it has not."""
    assignee: Person | None = joined("assignee_id")
    """The collaborator the subscription is assigned to, who can be another one than the sale's; null if it is
    unassigned."""


@gated(_SUBSCRIPTIONS)
@row_of("sales", carries={"subscription_id": "subscription_id"})
@strawberry.type
class SaleSubscription:
    """The subscription that a sale is a payment of."""

    code: str | None = sourced(Column("subscription_code"))
    """The subscriber's code; null if the marketplace sends only the number of the payment."""
    plan: str | None = sourced(Column("subscription_plan"))
    """The name of the subscription's plan."""
    recurrence: int | None
    """The number of this payment in the subscription, starting at 1."""
    subscription: SubscriptionSummary | None = sourced(Within("subscription_id", subscriptions))
    """How the subscription stands, if it is among those that you can see."""


def _known(row: str) -> str:
    return f"COALESCE({row}.subscription_code, {row}.subscription_plan, CAST({row}.recurrence AS TEXT))"


OF_SUBSCRIPTION = SameRow(present=Expression(_known))
"""What a sale says about its subscription; null where it says nothing."""
