"""Where the account's own share of a sale belongs: a pure function of the sale, its terms and the time."""

import msgspec

from models.sales.warranty import warranty_end
from models.tables.ledger import LedgerAccount, LedgerKind
from models.vocabulary import SaleStatus

DAY_MS = 86_400_000
DEFAULT_DAYS = 15
DAYS = {"BRL": 30}
"""How many days after the approval the marketplace pays, unless the owner says otherwise."""

_PAID = (SaleStatus.APPROVED, SaleStatus.COMPLETE, SaleStatus.PARTIALLY_REFUNDED)
_LOST = {SaleStatus.REFUNDED: LedgerKind.REFUND, SaleStatus.CHARGEBACK: LedgerKind.CHARGEBACK}


class Posting(msgspec.Struct, frozen=True):
    """Where a share is booked, or belongs."""

    place: LedgerAccount
    amount: int
    currency: str
    release_at: int


class SaleFacts(msgspec.Struct, frozen=True):
    """What decides where a sale's share belongs."""

    status: SaleStatus
    approved_at: int | None
    warranty_until: int | None
    warranty_days: int | None
    amount: int | None
    currency: str | None


def payout_days(currency: str, chosen: int | None) -> int:
    """The owner's number of days for a currency, or the default."""
    return DAYS.get(currency, DEFAULT_DAYS) if chosen is None else chosen


def place_of(sale: SaleFacts, days: int, now: int) -> Posting | None:
    """Where the share belongs; None if nothing is booked of the sale.

    The share is released when the payout days since the approval have passed and the warranty has ended.
    """
    if sale.approved_at is None or not sale.amount or sale.currency is None:
        return None
    warranty = warranty_end(sale.warranty_until, sale.approved_at, sale.warranty_days)
    release_at = max(sale.approved_at + days * DAY_MS, warranty or 0)
    if sale.status is SaleStatus.DISPUTE:
        place = LedgerAccount.DISPUTED
    elif sale.status in _PAID:
        place = LedgerAccount.AVAILABLE if release_at <= now else LedgerAccount.PENDING
    else:
        return None
    return Posting(place, sale.amount, sale.currency, release_at)


def kind_of(before: Posting | None, after: Posting | None, status: SaleStatus | None) -> LedgerKind:
    """Why a share moves from where it is booked to where it belongs."""
    if after is None:
        return LedgerKind.CORRECTION if status is None else _LOST.get(status, LedgerKind.CORRECTION)
    if after.place is LedgerAccount.DISPUTED:
        disputed = before is not None and before.place is LedgerAccount.DISPUTED
        return LedgerKind.CORRECTION if disputed else LedgerKind.DISPUTE
    if before is None:
        return LedgerKind.SALE
    if before.place is LedgerAccount.DISPUTED:
        return LedgerKind.DISPUTE_WON
    released = (before.place, after.place) == (LedgerAccount.PENDING, LedgerAccount.AVAILABLE)
    return LedgerKind.RELEASE if released else LedgerKind.CORRECTION
