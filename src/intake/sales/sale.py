"""Sales, their history and their commissions, written as the fold of the history says."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from intake.events.event import Event, HistoryEvent
from intake.events.notice import FIRST_ACCESS
from intake.sales.assignment import CodeHolder, Origin, settle_assignees, settle_decisions
from intake.sales.fold import Folded, describes_sale, fold, own_share
from intake.sales.outgoing import note_statuses
from intake.sales.price import QuoteChange, SaleQuote, quote_in, quote_of, settle_quotes
from intake.sales.product import lock, offer_ids, product_ids
from intake.sales.refund import settle_refund_requests
from intake.sales.shares import insert_shares, own_names, read_shares, replace_shares
from intake.sales.supplement import (
    history_event_in,
    history_event_of,
    insert_events,
    insert_supplements,
    release,
    supplements,
)
from intake.subscriptions.settle import subscription_ids, unpriced_at_offers
from models import database
from models.changes import ChangeKind, note
from models.ledger.settle import settle_ledger
from models.recovery.settle import settle_opportunities
from models.sales.billed_months import note_billed
from models.sales.columns import SALE_COLUMNS
from models.sales.words import add_words, store_words
from models.statement import one_of
from models.vocabulary import SaleStatus

Offers = dict[tuple[str, str], str]

_FIRST_ACCESS = (
    "(SELECT MIN(c.happened_at) FROM contact_events c WHERE c.account_id = ? AND c.product_reference = ?"
    " AND c.email = ? AND c.kind = ? AND c.happened_at >= ?)"
)
"""When a buyer opened a product for the first time since a sale, whichever message comes first."""

_FOLDED = (*SALE_COLUMNS, "own_amount", "own_currency", "product_id", "offer_id", "subscription_id")


class Settled(msgspec.Struct, frozen=True):
    """The keys of the events that now wait for their sale, of the waiting events that found it, the ids of
    the new sales, and those of the subscriptions that sales are payments of, or were, by their codes."""

    waiting: set[str] = set()
    found: set[str] = set()
    created: tuple[str, ...] = ()
    subscriptions: dict[str, str] = {}


class StoredSale(msgspec.Struct, frozen=True):
    """A stored sale: its id, when it counts, its earlier origin, its history, its shares as rows, its offer's
    price, the code and id of its subscription, and its status."""

    id: str
    counted_at: int | None = None
    origin: Origin = (None, None)
    history: tuple[HistoryEvent, ...] = ()
    shares: tuple[tuple[Any, ...], ...] = ()
    quote: SaleQuote | None = None
    subscription: tuple[str, str] | None = None
    status: SaleStatus | None = None


class Before(msgspec.Struct, frozen=True):
    """What is stored about the sales of some messages: sales by reference, and those with supplements."""

    sales: dict[str, StoredSale]
    supplemented: set[str]


async def read_sales(account_id: str, references: Iterable[str]) -> Before:
    """What is stored before anything is written.

    The sales are locked until the transaction ends: two events of one sale are never folded at once.
    """
    chosen = one_of("reference", sorted(references))
    rows = await database.read(
        "SELECT id, reference, origin_src, origin_sck, offer_id, ordered_at, approved_at, offer_price,"
        " offer_currency, subscription_code, subscription_id, status FROM sales"
        f" WHERE account_id = ? AND {chosen.text} ORDER BY reference{lock()}",
        (account_id, *chosen.params),
    )
    with_supplements = await database.read(
        f"SELECT DISTINCT reference FROM sale_supplements WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    ids = [str(row["id"]) for row in rows]
    histories, shares = await _histories(account_id, ids), await read_shares(account_id, ids)
    sales = {
        row["reference"]: StoredSale(
            str(row["id"]),
            row["approved_at"] or row["ordered_at"],
            (row["origin_src"], row["origin_sck"]),
            tuple(histories.get(str(row["id"]), ())),
            tuple(shares.get(str(row["id"]), ())),
            quote_in(row),
            row["subscription_id"] and (row["subscription_code"], str(row["subscription_id"])),
            SaleStatus(row["status"]),
        )
        for row in rows
    }
    return Before(sales, {row["reference"] for row in with_supplements})


async def _histories(account_id: str, sale_ids: Sequence[str]) -> dict[str, list[HistoryEvent]]:
    histories: dict[str, list[HistoryEvent]] = {}
    if not sale_ids:
        return histories
    chosen = one_of("sale_id", sale_ids)
    rows = await database.read(
        "SELECT sale_id, key, source, happened_at, status, facts FROM sale_events"
        f" WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    for row in rows:
        histories.setdefault(str(row["sale_id"]), []).append(history_event_in(row))
    return histories


async def settle_sales(
    account_id: str,
    events: Sequence[Event],
    products: dict[str, str],
    offers: Offers,
    before: Before,
    holders: Mapping[str, CodeHolder],
    received_at: int,
    known_offers: Mapping[tuple[str, str], Any],
) -> Settled:
    """Add the events to the histories of their sales, and fold each of these sales again.

    An event that is not enough for a sale of its own waits until the sale is known. The events of one sale
    are combined first, so neither their order nor their batches make a difference.
    """
    new_events: dict[str, list[Event]] = {}
    for event in events:
        new_events.setdefault(str(event.reference), []).append(event)
    folds = await _described(
        account_id, {name: of for name, of in new_events.items() if name not in before.sales}
    )
    subscriptions = _former_subscriptions(before.sales[name] for name in new_events if name in before.sales)
    created, quotes = await _insert(account_id, folds, products, offers, received_at, subscriptions)
    known = before.sales | {name: StoredSale(sale_id) for name, sale_id in created.items()}
    waiting = [event for name, of in new_events.items() if name not in known for event in of]
    added = [(known[name].id, event) for name, of in new_events.items() if name in known for event in of]
    loose = [*waiting, *(event for _, event in added if _adds_only(event))]
    await insert_events(account_id, [event for event in added if not _adds_only(event[1])], received_at)
    early = {name: known[name].id for name in new_events if name in known and name in before.supplemented}
    found = await release(account_id, early) if early else set()
    await insert_supplements(account_id, loose, received_at)
    new = created.keys() - early.keys()
    await insert_shares(account_id, [(created[name], folds[name].shares) for name in sorted(new)])
    loosely = {str(event.reference) for event in loose} | set(early)
    again = {name: known[name] for name in new_events if name in known and name not in new}
    quotes += await _fold_again(account_id, new_events, again, loosely, products, offers, subscriptions)
    exchanged = await settle_quotes(account_id, quotes, known_offers.values())
    subscriptions |= await unpriced_at_offers(account_id, exchanged)
    if holders:
        of = {known[name].id: known[name].origin for name in new_events if name in known}
        await settle_assignees(account_id, list(of), of, holders)
    touched = [known[name].id for name in new_events if name in known]
    note(account_id, ChangeKind.SALE, touched)
    await settle_ledger(account_id, touched)
    await settle_opportunities(account_id, touched)
    return Settled({event.key for event in waiting}, found, tuple(created.values()), subscriptions)


def _former_subscriptions(sales: Iterable[StoredSale]) -> dict[str, str]:
    """The subscriptions that sales were payments of until now: their ids by code."""
    return dict(sale.subscription for sale in sales if sale.subscription is not None)


def _adds_only(event: Event) -> bool:
    return event.facts is not None and event.facts.status is None


async def _described(account_id: str, new_events: Mapping[str, Sequence[Event]]) -> dict[str, Folded]:
    """The sales that the events describe, together with waiting events if the events are not enough alone."""
    histories = {name: [history_event_of(event) for event in new_events[name]] for name in sorted(new_events)}
    scant = [name for name, history in histories.items() if not describes_sale(history)]
    if scant:
        for name, early in (await supplements(account_id, scant)).items():
            histories[name] += early
    return {name: fold(history) for name, history in histories.items() if describes_sale(history)}


async def _insert(
    account_id: str,
    folds: dict[str, Folded],
    products: dict[str, str],
    offers: Offers,
    at: int,
    subscriptions: dict[str, str],
) -> tuple[dict[str, str], list[QuoteChange]]:
    """Add the sales that are not stored yet. Returns their ids by reference, and what they quote.

    Adds the ids of their subscriptions to `subscriptions`.
    """
    if not folds:
        return {}, []
    products = products | await _missing_products(account_id, folds, products)
    if any(folded.offer not in offers for folded in folds.values() if folded.offer):
        offers = offers | await offer_ids(account_id, [fold.offer for fold in folds.values() if fold.offer])
    created = {name: database.new_id() for name in folds}
    names = await own_names(account_id, folds.values())
    await _name_subscriptions(account_id, folds.values(), subscriptions)
    rows = [
        (
            *(created[name], account_id, name, at),
            *_values(account_id, folded, products, offers, names, subscriptions),
        )
        for name, folded in folds.items()
    ]
    columns = ("id", "account_id", "reference", "created_at", *_FOLDED)
    marks = f"{', '.join('?' * len(columns))}, {_FIRST_ACCESS}"
    note_statuses(account_id, folds, {name: (sale_id, None) for name, sale_id in created.items()})
    await database.write_later(
        f"INSERT INTO sales ({', '.join(columns)}, first_access_at) VALUES ({marks})", rows
    )
    note_billed(account_id, [folded.counted_at for folded in folds.values()])
    await add_words(account_id, [(created[name], _searched(name, folded)) for name, folded in folds.items()])
    return created, [(None, quote_of(folded, offers)) for folded in folds.values()]


def _searched(reference: str, folded: Folded) -> tuple[str | None, ...]:
    """The values by whose words a sale is found."""
    columns = folded.columns
    return (
        *(reference, columns.buyer_folded, columns.buyer_email, columns.buyer_phone),
        columns.buyer_document,
    )


async def _missing_products(
    account_id: str, folds: dict[str, Folded], products: Mapping[str, str]
) -> dict[str, str]:
    """The products that earlier events named."""
    missing = {folded.product_reference for folded in folds.values()} - products.keys()
    return await product_ids(account_id, missing) if missing else {}


async def _name_subscriptions(
    account_id: str, folds: Iterable[Folded], subscriptions: dict[str, str]
) -> None:
    """Add the ids of the subscriptions that sales are payments of, new ones for those not known yet."""
    codes = {fold.columns.subscription_code for fold in folds if fold.columns.subscription_code}
    subscriptions |= await subscription_ids(account_id, codes - subscriptions.keys())


def _values(
    account_id: str,
    folded: Folded,
    products: Mapping[str, str],
    offers: Mapping[tuple[str, str], str],
    names: frozenset[str],
    subscriptions: Mapping[str, str],
) -> list[Any]:
    """The values of `_FOLDED`, and those of `_FIRST_ACCESS`."""
    offer = offers[folded.offer] if folded.offer else None
    own, columns = own_share(folded.own, names), folded.columns
    return [
        *columns.values(),
        *(own and own.amount, own and own.currency, products[folded.product_reference], offer),
        columns.subscription_code and subscriptions[columns.subscription_code],
        *(account_id, folded.product_reference, columns.marketplace_email, FIRST_ACCESS, columns.ordered_at),
    ]


async def fold_again(account_id: str, sales: Mapping[str, StoredSale]) -> dict[str, str]:
    """Fold sales by reference, from all that is stored of them.

    Returns the ids of the subscriptions that they are payments of, or were, and of those whose price changes,
    by their codes.
    """
    subscriptions = _former_subscriptions(sales.values())
    quotes = await _fold_again(account_id, dict.fromkeys(sales, ()), sales, set(sales), {}, {}, subscriptions)
    subscriptions |= await unpriced_at_offers(account_id, await settle_quotes(account_id, quotes, ()))
    touched = [sale.id for sale in sales.values()]
    await settle_ledger(account_id, touched)
    await settle_opportunities(account_id, touched)
    return subscriptions


async def _fold_again(
    account_id: str,
    new_events: Mapping[str, Sequence[Event]],
    sales: Mapping[str, StoredSale],
    loosely: set[str],
    products: Mapping[str, str],
    offers: Mapping[tuple[str, str], str],
    subscriptions: dict[str, str],
) -> list[QuoteChange]:
    """Fold sales by reference. `loosely` names those that supplements add to. Returns what they quote.

    Adds the ids of their subscriptions to `subscriptions`.
    """
    if not sales:
        return []
    histories = {name: _joined(sale.history, new_events[name]) for name, sale in sales.items()}
    if among := sorted(loosely & sales.keys()):
        stored = await _histories(account_id, [sales[name].id for name in among])
        more = await supplements(account_id, among)
        for name in among:
            histories[name] = [*stored.get(sales[name].id, ()), *more.get(name, ())]
    folds = {name: fold(history) for name, history in histories.items()}
    quotes = await _rewrite(account_id, sales, folds, products, offers, subscriptions)
    of_sales = {sales[name].id: history for name, history in histories.items()}
    await settle_refund_requests(account_id, of_sales)
    return quotes


def _joined(history: Iterable[HistoryEvent], events: Iterable[Event]) -> list[HistoryEvent]:
    """A history with the events that it lacks. If two have one key, the first counts."""
    joined = {event.key: event for event in history}
    for event in events:
        if not _adds_only(event):
            joined.setdefault(event.key, history_event_of(event))
    return list(joined.values())


async def _rewrite(
    account_id: str,
    sales: Mapping[str, StoredSale],
    folds: Mapping[str, Folded],
    products: Mapping[str, str],
    offers: Mapping[tuple[str, str], str],
    subscriptions: dict[str, str],
) -> list[QuoteChange]:
    if missing := {fold.product_reference for fold in folds.values()} - products.keys():
        products = {**products, **await product_ids(account_id, missing)}
    if further := {fold.offer for fold in folds.values() if fold.offer} - offers.keys():
        offers = {**offers, **await offer_ids(account_id, further)}
    names = await own_names(account_id, folds.values())
    await _name_subscriptions(account_id, folds.values(), subscriptions)
    settings = ", ".join(f"{name} = ?" for name in _FOLDED)
    await database.write_later(
        f"UPDATE sales SET {settings}, first_access_at = {_FIRST_ACCESS} WHERE account_id = ? AND id = ?",
        [
            (
                *_values(account_id, folds[name], products, offers, names, subscriptions),
                *(account_id, sales[name].id),
            )
            for name in sorted(folds)
        ],
    )
    note_statuses(account_id, folds, {name: (sale.id, sale.status) for name, sale in sales.items()})
    formerly = [sale.counted_at for sale in sales.values() if sale.counted_at is not None]
    note_billed(account_id, [*formerly, *(folded.counted_at for folded in folds.values())])
    await store_words(account_id, [(sales[name].id, _searched(name, folds[name])) for name in sorted(folds)])
    await settle_decisions(account_id, [(sales[name].id, folds[name]) for name in sorted(folds)])
    shares = {sales[name].id: (sales[name].shares, folded.shares) for name, folded in folds.items()}
    await replace_shares(account_id, shares)
    return [(sales[name].quote, quote_of(folds[name], offers)) for name in folds]
