"""Sending the receipt of a sale to its buyer."""

from dataclasses import dataclass

from actions.commerce.receipts import emails
from actions.commerce.receipts.document import part_of, text_of
from actions.commerce.receipts.receipt import Receipt, find_receipt
from actions.commerce.sales.events import ReceiptSent, note_sales
from actions.kit.buyer_outbox import masked_buyer, post_to_buyer
from actions.kit.call import Call
from actions.kit.email import DOCUMENT_HTML, DOCUMENT_TEXT
from actions.kit.email_address import checked_email
from actions.kit.event import record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.refusals import not_paid, require_seller
from authz import reach
from authz.gates import ON_RECORD
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models.statement import Statement

SEND_RECEIPT = Mutation(
    "sendReceipt",
    Grant.SEND_RECEIPTS,
    "Sale",
    codes=(
        *(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.NOT_PAID, ErrorCode.NO_ADDRESS),
        *(ErrorCode.BAD_EMAIL, ErrorCode.RATE_LIMITED),
    ),
    replays=True,
    alone=True,
    changes_access=False,
)
_COPY = ("copyTo",)


@dataclass(frozen=True, slots=True)
class SentEmail:
    """The sale that an e-mail to its buyer was about, and the masked address that it went to."""

    sale_id: str
    sent_to: str | None


async def send_receipt(call: Call, reference: str, copy_to: str | None) -> SentEmail:
    """E-mail the receipt of a sale to its buyer, and a copy to another address, if there is one.

    The copy is covered where the caller reveals personal data on record only: its reader can be the caller.
    """
    sent_to: str | None = None

    async def work(viewer: Viewer) -> Done:
        nonlocal sent_to
        copy = None if copy_to is None else checked_email(copy_to, _COPY)
        found = await find_receipt(viewer, reference, locked=True)
        if found is None:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("reference",))
        require_seller(found.sold_as)
        if found.receipt is None:
            raise not_paid(found.status)
        sent_to = await post_to_buyer(emails.RECEIPT, found.sale_id, _data(found.receipt))
        changes: tuple[Change, ...] = ()
        if copy is not None:
            shown = found.receipt.covered() if viewer.mask & ON_RECORD else found.receipt
            await post_to_buyer(emails.RECEIPT_COPY, found.sale_id, _data(shown), to=copy, field=_COPY)
            changes = (Change("SendReceiptInput.copyTo", None, copy),)
        within = reach.rows(viewer, "sales", Grant.SEND_RECEIPTS)
        await record(viewer, ReceiptSent(), Statement("r.id = ?", (found.sale_id,)) & within.where("r"))
        note_sales(viewer, [found.sale_id])
        return Done(found.sale_id, changes)

    sale_id = await SEND_RECEIPT.perform(call, work, reference)
    within = reach.rows(call.viewer, "sales", Grant.SEND_RECEIPTS)
    return SentEmail(sale_id, sent_to or await masked_buyer(within, sale_id))


def _data(receipt: Receipt) -> dict[str, str]:
    return {"number": receipt.number, DOCUMENT_TEXT: text_of(receipt), DOCUMENT_HTML: part_of(receipt)}
