"""Sales: one purchase of one offer by one buyer."""

from dataclasses import replace

import strawberry

from authz import reach
from authz.gates import ON_RECORD, Needs, gated, needs
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import (
    Beside,
    Children,
    Column,
    Computed,
    Covered,
    Joined,
    children,
    computed,
    embedded,
    joined,
    sourced,
)
from graph.commerce.products.types import Offer, Product
from graph.commerce.sales.email_changes import EMAIL_CHANGES, EmailChange
from graph.commerce.sales.history import SaleEvent
from graph.commerce.sales.refund import RefundRequest
from graph.commerce.sales.slip import PaymentSlip, payment_slip
from graph.commerce.sales.subscription import OF_SUBSCRIPTION, SaleSubscription
from graph.kit.money import Money, priced
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from graph.membership.collaborators.types import Person
from graph.membership.teams.types import Team
from models.address import Address, address_of
from models.masking import masked_email, masked_number
from models.sales.slip import SLIP_COLUMNS
from models.sales.warranty import warranty_end
from models.statement import Statement
from models.vocabulary import CommissionSource, PaymentMethod, PaymentRefusal, SaleStatus, SoldAs

strawberry.enum(PaymentMethod)
strawberry.enum(CommissionSource)
strawberry.enum(PaymentRefusal)
strawberry.enum(SoldAs)

_SALES = Needs(grant=Grant.SEARCH_SALES)


@gated(Needs(grant=Grant.SEND_RECEIPTS))
@strawberry.type
class BuyerAddress:
    """A buyer's postal address, as the marketplace sent it."""

    street: str | None
    """The street, often with the house number, as the marketplace sent it."""
    number: str | None
    """The house number, if the marketplace sends it separately from the street."""
    complement: str | None
    """The apartment, floor or other detail, for example `Apto 42`."""
    neighborhood: str | None
    """The neighborhood or district."""
    city: str | None
    """The city."""
    state: str | None
    """The state or province."""
    zip_code: str | None
    """The postal code, for example `38400-123`."""
    country: str | None
    """The country's ISO 3166 code, for example `BR`."""


def address_in(stored: str | bytes | dict[str, object] | None) -> BuyerAddress | None:
    """The address in a stored value."""
    if not stored:
        return None
    return shown_address(address_of(stored))


def shown_address(found: Address) -> BuyerAddress:
    """An address as the API shows it."""
    return BuyerAddress(
        street=found.street,
        number=found.number,
        complement=found.complement,
        neighborhood=found.neighborhood,
        city=found.city,
        state=found.state,
        zip_code=found.zip_code,
        country=found.country,
    )


def _place(address: BuyerAddress | None) -> BuyerAddress | None:
    """The address without what leads to the door."""
    hidden = dict.fromkeys(("street", "number", "complement", "neighborhood", "zip_code"))
    return None if address is None else replace(address, **hidden)


EMAIL = Covered(Column("email"), ON_RECORD, masked_email)
PHONE = Covered(Column("phone"), ON_RECORD, masked_number)
DOCUMENT = Covered(Column("document"), ON_RECORD, masked_number)
ADDRESS = Covered(Computed(address_in, ("address",)), ON_RECORD, _place)


@gated(_SALES)
@strawberry.type
class Buyer:
    """The buyer of a sale, as the marketplace described them in that sale.

    If the account reveals personal data only on record (`Account.revealOnRecord`), collaborators see the
    e-mail address, the phone number and the document masked, and of the address the city, state and country.
    `revealBuyer` returns the full values.
    """

    name: str | None
    """The buyer's name."""
    country: str | None
    """The buyer's country as an ISO 3166 code, for example `BR`."""
    email: str | None = needs(Grant.CHANGE_BUYER_EMAIL, EMAIL)
    """The buyer's e-mail address, to which the purchase was delivered."""
    email_masked: str | None = computed(masked_email, "email")
    """The first letters of the e-mail address and of its domain, for example `m…@e…`."""
    email_changes: list[EmailChange] = needs(Grant.CHANGE_BUYER_EMAIL, EMAIL_CHANGES)
    """The changes of the address that people made, oldest first."""
    phone: str | None = needs(Grant.ISSUE_PAYMENT_SLIPS, PHONE)
    """The buyer's phone number. If the marketplace sends the country or area code separately, they are joined
    into an international number, for example `+5511999990000`."""
    phone_masked: str | None = computed(masked_number, "phone")
    """The last two digits of the phone number, for example `…42`."""
    document: str | None = needs(Grant.SEND_RECEIPTS, DOCUMENT)
    """The number of the buyer's identity or tax document."""
    address: BuyerAddress | None = needs(Grant.SEND_RECEIPTS, ADDRESS)
    """The buyer's postal address."""


@gated(_SALES)
@strawberry.type
class Origin:
    """The tracking codes of the link that a buyer followed."""

    src: str | None
    """The source code of the link (`src`), for example `newsletter`."""
    sck: str | None
    """The checkout's source code of the link (`sck`)."""
    xcod: str | None
    """The seller's own code in the link (`xcod`)."""


@gated(Needs(grant=Grant.MANAGE_AFFILIATES))
@strawberry.type
class SaleAffiliate:
    """The affiliate who brought a sale."""

    code: str | None
    """The affiliate's code at the marketplace; null if only the name is known."""
    name: str | None
    """The affiliate's name."""


def _affiliate(code: str | None, name: str | None) -> SaleAffiliate | None:
    return SaleAffiliate(code=code, name=name) if code or name else None


