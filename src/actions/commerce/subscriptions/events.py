"""The events in subscriptions' histories that people and time cause."""

from collections.abc import Iterable
from typing import Annotated

from actions.commerce.sales.events import ASSIGNMENT_AS_IT_IS, CREDIT_AS_IT_IS
from actions.kit.event import EventFacts, History, Shown, event
from authz.gates import Standing
from authz.grant import Grant
from authz.viewer import Viewer
from models.changes import ChangeKind, note
from models.person_change import Assignment, Credit, PersonChange
from models.tables.subscription import (
    CancellationReason,
    SubscriptionEmailKind,
    SubscriptionRequestKind,
    SubscriptionRequestStatus,
)

SUBSCRIPTION_HISTORY = History(
    "subscription_events",
    "subscriptions",
    "subscription_id",
    enum="SubscriptionChange",
    grant=Grant.MANAGE_SUBSCRIPTIONS,
    folded=PersonChange,
    copied=("code",),
)


@event(SUBSCRIPTION_HISTORY, "ASSIGNMENT", Standing.LEAD, moment="assigned_at", folded=True)
class SubscriptionAssignment(EventFacts, frozen=True):
    """An assignment of the subscription to a collaborator, or to no one."""

    assignment: Annotated[Assignment, ASSIGNMENT_AS_IT_IS, Shown(of=("assignee_name", "team_name"))] = (
        Assignment()
    )
    credit: Annotated[Credit, CREDIT_AS_IT_IS] = Credit()


@event(SUBSCRIPTION_HISTORY, "REQUEST")
class SubscriptionRequestChange(EventFacts, frozen=True):
    """A request to the marketplace, its withdrawal, or its expiry."""

    kind: Annotated[SubscriptionRequestKind, Shown()]
    """What is requested."""
    status: Annotated[SubscriptionRequestStatus, Shown()]
    """The status that the request has since then."""
    reason: Annotated[CancellationReason | None, Shown()] = None
    """The reason for canceling the subscription; null for other requests."""
    day: Annotated[int | None, Shown()] = None
    """The day of the month to charge on; null for other requests."""


@event(SUBSCRIPTION_HISTORY, "REMINDER")
class SubscriptionReminder(EventFacts, frozen=True):
    """The subscriber was reminded of an overdue payment by e-mail."""


class _RuleEmail(EventFacts, frozen=True, kw_only=True):
    """What is recorded of an e-mail of the subscription rules."""

    email: Annotated[SubscriptionEmailKind, Shown("about")]
    """What the e-mail is about."""
    days: Annotated[int, Shown()]
    """The number of days before the charge, after the payment was due, or after the end."""


@event(SUBSCRIPTION_HISTORY, "RULE_EMAIL")
class SubscriptionEmailSent(_RuleEmail, frozen=True, kw_only=True):
    """The subscriber got an e-mail by the subscription rules."""


@event(SUBSCRIPTION_HISTORY, "RULE_EMAIL_SKIPPED")
class SubscriptionEmailSkipped(_RuleEmail, frozen=True, kw_only=True):
    """An e-mail by the subscription rules was not sent: the subscriber has no e-mail address, wants no such
    e-mails, or has received too many that day."""


def note_subscriptions(viewer: Viewer, subscription_ids: Iterable[str]) -> None:
    """Notify those who follow subscriptions that some of the viewer's account changed."""
    assert viewer.central is not None
    note(viewer.central.account_id, ChangeKind.SUBSCRIPTION, subscription_ids)
