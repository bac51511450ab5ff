"""Products and their offers."""

import strawberry

from authz import by_id
from authz.gates import Needs, gated, needs
from authz.grant import Grant
from engine.rows.connection import Connection
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, Column, Computed, Embedded, Pages, children, sourced
from graph.commerce.products.price_at import PRICE_AT
from graph.kit.changed_by import ChangedBy
from graph.kit.money import Money, priced
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from models import database
from models.prices import price_at
from models.product_vocabulary import (
    OfferStatus,
    PaymentMode,
    PlanPeriod,
    ProductFormat,
    ProductStatus,
    Source,
)

strawberry.enum(ProductStatus)
strawberry.enum(ProductFormat)
strawberry.enum(Source)
strawberry.enum(OfferStatus)
strawberry.enum(PaymentMode)
strawberry.enum(PlanPeriod)
EDITOR = Embedded(names={"name": "changed_by"}, present="changed_by")
"""Who changed a row last."""


def _present_price(price: int | None, currency: str | None, by_hand: str | None) -> Money | None:
    found = price_at(database.now(), (price, currency), by_hand)
    return None if found is None else Money(minor=found[0], currency=found[1])


@gated(Needs(grant=Grant.VIEW_PRODUCTS))
@row_of("offer_prices")
@strawberry.type
class OfferPrice:
    """A price of an offer, and when it applies."""

    price: Money = sourced(priced("amount"))
    """The price, before coupons and interest."""
    from_: DateTime = sourced(Column("start"), name="from")
    """When the price begins to apply: the moment that a person set, otherwise the time of the first order at
    this price. It can be in the future."""
    until: DateTime | None
    """When another price begins to apply; null for the last one."""
    source: Source
    """`HAND`: a person set the price. `MARKETPLACE`: the offer's sales were made at this price."""
    by: ChangedBy | None = sourced(Embedded(names={"name": "by_name"}, present="by_name"))
    """The person who set the price; null for the marketplace's prices."""


@strawberry.type
class PlanName:
    """The name of a subscription's plan."""

    name: str
    """The plan's name."""


@row_of("offers", "offer")
@strawberry.type
class Offer(Node):
    """One way to buy a product: a price and its checkout page."""

    code: str
    """The marketplace's code of the offer."""
    name: str | None
    """The offer's name, if it has one: the one that a person set, otherwise the marketplace's."""
    price: Money | None = needs(
        Grant.VIEW_PRODUCTS, Computed(_present_price, ("price", "currency", "hand_prices"))
    )
    """The current price, before coupons and interest, if it is known: the one that a person set,
    otherwise the latest that the marketplace sent."""
    price_at: Money | None = needs(Grant.VIEW_PRODUCTS, PRICE_AT)
    prices: Connection[OfferPrice] = needs(
        Grant.VIEW_PRODUCTS, Pages(Children("offer_id", Order("start", descending=True)), "offer_prices")
    )
    """The prices of the offer and when each applies, latest first."""
    main: bool = needs(Grant.VIEW_PRODUCTS)
    """Whether it is the product's main offer."""
    status: OfferStatus = needs(Grant.VIEW_PRODUCTS)
    """Whether the offer can be bought."""
    payment_mode: PaymentMode | None = needs(Grant.VIEW_PRODUCTS)
    """How the offer is paid for, if it is known."""
    plan: PlanName | None = needs(
        Grant.VIEW_PRODUCTS, Embedded(names={"name": "plan_name"}, present="plan_name")
    )
    """The plan of the subscription that the offer sells; null if it sells none that is known."""
    checkout_url: str | None = needs(Grant.VIEW_PRODUCTS)
    """The address of the offer's checkout page."""
    source: Source = needs(Grant.VIEW_PRODUCTS)
    """Whether the offer comes from the marketplace, from a person, or both."""
    version: int = needs(Grant.VIEW_PRODUCTS)
    """The number of the offer's version, which every change by a person increments. Mutations that edit
    the offer require it."""
    changed_at: DateTime | None = needs(Grant.VIEW_PRODUCTS)
    """When a person last changed the offer; null if none did."""
    changed_by: ChangedBy | None = needs(Grant.VIEW_PRODUCTS, EDITOR)
    """The person who last changed the offer; null if none did."""


@gated(Needs(grant=Grant.VIEW_PRODUCTS))
@row_of("plans")
@strawberry.type
class Plan:
    """A billing plan of a subscription."""

    code: str
    """The marketplace's code of the plan, unique in its product."""
    name: str
    """The plan's name at the marketplace."""
    period: PlanPeriod
    """How often the subscription is billed."""
    trial_days: int | None
    """The number of days before the first payment; null if there is no trial."""
    max_charges: int | None
    """The number of payments after which the subscription ends; null if it does not end by itself."""
    offers: list[Offer] = children("plan_id", Order("code"))
    """The offers that sell the plan, by code."""


@row_of("products", "product")
@strawberry.type
class Product(Node):
    """A product that the account sells."""

    name: str
    """The product's name: the one that a person set, otherwise the marketplace's."""
    marketplace_name: str | None = needs(Grant.VIEW_PRODUCTS)
    """The product's name at the marketplace; null if the marketplace has not said."""
    status: ProductStatus = needs(Grant.VIEW_PRODUCTS)
    """Whether the product is on sale: what a person set, otherwise what the marketplace says."""
    format: ProductFormat | None = needs(Grant.VIEW_PRODUCTS)
    """What buyers receive, if it is known."""
    warranty_days: int | None = needs(Grant.VIEW_PRODUCTS)
    """The number of days within which a buyer can request a refund, for example `7`; null if it is not known.
    A number that a person set takes precedence over the marketplace's. It applies to sales for which the
    marketplace sends no date."""
    access_url: str | None = needs(Grant.VIEW_PRODUCTS)
    """The address at which buyers find the product."""
    sales_page_url: str | None = needs(Grant.VIEW_PRODUCTS)
    """The address of the page that presents the product."""
    source: Source = needs(Grant.VIEW_PRODUCTS)
    """Whether the product comes from the marketplace, from a person, or both."""
    version: int = needs(Grant.VIEW_PRODUCTS)
    """The number of the product's version, which every change by a person increments. Mutations that edit
    the product require it."""
    changed_at: DateTime | None = needs(Grant.VIEW_PRODUCTS)
    """When a person last changed the product; null if none did."""
    changed_by: ChangedBy | None = needs(Grant.VIEW_PRODUCTS, EDITOR)
    """The person who last changed the product; null if none did."""
    reference: str = needs(Grant.VIEW_PRODUCTS)
    """The marketplace's number of the product, for example `123456`; for a product that a person created,
    what they chose."""
    ucode: str | None = needs(Grant.VIEW_PRODUCTS)
    """The marketplace's second identifier of the product, a UUID."""
    support_email: str | None = needs(Grant.VIEW_PRODUCTS)
    """The e-mail address at which buyers of the product can ask for help."""
    coproduced: bool = needs(Grant.VIEW_PRODUCTS, Computed(bool, ("coproduced",)))
    """Whether the product has coproducers; false unless the marketplace says so."""
    offers: list[Offer] = needs(Grant.VIEW_PRODUCTS, Children("product_id", Order("code")))
    """The product's offers, by code."""
    plans: list[Plan] = needs(Grant.VIEW_PRODUCTS, Children("product_id", Order("code")))
    """The billing plans of the product, by code; none unless it is a subscription."""


found_within(Product, by_id.products)
found_within(Offer, by_id.offers)
