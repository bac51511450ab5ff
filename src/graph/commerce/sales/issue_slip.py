"""The mutation that issues payment slips."""

import strawberry

from actions.commerce.sales import slip
from authz import reach
from authz.gates import needs
from authz.grant import Grant
from graph.commerce.sales.slip import PaymentSlip, payment_slip
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.storable import storable
from models import database
from models.sales.slip import SLIP_COLUMNS
from models.statement import Statement


@strawberry.input
class IssuePaymentSlipInput(RepeatableInput):
    """A sale whose buyer needs a payment slip."""

    reference: str
    """The sale's reference."""


@strawberry.type
class IssuePaymentSlipPayload(Payload):
    """The result of `issuePaymentSlip`."""

    reference: str
    """The reference from the input."""

    @needs(Grant.ISSUE_PAYMENT_SLIPS)
    async def slip(self, info: Info) -> PaymentSlip | None:
        """The payment slip as it is now; null if the mutation was refused or the sale has left your reach."""
        if self.object_id is None:
            return None
        within = reach.rows(info.context.viewer, "sales", Grant.ISSUE_PAYMENT_SLIPS)
        columns = ", ".join(f"r.{name}" for name in SLIP_COLUMNS)
        rows = await database.read(
            Statement(f"SELECT {columns} FROM sales r WHERE r.id = ? AND ", (self.object_id,))
            + within.where("r")
        )
        return payment_slip(*(rows[0][name] for name in SLIP_COLUMNS)) if rows else None

    sent: bool = False
    """Whether the slip was e-mailed to the buyer. If not, a new one was requested."""


@strawberry.type
class SlipMutations:
    """The mutation that issues payment slips."""

    @mutation(slip.ISSUE_PAYMENT_SLIP)
    async def issue_payment_slip(
        self,
        info: Info,
        input: IssuePaymentSlipInput,  # noqa: A002
    ) -> IssuePaymentSlipPayload:
        """E-mails the payment slip of a sale to its buyer again, or requests a new one from the marketplace.

        A slip that can still be paid is e-mailed, in the account's language. If it has expired, or if there
        is none, a new one is requested, for seven days; once the marketplace has issued it, it is e-mailed.
        WRONG_STATE: the sale is not waiting for payment, expired or overdue, or is another seller's.
        METHOD_EXCLUDED: the sale is not overdue, and is not paid by payment slip, Pix, cash or bank transfer.
        ALREADY_REQUESTED: the marketplace has not issued the requested slip yet. NO_ADDRESS: the slip can be
        paid, but the buyer's e-mail address is not known. RATE_LIMITED: slips of the sale were sent or
        requested three times within a day.

        Args:
            input: The sale.
        """
        issued = await slip.issue_payment_slip(info.context.call, storable(input.reference))
        return IssuePaymentSlipPayload(object_id=issued.sale_id, reference=input.reference, sent=issued.sent)
