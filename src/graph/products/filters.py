"""How a list of products is searched."""

import strawberry

from authz import reach
from authz.viewer import Viewer
from engine.rows.lists import Rows
from engine.rows.select import Order
from graph.kit.search import holds, holds_as_written, needle_of
from graph.products.types import Product
from models.statement import either


@strawberry.input
class ProductFilter:
    """A filter for products. Only products that meet all given conditions are listed."""

    text: str | None = None
    """Products whose name, reference or `ucode` contains this text; case and, in names, accents are ignored.
    At most 100 characters."""


def found_products(viewer: Viewer, filter: ProductFilter | None) -> Rows[Product]:  # noqa: A002
    """The products that a filter leaves, by name; whoever lists them may see all that is searched."""
    where = None
    if filter is not None and filter.text is not None:
        named = holds("r.name_folded", needle_of(filter.text))
        where = either(
            [named, *(holds_as_written(f"r.{one}", filter.text) for one in ("reference", "ucode"))]
        )
    return Rows(Product, reach.products(viewer), where, (Order("sort_key"),))
