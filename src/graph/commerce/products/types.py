"""Products and their offers."""

import strawberry

from authz import by_id
from authz.gates import needs
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children
from graph.kit.money import Money, priced
from graph.kit.node import Node, found_within


@row_of("offers", "offer")
@strawberry.type
class Offer(Node):
    """One way to buy a product: a price and its checkout page."""

    code: str
    """The marketplace's code of the offer."""
    name: str | None
    """The offer's name at the marketplace, if it has one."""
    price: Money | None = needs(Grant.VIEW_PRODUCTS, priced("price"))
    """The price before coupons and interest, if the marketplace sends it."""


@row_of("products", "product")
@strawberry.type
class Product(Node):
    """A product that the account sells."""

    name: str
    """The product's name at the marketplace."""
    reference: str = needs(Grant.VIEW_PRODUCTS)
    """The marketplace's number of the product, for example `123456`."""
    ucode: str | None = needs(Grant.VIEW_PRODUCTS)
    """The marketplace's second identifier of the product, a UUID."""
    support_email: str | None = needs(Grant.VIEW_PRODUCTS)
    """The e-mail address at which buyers of the product can ask for help."""
    coproduced: bool | None = needs(Grant.VIEW_PRODUCTS)
    """Whether the product has coproducers; null if the marketplace has not said."""
    offers: list[Offer] = needs(Grant.VIEW_PRODUCTS, Children("product_id", Order("code")))
    """The product's offers, by code."""


found_within(Product, by_id.products)
found_within(Offer, by_id.offers)
