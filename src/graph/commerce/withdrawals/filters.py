"""How lists of withdrawals and of entries are filtered and sorted."""

from enum import Enum

import strawberry

from engine.rows.select import Order
from graph.commerce.withdrawals.types import LedgerEntry, Withdrawal
from graph.kit.filters import Indexed, equal, search, within
from graph.kit.period import PeriodInput
from models.tables.ledger import LedgerKind
from models.tables.withdrawal import WithdrawalStatus


@strawberry.input
class WithdrawalFilter:
    """A filter for withdrawals. Only withdrawals that meet all given conditions are listed."""

    status: list[WithdrawalStatus] | None = equal("status", indexed=Indexed("status"))
    """Withdrawals with one of these statuses."""
    currency: str | None = equal("currency")
    """Withdrawals in this currency, as an ISO 4217 code."""
    requested_period: PeriodInput | None = within("requested_at")
    """Withdrawals that were requested in this period."""


@strawberry.enum
class WithdrawalOrderField(Enum):
    """A field by which withdrawals can be sorted."""

    REQUESTED_AT = "requested_at"
    """When the withdrawal was requested."""


find_withdrawals = search(Withdrawal, WithdrawalFilter, order=WithdrawalOrderField.REQUESTED_AT)


@strawberry.input
class LedgerEntryFilter:
    """A filter for entries of the ledger. Only entries that meet all given conditions are listed."""

    kind: list[LedgerKind] | None = equal("kind")
    """Entries for one of these reasons."""
    currency: str | None = equal("currency")
    """Entries in this currency, as an ISO 4217 code."""
    period: PeriodInput | None = within("at")
    """Entries that were booked in this period."""


find_ledger_entries = search(LedgerEntry, LedgerEntryFilter, order=Order("at", descending=True))
