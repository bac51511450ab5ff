"""Mutations of refund requests, and of the owner's approval rules."""

import strawberry

from actions.commerce.refunds import decide, limits, request
from actions.commerce.refunds.found import refund_requests
from authz import reach
from authz.gates import needs
from authz.grant import Grant
from engine.rows.lists import FirstRow, Rows
from graph.accounts.payload import AccountPayload
from graph.commerce.sales.refund import RefundRequest
from graph.commerce.sales.types import Sale
from graph.kit.context import Info
from graph.kit.money import MoneyInput
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.storable import storable
from graph.membership.collaborators.types import Person
from models.statement import Statement
from models.tables.refund import ApprovalAct, RefundReason


@strawberry.input
class RequestRefundInput(RepeatableInput):
    """A sale, and the reason for its refund."""

    reference: str
    """The sale's reference."""
    reason: RefundReason
    """The reason for the refund."""
    note: str | None = None
    """A note of 5 to 500 characters, required with the reason `OTHER` and for mentions."""
    mentions: list[strawberry.ID] | None = None
    """The collaborators whom the note mentions, by the ids of people, at most 10. They are notified of it.
    Each must be able to see the sale."""


@strawberry.input
class WithdrawRefundRequestInput(RepeatableInput):
    """A refund request."""

    id: strawberry.ID
    """The id of the request."""


@strawberry.input
class ApproveRefundRequestInput(RepeatableInput):
    """A request that waits for approval."""

    id: strawberry.ID
    """The id of the request."""


@strawberry.input
class RefuseRefundRequestInput(RepeatableInput):
    """A request that waits for approval, and why it is refused."""

    id: strawberry.ID
    """The id of the request."""
    reason: str
    """The reason, of 5 to 500 characters, which everyone who sees the request can read."""


@strawberry.input
class SetApprovalRulesInput(RepeatableInput):
    """The limits above which the owner approves. Omitted limits stay as they are; an empty list or null
    removes them."""

    refunds_above: list[MoneyInput] | None = strawberry.UNSET
    """The limits for refund requests, at most one for each currency."""
    refunds_per_day_above: list[MoneyInput] | None = strawberry.UNSET
    """The limits for what the same person requests to refund within 24 hours, in total; at most one for each
    currency. Requests that the owner approved do not count; requests that were withdrawn do."""
    withdrawals_above: list[MoneyInput] | None = strawberry.UNSET
    """The limits for withdrawals, at most one for each currency. A withdrawal counts together with what the
    same person requested within 24 hours."""
    expected_version: int
    """The `version` of the account that you read. If it has changed since, nothing is changed."""


@strawberry.type
class RefundRequestPayload(Payload):
    """The result of a mutation of a refund request."""

    @needs(Grant.REQUEST_REFUNDS)
    async def refund_request(self, info: Info) -> RefundRequest | None:
        """The request as it is now; null if the mutation was refused or the request has left your reach."""
        return await self.row(RefundRequest, refund_requests(info.context.viewer))


@strawberry.type
class RequestRefundPayload(RefundRequestPayload):
    """The result of `requestRefund`."""

    reference: str
    """The reference from the input."""

    @needs(Grant.SEARCH_SALES)
    async def sale(self, info: Info) -> Sale | None:
        """The sale as it is now; null if the mutation was refused or the sale has left your reach."""
        if self.object_id is None:
            return None
        chosen = Statement("r.reference = ?", (storable(self.reference),))
        found: Sale | None = await FirstRow(Rows(Sale, reach.sales(info.context.viewer), chosen))
        return found


@strawberry.type
class WithdrawRefundRequestPayload(RefundRequestPayload):
    """The result of `withdrawRefundRequest`."""


@strawberry.type
class ApproveRefundRequestPayload(RefundRequestPayload):
    """The result of `approveRefundRequest`."""


@strawberry.type
class RefuseRefundRequestPayload(RefundRequestPayload):
    """The result of `refuseRefundRequest`."""


@strawberry.type
class SetApprovalRulesPayload(AccountPayload):
    """The result of `setApprovalRules`."""


