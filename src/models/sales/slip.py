"""The status of a payment slip: what messages and requests say, and the present."""

from enum import StrEnum

from models.vocabulary import SaleStatus

DAY_MS = 24 * 3_600_000
REQUEST_DAYS = 7
"""How long a requested slip is waited for."""


class SlipStatus(StrEnum):
    """The status of a payment slip."""

    PAYABLE = "PAYABLE"
    """The slip can be paid."""
    EXPIRED = "EXPIRED"
    """The slip can no longer be paid, or the marketplace has not issued a requested one within seven days."""
    PAID = "PAID"
    """The sale was paid."""
    REQUESTED = "REQUESTED"
    """A new slip was requested, and the marketplace has not issued it yet."""


SLIP_COLUMNS = (
    *("status", "approved_at", "slip_kind", "slip_code", "slip_url", "slip_expires_at", "slip_issued_at"),
    *("slip_requested_at", "slip_requested_by"),
)
"""The columns of a sale that its slip is made of."""


def slip_status(
    status: str,
    approved_at: int | None,
    issued_at: int | None,
    expires_at: int | None,
    requested_at: int | None,
    now: int,
) -> SlipStatus | None:
    """The status of a sale's slip; None if none was ever issued or requested."""
    if issued_at is None and requested_at is None:
        return None
    if approved_at is not None:
        return SlipStatus.PAID
    if requested_at is not None and (issued_at is None or issued_at < requested_at):
        waits = now < requested_at + REQUEST_DAYS * DAY_MS
        return SlipStatus.REQUESTED if waits else SlipStatus.EXPIRED
    payable = status == SaleStatus.WAITING_PAYMENT and (expires_at is None or now < expires_at)
    return SlipStatus.PAYABLE if payable else SlipStatus.EXPIRED
