"""The receipt of a sale."""

import strawberry

from actions.commerce.receipts import details
from actions.commerce.receipts.document import html_of, text_of
from actions.commerce.receipts.receipt import Amount
from actions.commerce.receipts.receipt import Receipt as WholeReceipt
from authz.gates import Needs, OwnerOnly, gated
from authz.grant import Grant
from graph.commerce.sales.types import BuyerAddress, shown_address
from graph.kit.money import Money
from graph.kit.scalars import DateTime

_RECEIPTS = Needs(grant=Grant.SEND_RECEIPTS)


@gated(_RECEIPTS)
@strawberry.type
class ReceiptSeller:
    """The seller on a receipt."""

    name: str
    """The name under which the account is shown."""
    address: str | None
    """The seller's address on one line; null unless the owner shows it on receipts."""
    tax_number: str | None
    """The last two digits of the tax number, for example `…81`; null unless the owner shows it on receipts.
    The receipt that the buyer receives has the whole number."""


@gated(_RECEIPTS)
@strawberry.type
class ReceiptBuyer:
    """The buyer on a receipt.

    If the account reveals personal data only on record (`Account.revealOnRecord`), collaborators see the
    document masked, and only the city, state and country of the address. The receipt that the buyer receives
    has all of it.
    """

    name: str | None
    """The buyer's name."""
    document: str | None
    """The number of the buyer's identity or tax document."""
    address: BuyerAddress | None
    """The buyer's postal address."""


@gated(_RECEIPTS)
@strawberry.type
class Receipt:
    """The receipt of a payment, made from the sale as it is now. It is not a fiscal document."""

    whole: strawberry.Private[WholeReceipt]
    number: str
    """The receipt's number: `R-` and the sale's reference, for example `R-HP0123456789`."""
    reference: str
    """The sale's reference."""
    issued_at: DateTime
    """When this receipt was made: now."""
    seller: ReceiptSeller
    """The seller."""
    buyer: ReceiptBuyer
    """The buyer."""
    product: str
    """The name of the product that was bought."""
    offer: str | None
    """The name of the offer through which it was bought, or else its code."""
    price: Money
    """The price of the product, without interest."""
    full_price: Money
    """The total that the buyer pays, including the interest of installments."""
    installments: int
    """The number of installments; 1 if the sale is paid at once."""
    paid_at: DateTime
    """When the payment was approved."""
    refunded: bool
    """Whether the whole payment was refunded."""
    refunded_at: DateTime | None
    """When the payment, or a part of it, was refunded."""
    refunded_amount: Money | None
    """The amount that was refunded, if the marketplace sends it."""
    emailed_at: DateTime | None
    """When the receipt was last e-mailed to the buyer; null if it never was."""

    @strawberry.field
    def html(self) -> str:
        """The receipt as an HTML page to show or print, in the language in which the account writes to its
        buyers. It has no scripts, and loads nothing."""
        return html_of(self.whole)

    @strawberry.field
    def text(self) -> str:
        """The receipt as plain text, in the same language."""
        return text_of(self.whole)


@gated(OwnerOnly())
@strawberry.type
class ReceiptDetails:
    """What the receipts of the account show besides the sale."""

    show_tax_number: bool
    """Whether receipts have the account's tax number."""
    show_address: bool
    """Whether receipts have the owner's postal address, as in `ownerDetails`."""
    footer: str | None
    """The last lines of each receipt."""


def shown_receipt(whole: WholeReceipt) -> Receipt:
    """A receipt as the API shows it."""
    part = whole.refunded_amount
    return Receipt(
        whole=whole,
        number=whole.number,
        reference=whole.reference,
        issued_at=DateTime(whole.issued_at),
        seller=ReceiptSeller(name=whole.seller, address=whole.seller_address, tax_number=whole.tax_number),
        buyer=ReceiptBuyer(
            name=whole.buyer,
            document=whole.document,
            address=None if whole.address is None else shown_address(whole.address),
        ),
        product=whole.product,
        offer=whole.offer,
        price=_money(whole.price),
        full_price=_money(whole.full_price),
        installments=whole.installments,
        paid_at=DateTime(whole.paid_at),
        refunded=whole.refunded,
        refunded_at=None if whole.refunded_at is None else DateTime(whole.refunded_at),
        refunded_amount=None if part is None else _money(part),
        emailed_at=None if whole.emailed_at is None else DateTime(whole.emailed_at),
    )


def shown_details(stored: details.ReceiptDetails) -> ReceiptDetails:
    """The details as the API shows them."""
    return ReceiptDetails(
        show_tax_number=stored.tax_number, show_address=stored.address, footer=stored.footer
    )


def _money(amount: Amount) -> Money:
    return Money(minor=amount.minor, currency=amount.currency)
