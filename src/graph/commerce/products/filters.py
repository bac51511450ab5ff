"""How a list of products is searched and sorted."""

from enum import Enum
from typing import Any

import strawberry

from authz import reach
from authz.gates import Needs
from authz.grant import Grant
from authz.viewer import Viewer
from engine.rows.lists import Rows
from engine.rows.select import Order
from graph.commerce.products.types import Product
from graph.kit.filters import conditions, equal, matches, order_input
from graph.kit.order import OrderDirection, sorted_by
from models.product_vocabulary import ProductFormat, ProductStatus, Source
from models.statement import Statement, all_of

_VIEWED = Needs(grant=Grant.VIEW_PRODUCTS)
_ON_LIST = Statement("r.status <> ?", (ProductStatus.ARCHIVED.value,))


@strawberry.input
class ProductFilter:
    """A filter for products. Only products that meet all given conditions are listed."""

    text: str | None = matches("name_folded", exact=("reference", "ucode"))
    """Products whose name, reference or `ucode` contains this text; case and, in names, accents are ignored.
    At most 100 characters."""
    status: list[ProductStatus] | None = equal("status", gates=(_VIEWED,))
    """Products with one of these statuses. By default, all except archived ones."""
    format: list[ProductFormat | None] | None = equal("format", gates=(_VIEWED,))
    """Products in one of these formats. Null among them: products whose format is not known."""
    source: list[Source] | None = equal("source", gates=(_VIEWED,))
    """Products from one of these sources."""


@strawberry.enum
class ProductOrderField(Enum):
    """A field by which products can be sorted."""

    NAME = "sort_key"
    """The name, in alphabetical order."""
    CREATED_AT = "created_at"
    """The time at which the product was first known here."""


ProductOrder: type[Any] = order_input(ProductOrderField, "products", OrderDirection.ASC)


def find_products(
    viewer: Viewer,
    filter: ProductFilter | None = None,  # noqa: A002 - the argument's name in the API
    order: ProductOrder | None = None,  # type: ignore[valid-type]
) -> Rows[Product]:
    """The products that a filter leaves; archived ones only if it names their status."""
    found = [conditions(viewer, filter)]
    if filter is None or filter.status is None:
        found.append(_ON_LIST)
    where = all_of(part for part in found if part)
    return Rows(Product, reach.products(viewer), where, (sorted_by(order, Order("sort_key")),))
