"""Sales, their history and their commissions: written as the fold of the history says."""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

import msgspec

from intake.assignment import Origin, settle_assignees
from intake.event import Event, Happening
from intake.facts import Address, Share, facts_of, facts_text
from intake.fold import COLUMNS, Folded, fold
from intake.product import lock, offer_ids, product_ids
from models import database
from models.statement import one_of
from models.words import SaleStatus

Offers = dict[tuple[str, str], str]

_FOLDED = (*COLUMNS, "product_id", "offer_id")


def happening_of(event: Event) -> Happening:
    """The event of a sale as the fold takes it."""
    facts = event.facts
    if facts is None or facts.status is None or event.happened_at is None:
        raise ValueError("The event speaks of no sale.")
    return Happening(event.key, event.happened_at, facts.status, facts)


async def settle_sales(
    account_id: str, events: Sequence[Event], products: dict[str, str], offers: Offers, received_at: int
) -> None:
    """Add the events to the histories of their sales, and fold each of these sales anew."""
    told: dict[str, list[Event]] = {}
    for event in events:
        told.setdefault(str(event.reference), []).append(event)
    folds = {name: fold(map(happening_of, told[name])) for name in sorted(told)}
    made = await _insert(account_id, folds, products, offers, received_at)
    sales, origins = await _locked(account_id, list(folds))
    await _insert_events(account_id, told, sales, received_at)
    new = {name: sale_id for name, sale_id in sales.items() if made[name] == sale_id}
    await _insert_shares(account_id, [(sale_id, folds[name].shares) for name, sale_id in new.items()])
    await _fold_anew(account_id, [sale_id for name, sale_id in sales.items() if name not in new])
    await settle_assignees(account_id, list(sales.values()), origins)


async def _insert(
    account_id: str, folds: dict[str, Folded], products: dict[str, str], offers: Offers, at: int
) -> dict[str, str]:
    """Add the sales that are not there yet; the ids that they then have."""
    made = {name: database.new_id() for name in folds}
    rows = [
        (made[name], account_id, name, at, *_values(folded, products, offers))
        for name, folded in folds.items()
    ]
    columns = ("id", "account_id", "reference", "created_at", *_FOLDED)
    await database.insert_many("sales", columns, rows, skip_known=True)
    return made


def _values(folded: Folded, products: dict[str, str], offers: Offers) -> list[Any]:
    values = [_stored(folded.columns[name]) for name in COLUMNS]
    offer = offers[folded.offer] if folded.offer else None
    return [*values, products[folded.product_reference], offer]


def _stored(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Address):
        return msgspec.json.encode(value).decode()
    return value


async def _locked(account_id: str, references: Sequence[str]) -> tuple[dict[str, str], dict[str, Origin]]:
    """The ids of the sales, and the origins that they have until now.

    They are held until the transaction ends: two events of one never fold side by side.
    """
    chosen = one_of("reference", references)
    rows = await database.read(
        "SELECT id, reference, origin_src, origin_sck FROM sales"
        f" WHERE account_id = ? AND {chosen.text} ORDER BY reference{lock()}",
        (account_id, *chosen.params),
    )
    ids = {row["reference"]: str(row["id"]) for row in rows}
    return ids, {str(row["id"]): (row["origin_src"], row["origin_sck"]) for row in rows}


async def _insert_events(
    account_id: str, told: dict[str, list[Event]], sales: dict[str, str], received_at: int
) -> None:
    columns = ("id", "account_id", "sale_id", "key", "source", "kind", "status", "happened_at")
    rows = [
        (
            *(database.new_id(), account_id, sales[name], event.key, event.source.value, event.kind),
            *(happening_of(event).status.value, event.happened_at, received_at),
            facts_text(happening_of(event).facts),
        )
        for name, events in told.items()
        for event in events
    ]
    await database.insert_many("sale_events", (*columns, "received_at", "facts"), rows, skip_known=True)


async def _fold_anew(account_id: str, sale_ids: Sequence[str]) -> None:
    if not sale_ids:
        return
    chosen = one_of("sale_id", sale_ids)
    rows = await database.read(
        "SELECT sale_id, key, happened_at, status, facts FROM sale_events"
        f" WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    histories: dict[str, list[Happening]] = {}
    for row in rows:
        one = Happening(row["key"], row["happened_at"], SaleStatus(row["status"]), facts_of(row["facts"]))
        histories.setdefault(str(row["sale_id"]), []).append(one)
    folds = {sale_id: fold(history) for sale_id, history in histories.items()}
    products = await product_ids(account_id, {one.product_reference for one in folds.values()})
    offers = await offer_ids(account_id, {one.offer for one in folds.values() if one.offer})
    settings = ", ".join(f"{name} = ?" for name in _FOLDED)
    for sale_id, folded in folds.items():
        await database.write(
            f"UPDATE sales SET {settings} WHERE account_id = ? AND id = ?",
            (*_values(folded, products, offers), account_id, sale_id),
        )
    await _replace_shares(account_id, folds)


async def _replace_shares(account_id: str, folds: dict[str, Folded]) -> None:
    chosen = one_of("sale_id", folds)
    rows = await database.read(
        "SELECT sale_id, source, amount, currency, name FROM commissions"
        f" WHERE account_id = ? AND {chosen.text} ORDER BY sale_id, position",
        (account_id, *chosen.params),
    )
    present: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        share = (row["source"], row["amount"], row["currency"], row["name"])
        present.setdefault(str(row["sale_id"]), []).append(share)
    changed = [
        (sale_id, folded.shares)
        for sale_id, folded in folds.items()
        if present.get(sale_id, []) != [_share_values(share) for share in folded.shares]
    ]
    gone = one_of("sale_id", [sale_id for sale_id, _ in changed])
    if changed:
        await database.write(
            f"DELETE FROM commissions WHERE account_id = ? AND {gone.text}", (account_id, *gone.params)
        )
        await _insert_shares(account_id, changed)


def _share_values(share: Share) -> tuple[Any, ...]:
    return (share.source.value, share.amount, share.currency, share.name)


async def _insert_shares(account_id: str, shares: Iterable[tuple[str, Sequence[Share]]]) -> None:
    columns = ("id", "account_id", "sale_id", "position", "source", "amount", "currency", "name")
    rows = [
        (database.new_id(), account_id, sale_id, position, *_share_values(share))
        for sale_id, of_sale in shares
        for position, share in enumerate(of_sale)
    ]
    await database.insert_many("commissions", columns, rows)
