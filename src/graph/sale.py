"""Sales: one purchase of one offer by one buyer."""

import strawberry

from authz import reach
from authz.gates import Needs, gated, needs
from authz.grant import Grant
from engine.rows import decoded, row_of
from engine.select import Order
from engine.source import Children, Computed, children, embedded, joined, sourced
from graph.collaborator import Person, Team
from graph.money import Money, priced
from graph.node import Node, found_within
from graph.product import Offer, Product
from graph.scalars import DateTime
from models.statement import Statement
from models.words import CommissionSource, EventSource, PaymentMethod, SaleStatus

strawberry.enum(SaleStatus)
strawberry.enum(PaymentMethod)
strawberry.enum(CommissionSource)
strawberry.enum(EventSource)

_SALES = Needs(grant=Grant.SEARCH_SALES)


@gated(Needs(grant=Grant.SEND_RECEIPTS))
@strawberry.type
class Address:
    """Where a buyer lives, as the marketplace wrote it."""

    street: str | None
    """Street and number."""
    complement: str | None
    """Flat, floor or the like."""
    neighborhood: str | None
    """Part of the city."""
    city: str | None
    """City."""
    state: str | None
    """State or province."""
    zip_code: str | None
    """Postal code."""
    country: str | None
    """Country, as the marketplace spells it."""


def _address(stored: object) -> Address | None:
    told = decoded(stored)
    if not told:
        return None
    names = ("street", "complement", "neighborhood", "city", "state", "zip_code", "country")
    return Address(**{name: told.get(name) for name in names})


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
    """The telephone number."""
    document: str | None = needs(Grant.SEND_RECEIPTS)
    """The number of an identity or tax document."""
    address: Address | None = needs(Grant.SEND_RECEIPTS, Computed(_address, ("address",)))
    """The postal address."""


@gated(_SALES)
@strawberry.type
class Origin:
    """Where a buyer came from, by the codes of the link that was followed."""

    src: str | None
    """The code of the source."""
    sck: str | None
    """The checkout's code of the source."""


@gated(Needs(grant=Grant.MANAGE_AFFILIATES))
@strawberry.type
class SaleAffiliate:
    """The affiliate who brought a sale."""

    code: str
    """The affiliate's code at the marketplace."""
    name: str | None
    """The affiliate's name."""


@gated(Needs(grant=Grant.MANAGE_SUBSCRIPTIONS))
@strawberry.type
class SaleSubscription:
    """The subscription that a sale is a payment of."""

    code: str | None
    """The subscriber's code."""
    recurrence: int | None
    """Which payment of the subscription it is, from 1."""


def _affiliate(code: str | None, name: str | None) -> SaleAffiliate | None:
    return SaleAffiliate(code=code, name=name) if code else None


def _subscription(code: str | None, recurrence: int | None) -> SaleSubscription | None:
    return SaleSubscription(code=code, recurrence=recurrence) if code else None


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
@row_of("sale_events")
@strawberry.type
class SaleEvent:
    """One thing that happened to a sale."""

    status: SaleStatus
    """The status that it brought."""
    happened_at: DateTime
    """When it happened."""
    source: EventSource
    """How it was told."""


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
    """What the buyer pays, with the interest of instalments."""
    net: Money | None = needs(Grant.VIEW_COMMISSIONS_REPORT, priced("net", "net_currency"))
    """What the producer is paid."""
    payment_method: PaymentMethod | None
    """How it is paid."""
    instalments: int
    """In how many parts it is paid."""
    buyer: Buyer = embedded("buyer_")
    """Who bought."""
    origin: Origin = embedded("origin_")
    """Where the buyer came from."""
    checkout_origin: str | None
    """The checkout that it was bought at."""
    device: str | None
    """The kind of device that it was bought with."""
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
        Grant.MANAGE_SUBSCRIPTIONS, Computed(_subscription, ("subscription_code", "recurrence"))
    )
    """The subscription that it is a payment of."""
    ordered_at: DateTime
    """When it was ordered."""
    approved_at: DateTime | None
    """When its payment was approved."""
    refunded_at: DateTime | None
    """When it was paid back."""
    warranty_until: DateTime | None
    """Until when a refund can be asked for."""
    assignee: Person | None = joined("assignee_id")
    """Who works on it."""
    team: Team | None = joined("team_id")
    """The team that it was assigned in."""
    history: list[SaleEvent] = children("sale_id", Order("happened_at"))
    """What happened to it, oldest first."""


found_within(Sale, reach.sales)
