"""What sales say of their offers' prices, as old as the orders."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from intake.sales.fold import Folded
from models.price_history import settle_prices, stored_histories
from models.prices import PriceEntry
from models.product_vocabulary import Source


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


async def settle_quotes(account_id: str, changes: Iterable[QuoteChange], offers: Iterable[Any]) -> set[str]:
    """Bring the histories up to date that sales change. Returns the offers that have another currency now.

    `offers` are rows as they were before. Most sales repeat the price that their offer has, or had when they
    were ordered, which changes nothing: only others read all sales of their offers.
    """
    known = {str(row["id"]): row for row in offers}
    changed: set[str] = set()
    earlier: list[SaleQuote] = []
    for before, after in changes:
        if before == after:
            continue
        if before is not None or after is None:
            changed |= {quote.offer_id for quote in (before, after) if quote is not None}
        elif not _repeats(after, known):
            earlier.append(after)
    return await settle_prices(account_id, changed | await _changed_by(account_id, earlier))


async def _changed_by(account_id: str, quotes: Sequence[SaleQuote]) -> set[str]:
    """The offers that cost something else, as far as is known, when these sales were ordered."""
    if not quotes:
        return set()
    histories = await stored_histories(account_id, sorted({quote.offer_id for quote in quotes}))
    return {
        quote.offer_id
        for quote in quotes
        if not any(_covers(entry, quote) for entry in histories.get(quote.offer_id, {}).values())
    }


def _covers(entry: PriceEntry, quote: SaleQuote) -> bool:
    within = entry.start <= quote.at and (entry.until is None or quote.at < entry.until)
    same = (entry.minor, entry.currency) == (quote.price, quote.currency)
    return within and same and entry.source is Source.MARKETPLACE


def _repeats(quote: SaleQuote, known: Mapping[str, Any]) -> bool:
    row = known.get(quote.offer_id)
    if row is None or (row["price"], row["currency"]) != (quote.price, quote.currency):
        return False
    return bool(0 <= row["priced_at"] <= quote.at)
