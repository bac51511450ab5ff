"""How the keys of reports appear in the API: the docstrings are their descriptions."""

from collections.abc import Awaitable, Callable, Mapping

import strawberry

from authz import reach
from authz.viewer import Viewer
from engine.rows.lists import BINDINGS, Rows
from graph.commerce.products.types import Offer, Product
from graph.kit.money import Money
from graph.reports.columns import amount
from graph.reports.field_classes import fields_for
from models.statement import one_of
from models.vocabulary import CommissionSource, PaymentMethod, PaymentRefusal, SoldAs
from reports import keys
from reports.declarations import REPORTS
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


@fields_for(keys.OFFER)
class OfOffer:
    """Rows by offer."""

    offer: Offer | None
    """The offer. Null for sales without one, and in a period without sales."""


@fields_for(keys.CHECKOUT)
class OfCheckout:
    """Rows by checkout."""

    checkout_origin: str | None
    """The checkout that the buyers used, as the marketplace names it. Null where it is not known."""


@fields_for(keys.COUNTRY)
class OfCountry:
    """Rows by country."""

    country: str | None
    """The country of these buyers, as an ISO 3166 code, for example `BR`. Null where it is not known."""


@fields_for(keys.STATE)
class OfState:
    """Rows by state."""

    state: str | None
    """The state of these buyers' addresses, as most of them are spelled. Null where it is not known, and if
    the rows are not distinguished by it."""


@fields_for(keys.CITY)
class OfCity:
    """Rows by city."""

    city: str | None
    """The city of these buyers' addresses, as most of them are spelled. Null where it is not known, and if
    the rows are not distinguished by it."""


@fields_for(keys.SOLD_AS)
class OfRole:
    """Rows by role."""

    sold_as: SoldAs | None
    """The account's role in these sales. Null in a period without sales."""


@fields_for(keys.UNIT)
class OfUnit:
    """Rows by share."""

    unit: Money | None = amount("unit", present="unit")
    """The account's share of each of these sales. Null where it is not known."""


@fields_for(keys.REFUSAL)
class OfRefusal:
    """Rows by reason."""

    refusal: PaymentRefusal | None
    """The reason of the last refused payment. Null where the marketplace gave none."""


@fields_for(keys.SOURCE)
class OfSource:
    """Rows by recipient."""

    source: CommissionSource | None
    """Who receives these shares. Null for sales whose shares are not known."""


@strawberry.type
class AffiliateName:
    """An affiliate."""

    code: str
    """The affiliate's code at the marketplace."""
    name: str | None
    """The affiliate's name, if it is known."""


@fields_for(keys.AFFILIATE)
class OfAffiliate:
    """Rows by affiliate."""

    affiliate: AffiliateName | None
    """The affiliate. Null for an affiliate without a code, and in a period without sales."""


@fields_for(keys.COPRODUCER)
class OfCoproducer:
    """Rows by coproducer."""

    coproducer: str | None
    """The coproducer's name. Null where it is not known, and for the account itself."""


@fields_for(keys.OURS)
class Ours:
    """Rows of the account's own shares."""

    ours: bool
    """Whether the account is the coproducer, of other sellers' products."""


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
    global_id, new = BINDINGS[Product].global_id, object.__new__
    found: dict[Named, Product] = {}
    for product in named:
        if product.id is None:
            continue
        if product.id in whole:
            found[product] = whole[product.id]
            continue
        found[product] = by_name = new(Product)
        by_name.__dict__ = {"id": global_id(product.id), "row_id": product.id, "name": product.name}
    return found


async def _offers(viewer: Viewer, named: set[Named]) -> dict[Named, Offer]:
    """The offers, with the code and the name that the report's grant opens."""
    within = reach.tool_rows(viewer, "offers", REPORTS["revenueByProductDetailed"].grant)
    ids = sorted({found.id for found in named if found.id is not None})
    if not ids:
        return {}
    whole = {offer.row_id: offer for offer in await Rows(Offer, within, one_of("r.id", ids))}  # type: ignore[attr-defined]
    return {found: whole[found.id] for found in named if found.id in whole}


async def _affiliates(_viewer: Viewer, named: set[Named]) -> dict[Named, AffiliateName]:
    return {found: AffiliateName(code=found.id, name=found.name) for found in named if found.id is not None}


async def _spelled(_viewer: Viewer, named: set[Named]) -> dict[Named, str | None]:
    return {found: found.name for found in named}


LOADERS: dict[Key, Callable[[Viewer, set[Named]], Awaitable[Mapping[Named, object]]]] = {
    keys.PRODUCT: _products,
    keys.OFFER: _offers,
    keys.AFFILIATE: _affiliates,
    keys.STATE: _spelled,
    keys.CITY: _spelled,
}
"""The keys whose values name an object, and what reads all of these objects at once."""


async def objects_of(viewer: Viewer, key: Key, named: set[Named]) -> Mapping[Named, object]:
    """The objects that the values of a key name: those without a loader name themselves."""
    load = LOADERS.get(key)
    return await load(viewer, named) if load is not None else {found: found for found in named}
