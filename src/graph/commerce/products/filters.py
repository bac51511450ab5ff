"""How a list of products is searched and sorted."""

from enum import Enum
from typing import Any

import strawberry

from authz import reach
from authz.gates import Needs
from authz.grant import Grant
from graph.commerce.products.types import Product
from graph.kit.filters import equal, matches, search
from graph.kit.order import OrderDirection
from models.product_vocabulary import ProductFormat, ProductStatus, Source
from models.statement import Statement

_VIEWED = Needs(grant=Grant.VIEW_PRODUCTS)
_NOT_ARCHIVED = Statement("r.status <> ?", (ProductStatus.ARCHIVED.value,))


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


def _unless_archived(chosen: ProductFilter | None, _order: Any) -> Statement | None:
    """Archived products are listed only if the filter names their status."""
    return None if chosen and chosen.status is not None else _NOT_ARCHIVED


find_products = search(
    Product,
    ProductFilter,
    order=ProductOrderField.NAME,
    direction=OrderDirection.ASC,
    reach=reach.products,
    also=_unless_archived,
)
