"""Sending a buyer the access to what they bought, again."""

from dataclasses import dataclass

from actions.commerce.sales import emails
from actions.commerce.sales.events import PurchaseEmailSent, note_sales
from actions.kit.buyer_outbox import masked_buyer, post_to_buyer
from actions.kit.call import Call
from actions.kit.event import record
from actions.kit.mutation import Done, Mutation
from actions.kit.refusals import not_paid, require_seller
from authz import reach
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement
from models.vocabulary import SaleStatus

RESEND_PURCHASE_EMAIL = Mutation(
    "resendPurchaseEmail",
    Grant.RESEND_PURCHASE_EMAILS,
    "Sale",
    codes=(
        *(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.NOT_PAID, ErrorCode.NO_ADDRESS),
        ErrorCode.RATE_LIMITED,
    ),
    replays=True,
    alone=True,
    changes_access=False,
)
WITH_ACCESS = frozenset(
    (SaleStatus.APPROVED, SaleStatus.COMPLETE, SaleStatus.PARTIALLY_REFUNDED, SaleStatus.DISPUTE)
)
"""The statuses in which a buyer has access to the product."""


@dataclass(frozen=True, slots=True)
class ResentEmail:
    """The sale that the e-mail was about, and the masked address that it went to."""

    sale_id: str
    sent_to: str | None


async def resend_purchase_email(call: Call, reference: str) -> ResentEmail:
    """E-mail the buyer of a sale the access to the product."""
    sent_to: str | None = None

    async def work(viewer: Viewer) -> Done:
        nonlocal sent_to
        within = reach.rows(viewer, "sales", Grant.RESEND_PURCHASE_EMAILS)
        sale = Statement("r.reference = ?", (reference,)) & within.where("r")
        lock = " FOR UPDATE" if database.dialect() == "postgres" else ""
        rows = await database.read(
            Statement("SELECT r.id, r.status, r.sold_as FROM sales r WHERE ") + sale + lock
        )
        if not rows:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("reference",))
        require_seller(rows[0]["sold_as"])
        if rows[0]["status"] not in WITH_ACCESS:
            raise not_paid(rows[0]["status"])
        sale_id = str(rows[0]["id"])
        sent_to = await post_to_buyer(emails.PURCHASE_ACCESS, sale_id)
        await record(viewer, PurchaseEmailSent(), sale)
        note_sales(viewer, [sale_id])
        return Done(sale_id)

    sale_id = await RESEND_PURCHASE_EMAIL.perform(call, work, reference)
    within = reach.rows(call.viewer, "sales", Grant.RESEND_PURCHASE_EMAILS)
    return ResentEmail(sale_id, sent_to or await masked_buyer(within, sale_id))
