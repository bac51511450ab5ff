"""The prices of an offer: what people set is above what the marketplace says, each from its moment on.

The marketplace's quotes are those of an offer's sales, as old as the orders, so every order of messages ends
with the same history.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from models.product_vocabulary import Source

Price = tuple[int, str]


class HandPrice(msgspec.Struct, frozen=True, array_like=True):
    """A price that applies from a moment on. Without an amount, the marketplace's price applies again."""

    start: int
    by: str
    minor: int | None = None
    currency: str | None = None


class Quote(NamedTuple):
    """The price that the marketplace named of an offer at a moment."""

    at: int
    minor: int
    currency: str


class PriceEntry(NamedTuple):
    """A price of an offer's history: from when to when it applies, and who set it."""

    start: int
    until: int | None
    minor: int
    currency: str
    source: Source
    by: str | None


_decoder = msgspec.json.Decoder(tuple[HandPrice, ...])


def hand_prices(stored: str | None) -> tuple[HandPrice, ...]:
    """The prices of a column, oldest first."""
    return _decoder.decode(stored) if stored else ()


def stored_prices(prices: tuple[HandPrice, ...]) -> str:
    """The text of a column. Of two prices from one moment, the later one in the tuple stays."""
    found = {price.start: price for price in prices}
    return msgspec.json.encode([found[start] for start in sorted(found)]).decode()


def price_at(moment: int, marketplace: tuple[int | None, str | None], stored: str | None) -> Price | None:
    """What applies at a moment: the latest price that a person set by then, otherwise the marketplace's."""
    applied = [price for price in hand_prices(stored) if price.start <= moment] if stored else []
    if applied and applied[-1].minor is not None and applied[-1].currency is not None:
        return applied[-1].minor, applied[-1].currency
    minor, currency = marketplace
    return None if minor is None or currency is None else (minor, currency)


def price_changes(quotes: Iterable[Quote]) -> list[Quote]:
    """The quotes at which the marketplace's price changes. Of several at one moment, the highest counts."""
    changes: list[Quote] = []
    for quote in {quote.at: quote for quote in sorted(quotes)}.values():
        if not changes or changes[-1][1:] != quote[1:]:
            changes.append(quote)
    return changes


def price_history(quotes: Iterable[Quote], stored: str | None) -> list[PriceEntry]:
    """Every price of an offer, oldest first, with the prices that people set above the marketplace's."""
    changes, by_hand = price_changes(quotes), hand_prices(stored)
    history: list[PriceEntry] = []
    before: tuple[object, ...] | None = None
    for moment in sorted({quote.at for quote in changes} | {price.start for price in by_hand}):
        hand = next((price for price in reversed(by_hand) if price.start <= moment), None)
        quote = next((quote for quote in reversed(changes) if quote.at <= moment), None)
        found: tuple[object, ...] | None = None
        entry: PriceEntry | None = None
        if hand is not None and hand.minor is not None and hand.currency is not None:
            entry = PriceEntry(moment, None, hand.minor, hand.currency, Source.HAND, hand.by)
            found = (hand.start,)
        elif quote is not None:
            entry = PriceEntry(moment, None, quote.minor, quote.currency, Source.MARKETPLACE, None)
            found = quote[1:]
        if found == before:
            continue
        if history and history[-1].until is None:
            history[-1] = history[-1]._replace(until=moment)
        if entry is not None:
            history.append(entry)
        before = found
    return history