@strawberry.type
class RefundMutations:
    """Mutations of refund requests."""

    @mutation(request.REQUEST_REFUND)
    async def request_refund(self, info: Info, input: RequestRefundInput) -> RequestRefundPayload:  # noqa: A002
        """Requests the refund of a sale's whole price from the marketplace, inside the buyer's warranty.

        The request stays open until the marketplace refunds the sale, for at most 30 days. Above the owner's
        limit for a sale, or for what you request within 24 hours, it first waits for the owner's approval,
        for at most 7 days. What the owner requests in a session needs no approval. WRONG_STATE: the sale is
        not paid, or its refund has begun. METHOD_EXCLUDED: only the buyer's bank can refund a direct
        debit. FORBIDDEN: the account promoted the sale as an affiliate, so another seller refunds it.
        RATE_LIMITED: you made 100 requests within a day. The collaborators whom the note mentions are
        notified. BAD_INPUT: a mention has no note, or there are more than 10 people. NOT_FOUND: the sale or a
        person does not exist or is not within reach.

        Args:
            input: The sale, and the reason for its refund.
        """
        note = None if input.note is None else storable(input.note)
        request_id = await request.request_refund(
            info.context.call,
            storable(input.reference),
            input.reason,
            note,
            [named(person_id, Person) for person_id in input.mentions or ()],
        )
        return RequestRefundPayload(object_id=request_id, reference=input.reference)

    @mutation(request.WITHDRAW_REFUND_REQUEST)
    async def withdraw_refund_request(
        self,
        info: Info,
        input: WithdrawRefundRequestInput,  # noqa: A002
    ) -> WithdrawRefundRequestPayload:
        """Withdraws an open refund request.

        FORBIDDEN: you neither made the request, nor lead a team of the sale's assignee, nor are the owner or
        an admin.

        Args:
            input: The request.
        """
        found = await request.withdraw_refund_request(info.context.call, named(input.id, RefundRequest))
        return WithdrawRefundRequestPayload(object_id=found)

    @mutation(decide.APPROVE_REFUND_REQUEST)
    async def approve_refund_request(
        self,
        info: Info,
        input: ApproveRefundRequestInput,  # noqa: A002
    ) -> ApproveRefundRequestPayload:
        """Approves a refund request that is above the limit.

        FORBIDDEN: the person who made it could not make it now. SAME_PERSON: you made it yourself before you
        became the owner; withdraw it and request the refund again.

        Args:
            input: The request.
        """
        found = await decide.approve_refund_request(info.context.call, named(input.id, RefundRequest))
        return ApproveRefundRequestPayload(object_id=found)

    @mutation(decide.REFUSE_REFUND_REQUEST)
    async def refuse_refund_request(
        self,
        info: Info,
        input: RefuseRefundRequestInput,  # noqa: A002
    ) -> RefuseRefundRequestPayload:
        """Refuses a refund request that is above the limit.

        Args:
            input: The request, and why it is refused.
        """
        found = await decide.refuse_refund_request(
            info.context.call, named(input.id, RefundRequest), storable(input.reason)
        )
        return RefuseRefundRequestPayload(object_id=found)

    @mutation(limits.SET_APPROVAL_RULES)
    async def set_approval_rules(self, info: Info, input: SetApprovalRulesInput) -> SetApprovalRulesPayload:  # noqa: A002
        """Sets the amounts above which the owner approves refund requests and withdrawals.

        Requests that are open already stay as they are. BAD_INPUT: a currency is unknown or occurs twice, or
        an amount has more decimals than its currency.

        Args:
            input: The limits.
        """
        limits_by_act = {
            ApprovalAct.REFUND: input.refunds_above,
            ApprovalAct.REFUND_DAY: input.refunds_per_day_above,
            ApprovalAct.WITHDRAWAL: input.withdrawals_above,
        }
        rules = {
            act: [(limit.amount, storable(limit.currency)) for limit in chosen or ()]
            for act, chosen in limits_by_act.items()
            if chosen is not strawberry.UNSET
        }
        changed = await limits.set_approval_rules(info.context.call, rules, input.expected_version)
        return SetApprovalRulesPayload(object_id=changed)
