"""Sales: one purchase of one offer by one buyer."""

import strawberry

from authz import reach
from authz.gates import Needs, gated, needs
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, Column, Computed, children, embedded, joined, sourced
from graph.collaborators.types import Person
from graph.kit.money import Money, priced
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from graph.products.types import Offer, Product
from graph.sales.history import SaleEvent
from graph.teams.types import Team
from models.address import address_of
from models.statement import Statement
from models.words import CommissionSource, PaymentMethod, PaymentRefusal, SaleStatus

strawberry.enum(PaymentMethod)
strawberry.enum(CommissionSource)
strawberry.enum(PaymentRefusal)

_SALES = Needs(grant=Grant.SEARCH_SALES)


@gated(Needs(grant=Grant.SEND_RECEIPTS))
@strawberry.type
class BuyerAddress:
    """Where a buyer lives, as the marketplace wrote it."""

    street: str | None
    """The street, as the marketplace wrote it; often with the house number."""
    number: str | None
    """The house number, where the marketplace sends it apart from the street."""
    complement: str | None
    """Flat, floor or the like."""
    neighborhood: str | None
    """Part of the city."""
    city: str | None
    """City."""
    state: str | None
    """State or province."""
    zip_code: str | None
    """Postal code, for example `38400-123`."""
    country: str | None
    """ISO 3166 code of the country, for example `BR`."""


def _address(stored: str | bytes | dict[str, object] | None) -> BuyerAddress | None:
    if not stored:
        return None
    found = address_of(stored)
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


@gated(_SALES)
@strawberry.type
class Buyer:
    """Who bought, as the marketplace told it with this sale."""

    name: str | None
    """The buyer's name."""
    country: str | None
    """ISO 3166 code of the country, as BR."""
    email: str | None = needs(Grant.CHANGE_BUYER_EMAIL)
    """The address that the purchase went to."""
    phone: str | None = needs(Grant.ISSUE_PAYMENT_SLIPS)
    """The telephone number. Where the marketplace sends a country or area code apart, they are joined to an
    international number, for example `+5511999990000`."""
    document: str | None = needs(Grant.SEND_RECEIPTS)
    """The number of an identity or tax document."""
    address: BuyerAddress | None = needs(Grant.SEND_RECEIPTS, Computed(_address, ("address",)))
    """The postal address."""


@gated(_SALES)
@strawberry.type
class Origin:
    """Where a buyer came from, by the codes of the link that was followed."""

    src: str | None
    """The code of the source."""
    sck: str | None
    """The checkout's code of the source."""
    xcod: str | None
    """The seller's own code in the link."""


@gated(Needs(grant=Grant.MANAGE_AFFILIATES))
@strawberry.type
class SaleAffiliate:
    """The affiliate who brought a sale."""

    code: str | None
    """The affiliate's code at the marketplace; null where only the name is known."""
    name: str | None
    """The affiliate's name."""


@gated(Needs(grant=Grant.MANAGE_SUBSCRIPTIONS))
@strawberry.type
class SaleSubscription:
    """The subscription that a sale is a payment of."""

    code: str | None
    """The subscriber's code; null where the marketplace only sends the number of the payment."""
    plan: str | None
    """The name of the subscription's plan."""
    recurrence: int | None
    """Which payment of the subscription it is, from 1."""


def _affiliate(code: str | None, name: str | None) -> SaleAffiliate | None:
    return SaleAffiliate(code=code, name=name) if code or name else None


def _subscription(code: str | None, plan: str | None, recurrence: int | None) -> SaleSubscription | None:
    if code is None and plan is None and recurrence is None:
        return None
    return SaleSubscription(code=code, plan=plan, recurrence=recurrence)


@gated(Needs(grant=Grant.VIEW_COMMISSIONS_REPORT))
@row_of("commissions")
@strawberry.type
class Commission:
    """One share of a sale's price."""

    source: CommissionSource
    """Whose share it is."""
    name: str | None
    """Who is paid, where the marketplace told it."""
    amount: Money = sourced(priced("amount"))
    """The share."""
    converted: Money | None = sourced(priced("converted_amount", "converted_currency"))
    """The share in the currency that its holder is paid in; null where it is not converted."""


