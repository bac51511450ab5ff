"""The demo's pages of products, offers and plans, and what its owner set above them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from centrals.demo.chance import DAY, END, START, Chance
from centrals.demo.people import OPENED
from centrals.demo.products import PLAN, PRODUCT_COLUMNS, Listing, Seller, Title, product_row
from intake.hotmart.event import hotmart_event
from intake.messages.arrival import Arrival, arrival_of
from intake.messages.secret import Secrets
from intake.messages.store import store_arrivals
from intake.values.reading import decoded
from models import database
from models.currency import major_units
from models.naming import name_columns
from models.price_history import settle_prices
from models.prices import HandPrice, stored_prices
from models.product_vocabulary import ByHand, ProductStatus
from models.vocabulary import IntakeChannel

_LAUNCH, _LAUNCH_DAYS = 80, 30
"""Percent of its price at which a product began, unless it sold at more, and for how many days."""


@dataclass(frozen=True, slots=True)
class ByOwner:
    """What the owner set of a product: a name, a status, percents of its price by days from the beginning."""

    name: str | None = None
    status: ProductStatus | None = None
    prices: tuple[tuple[int, int | None], ...] = ()
    """From a day on, a percentage of the marketplace's price; without one, the marketplace's price again."""


_BY_OWNER = {
    "Excel sem Medo": ByOwner(name="Excel sem Medo 2026"),
    "Aquarela Botânica": ByOwner(status=ProductStatus.PAUSED),
    "Desafio 30 Fotos": ByOwner(name="Desafio 30 Fotos (encerrado)", status=ProductStatus.ARCHIVED),
    "Fotografia com Luz Natural": ByOwner(prices=((508, 90), (518, None), (790, 110))),
    "Leer en Voz Alta": ByOwner(prices=((780, 85),)),
}
"""The prices of the first: ten days of November at less, and more from September on, which is to come."""
_ENDED = {"Aurora Cursos": "Desafio 30 Fotos"}
"""A product that is no longer sold, by seller."""


async def add_catalog(account_id: str, seller: Seller, listings: Iterable[Listing], owner: str) -> None:
    """Read the pages of a seller's products, and set what the owner set."""
    offered = list(listings)
    if (ended := _ended(seller)) is not None:
        row = product_row(account_id, seller, ended)
        await database.insert_many("products", PRODUCT_COLUMNS, [row])
    arrivals = [arrival for at, items in _pages(seller, offered) for arrival in _arrivals(at, items)]
    await store_arrivals(account_id, arrivals, IntakeChannel.IMPORT, locked=True)
    titles = {listing.title.name: listing for listing in offered}
    for title, set_by in _BY_OWNER.items():
        if title in titles or (ended is not None and title == ended.title.name):
            await _set(account_id, title, set_by, owner)
            if title in titles and set_by.prices:
                await _price(account_id, titles[title], set_by, owner)


def _arrivals(at: int, items: Iterable[dict[str, Any]]) -> Iterator[Arrival]:
    for item in items:
        tree = decoded(msgspec.json.encode(item))
        arrival = arrival_of(tree, Secrets(), lambda tree: hotmart_event(tree, at))
        yield msgspec.structs.replace(arrival, as_of=at)


def _pages(seller: Seller, listings: list[Listing]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The items of pages, and when these were read."""
    for listing in listings:
        title, opened = listing.title, _opened(listing)
        yield (
            opened,
            [_product(listing.reference, title.name, title.format, title.warranty_days, listing.ucode)],
        )
        if title.monthly:
            plan = {"code": f"mensal{listing.reference}", "name": PLAN, "periodicity": "MONTHLY"}
            yield opened, [plan | {"product_id": listing.reference, "trial_period": 7}]
        yield opened, list(_offers(listing, _LAUNCH))
        yield opened + _LAUNCH_DAYS * DAY, list(_offers(listing, 100))
    if (ended := _ended(seller)) is not None:
        yield OPENED, [_product(ended.reference, ended.title.name, ended.title.format, 7, ended.ucode)]


def _ended(seller: Seller) -> Listing | None:
    name = _ENDED.get(seller.name)
    if name is None:
        return None
    chance = Chance(f"{seller.name}, ended")
    return Listing(
        chance.id(OPENED), str(seller.first_product - 137), chance.name(), Title(name, 0, 7, {}), {}
    )


def _opened(listing: Listing) -> int:
    return START + listing.title.from_day * DAY if listing.title.from_day else OPENED


def _product(reference: str, name: str, kind: str, warranty_days: int, ucode: str | None) -> dict[str, Any]:
    named = {"id": int(reference), "ucode": ucode, "name": name}
    return named | {"status": "ACTIVE", "format": kind, "warranty_period": warranty_days}


def _offers(listing: Listing, percent: int) -> Iterator[dict[str, Any]]:
    """The offers at a percentage of the price at which they sell."""
    mode = "SUBSCRIPTION" if listing.title.monthly else "PAY_IN_FULL"
    for place, offers in enumerate(listing.offers.values()):
        for number, offer in enumerate(offers):
            amount = major_units(offer.amount * percent // 100, offer.currency)
            price = {"value": str(amount), "currency_code": offer.currency}
            yield {
                "code": offer.code,
                "name": "Promoção" if number else None,
                "price": price,
                "payment_mode": mode,
                "is_main_offer": place == number == 0,
                "product_id": listing.reference,
            }


async def _set(account_id: str, title: str, set_by: ByOwner, owner: str) -> None:
    """What the owner set of a product, as `editProduct` and `setProductStatus` write it."""
    values: dict[str, Any] = {"marketplace_name": title}
    by_hand = ByHand(0)
    if set_by.name is not None:
        values |= name_columns(set_by.name)
        by_hand |= ByHand.NAME
    if set_by.status is not None:
        values["status"] = set_by.status.value
        by_hand |= ByHand.STATUS
    if by_hand:
        values |= {"by_hand": int(by_hand), "version": 2, "changed_at": END - 3 * DAY, "changed_by": owner}
    settings = ", ".join(f"{name} = ?" for name in values)
    await database.write(
        f"UPDATE products SET {settings} WHERE account_id = ? AND name = ?",
        (*values.values(), account_id, title),
    )


async def _price(account_id: str, listing: Listing, set_by: ByOwner, owner: str) -> None:
    """Prices that the owner set of the first offer."""
    offer = next(iter(listing.offers.values()))[0]
    prices = tuple(
        HandPrice(START + day * DAY, owner)
        if percent is None
        else HandPrice(START + day * DAY, owner, offer.amount * percent // 100, offer.currency)
        for day, percent in set_by.prices
    )
    await database.write(
        "UPDATE offers SET hand_prices = ?, version = ?, changed_at = ?, changed_by = ?"
        " WHERE account_id = ? AND id = ?",
        (stored_prices(prices), 1 + len(prices), END - 2 * DAY, owner, account_id, offer.id),
    )
    await settle_prices(account_id, (offer.id,))
