"""How the keys of reports appear in the API: the docstrings are their descriptions."""

from collections.abc import Awaitable, Callable, Mapping

from authz import reach
from authz.viewer import Viewer
from engine.rows.lists import BINDINGS, Rows
from graph.commerce.products.types import Product
from graph.reports.words import fields_for
from models.statement import one_of
from models.vocabulary import PaymentMethod
from reports import keys
from reports.grouping import Named
from reports.keys import Key


@fields_for(keys.PRODUCT)
class OfProduct:
    """Rows by product."""

    product: Product | None
    """The product. Null in a period without sales."""


@fields_for(keys.SRC)
class OfSrc:
    """Rows by source code."""

    src: str | None
    """The source code of the link that buyers followed. Null for sales without one."""


@fields_for(keys.SCK)
class OfSck:
    """Rows by the checkout's source code."""

    sck: str | None
    """The checkout's source code of the link that buyers followed. Null for sales without one."""


@fields_for(keys.METHOD)
class OfMethod:
    """Rows by payment method."""

    payment_method: PaymentMethod | None
    """The payment method. Null where it is not known."""


@fields_for(keys.IN_PARTS)
class InParts:
    """Rows by number of payments."""

    in_installments: bool
    """Whether these sales are paid in more than one installment."""


@fields_for(keys.DEVICE)
class OfDevice:
    """Rows by device."""

    device: str | None
    """The kind of device that these sales were bought with, in capitals, as the marketplace names it: for
    example `MOBILE`, `DESKTOP` or `TABLET`. Null where it is not known. The filter of sales by device accepts
    it."""


async def _products(viewer: Viewer, named: set[Named]) -> dict[Named, Product]:
    """The products: whole as far as the viewer may see them, else by name, which the report's grant opens."""
    ids = sorted({found.id for found in named if found.id is not None})
    within = reach.products(viewer)
    whole: dict[str | None, Product] = {}
    if within.account_id is not None and ids:
        whole = {product.row_id: product for product in await Rows(Product, within, one_of("r.id", ids))}  # type: ignore[attr-defined]
    global_id = BINDINGS[Product].global_id
    return {
        found: whole.get(found.id) or _product(found, global_id(found.id))
        for found in named
        if found.id is not None
    }


def _product(found: Named, global_id: str) -> Product:
    product = object.__new__(Product)
    product.__dict__ = {"id": global_id, "row_id": found.id, "name": found.name}
    return product


LOADERS: dict[Key, Callable[[Viewer, set[Named]], Awaitable[Mapping[Named, object]]]] = {
    keys.PRODUCT: _products
}
"""The keys whose values name an object, and what reads all of these objects at once."""


async def objects_of(viewer: Viewer, key: Key, named: set[Named]) -> Mapping[Named, object]:
    """The objects that the values of a key name: those without a loader name themselves."""
    load = LOADERS.get(key)
    return await load(viewer, named) if load is not None else {found: found for found in named}