@gated(Needs(grant=Grant.VIEW_COMMISSIONS_REPORT))
@row_of("commissions")
@strawberry.type
class Commission:
    """One party's share of a sale's price."""

    source: CommissionSource
    """The kind of party that receives the share."""
    name: str | None
    """The name of the party that receives the share, if the marketplace sends it."""
    amount: Money = sourced(priced("amount"))
    """The amount of the share."""
    converted: Money | None = sourced(priced("converted_amount", "converted_currency"))
    """The share in the currency in which the party is paid; null if the share is not converted."""


@gated(Needs(grant=Grant.VIEW_COPRODUCTION_REVENUE_REPORT))
@row_of("commissions")
@strawberry.type
class Coproducer:
    """A coproducer's share of a sale."""

    name: str | None
    """The coproducer's name, if the marketplace sends it."""
    amount: Money = sourced(priced("amount"))
    """The amount of the share."""


@gated(_SALES)
@row_of("sales", "sale")
@strawberry.type
class Sale(Node):
    """One purchase of one offer by one buyer."""

    reference: str
    """The marketplace's transaction code, unique in the account, for example `HP0123456789`."""
    status: SaleStatus
    """The current status of the sale."""
    sold_as: SoldAs
    """The account's role in the sale. Only sales with the role `PRODUCER` count as revenue."""
    product: Product = joined("product_id")
    """The product that was bought."""
    offer: Offer | None = joined("offer_id")
    """The offer through which the product was bought, if the marketplace sends it."""
    price: Money = sourced(priced("price"))
    """The price of the product, without interest."""
    full_price: Money = sourced(priced("full_price", "full_currency"))
    """The total that the buyer pays, including the interest of installments."""
    net: Money | None = needs(Grant.VIEW_COMMISSIONS_REPORT, priced("net", "net_currency"))
    """The producer's share, before any currency conversion; null if it is not known."""
    payout: Money | None = needs(Grant.VIEW_COMMISSIONS_REPORT, priced("payout", "payout_currency"))
    """The producer's share after currency conversion; null if it is not converted."""
    refunded_amount: Money | None = sourced(priced("refunded_amount", "refunded_currency"))
    """The part of the price that was refunded, if the marketplace sends the amount."""
    vat: Money | None = sourced(priced("vat", "vat_currency"))
    """The value-added tax included in the price, if the marketplace sends it."""
    coupon: str | None
    """The code of the coupon that the buyer used."""
    payment_method: PaymentMethod | None
    """The method of payment; null if it is not known."""
    installments: int = sourced(Column("instalments"))
    """The number of installments in which the sale is paid; 1 if it is paid at once."""
    refusal: PaymentRefusal | None
    """The reason of the last refused payment; null if no refusal is known."""
    refusal_reason: str | None
    """The reason of the last refused payment, in the marketplace's own words and language."""
    payment_slip: PaymentSlip | None = needs(Grant.ISSUE_PAYMENT_SLIPS, Computed(payment_slip, SLIP_COLUMNS))
    """The newest payment slip of the sale; null if none was ever issued or requested."""
    refund_request: RefundRequest | None = needs(Grant.REQUEST_REFUNDS, Joined("id", "current_of"))
    """The newest request to refund the sale, which is the open one if there is one."""
    buyer: Buyer = embedded("buyer_")
    """The buyer."""
    origin: Origin = embedded("origin_")
    """The tracking codes of the link that led the buyer to the checkout."""
    checkout_origin: str | None
    """The marketplace's name for the place of the checkout, for example `HOTMART_SITE`."""
    device: str | None
    """The kind of device on which the buyer made the purchase, for example `MOBILE`."""
    in_funnel: bool
    """Whether the purchase was made in a sales funnel."""
    order_bump: bool
    """Whether the sale is an order bump: an offer added to another purchase at the checkout."""
    parent_reference: str | None
    """The reference of the purchase to which an order bump was added."""
    affiliate: SaleAffiliate | None = needs(
        Grant.MANAGE_AFFILIATES, Computed(_affiliate, ("affiliate_code", "affiliate_name"))
    )
    """The affiliate who brought the sale."""
    coproducers: list[Coproducer] = needs(
        Grant.VIEW_COPRODUCTION_REVENUE_REPORT,
        Children("sale_id", Order("position"), where=Statement("r.source = ?", ("COPRODUCER",))),
    )
    """The coproducers' shares of the price, usually none or a few."""
    commissions: list[Commission] = needs(
        Grant.VIEW_COMMISSIONS_REPORT, Children("sale_id", Order("position"))
    )
    """All shares of the price: the producer's, the marketplace's, and those of affiliates and coproducers."""
    subscription: SaleSubscription | None = needs(Grant.MANAGE_SUBSCRIPTIONS, OF_SUBSCRIPTION)
    """The subscription that the sale is a payment of; null for other sales."""
    ordered_at: DateTime
    """When the buyer placed the order."""
    approved_at: DateTime | None
    """When the payment was approved; null if it was not."""
    refunded_at: DateTime | None
    """When the sale was refunded. If only the sales history reports the refund, this is when the refund was
    imported."""
    first_access_at: DateTime | None
    """When the buyer first opened the product after this purchase; null if the marketplace has not reported
    it."""
    warranty_until: DateTime | None = computed(
        warranty_end, "warranty_until", "approved_at", Beside("product_id", "products", "warranty_days")
    )
    """The end of the period in which the buyer can request a refund: what the marketplace sends, otherwise
    the product's `warrantyDays` after the approval."""
    assignee: Person | None = joined("assignee_id")
    """The collaborator the sale is assigned to; null if it is unassigned."""
    team: Team | None = joined("team_id")
    """The team in which the sale was assigned; null for none."""
    history: list[SaleEvent] = children("sale_id", Order("happened_at"))
    """The events of the sale, oldest first: messages from the marketplace, and changes made by people."""


found_within(Sale, reach.sales)
