"""The prices that people set of an offer, as they are stored: each with the moment from which it applies."""

import msgspec

Price = tuple[int, str]


class HandPrice(msgspec.Struct, frozen=True, array_like=True):
    """A price that applies from a moment on. Without an amount, the marketplace's price applies again."""

    start: int
    by: str
    minor: int | None = None
    currency: str | None = None


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
