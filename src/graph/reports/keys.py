"""How the keys of reports appear in the API: the docstrings are their descriptions."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import strawberry

from authz import reach
from authz.reach import Reach
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

T = TypeVar("T")


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


async def _products(viewer: Viewer, named: Sequence[Named]) -> list[Product | None]:
    """The products: whole as far as the viewer may see them, else by name, which the report's grant opens."""
    within = reach.products(viewer)
    whole = await _whole(Product, within, named) if within.account_id is not None else {}
    global_id, new = BINDINGS[Product].global_id, object.__new__
    found: list[Product | None] = []
    for product in named:
        row_id = product.id
        item = whole.get(row_id)
        if item is None and row_id is not None:
            item = new(Product)
            item.__dict__ = {"id": global_id(row_id), "row_id": row_id, "name": product.name}
        found.append(item)
    return found


async def _offers(viewer: Viewer, named: Sequence[Named]) -> list[Offer | None]:
    """The offers, with the code and the name that the report's grant opens."""
    within = reach.tool_rows(viewer, "offers", REPORTS["revenueByProductDetailed"].grant)
    whole = await _whole(Offer, within, named)
    return [whole.get(offer.id) for offer in named]


async def _whole(kind: type[T], within: Reach, named: Sequence[Named]) -> dict[str | None, T]:
    """The named rows within a reach, by id."""
    ids = sorted({found.id for found in named if found.id is not None})
    if not ids:
        return {}
    return {row.row_id: row for row in await Rows(kind, within, one_of("r.id", ids))}  # type: ignore[attr-defined]


async def _affiliates(_viewer: Viewer, named: Sequence[Named]) -> list[AffiliateName | None]:
    return [
        AffiliateName(code=found.id, name=found.name) if found.id is not None else None for found in named
    ]


async def _spelled(_viewer: Viewer, named: Sequence[Named]) -> list[str | None]:
    return [found.name for found in named]


LOADERS: dict[Key, Callable[[Viewer, Sequence[Named]], Awaitable[Sequence[object]]]] = {
    keys.PRODUCT: _products,
    keys.OFFER: _offers,
    keys.AFFILIATE: _affiliates,
    keys.STATE: _spelled,
    keys.CITY: _spelled,
}
"""The keys whose values name an object, and what reads all of these objects at once, in their order."""


async def objects_of(viewer: Viewer, key: Key, named: Sequence[Named]) -> Sequence[object]:
    """The object that each value of a key names: those without a loader name themselves."""
    load = LOADERS.get(key)
    return await load(viewer, named) if load is not None else named
