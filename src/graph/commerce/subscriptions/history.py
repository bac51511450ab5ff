"""What happened to a subscription: messages outside of its payments, what people did, and what time did."""

from enum import Enum
from typing import Any

import msgspec
import strawberry

from actions.commerce.subscriptions.events import (
    SUBSCRIPTION_HISTORY,
    SubscriptionEmailSent,
    SubscriptionReminder,
)
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
from models.tables.subscription import (
    SubscriptionEmailKind,
    SubscriptionRequestKind,
    SubscriptionRequestStatus,
)
from models.vocabulary import EventSource

strawberry.enum(SubscriptionEmailKind)
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


class _Facts(msgspec.Struct, frozen=True):
    by: Author | None = None
    email: SubscriptionEmailKind = SubscriptionEmailKind.OVERDUE
    days: int | None = None


def _facts(stored: str | bytes | dict[str, Any]) -> _Facts:
    return (
        msgspec.convert(stored, _Facts)
        if isinstance(stored, dict)
        else msgspec.json.decode(stored, type=_Facts)
    )


def _reminded_by(stored: str | bytes | dict[str, Any]) -> ChangedBy | None:
    by = _facts(stored).by
    return ChangedBy(name=by.name) if by is not None and by.name else None


def _about(stored: str | bytes | dict[str, Any]) -> SubscriptionEmailKind:
    return _facts(stored).email


def _days(stored: str | bytes | dict[str, Any]) -> int | None:
    return _facts(stored).days


@gated(Needs(grant=SUBSCRIPTION_HISTORY.grant))
@row_of("subscription_events")
@strawberry.type
class SubscriptionReminderSent:
    """An e-mail to the subscriber about a charge, an overdue payment or the end of the subscription."""

    at: DateTime = sourced(Column("happened_at"))
    """When the e-mail was sent."""
    about: SubscriptionEmailKind = sourced(Computed(_about, ("facts",)))
    """What the e-mail is about."""
    days: int | None = sourced(Computed(_days, ("facts",)))
    """For an e-mail by the subscription rules, the number of days before the charge, after the payment was
    due, or after the end; null if a person sent it."""
    by: ChangedBy | None = sourced(Computed(_reminded_by, ("facts",)))
    """The person who sent it; null if the subscription rules did, or if the person is not known."""


REMINDERS = Children(
    "subscription_id",
    Order("happened_at"),
    where=Statement(
        "r.source IN (?, ?) AND r.kind IN (?, ?)",
        (
            EventSource.PERSON.value,
            EventSource.CLOCK.value,
            EVENTS[SubscriptionReminder].kind,
            EVENTS[SubscriptionEmailSent].kind,
        ),
    ),
)
