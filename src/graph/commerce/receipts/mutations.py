"""Mutations of receipts."""

import strawberry

from actions.commerce.receipts import details, send
from authz.gates import Needs, owner_only
from authz.grant import Grant
from graph.commerce.receipts.types import ReceiptDetails, shown_details
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.storable import storable


@strawberry.input
class SendReceiptInput(RepeatableInput):
    """A sale whose receipt is sent."""

    reference: str
    """The sale's reference."""
    copy_to: str | None = strawberry.field(default=None, directives=[Needs(grant=Grant.CHANGE_BUYER_EMAIL)])
    """Another e-mail address that receives a copy, for example that of the buyer's employer."""


@strawberry.type
class SendReceiptPayload(Payload):
    """The result of `sendReceipt`."""

    reference: str
    """The reference from the input."""
    sent_to: str | None = None
    """The first letters of the address that the receipt was sent to, for example `m…@e…`; null if the
    mutation was refused."""


@strawberry.input
class SetReceiptDetailsInput(RepeatableInput):
    """What receipts show besides the sale. Omitted fields stay as they are."""

    show_tax_number: bool | None = None
    """Whether receipts have the account's tax number."""
    show_address: bool | None = None
    """Whether receipts have the owner's postal address, as in `ownerDetails`."""
    footer: str | None = strawberry.UNSET
    """The last lines of each receipt, at most 500 characters; null removes them."""
    expected_version: int
    """The `version` of the account that you read. If it has changed since, nothing is changed."""


@strawberry.type
class SetReceiptDetailsPayload(Payload):
    """The result of `setReceiptDetails`."""

    @owner_only()
    async def details(self, info: Info) -> ReceiptDetails | None:
        """The details as they are now; null if the mutation was refused."""
        if self.object_id is None:
            return None
        return shown_details(await details.read_receipt_details(info.context.viewer))


@strawberry.type
class ReceiptMutations:
    """Mutations of receipts."""

    @mutation(send.SEND_RECEIPT)
    async def send_receipt(self, info: Info, input: SendReceiptInput) -> SendReceiptPayload:  # noqa: A002
        """E-mails the receipt of a sale to its buyer, in the language in which the account writes to buyers.

        WRONG_STATE: the account is not the seller, but its affiliate or coproducer. NOT_PAID: the sale was
        never paid, or the payment was charged back. NO_ADDRESS: the buyer has no e-mail address. BAD_EMAIL:
        an address is not valid. RATE_LIMITED: the receipt was sent three times within a day, or ten e-mails
        were sent to the address.

        Args:
            input: The sale, and who receives a copy.
        """
        copy_to = None if input.copy_to is None else storable(input.copy_to)
        sent = await send.send_receipt(info.context.call, storable(input.reference), copy_to)
        return SendReceiptPayload(object_id=sent.sale_id, reference=input.reference, sent_to=sent.sent_to)

    @mutation(details.SET_RECEIPT_DETAILS)
    async def set_receipt_details(
        self,
        info: Info,
        input: SetReceiptDetailsInput,  # noqa: A002
    ) -> SetReceiptDetailsPayload:
        """Sets what receipts show besides the sale: the tax number, the address and a footer.

        BAD_INPUT: the footer is too long, or has a character that cannot be shown.

        Args:
            input: What changes.
        """
        with_footer = input.footer is not strawberry.UNSET
        changed = await details.set_receipt_details(
            info.context.call,
            tax_number=input.show_tax_number,
            address=input.show_address,
            footer=storable(input.footer) if with_footer and input.footer is not None else None,
            with_footer=with_footer,
            expected=input.expected_version,
        )
        return SetReceiptDetailsPayload(object_id=changed)
