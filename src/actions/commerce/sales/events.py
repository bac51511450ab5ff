"""The events in sales' histories that people and time cause."""

from collections.abc import Iterable
from typing import Annotated

from actions.kit.decision import Decision
from actions.kit.event import EventFacts, History, Read, Shown, event
from authz.gates import Standing
from authz.grant import Grant
from authz.viewer import Viewer
from models.changes import ChangeKind, note
from models.masking import masked_email
from models.person_change import Assignment, Credit, PersonChange
from models.tables.refund import RefundReason, RefundRequestStatus

SALE_HISTORY = History(
    "sale_events", "sales", "sale_id", enum="SaleChange", grant=Grant.SEARCH_SALES, folded=PersonChange
)
NEXT_MOMENT = "CASE WHEN assigned_at >= ? THEN assigned_at + 1 ELSE ? END"
"""When a sale is assigned: now, but later than the change before it, so that changes keep their order."""

_BEFORE, _AFTER = Shown("before", cover=masked_email), Shown("after", cover=masked_email)
_ASSIGNEE_NAME = (
    "(SELECT c.name FROM collaborators c WHERE c.account_id = r.account_id AND c.id = r.assignee_id)"
)
_TEAM_NAME = "(SELECT t.name FROM teams t WHERE t.account_id = r.account_id AND t.id = r.team_id)"

ASSIGNMENT_AS_IT_IS = Read(
    {
        "assignee_id": "r.assignee_id",
        "assignee_name": _ASSIGNEE_NAME,
        "team_id": "r.team_id",
        "team_name": _TEAM_NAME,
    }
)
"""An assignment read from the row `r` when the event is recorded, and its credit."""
CREDIT_AS_IT_IS = Read({"seat_id": "r.credit_id", "team_id": "r.credit_team_id"})


@event(SALE_HISTORY, "ASSIGNMENT", Standing.LEAD, moment="assigned_at", folded=True)
class SaleAssignment(EventFacts, frozen=True):
    """An assignment of the sale to a collaborator, or to no one."""

    assignment: Annotated[Assignment, ASSIGNMENT_AS_IT_IS, Shown(of=("assignee_name", "team_name"))] = (
        Assignment()
    )
    credit: Annotated[Credit, CREDIT_AS_IT_IS] = Credit()


@event(SALE_HISTORY, "BUYER_EMAIL", Grant.CHANGE_BUYER_EMAIL, field="email_change", folded=True)
class BuyerEmailChange(EventFacts, frozen=True, kw_only=True):
    """A change of the buyer's e-mail address."""

    former_buyer_email: Annotated[str | None, Read("r.buyer_email"), _BEFORE] = None
    """The previous address; null if none was known."""
    buyer_email: Annotated[str, _AFTER]
    """The new address."""


@event(SALE_HISTORY, "BUYER_REVEALED", Standing.ADMIN, field="buyer_reveal")
class BuyerReveal(EventFacts, frozen=True):
    """Personal data of the buyer was revealed."""

    reason: Annotated[str, Shown()]
    """The reason given for it."""


@event(SALE_HISTORY, "RECEIPT_SENT")
class ReceiptSent(EventFacts, frozen=True):
    """The receipt was e-mailed to the buyer."""


@event(SALE_HISTORY, "PURCHASE_EMAIL_SENT")
class PurchaseEmailSent(EventFacts, frozen=True):
    """The e-mail with the access to the product was sent to the buyer again."""


@event(SALE_HISTORY, "PAYMENT_SLIP_REQUEST")
class PaymentSlipRequest(EventFacts, frozen=True):
    """A new payment slip was requested from the marketplace."""


@event(SALE_HISTORY, "PAYMENT_SLIP_EMAIL")
class PaymentSlipEmail(EventFacts, frozen=True):
    """The payment slip was e-mailed to the buyer."""


@event(SALE_HISTORY, "PAYMENT_SLIP_NOT_EMAILED")
class PaymentSlipNotEmailed(EventFacts, frozen=True):
    """The requested payment slip was issued, but not e-mailed: the buyer's address is not known, or the buyer
    received too many e-mails that day."""


@event(SALE_HISTORY, "PAYMENT_SLIP_EXPIRY")
class PaymentSlipExpiry(EventFacts, frozen=True):
    """The payment slip expired, or the requested slip was not issued within seven days."""


@event(SALE_HISTORY, "REFUND_REQUEST", Grant.REQUEST_REFUNDS)
class RefundRequestChange(EventFacts, frozen=True):
    """A refund request, a decision about it, or its expiry."""

    status: Annotated[RefundRequestStatus, Shown()]
    """The status that the request has since then."""
    reason: Annotated[RefundReason, Shown()]
    """The reason for the refund."""


@event(SALE_HISTORY, "DISTRIBUTION", Standing.LEAD)
class SaleDistribution(Decision, frozen=True, kw_only=True):
    """A rule of the distribution chose whom the sale was assigned to."""


def note_sales(viewer: Viewer, sale_ids: Iterable[str]) -> None:
    """Notify subscriptions to sales that some sales of the viewer's account changed."""
    assert viewer.central is not None
    note(viewer.central.account_id, ChangeKind.SALE, sale_ids)
