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
    """One way to buy a product."""

    code: str
    """The marketplace's code of the offer."""
    name: str | None
    """The offer's name at the marketplace, where it has one."""
    price: Money | None = needs(Grant.VIEW_PRODUCTS, priced("price"))
    """The price asked before coupons and interest, where the marketplace told it."""


@row_of("products", "product")
@strawberry.type
class Product(Node):
    """Something that the account sells."""

    name: str
    """Its name at the marketplace."""
    reference: str = needs(Grant.VIEW_PRODUCTS)
    """The marketplace's number of the product."""
    ucode: str | None = needs(Grant.VIEW_PRODUCTS)
    """The marketplace's second name for it."""
    support_email: str | None = needs(Grant.VIEW_PRODUCTS)
    """Where its buyers ask for help."""
    offers: list[Offer] = needs(Grant.VIEW_PRODUCTS, Children("product_id", Order("code")))
    """The ways to buy it, by code."""


found_within(Product, by_id.products)
found_within(Offer, by_id.offers)