@gated(Needs(grant=Grant.VIEW_COPRODUCTION_REVENUE_REPORT))
@row_of("commissions")
@strawberry.type
class Coproducer:
    """A coproducer's share of a sale."""

    name: str | None
    """Who it is, where the marketplace told it."""
    amount: Money = sourced(priced("amount"))
    """The share."""


@gated(_SALES)
@row_of("sales", "sale")
@strawberry.type
class Sale(Node):
    """One purchase of one offer by one buyer."""

    reference: str
    """The marketplace's transaction, unique in the account."""
    status: SaleStatus
    """Where it stands."""
    product: Product = joined("product_id")
    """What was bought."""
    offer: Offer | None = joined("offer_id")
    """By which offer."""
    price: Money = sourced(priced("price"))
    """What was asked for it."""
    full_price: Money = sourced(priced("full_price", "full_currency"))
    """What the buyer pays, with the interest of installments."""
    net: Money | None = needs(Grant.VIEW_COMMISSIONS_REPORT, priced("net", "net_currency"))
    """What the producer is paid, before any currency conversion."""
    payout: Money | None = needs(Grant.VIEW_COMMISSIONS_REPORT, priced("payout", "payout_currency"))
    """What the producer is paid after currency conversion; null where nothing is converted."""
    refunded_amount: Money | None = sourced(priced("refunded_amount", "refunded_currency"))
    """How much of the price was paid back, where the marketplace sends the amount."""
    vat: Money | None = sourced(priced("vat", "vat_currency"))
    """The value-added tax in it, where the marketplace sends it."""
    coupon: str | None
    """The code of the coupon that it was bought with."""
    payment_method: PaymentMethod | None
    """How it is paid."""
    installments: int = sourced(Column("instalments"))
    """In how many parts it is paid."""
    refusal: PaymentRefusal | None
    """Why its payment was last refused; null where no refusal is known."""
    refusal_reason: str | None
    """The refusal's reason in the marketplace's own words and language."""
    buyer: Buyer = embedded("buyer_")
    """Who bought."""
    origin: Origin = embedded("origin_")
    """Where the buyer came from."""
    checkout_origin: str | None
    """The checkout that it was bought at."""
    device: str | None
    """The kind of device that it was bought with."""
    in_funnel: bool
    """Whether it was bought in a sales funnel."""
    order_bump: bool
    """Whether it is an order bump: an offer added to another purchase at the checkout."""
    parent_reference: str | None
    """The reference of the purchase that an order bump was added to."""
    affiliate: SaleAffiliate | None = needs(
        Grant.MANAGE_AFFILIATES, Computed(_affiliate, ("affiliate_code", "affiliate_name"))
    )
    """Who brought it."""
    coproducers: list[Coproducer] = needs(
        Grant.VIEW_COPRODUCTION_REVENUE_REPORT,
        Children("sale_id", Order("position"), where=Statement("r.source = ?", ("COPRODUCER",))),
    )
    """The coproducers' shares."""
    commissions: list[Commission] = needs(
        Grant.VIEW_COMMISSIONS_REPORT, Children("sale_id", Order("position"))
    )
    """Every share of its price."""
    subscription: SaleSubscription | None = needs(
        Grant.MANAGE_SUBSCRIPTIONS,
        Computed(_subscription, ("subscription_code", "subscription_plan", "recurrence")),
    )
    """The subscription that it is a payment of."""
    ordered_at: DateTime
    """When it was ordered."""
    approved_at: DateTime | None
    """When its payment was approved."""
    refunded_at: DateTime | None
    """When it was paid back. Where only the sales history says so, when that was read."""
    warranty_until: DateTime | None
    """Until when a refund can be asked for."""
    assignee: Person | None = joined("assignee_id")
    """Who works on it."""
    team: Team | None = joined("team_id")
    """The team that it was assigned in."""
    history: list[SaleEvent] = children("sale_id", Order("happened_at"))
    """What happened to it, oldest first: what the marketplace sent, and what people changed."""


found_within(Sale, reach.sales)
