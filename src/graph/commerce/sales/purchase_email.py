"""The mutation that sends buyers their access again."""

import strawberry

from actions.commerce.sales import purchase_email
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.storable import storable


@strawberry.input
class ResendPurchaseEmailInput(RepeatableInput):
    """A sale whose buyer needs the access again."""

    reference: str
    """The sale's reference."""


@strawberry.type
class ResendPurchaseEmailPayload(Payload):
    """The result of `resendPurchaseEmail`."""

    reference: str
    """The reference from the input."""
    sent_to: str | None = None
    """The first letters of the address that the e-mail was sent to, for example `m…@e…`; null if the
    mutation was refused."""


@strawberry.type
class PurchaseEmailMutations:
    """The mutation that sends buyers their access again."""

    @mutation(purchase_email.RESEND_PURCHASE_EMAIL)
    async def resend_purchase_email(
        self,
        info: Info,
        input: ResendPurchaseEmailInput,  # noqa: A002
    ) -> ResendPurchaseEmailPayload:
        """E-mails the buyer of a sale their access to the product: its name, the sale's reference, the link
        and the support address.

        WRONG_STATE: the account is not the seller. NOT_PAID: the sale is not paid, or the payment was
        refunded or charged back. NO_ADDRESS: the buyer has no e-mail address. RATE_LIMITED: the e-mail was
        sent three times within a day, or ten e-mails were sent to the address.

        Args:
            input: The sale.
        """
        sent = await purchase_email.resend_purchase_email(info.context.call, storable(input.reference))
        return ResendPurchaseEmailPayload(
            object_id=sent.sale_id, reference=input.reference, sent_to=sent.sent_to
        )
