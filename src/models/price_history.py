"""Keeps the history of offers' prices, and finds the price of a moment in it."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import structs

from models import database
from models.prices import (
    PriceEntry,
    Quote,
    hand_prices,
    price_changes,
    price_history,
    stored_prices,
)
from models.product_vocabulary import Source
from models.statement import Statement, one_of
from models.tables.opportunity import OpportunityKind

UNQUOTED = -1
"""`offers.priced_at` of an offer of which the marketplace has named no price."""
UNREAD = -2
"""The same of an offer whose price is older than the history, which a refold will read."""
_COLUMNS = ("id", "account_id", "offer_id", "start", "until", "amount", "currency", "source", "by_name")


def prices_at(account_id: str | None, offer_ids: Sequence[str], moment: int) -> Statement:
    """The price of each offer at a moment: `offer_id`, `amount`, `currency`; no row where it is unknown."""
    return (
        Statement(
            "SELECT p.offer_id, p.amount, p.currency FROM offer_prices p WHERE p.account_id = ? AND ",
            (account_id,),
        )
        + one_of("p.offer_id", offer_ids)
        + Statement(" AND p.start <= ? AND (p.until IS NULL OR p.until > ?)", (moment, moment))
    )


async def rename_in_hand_prices(account_id: str, former: str, name: str) -> None:
    """Rename who set prices of an account's offers, in what these are derived from."""
    rows = await database.read(
        "SELECT id, hand_prices FROM offers WHERE account_id = ? AND hand_prices IS NOT NULL", (account_id,)
    )
    for row in rows:
        prices = hand_prices(row["hand_prices"])
        stored = stored_prices(
            tuple(structs.replace(price, by=name) if price.by == former else price for price in prices)
        )
        if stored != row["hand_prices"]:
            await database.write(
                "UPDATE offers SET hand_prices = ? WHERE account_id = ? AND id = ?",
                (stored, account_id, row["id"]),
            )


async def settle_prices(account_id: str | None, offer_ids: Iterable[str]) -> set[str]:
    """Write again the history of offers, from what their sales and people say. The account is locked.

    Returns the ids of those that have another currency now.
    """
    offers = one_of("id", ids := sorted(set(offer_ids)))
    if not ids:
        return set()
    rows = await database.read(
        "SELECT id, price, currency, priced_at, hand_prices FROM offers"
        f" WHERE account_id = ? AND {offers.text}",
        (account_id, *offers.params),
    )
    quotes = await _quotes(account_id, ids)
    present = await stored_histories(account_id, ids)
    gone: list[tuple[Any, ...]] = []
    saved: list[tuple[Any, ...]] = []
    priced: list[tuple[Any, ...]] = []
    exchanged: set[str] = set()
    for row in rows:
        offer_id = str(row["id"])
        found = quotes.get(offer_id, [])
        history = {entry.start: entry for entry in price_history(found, row["hand_prices"])}
        stored = present.get(offer_id, {})
        gone += [(account_id, offer_id, start) for start in sorted(stored.keys() - history.keys())]
        saved += [
            (database.new_id(), account_id, offer_id, *entry)
            for start, entry in sorted(history.items())
            if stored.get(start) != entry
        ]
        latest = _latest(found, row)
        if latest != (row["price"], row["currency"], row["priced_at"]):
            priced.append((*latest, account_id, offer_id))
        if latest[1] != row["currency"]:
            exchanged.add(offer_id)
    await _write(gone, saved, priced)
    if gone or saved:
        await _settle_amounts(account_id, ids)
    return exchanged


def _latest(quotes: Sequence[Quote], row: Any) -> tuple[int | None, str | None, int]:
    """The marketplace's newest price, and since when."""
    if quotes:
        newest = price_changes(quotes)[-1]
        return newest.minor, newest.currency, newest.at
    if row["priced_at"] == UNREAD:
        return row["price"], row["currency"], UNREAD
    return None, None, UNQUOTED


