"""Mutations of subscriptions."""

import strawberry

from actions.commerce.subscriptions import assign, remind, request
from actions.commerce.subscriptions.found import subscription_requests, subscriptions
from authz.gates import needs
from authz.grant import Grant
from engine.rows.lists import Rows
from engine.rows.select import Order
from graph.commerce.subscriptions.inputs import (
    AssignSubscriptionInput,
    AssignSubscriptionsInput,
    CancelSubscriptionInput,
    CancelSubscriptionsInput,
    ChangeChargeDayInput,
    RemindSubscriberInput,
    RequestReactivationInput,
    WithdrawSubscriptionRequestInput,
)
from graph.commerce.subscriptions.request import SubscriptionRequest
from graph.commerce.subscriptions.types import ProductSubscription
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload
from graph.kit.storable import storable
from graph.membership.collaborators.types import Person
from graph.membership.teams.types import Team
from models.statement import one_of


@strawberry.type
class SubscriptionPayload(Payload):
    """The result of a mutation of a subscription."""

    code: str
    """The code from the input."""

    @needs(Grant.MANAGE_SUBSCRIPTIONS)
    async def subscription(self, info: Info) -> ProductSubscription | None:
        """The subscription as it is now; null if the mutation was refused or it has left your reach."""
        return await self.row(ProductSubscription, subscriptions(info.context.viewer))


@strawberry.type
class CancelSubscriptionPayload(SubscriptionPayload):
    """The result of `cancelSubscription`."""


@strawberry.type
class ChangeChargeDayPayload(SubscriptionPayload):
    """The result of `changeChargeDay`."""


@strawberry.type
class RequestReactivationPayload(SubscriptionPayload):
    """The result of `requestReactivation`."""


@strawberry.type
class RemindSubscriberPayload(SubscriptionPayload):
    """The result of `remindSubscriber`."""

    sent: bool = False
    """Whether the e-mail was sent."""


@strawberry.type
class AssignSubscriptionPayload(SubscriptionPayload):
    """The result of `assignSubscription`."""


@strawberry.type
class SubscriptionsPayload(Payload):
    """The result of a mutation of several subscriptions. The `field` of an error names the position of the
    code."""

    codes: list[str]
    """The codes from the input."""

    @needs(Grant.MANAGE_SUBSCRIPTIONS)
    async def subscriptions(self, info: Info) -> list[ProductSubscription]:
        """The subscriptions as they are now, those that started last first, if they are still within your
        reach; empty if the mutation was refused."""
        if self.errors:
            return []
        chosen = one_of("r.code", [storable(code) for code in self.codes])
        newest = (Order("known_since", descending=True),)
        return await Rows(ProductSubscription, subscriptions(info.context.viewer), chosen, newest)


@strawberry.type
class CancelSubscriptionsPayload(SubscriptionsPayload):
    """The result of `cancelSubscriptions`."""


@strawberry.type
class AssignSubscriptionsPayload(SubscriptionsPayload):
    """The result of `assignSubscriptions`."""


@strawberry.type
class WithdrawSubscriptionRequestPayload(Payload):
    """The result of `withdrawSubscriptionRequest`."""

    @needs(Grant.MANAGE_SUBSCRIPTIONS)
    async def request(self, info: Info) -> SubscriptionRequest | None:
        """The request as it is now; null if the mutation was refused or it has left your reach."""
        return await self.row(SubscriptionRequest, subscription_requests(info.context.viewer))


