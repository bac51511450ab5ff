"""Sales, their history and their commissions: written as the fold of the history says."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from intake.assignment import Origin, settle_assignees
from intake.event import Event, Happening
from intake.facts import Share
from intake.fold import Folded, describes_sale, fold
from intake.product import lock, offer_ids, product_ids
from intake.supplement import (
    happening_in,
    happening_of,
    insert_events,
    insert_supplements,
    release,
    supplements,
)
from models import database
from models.sale_columns import SALE_COLUMNS
from models.statement import one_of

Offers = dict[tuple[str, str], str]

_FOLDED = (*SALE_COLUMNS, "product_id", "offer_id")
SHARE_COLUMNS = ("source", "amount", "currency", "name", "converted_amount", "converted_currency")


class Settled(msgspec.Struct, frozen=True):
    """Which events wait for their sale from now on, and which of the waiting ones found it: their keys."""

    waiting: set[str] = set()
    found: set[str] = set()


class _Known(msgspec.Struct, frozen=True):
    """A sale that is there: its id, the origin that it had, and whether supplements were kept for it."""

    id: str
    origin: Origin
    supplemented: bool


async def settle_sales(
    account_id: str, events: Sequence[Event], products: dict[str, str], offers: Offers, received_at: int
) -> Settled:
    """Add the events to the histories of their sales, and fold each of these sales anew.

    An event that says too little for a sale of its own waits until the sale is known. What the events of
    one sale say is put together first, so that their order and their batches make no difference.
    """
    told: dict[str, list[Event]] = {}
    for event in events:
        told.setdefault(str(event.reference), []).append(event)
    folds = await _described(account_id, told)
    made = await _insert(account_id, folds, products, offers, received_at)
    known = await _locked(account_id, sorted(told))
    waiting = [event for name, of in told.items() if name not in known for event in of]
    added = [(known[name].id, event) for name, of in told.items() if name in known for event in of]
    loose = [*waiting, *(event for _, event in added if _adds_only(event))]
    await insert_events(account_id, [one for one in added if not _adds_only(one[1])], received_at)
    early = {name: sale.id for name, sale in known.items() if sale.supplemented}
    found = await release(account_id, early) if early else set()
    await insert_supplements(account_id, loose, received_at)
    new = {name for name, sale in known.items() if made.get(name) == sale.id and not sale.supplemented}
    await _insert_shares(account_id, [(known[name].id, folds[name].shares) for name in known if name in new])
    loosely = {str(event.reference) for event in loose} | set(early)
    anew = {name: sale.id for name, sale in known.items() if name not in new}
    await _fold_anew(account_id, anew, loosely)
    ids = [sale.id for sale in known.values()]
    await settle_assignees(account_id, ids, {sale.id: sale.origin for sale in known.values()})
    return Settled({event.key for event in waiting}, found)


def _adds_only(event: Event) -> bool:
    return event.facts is not None and event.facts.status is None


async def _described(account_id: str, told: Mapping[str, Sequence[Event]]) -> dict[str, Folded]:
    """The sales that the events describe, with what waited for them where they do not do it alone."""
    histories = {name: [happening_of(event) for event in told[name]] for name in sorted(told)}
    scant = [name for name, history in histories.items() if not describes_sale(history)]
    if scant:
        for name, early in (await supplements(account_id, scant)).items():
            histories[name] += early
    return {name: fold(history) for name, history in histories.items() if describes_sale(history)}


async def _insert(
    account_id: str, folds: dict[str, Folded], products: dict[str, str], offers: Offers, at: int
) -> dict[str, str]:
    """Add the sales that are not there yet; the ids that they then have."""
    if not folds:
        return {}
    products = products | await _others(account_id, folds, products)
    if any(folded.offer not in offers for folded in folds.values() if folded.offer):
        offers = offers | await offer_ids(account_id, [one.offer for one in folds.values() if one.offer])
    made = {name: database.new_id() for name in folds}
    rows = [
        (made[name], account_id, name, at, *_values(folded, products, offers))
        for name, folded in folds.items()
    ]
    columns = ("id", "account_id", "reference", "created_at", *_FOLDED)
    await database.insert_many("sales", columns, rows, skip_known=True)
    return made


async def _others(account_id: str, folds: dict[str, Folded], products: Mapping[str, str]) -> dict[str, str]:
    """The products that events from before named."""
    others = {folded.product_reference for folded in folds.values()} - products.keys()
    return await product_ids(account_id, others) if others else {}


def _values(folded: Folded, products: Mapping[str, str], offers: Mapping[tuple[str, str], str]) -> list[Any]:
    offer = offers[folded.offer] if folded.offer else None
    return [*folded.columns.values(), products[folded.product_reference], offer]


async def _locked(account_id: str, references: Sequence[str]) -> dict[str, _Known]:
    """The sales that are there, as they are until now.

    They are held until the transaction ends: two events of one never fold side by side.
    """
    chosen = one_of("reference", references)
    rows = await database.read(
        "SELECT id, reference, origin_src, origin_sck, EXISTS (SELECT 1 FROM sale_supplements x"
        " WHERE x.account_id = sales.account_id AND x.reference = sales.reference) AS supplemented FROM sales"
        f" WHERE account_id = ? AND {chosen.text} ORDER BY reference{lock()}",
        (account_id, *chosen.params),
    )
    return {
        row["reference"]: _Known(
            str(row["id"]), (row["origin_src"], row["origin_sck"]), bool(row["supplemented"])
        )
        for row in rows
    }


async def _fold_anew(account_id: str, sales: dict[str, str], loosely: set[str]) -> None:
    """Fold sales, ids by reference; `loosely` names those that supplements add to."""
    if not sales:
        return
    chosen = one_of("sale_id", sales.values())
    rows = await database.read(
        "SELECT sale_id, key, source, happened_at, status, facts FROM sale_events"
        f" WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    histories: dict[str, list[Happening]] = {}
    for row in rows:
        histories.setdefault(str(row["sale_id"]), []).append(happening_in(row))
    for name, more in (await supplements(account_id, sorted(loosely & sales.keys()))).items():
        histories[sales[name]] += more
    await _rewrite(account_id, {sale_id: fold(history) for sale_id, history in histories.items()})


async def _rewrite(account_id: str, folds: dict[str, Folded]) -> None:
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
        f"SELECT sale_id, {', '.join(SHARE_COLUMNS)} FROM commissions"
        f" WHERE account_id = ? AND {chosen.text} ORDER BY sale_id, position",
        (account_id, *chosen.params),
    )
    present: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        present.setdefault(str(row["sale_id"]), []).append(tuple(row[name] for name in SHARE_COLUMNS))
    changed = [
        (sale_id, folded.shares)
        for sale_id, folded in folds.items()
        if present.get(sale_id, []) != [share_values(share) for share in folded.shares]
    ]
    gone = one_of("sale_id", [sale_id for sale_id, _ in changed])
    if changed:
        await database.write(
            f"DELETE FROM commissions WHERE account_id = ? AND {gone.text}", (account_id, *gone.params)
        )
        await _insert_shares(account_id, changed)


def share_values(share: Share) -> tuple[Any, ...]:
    """What the table holds of a share, in the order of `SHARE_COLUMNS`."""
    return (
        *(share.source.value, share.amount, share.currency, share.name),
        *(share.converted_amount, share.converted_currency),
    )


async def _insert_shares(account_id: str, shares: Iterable[tuple[str, Sequence[Share]]]) -> None:
    rows = [
        (database.new_id(), account_id, sale_id, position, *share_values(share))
        for sale_id, of_sale in shares
        for position, share in enumerate(of_sale)
    ]
    await database.insert_many(
        "commissions", ("id", "account_id", "sale_id", "position", *SHARE_COLUMNS), rows
    )
