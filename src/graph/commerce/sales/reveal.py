"""Personal data of a buyer that is revealed on record."""

from enum import Enum

import strawberry

from actions.commerce.sales import reveal
from authz import reach
from authz.gates import Needs, gated, needs
from authz.grant import Grant
from graph.commerce.sales.types import BuyerAddress, address_in
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.storable import storable
from models import database
from models.statement import Statement


@strawberry.enum
class BuyerField(Enum):
    """A kind of personal data of a buyer."""

    EMAIL = strawberry.enum_value("EMAIL", directives=[Needs(grant=Grant.CHANGE_BUYER_EMAIL)])
    """The e-mail address."""
    PHONE = strawberry.enum_value("PHONE", directives=[Needs(grant=Grant.ISSUE_PAYMENT_SLIPS)])
    """The phone number."""
    DOCUMENT = strawberry.enum_value("DOCUMENT", directives=[Needs(grant=Grant.SEND_RECEIPTS)])
    """The number of the identity or tax document."""
    ADDRESS = strawberry.enum_value("ADDRESS", directives=[Needs(grant=Grant.SEND_RECEIPTS)])
    """The postal address."""


@strawberry.input
class RevealBuyerInput(RepeatableInput):
    """A sale, what to reveal of its buyer, and why."""

    reference: str
    """The sale's reference."""
    fields: list[BuyerField]
    """What to reveal."""
    reason: str
    """The reason, of 5 to 500 characters, for example `Called about a certificate`. The owner and admins
    read it in the audit log and in the sale's history."""


@gated(Needs(grant=Grant.SEARCH_SALES))
@strawberry.type
class RevealedBuyer:
    """The personal data of a buyer that was requested. Everything else is null."""

    email: str | None = needs(Grant.CHANGE_BUYER_EMAIL)
    """The e-mail address, if it was requested and is known."""
    phone: str | None = needs(Grant.ISSUE_PAYMENT_SLIPS)
    """The phone number, if it was requested and is known."""
    document: str | None = needs(Grant.SEND_RECEIPTS)
    """The number of the identity or tax document, if it was requested and is known."""
    address: BuyerAddress | None = needs(Grant.SEND_RECEIPTS)
    """The postal address, if it was requested and is known."""


@strawberry.type
class RevealBuyerPayload(Payload):
    """The result of `revealBuyer`."""

    fields: strawberry.Private[tuple[BuyerField, ...]] = ()
    reference: str
    """The reference from the input."""

    @needs(Grant.SEARCH_SALES)
    async def buyer(self, info: Info) -> RevealedBuyer | None:
        """The requested personal data; null if the mutation was refused or the sale has left your reach."""
        if self.object_id is None:
            return None
        rows = await database.read(
            Statement(
                "SELECT r.buyer_email, r.buyer_phone, r.buyer_document, r.buyer_address FROM sales r"
                " WHERE r.id = ? AND ",
                (self.object_id,),
            )
            + reach.sales(info.context.viewer).where("r")
        )
        if not rows:
            return None
        row = rows[0]
        return RevealedBuyer(
            email=row["buyer_email"] if BuyerField.EMAIL in self.fields else None,
            phone=row["buyer_phone"] if BuyerField.PHONE in self.fields else None,
            document=row["buyer_document"] if BuyerField.DOCUMENT in self.fields else None,
            address=address_in(row["buyer_address"]) if BuyerField.ADDRESS in self.fields else None,
        )


@strawberry.type
class RevealMutations:
    """The mutation that reveals personal data."""

    @mutation(reveal.REVEAL_BUYER)
    async def reveal_buyer(self, info: Info, input: RevealBuyerInput) -> RevealBuyerPayload:  # noqa: A002
        """Reveals personal data of a sale's buyer, and records who revealed what, and why.

        It works whether or not the account masks personal data. BAD_INPUT: no field was chosen, or the reason
        has fewer than 5 or more than 500 characters. RATE_LIMITED: you revealed 100 buyers within a day.

        Args:
            input: The sale, what to reveal, and why.
        """
        chosen = [field.name for field in input.fields]
        sale_id = await reveal.reveal_buyer(
            info.context.call, storable(input.reference), chosen, storable(input.reason)
        )
        return RevealBuyerPayload(object_id=sale_id, reference=input.reference, fields=tuple(input.fields))
