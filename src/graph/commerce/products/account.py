"""Products, as part of `Account`."""

import strawberry

from authz.gates import needs
from authz.grant import Grant
from engine.rows.connection import Connection
from graph.commerce.products.filters import find_products
from graph.commerce.products.types import Product
from graph.kit.listed import listed
from graph.kit.noun import AccountPart


@strawberry.type
class ProductsOfAccount(AccountPart):
    """The products of the account."""

    products: Connection[Product] | None = listed(find_products, needs(Grant.VIEW_PRODUCTS))
    """The products that the account sells, by name."""