@strawberry.type
class SubscriptionMutations:
    """Mutations of subscriptions."""

    @mutation(request.CANCEL_SUBSCRIPTION)
    async def cancel_subscription(
        self,
        info: Info,
        input: CancelSubscriptionInput,  # noqa: A002
    ) -> CancelSubscriptionPayload:
        """Requests from the marketplace that a subscription is canceled.

        The subscription stays as it is until the marketplace confirms the end, for at most 30 days.
        The collaborators whom the note mentions are notified. WRONG_STATE: it is neither started nor active
        nor delayed. BAD_INPUT: the note has fewer than 5 or more than 500 characters, or the reason `OTHER`
        or a mention has none, or there are more than 10 people. NOT_FOUND: a person does not exist or cannot
        see the subscription.

        Args:
            input: The subscription, and the reason for its end.
        """
        note = None if input.note is None else storable(input.note)
        found = await request.cancel_subscription(
            info.context.call,
            storable(input.code),
            input.reason,
            note,
            tell_subscriber=input.tell_subscriber,
            mentions=[named(person_id, Person) for person_id in input.mentions or ()],
        )
        return CancelSubscriptionPayload(object_id=found, code=input.code)

    @mutation(request.CANCEL_SUBSCRIPTIONS)
    async def cancel_subscriptions(
        self,
        info: Info,
        input: CancelSubscriptionsInput,  # noqa: A002
    ) -> CancelSubscriptionsPayload:
        """Requests from the marketplace that several subscriptions are canceled: either all of them or none.

        See `cancelSubscription` for the rules. BAD_INPUT: there are no codes, or more than 100.

        Args:
            input: The subscriptions, and the reason for their end.
        """
        note = None if input.note is None else storable(input.note)
        codes = [storable(code) for code in input.codes]
        await request.cancel_subscriptions(
            info.context.call, codes, input.reason, note, tell_subscriber=input.tell_subscriber
        )
        return CancelSubscriptionsPayload(codes=input.codes)

    @mutation(request.CHANGE_CHARGE_DAY)
    async def change_charge_day(self, info: Info, input: ChangeChargeDayInput) -> ChangeChargeDayPayload:  # noqa: A002
        """Requests from the marketplace that a subscription is charged on another day of the month.

        The next charge stays as it is, and the new day counts from the charge after it. WRONG_STATE: the
        subscription is neither active nor delayed, or it is in a trial.

        Args:
            input: The subscription, and the day.
        """
        found = await request.change_charge_day(info.context.call, storable(input.code), input.day)
        return ChangeChargeDayPayload(object_id=found, code=input.code)

    @mutation(request.REQUEST_REACTIVATION)
    async def request_reactivation(
        self,
        info: Info,
        input: RequestReactivationInput,  # noqa: A002
    ) -> RequestReactivationPayload:
        """Requests from the marketplace that a subscription is activated again.

        WRONG_STATE: it is neither canceled nor inactive.

        Args:
            input: The subscription.
        """
        found = await request.request_reactivation(
            info.context.call, storable(input.code), charge=input.charge
        )
        return RequestReactivationPayload(object_id=found, code=input.code)

    @mutation(request.WITHDRAW_SUBSCRIPTION_REQUEST)
    async def withdraw_subscription_request(
        self,
        info: Info,
        input: WithdrawSubscriptionRequestInput,  # noqa: A002
    ) -> WithdrawSubscriptionRequestPayload:
        """Withdraws an open request for a subscription.

        FORBIDDEN: you neither made the request, nor lead a team of the subscription's assignee, nor are the
        owner or an admin.

        Args:
            input: The request.
        """
        found = await request.withdraw_subscription_request(
            info.context.call, named(input.id, SubscriptionRequest)
        )
        return WithdrawSubscriptionRequestPayload(object_id=found)

    @mutation(remind.REMIND_SUBSCRIBER)
    async def remind_subscriber(
        self,
        info: Info,
        input: RemindSubscriberInput,  # noqa: A002
    ) -> RemindSubscriberPayload:
        """Reminds the subscriber of an overdue payment by e-mail.

        WRONG_STATE: the subscription is not delayed. RATE_LIMITED: three such e-mails were sent about the
        payment within a day.

        Args:
            input: The subscription.
        """
        found = await remind.remind_subscriber(info.context.call, storable(input.code))
        return RemindSubscriberPayload(object_id=found, code=input.code, sent=True)

    @mutation(assign.ASSIGN_SUBSCRIPTION)
    async def assign_subscription(
        self,
        info: Info,
        input: AssignSubscriptionInput,  # noqa: A002
    ) -> AssignSubscriptionPayload:
        """Assigns a subscription to a collaborator, or to no one. From then on, it does not follow its
        payments.

        The owner and admins can assign every subscription to everyone. Team leads can assign those of the
        members of their teams to members of these teams. FORBIDDEN: you can see the subscription but not
        assign it, or the assignee cannot enter the central now.

        Args:
            input: The subscription and its new assignee.
        """
        found = await assign.assign_subscription(
            info.context.call,
            storable(input.code),
            _row(Person, input.assignee_id),
            _row(Team, input.team_id),
        )
        return AssignSubscriptionPayload(object_id=found, code=input.code)

    @mutation(assign.ASSIGN_SUBSCRIPTIONS)
    async def assign_subscriptions(
        self,
        info: Info,
        input: AssignSubscriptionsInput,  # noqa: A002
    ) -> AssignSubscriptionsPayload:
        """Assigns several subscriptions to a collaborator, or to no one: either all of them or none.

        See `assignSubscription` for the rules. BAD_INPUT: there are no codes, or more than 100.

        Args:
            input: The subscriptions and their new assignee.
        """
        await assign.assign_subscriptions(
            info.context.call,
            codes=[storable(code) for code in input.codes],
            assignee_id=_row(Person, input.assignee_id),
            team_id=_row(Team, input.team_id),
        )
        return AssignSubscriptionsPayload(codes=input.codes)


def _row(cls: type, global_id: str | None) -> str | None:
    return None if global_id is None else named(global_id, cls)
