"""What happened to a subscription: messages outside of its payments, what people did, and what time did."""

from enum import Enum
from typing import Any

import msgspec
import strawberry

from actions.commerce.subscriptions.events import SUBSCRIPTION_HISTORY, SubscriptionReminder
from actions.kit.event import EVENTS
from authz.gates import Needs, gated
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, Column, Computed, sourced
from graph.kit.changed_by import ChangedBy
from graph.kit.event import shows
from graph.kit.scalars import DateTime
from models.person_change import Author
from models.statement import Statement
from models.tables.subscription import SubscriptionRequestKind, SubscriptionRequestStatus
from models.vocabulary import EventSource

strawberry.enum(SubscriptionRequestKind)
strawberry.enum(SubscriptionRequestStatus)


@strawberry.enum
class SubscriptionMessage(Enum):
    """What a message from the marketplace says about a subscription."""

    CANCELED = "SUBSCRIPTION_CANCELLATION"
    """The subscription was canceled."""
    CHARGE_DAY = "UPDATE_SUBSCRIPTION_CHARGE_DATE"
    """The day of the month on which it is charged was changed."""
    PLAN = "SWITCH_PLAN"
    """The subscription has another plan."""
    DESCRIBED = "SUBSCRIPTIONS"
    """A page of the marketplace described the subscription as it was then."""


_MESSAGES = {message.value: message for message in SubscriptionMessage} | {
    "SUBSCRIPTIONS_SUMMARY": SubscriptionMessage.DESCRIBED
}


@gated(Needs(grant=SUBSCRIPTION_HISTORY.grant))
@row_of("subscription_events")
@strawberry.type
@shows(SUBSCRIPTION_HISTORY)
class SubscriptionEvent:
    """One event of a subscription outside of its payments: a message from the marketplace, or something that
    happened here."""

    message: SubscriptionMessage | None = sourced(Computed(_MESSAGES.get, ("kind",)))
    """What the marketplace's message says; null for what happened here."""
    happened_at: DateTime
    """When the event happened."""
    source: EventSource
    """The source of the event."""


class _By(msgspec.Struct, frozen=True):
    by: Author | None = None


def _reminded_by(stored: str | bytes | dict[str, Any]) -> ChangedBy | None:
    facts = (
        msgspec.convert(stored, _By) if isinstance(stored, dict) else msgspec.json.decode(stored, type=_By)
    )
    return ChangedBy(name=facts.by.name) if facts.by is not None and facts.by.name else None


@gated(Needs(grant=SUBSCRIPTION_HISTORY.grant))
@row_of("subscription_events")
@strawberry.type
class SubscriptionReminderSent:
    """An e-mail that reminded the subscriber of an overdue payment."""

    at: DateTime = sourced(Column("happened_at"))
    """When the e-mail was sent."""
    by: ChangedBy | None = sourced(Computed(_reminded_by, ("facts",)))
    """The person who sent it; null if they are not known."""


REMINDERS = Children(
    "subscription_id",
    Order("happened_at"),
    where=Statement(
        "r.source = ? AND r.kind = ?", (EventSource.PERSON.value, EVENTS[SubscriptionReminder].kind)
    ),
)
