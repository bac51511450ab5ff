"""What sales say of their offers' prices, as old as the orders."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from intake.sales.fold import Folded
from models.price_history import settle_prices


class SaleQuote(msgspec.Struct, frozen=True):
    """The price that a sale names of its offer."""

    offer_id: str
    at: int
    price: int
    currency: str


QuoteChange = tuple[SaleQuote | None, SaleQuote | None]
"""What a sale said of its offer's price before, and what it says now."""


def quote_in(row: Any) -> SaleQuote | None:
    """The quote in a row of `sales`."""
    if row["offer_id"] is None or row["offer_price"] is None:
        return None
    return SaleQuote(str(row["offer_id"]), row["ordered_at"], row["offer_price"], row["offer_currency"])


def quote_of(folded: Folded, offers: Mapping[tuple[str, str], str]) -> SaleQuote | None:
    """The quote of a folded sale."""
    columns = folded.columns
    if folded.offer is None or columns.offer_price is None or columns.offer_currency is None:
        return None
    return SaleQuote(offers[folded.offer], columns.ordered_at, columns.offer_price, columns.offer_currency)


async def settle_quotes(account_id: str, changes: Iterable[QuoteChange], offers: Iterable[Any]) -> None:
    """Bring the histories up to date that sales change.

    `offers` are rows as they were before. Most sales repeat the price that their offer has, which changes
    nothing.
    """
    known = {str(row["id"]): row for row in offers}
    changed: set[str] = set()
    for before, after in changes:
        if before == after or (before is None and after is not None and _repeats(after, known)):
            continue
        changed |= {quote.offer_id for quote in (before, after) if quote is not None}
    await settle_prices(account_id, changed)


def _repeats(quote: SaleQuote, known: Mapping[str, Any]) -> bool:
    row = known.get(quote.offer_id)
    if row is None or (row["price"], row["currency"]) != (quote.price, quote.currency):
        return False
    return bool(0 <= row["priced_at"] <= quote.at)
