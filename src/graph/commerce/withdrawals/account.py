"""Balances, the ledger and withdrawals, as part of `Account`."""

import strawberry

from actions.commerce.withdrawals.destination import destination_of
from actions.commerce.withdrawals.found import GRANT, balances, ledger_days
from authz.gates import admin_only, needs
from engine.rows.connection import Connection
from engine.rows.lists import Rows
from engine.rows.select import Order
from graph.commerce.withdrawals.filters import find_ledger_entries, find_withdrawals
from graph.commerce.withdrawals.types import (
    Balance,
    LedgerDay,
    LedgerEntry,
    LedgerLine,
    PayoutDestination,
    Withdrawal,
)
from graph.kit.listed import listed
from graph.kit.money import Money
from graph.kit.noun import AccountPart
from graph.kit.period import PeriodInput
from graph.kit.scalars import Date, DateTime
from graph.kit.storable import storable
from models.tables.ledger import LedgerKind
from reports.ledger import ledger_totals
from reports.period import Period, ReportInterval


@strawberry.type
class WithdrawalsOfAccount(AccountPart):
    """The account's money at the marketplace, and where it went."""

    @needs(GRANT)
    def balances(self) -> list[Balance]:
        """What the account has at the marketplace, one for each currency, at most some tens."""
        return Rows(Balance, balances(self.viewer), order=(Order("currency"),))  # type: ignore[return-value]

    @needs(GRANT)
    async def payout_destination(self) -> PayoutDestination | None:
        """The bank account that withdrawals are paid to; null until the owner has set bank details."""
        assert self.viewer.central is not None
        found = await destination_of(self.viewer.central.account_id)
        if found is None:
            return None
        return PayoutDestination(
            kind=found.kind,
            ending=found.ending,
            holder=found.holder,
            usable_from=DateTime(found.usable_from),
        )

    @needs(GRANT)
    async def ledger(
        self, period: PeriodInput, currency: str | None = None, kind: LedgerKind | None = None
    ) -> list[LedgerDay] | None:
        """The entries of the ledger by day, reason and currency, the newest day first; at most 400 days.

        What is booked on a day never changes afterwards: later messages are booked when they arrive.

        Args:
            period: The days on which the entries were booked.
            currency: Only entries in this currency, as an ISO 4217 code.
            kind: Only entries for this reason.
        """
        assert self.viewer.central is not None
        buckets = Period(period.from_, period.to).cut(ReportInterval.DAY, self.viewer.central.timezone)
        of = None if currency is None else storable(currency)
        totals = await ledger_totals(ledger_days(self.viewer), buckets, of, kind)
        return [
            LedgerDay(
                on=Date(total.bucket.first),
                kind=total.kind,
                currency=total.currency,
                entries=total.entries,
                lines=[
                    LedgerLine(account=account, amount=Money(minor=amount, currency=total.currency))
                    for account, amount in total.lines
                ],
            )
            for total in totals
        ]

    ledger_entries: Connection[LedgerEntry] | None = listed(find_ledger_entries, admin_only())
    """The entries of the ledger one by one, newest first."""
    withdrawals: Connection[Withdrawal] | None = listed(find_withdrawals, needs(GRANT))
    """The withdrawals of the account, newest first by default."""
