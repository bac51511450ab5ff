"""Mutations of withdrawals."""

import strawberry

from actions.commerce.withdrawals import decide, request, terms
from actions.commerce.withdrawals.found import GRANT, withdrawals
from authz.gates import needs
from graph.accounts.payload import AccountPayload
from graph.commerce.withdrawals.types import Withdrawal
from graph.kit.context import Info
from graph.kit.money import MoneyInput
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.storable import storable


@strawberry.input
class MakeWithdrawalInput(RepeatableInput):
    """An amount to be paid out."""

    amount: MoneyInput
    """The amount, in a currency of `balances`."""


@strawberry.input
class CancelWithdrawalInput(RepeatableInput):
    """An open withdrawal."""

    id: strawberry.ID
    """The id of the withdrawal."""


@strawberry.input
class ApproveWithdrawalInput(RepeatableInput):
    """A withdrawal that waits for approval."""

    id: strawberry.ID
    """The id of the withdrawal."""


@strawberry.input
class RefuseWithdrawalInput(RepeatableInput):
    """A withdrawal that waits for approval, and why it is refused."""

    id: strawberry.ID
    """The id of the withdrawal."""
    reason: str
    """The reason, of 5 to 500 characters, which everyone who sees the withdrawal can read."""


@strawberry.input
class PaidInput:
    """A payout that succeeded."""

    bank_reference: str
    """The bank's reference of the payout, of 1 to 100 characters."""


@strawberry.input
class FailedInput:
    """A payout that failed."""

    reason: str
    """Why it failed, in 5 to 500 characters."""


@strawberry.input(one_of=True)
class WithdrawalOutcomeInput:
    """How a payout ended: exactly one of these."""

    paid: PaidInput | None = strawberry.UNSET
    """The bank paid it."""
    failed: FailedInput | None = strawberry.UNSET
    """It failed."""


@strawberry.input
class SettleWithdrawalInput(RepeatableInput):
    """A requested withdrawal, and how its payout ended."""

    id: strawberry.ID
    """The id of the withdrawal."""
    outcome: WithdrawalOutcomeInput
    """How the payout ended."""


@strawberry.input
class PayoutDaysInput:
    """The payout days of a currency."""

    currency: str
    """The currency's ISO 4217 code."""
    days: int
    """The number of days after the approval of a sale until its share is released, from 0 to 365."""


@strawberry.input
class SetPayoutTermsInput(RepeatableInput):
    """When the marketplace releases shares."""

    days: list[PayoutDaysInput]
    """The payout days, at most one for each currency. All other currencies have the default: 30 days for
    `BRL`, 15 for others."""
    expected_version: int
    """The `version` of the account that you read. If it has changed since, nothing is changed."""


@strawberry.input
class SetWithdrawalRulesInput(RepeatableInput):
    """The least amounts of withdrawals."""

    minimum: list[MoneyInput]
    """The least amounts, at most one for each currency. All other currencies have none."""
    expected_version: int
    """The `version` of the account that you read. If it has changed since, nothing is changed."""


@strawberry.input
class OpenBalanceInput(RepeatableInput):
    """What was paid out before this server was used."""

    paid_out: MoneyInput
    """The total of earlier payouts of sales that are known here, in one currency."""


@strawberry.type
class WithdrawalPayload(Payload):
    """The result of a mutation of a withdrawal."""

    @needs(GRANT)
    async def withdrawal(self, info: Info) -> Withdrawal | None:
        """The withdrawal as it is now; null if the mutation was refused."""
        return await self.row(Withdrawal, withdrawals(info.context.viewer))


@strawberry.type
class MakeWithdrawalPayload(WithdrawalPayload):
    """The result of `makeWithdrawal`."""


@strawberry.type
class CancelWithdrawalPayload(WithdrawalPayload):
    """The result of `cancelWithdrawal`."""


@strawberry.type
class ApproveWithdrawalPayload(WithdrawalPayload):
    """The result of `approveWithdrawal`."""


@strawberry.type
class RefuseWithdrawalPayload(WithdrawalPayload):
    """The result of `refuseWithdrawal`."""


@strawberry.type
class SettleWithdrawalPayload(WithdrawalPayload):
    """The result of `settleWithdrawal`."""


@strawberry.type
class SetPayoutTermsPayload(AccountPayload):
    """The result of `setPayoutTerms`."""


@strawberry.type
class SetWithdrawalRulesPayload(AccountPayload):
    """The result of `setWithdrawalRules`."""


@strawberry.type
class OpenBalancePayload(AccountPayload):
    """The result of `openBalance`."""


