"""The inputs of mutations of subscriptions."""

import strawberry

from graph.kit.payload import RepeatableInput
from models.tables.subscription import CancellationReason


@strawberry.input
class CancelSubscriptionInput(RepeatableInput):
    """A subscription, and the reason for its end."""

    code: str
    """The code of the subscription."""
    reason: CancellationReason
    """The reason for its end."""
    note: str | None = None
    """A note of 5 to 500 characters, required with the reason `OTHER` and with mentions."""
    mentions: list[strawberry.ID] | None = None
    """The collaborators whom the note mentions, by the ids of people, at most 10. They are notified of it.
    Each must be able to see the subscription."""
    tell_subscriber: bool = True
    """Whether the subscriber receives an e-mail about the request, if their address is known."""


@strawberry.input
class CancelSubscriptionsInput(RepeatableInput):
    """Several subscriptions, and the reason for their end."""

    codes: list[str]
    """The codes of the subscriptions, from 1 to 100."""
    reason: CancellationReason
    """The reason for their end."""
    note: str | None = None
    """A note of 5 to 500 characters, required with the reason `OTHER`."""
    tell_subscriber: bool = True
    """Whether the subscribers receive an e-mail about the request, if their address is known."""


@strawberry.input
class ChangeChargeDayInput(RepeatableInput):
    """A subscription, and the day on which it is to be charged."""

    code: str
    """The code of the subscription."""
    day: int
    """The day of the month, from 1 to 31. In a shorter month, it is the last day."""


@strawberry.input
class RequestReactivationInput(RepeatableInput):
    """A subscription that is to be activated again."""

    code: str
    """The code of the subscription."""
    charge: bool = False
    """Whether it is charged at once; otherwise at its next charge."""


@strawberry.input
class WithdrawSubscriptionRequestInput(RepeatableInput):
    """A request for a subscription."""

    id: strawberry.ID
    """The id of the request."""


@strawberry.input
class RemindSubscriberInput(RepeatableInput):
    """A subscription with an overdue payment."""

    code: str
    """The code of the subscription."""


@strawberry.input
class AssignSubscriptionInput(RepeatableInput):
    """A subscription and its new assignee."""

    code: str
    """The code of the subscription."""
    assignee_id: strawberry.ID | None = None
    """The new assignee, one of `assignees`. Null leaves the subscription unassigned, which the owner and
    admins can do."""
    team_id: strawberry.ID | None = None
    """The team that it is assigned in. If null, it is the assignee's team, where they have only one."""


@strawberry.input
class AssignSubscriptionsInput(RepeatableInput):
    """Several subscriptions and their new assignee."""

    codes: list[str]
    """The codes of the subscriptions, from 1 to 100."""
    assignee_id: strawberry.ID | None = None
    """The new assignee, one of `assignees`. Null leaves the subscriptions unassigned, which the owner and
    admins can do."""
    team_id: strawberry.ID | None = None
    """The team that they are assigned in. If null, it is the assignee's team, where they have only one."""
