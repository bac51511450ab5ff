"""Requests for refunds and approval rules, as part of `Account`."""

import strawberry

from actions.commerce.refunds.limits import limits_of
from authz.gates import OwnerOnly, gated, needs, owner_only
from authz.grant import Grant
from graph.commerce.refunds.filters import find_refund_requests
from graph.commerce.sales.refund import RefundRequest
from graph.kit.listed import listed
from graph.kit.money import Money
from graph.kit.noun import AccountPart
from graph.kit.row_reach import RowConnection
from models.refund import ApprovalAct


@gated(OwnerOnly())
@strawberry.type
class ApprovalRules:
    """The amounts above which the owner approves what others request, one for each currency. Amounts in other
    currencies need no approval."""

    withdrawals_above: list[Money]
    """The limits for withdrawals."""
    refunds_above: list[Money]
    """The limits for requests for refunds."""


@strawberry.type
class RefundsOfAccount(AccountPart):
    """The requests for refunds within reach, and the owner's rules."""

    refund_requests: RowConnection[RefundRequest] | None = listed(
        find_refund_requests, needs(Grant.REQUEST_REFUNDS), assigned=True
    )
    """The requests for refunds of the sales within your reach, newest first by default."""

    @owner_only()
    async def approval_rules(self) -> ApprovalRules:
        """What needs the owner's approval."""
        return ApprovalRules(
            withdrawals_above=await self._limits(ApprovalAct.WITHDRAWAL),
            refunds_above=await self._limits(ApprovalAct.REFUND),
        )

    async def _limits(self, act: ApprovalAct) -> list[Money]:
        assert self.viewer.central is not None
        limits = await limits_of(self.viewer.central.account_id, act)
        return [Money(minor=amount, currency=currency) for currency, amount in limits.items()]