@strawberry.type
class WithdrawalMutations:
    """Mutations of withdrawals."""

    @mutation(request.MAKE_WITHDRAWAL)
    async def make_withdrawal(self, info: Info, input: MakeWithdrawalInput) -> MakeWithdrawalPayload:  # noqa: A002
        """Requests that an amount is paid out to the owner's bank account, and holds it until it is settled.

        The money moves at the marketplace or the bank, not here. Above the owner's limit, alone or with what
        you requested within 24 hours, the withdrawal first waits for the owner's approval, for at most 7
        days. What the owner requests in a session needs no approval. The owner gets an e-mail. WRONG_STATE:
        the balance is still being computed. RATE_LIMITED: you made 20 requests within a day.

        Args:
            input: The amount.
        """
        money = input.amount
        found = await request.make_withdrawal(info.context.call, money.amount, storable(money.currency))
        return MakeWithdrawalPayload(object_id=found)

    @mutation(request.CANCEL_WITHDRAWAL)
    async def cancel_withdrawal(self, info: Info, input: CancelWithdrawalInput) -> CancelWithdrawalPayload:  # noqa: A002
        """Cancels a withdrawal, and returns its amount to the balance.

        The owner can cancel every open withdrawal. FORBIDDEN: someone else requested it, or you requested it
        more than 10 minutes ago and it does not wait for approval.

        Args:
            input: The withdrawal.
        """
        found = await request.cancel_withdrawal(info.context.call, named(input.id, Withdrawal))
        return CancelWithdrawalPayload(object_id=found)

    @mutation(decide.APPROVE_WITHDRAWAL)
    async def approve_withdrawal(self, info: Info, input: ApproveWithdrawalInput) -> ApproveWithdrawalPayload:  # noqa: A002
        """Approves a withdrawal that is above the limit.

        FORBIDDEN: the person who requested it could not request it now. SAME_PERSON: you requested it
        yourself before you became the owner; cancel it and request it again.

        Args:
            input: The withdrawal.
        """
        found = await decide.approve_withdrawal(info.context.call, named(input.id, Withdrawal))
        return ApproveWithdrawalPayload(object_id=found)

    @mutation(decide.REFUSE_WITHDRAWAL)
    async def refuse_withdrawal(self, info: Info, input: RefuseWithdrawalInput) -> RefuseWithdrawalPayload:  # noqa: A002
        """Refuses a withdrawal that is above the limit, and returns its amount to the balance.

        Args:
            input: The withdrawal, and why it is refused.
        """
        found = await decide.refuse_withdrawal(
            info.context.call, named(input.id, Withdrawal), storable(input.reason)
        )
        return RefuseWithdrawalPayload(object_id=found)

    @mutation(decide.SETTLE_WITHDRAWAL)
    async def settle_withdrawal(self, info: Info, input: SettleWithdrawalInput) -> SettleWithdrawalPayload:  # noqa: A002
        """Records how the payout of a requested withdrawal ended: it was paid, or it failed and its amount
        returns to the balance.

        Args:
            input: The withdrawal and the outcome.
        """
        outcome = input.outcome
        found = await decide.settle_withdrawal(
            info.context.call,
            named(input.id, Withdrawal),
            paid=storable(outcome.paid.bank_reference) if outcome.paid else None,
            failed=storable(outcome.failed.reason) if outcome.failed else None,
        )
        return SettleWithdrawalPayload(object_id=found)

    @mutation(terms.SET_PAYOUT_TERMS)
    async def set_payout_terms(self, info: Info, input: SetPayoutTermsInput) -> SetPayoutTermsPayload:  # noqa: A002
        """Sets how many days after the approval of a sale the marketplace releases its share.

        They count for all sales. The balances of an account with many sales follow within minutes, and until
        then no withdrawal can be requested. BAD_INPUT: a currency is unknown or occurs twice, or a number of
        days is not allowed.

        Args:
            input: The payout days.
        """
        days = [(storable(chosen.currency), chosen.days) for chosen in input.days]
        changed = await terms.set_payout_terms(info.context.call, days, input.expected_version)
        return SetPayoutTermsPayload(object_id=changed)

    @mutation(terms.SET_WITHDRAWAL_RULES)
    async def set_withdrawal_rules(
        self,
        info: Info,
        input: SetWithdrawalRulesInput,  # noqa: A002
    ) -> SetWithdrawalRulesPayload:
        """Sets the least amounts of withdrawals.

        BAD_INPUT: a currency is unknown or occurs twice, or an amount is not positive or has more decimals
        than its currency.

        Args:
            input: The least amounts.
        """
        minimum = [(money.amount, storable(money.currency)) for money in input.minimum]
        changed = await terms.set_withdrawal_rules(info.context.call, minimum, input.expected_version)
        return SetWithdrawalRulesPayload(object_id=changed)

    @mutation(terms.OPEN_BALANCE)
    async def open_balance(self, info: Info, input: OpenBalanceInput) -> OpenBalancePayload:  # noqa: A002
        """Books what was paid out before this server was used, once for each currency.

        The amount leaves what is available. WRONG_STATE: earlier payouts in this currency were entered
        already, or the balance is still being computed.

        Args:
            input: The amount.
        """
        money = input.paid_out
        changed = await terms.open_balance(info.context.call, money.amount, storable(money.currency))
        return OpenBalancePayload(object_id=changed)
