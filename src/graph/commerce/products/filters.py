"""How a list of products is searched."""

import strawberry

from authz import reach
from engine.rows.select import Order
from graph.commerce.products.types import Product
from graph.kit.filters import matches, search


@strawberry.input
class ProductFilter:
    """A filter for products. Only products that meet all given conditions are listed."""

    text: str | None = matches("name_folded", exact=("reference", "ucode"))
    """Products whose name, reference or `ucode` contains this text; case and, in names, accents are ignored.
    At most 100 characters."""


find_products = search(Product, reach.products, ProductFilter, default=Order("sort_key"))