_LISTED = (
    "SELECT o.id, c.happened_at, c.price, c.currency FROM offers o"
    " JOIN products p ON p.account_id = o.account_id AND p.id = o.product_id"
    " JOIN catalog_events c ON c.account_id = o.account_id AND c.code = o.code AND c.kind = 'OFFERS'"
    " AND c.product IN (p.reference, p.ucode) AND c.price IS NOT NULL WHERE o.account_id = ?"
)
"""What pages say of offers' prices, as of the time when they were read."""


async def _quotes(account_id: str | None, offer_ids: Sequence[str]) -> dict[str, list[Quote]]:
    """The quotes at which the price of each offer changes, which an index has without reading its sales."""
    sold, listed = one_of("s.offer_id", offer_ids), one_of("o.id", offer_ids)
    rows = await database.read(
        "SELECT offer_id, moment, amount, currency FROM (SELECT u.*, LAG(amount) OVER w AS former,"
        " LAG(currency) OVER w AS former_currency FROM ("
        "SELECT s.offer_id, s.ordered_at AS moment, s.offer_price AS amount, s.offer_currency AS currency"
        f" FROM sales s WHERE s.account_id = ? AND {sold.text} AND s.offer_price IS NOT NULL"
        f" UNION ALL {_LISTED} AND {listed.text}) u"
        " WINDOW w AS (PARTITION BY offer_id ORDER BY moment, amount, currency)) q"
        " WHERE former IS NULL OR former <> amount OR former_currency <> currency",
        (account_id, *sold.params, account_id, *listed.params),
    )
    found: dict[str, list[Quote]] = {}
    for row in rows:
        quote = Quote(row["moment"], row["amount"], row["currency"])
        found.setdefault(str(row["offer_id"]), []).append(quote)
    return found


async def stored_histories(
    account_id: str | None, offer_ids: Sequence[str]
) -> dict[str, dict[int, PriceEntry]]:
    """The histories of offers as they are stored, by the beginnings of their prices."""
    offers = one_of("offer_id", offer_ids)
    rows = await database.read(
        "SELECT offer_id, start, until, amount, currency, source, by_name FROM offer_prices"
        f" WHERE account_id = ? AND {offers.text}",
        (account_id, *offers.params),
    )
    found: dict[str, dict[int, PriceEntry]] = {}
    for row in rows:
        source = Source(row["source"])
        entry = PriceEntry(row["start"], row["until"], row["amount"], row["currency"], source, row["by_name"])
        found.setdefault(str(row["offer_id"]), {})[entry.start] = entry
    return found


async def _write(
    gone: Sequence[tuple[Any, ...]], saved: Sequence[tuple[Any, ...]], priced: Sequence[tuple[Any, ...]]
) -> None:
    await database.write_later(
        "DELETE FROM offer_prices WHERE account_id = ? AND offer_id = ? AND start = ?", gone
    )
    # an entry keeps its id, so that the cursors of its page stay valid
    settings = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[4:])
    await database.write_later(
        f"{database.insertion('offer_prices', _COLUMNS)} ON CONFLICT (account_id, offer_id, start)"
        f" DO UPDATE SET {settings}",
        saved,
    )
    await database.write_later(
        "UPDATE offers SET price = ?, currency = ?, priced_at = ? WHERE account_id = ? AND id = ?", priced
    )


_AT_OPENING = (
    "(SELECT p.amount, p.currency FROM offer_prices p WHERE p.account_id = opportunities.account_id"
    " AND p.offer_id = opportunities.offer_id AND p.start <= opportunities.opened_at"
    " AND (p.until IS NULL OR p.until > opportunities.opened_at))"
)


async def _settle_amounts(account_id: str | None, offer_ids: Iterable[str]) -> None:
    """Give abandoned checkouts of offers the price that applied when they were opened."""
    offers = one_of("offer_id", offer_ids)
    await database.write(
        f"UPDATE opportunities SET (amount, currency) = {_AT_OPENING} WHERE account_id = ? AND {offers.text}"
        f" AND kind = '{OpportunityKind.ABANDONED_CHECKOUT.value}' AND NOT priced",
        (account_id, *offers.params),
    )
