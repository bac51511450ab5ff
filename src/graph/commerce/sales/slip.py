"""The payment slip of a sale."""

import strawberry

from authz.gates import Needs, gated
from authz.grant import Grant
from graph.kit.changed_by import ChangedBy
from graph.kit.scalars import DateTime
from models import database
from models.sales.slip import SlipStatus, slip_status
from models.vocabulary import SlipKind

_SLIPS = Needs(grant=Grant.ISSUE_PAYMENT_SLIPS)
strawberry.enum(SlipKind)
strawberry.enum(SlipStatus)


@gated(_SLIPS)
@strawberry.type
class PaymentSlip:
    """The newest payment slip of a sale: the marketplace issues it, and the buyer pays with it."""

    kind: SlipKind | None
    """The kind of the slip; null if the marketplace has not issued one yet."""
    code: str | None
    """The barcode or Pix code to pay with, for example `34191.79001 01043.510047`."""
    url: str | None
    """The address of a page that shows the slip."""
    expires_at: DateTime | None
    """When the slip can no longer be paid; null if the marketplace does not say."""
    status: SlipStatus
    """The status of the slip."""
    requested_at: DateTime | None
    """When a new slip was last requested; null if none was."""
    requested_by: ChangedBy | None
    """The person who requested it."""


def payment_slip(
    status: str,
    approved_at: int | None,
    kind: str | None,
    code: str | None,
    url: str | None,
    expires_at: int | None,
    issued_at: int | None,
    requested_at: int | None,
    requested_by: str | None,
) -> PaymentSlip | None:
    """The slip of the columns in `SLIP_COLUMNS`."""
    now = database.now()
    found = slip_status(status, approved_at, issued_at, expires_at, requested_at, now)
    if found is None:
        return None
    return PaymentSlip(
        kind=None if kind is None else SlipKind(kind),
        code=code,
        url=url,
        expires_at=None if expires_at is None else DateTime(expires_at),
        status=found,
        requested_at=None if requested_at is None else DateTime(requested_at),
        requested_by=None if requested_by is None else ChangedBy(name=requested_by),
    )
