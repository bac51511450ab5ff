"""Refund requests and approval rules, as part of `Account`."""

import strawberry

from actions.commerce.refunds.limits import limits_by_act
from authz.gates import OwnerOnly, gated, needs, owner_only
from authz.grant import Grant
from graph.commerce.refunds.filters import find_refund_requests
from graph.commerce.sales.refund import RefundRequest
from graph.kit.listed import listed
from graph.kit.money import Money
from graph.kit.noun import AccountPart
from graph.kit.row_reach import RowConnection
from models.tables.refund import ApprovalAct


@gated(OwnerOnly())
@strawberry.type
class ApprovalRules:
    """The amounts above which the owner approves what others request, one for each currency. Amounts in other
    currencies need no approval."""

    refunds_above: list[Money]
    """The limits for refund requests."""
    refunds_per_day_above: list[Money]
    """The limits for what the same person requests to refund within 24 hours, in total."""
    withdrawals_above: list[Money]
    """The limits for withdrawals, each together with what the same person requested within 24 hours."""


@strawberry.type
class RefundsOfAccount(AccountPart):
    """The refund requests within reach, and the owner's rules."""

    refund_requests: RowConnection[RefundRequest] | None = listed(
        find_refund_requests, needs(Grant.REQUEST_REFUNDS), assigned=True
    )
    """The refund requests of the sales within your reach, newest first by default."""

    @owner_only()
    async def approval_rules(self) -> ApprovalRules:
        """What needs the owner's approval."""
        assert self.viewer.central is not None
        limits = await limits_by_act(self.viewer.central.account_id)
        money = {
            act: [Money(minor=amount, currency=currency) for currency, amount in amounts.items()]
            for act, amounts in limits.items()
        }
        return ApprovalRules(
            refunds_above=money.get(ApprovalAct.REFUND, []),
            refunds_per_day_above=money.get(ApprovalAct.REFUND_DAY, []),
            withdrawals_above=money.get(ApprovalAct.WITHDRAWAL, []),
        )
