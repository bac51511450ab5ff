"""Reads stored messages again after an upgrade, so that improvements in reading them take effect.

The result is that of the same messages arriving today, except that each keeps its id and its time of arrival.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from intake.events.event import Event
from intake.events.facts import Facts, facts_of
from intake.files.history import is_item
from intake.hotmart.event import hotmart_event
from intake.hotmart.webhook import webhook_event
from intake.messages.arrival import Arrival, arrivals_of
from intake.messages.secret import Secrets
from intake.messages.store import SOURCE, settle_waiting, store_arrivals
from intake.messages.subscriptions import settle_subscriptions_of
from intake.messages.wrapper import is_message
from intake.sales.assignment import read_holders
from intake.sales.catalog import remove_catalog, settle_new_products, store_catalog
from intake.sales.checkout import remove_attempts, store_attempts
from intake.sales.contact import remove_notices, store_notices
from intake.sales.product import (
    offers_of,
    products_of,
    read_offers,
    read_products,
    settle_offers,
    settle_products,
)
from intake.sales.sale import Settled, read_sales, settle_sales
from intake.sales.withdrawal import withdraw
from intake.subscriptions.settle import subscription_ids
from intake.values.reading import Malformed, decoded
from models import database
from models.statement import Statement, one_of
from models.vocabulary import IntakeChannel, IntakeOutcome

BATCH = 200

Progress = Callable[[int, int], None]
_READ = (
    "id, key, kind, outcome, reason, reference, happened_at, received_at, payload,"
    " CAST(doubts AS TEXT) AS doubts, channel, as_of"
)


class Reprocessed(msgspec.Struct):
    """What reprocessing did: how many messages were read, and how many of them changed, by outcome."""

    read: int = 0
    changed: int = 0
    repeated: int = 0
    """The number of messages that turned out to be stored under their own id already, and were removed."""
    outcomes: dict[str, int] = {}

    def summary_text(self) -> str:
        """The totals in one line."""
        changed = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items()))
        repeated = f", {self.repeated} repeated ones removed" if self.repeated else ""
        changes = f"{self.changed} changed" + (f" ({changed})" if changed else "")
        return f"{self.read} messages read, {changes}{repeated}."


class _Change(msgspec.Struct, frozen=True):
    """A message that is read differently than before: its row, and the messages that it is now."""

    row: Any
    arrivals: list[Arrival]


async def reprocess(account_id: str, outcomes: Sequence[IntakeOutcome], progress: Progress) -> Reprocessed:
    """Read the messages with these outcomes again, oldest first. Each batch is one transaction."""
    chosen = _chosen(account_id, outcomes)
    rows = await database.read(Statement("SELECT COUNT(*) AS number FROM intake_events WHERE ") + chosen)
    total, summary = int(rows[0]["number"]), Reprocessed()
    after: tuple[int, str] | None = None
    while True:
        after = await database.transact(lambda start=after: _batch(account_id, chosen, start, summary))  # type: ignore[misc]
        progress(min(summary.read, total), total)
        if after is None:
            return summary


def _chosen(account_id: str, outcomes: Sequence[IntakeOutcome]) -> Statement:
    within = Statement("account_id = ? AND source = ?", (account_id, SOURCE))
    return within & one_of("outcome", [outcome.value for outcome in outcomes])


async def _batch(
    account_id: str, chosen: Statement, after: tuple[int, str] | None, summary: Reprocessed
) -> tuple[int, str] | None:
    """Read a batch again. Returns where the next one begins."""
    lock = " FOR NO KEY UPDATE" if database.dialect() == "postgres" else ""
    accounts = await database.read(
        f"SELECT intake_secret_digest FROM accounts WHERE id = ?{lock}", (account_id,)
    )
    where = chosen if after is None else chosen & Statement("(received_at, id) > (?, ?)", after)
    rows = await database.read(
        Statement(f"SELECT {_READ} FROM intake_events WHERE ")
        + where
        + f" ORDER BY received_at, id LIMIT {BATCH}"
    )
    if not rows:
        return None
    summary.read += len(rows)
    known = await _facts(account_id, rows)
    secrets = Secrets(account_digest=accounts[0]["intake_secret_digest"])
    messages = [(row, _read_again(row, secrets)) for row in rows]
    changes = [change for row, found in messages if (change := _change(row, found, known)) is not None]
    if changes:
        await _apply(account_id, changes, summary)
    await _apply_notices(account_id, changes, [arrival for _, found in messages for arrival in found or ()])
    return int(rows[-1]["received_at"]), str(rows[-1]["id"])


async def _facts(account_id: str, rows: Sequence[Any]) -> dict[str, Facts]:
    """What the messages said so far, by their keys."""
    references = {row["reference"] for row in rows if row["reference"] is not None}
    if not references:
        return {}
    chosen = one_of("s.reference", sorted(references))
    beside = one_of("reference", sorted(references))
    found = await database.read(
        "SELECT e.key, e.facts FROM sale_events e JOIN sales s ON s.account_id = e.account_id"
        f" AND s.id = e.sale_id WHERE s.account_id = ? AND {chosen.text}"
        f" UNION ALL SELECT key, facts FROM sale_supplements WHERE account_id = ? AND {beside.text}",
        (account_id, *chosen.params, account_id, *beside.params),
    )
    return {row["key"]: facts_of(row["facts"]) for row in found}


async def _apply_notices(account_id: str, changes: Sequence[_Change], arrivals: Sequence[Arrival]) -> None:
    """Store again what messages say outside of sales, whether or not an older version understood it."""
    events = [arrival.event for arrival in arrivals if arrival.event and arrival.event.notice]
    keys = {change.row["key"] for change in changes} | {event.key for event in events}
    if keys:
        lost = await remove_notices(account_id, keys)
        await remove_catalog(account_id, keys)
        left = await remove_attempts(account_id, keys)
        await store_notices(account_id, events, database.now())
        await store_catalog(account_id, events, database.now())
        ids = await subscription_ids(account_id, lost)
        await settle_subscriptions_of(account_id, (), events, Settled(subscriptions=ids))
        await store_attempts(account_id, events, database.now(), left)


def _change(row: Any, arrivals: list[Arrival] | None, known: dict[str, Facts]) -> _Change | None:
    if arrivals is None or (len(arrivals) == 1 and _is_same(row, arrivals[0], known)):
        return None
    return _Change(row, arrivals)


def _read_again(row: Any, secrets: Secrets) -> list[Arrival] | None:
    """The messages that a stored message is read as today. Text that is not JSON never changes."""
    # messages from before the page's time was stored are at most as old as their import
    as_of = row["received_at"] if row["as_of"] is None else row["as_of"]

    def understands(tree: Any) -> Event:
        return hotmart_event(tree, as_of)

    try:
        document = decoded(row["payload"].encode())
        if row["channel"] == IntakeChannel.WEBHOOK:
            return arrivals_of(document, secrets, webhook_event, is_message)
        return arrivals_of(document, secrets, understands, is_item)
    except Malformed:
        return None


def _is_same(row: Any, arrival: Arrival, known: dict[str, Facts]) -> bool:
    event = arrival.event
    waits = row["outcome"] == IntakeOutcome.WAITING
    doubts = tuple(msgspec.json.decode(row["doubts"])) if row["doubts"] else ()
    return (
        (row["key"], row["kind"], row["reference"], row["payload"])
        == (arrival.key, arrival.kind, arrival.reference, arrival.payload)
        and (IntakeOutcome.SALE if waits else row["outcome"]) == arrival.outcome
        and (waits or row["reason"] == arrival.reason)
        and row["happened_at"] == (event and event.happened_at)
        and doubts == arrival.doubts
        and known.get(row["key"]) == (event.facts if event else None)
    )


async def _apply(account_id: str, changes: Sequence[_Change], summary: Reprocessed) -> None:
    """Withdraw what the changed messages had said, and apply what they say today."""
    lost = await withdraw(account_id, [change.row for change in changes])
    taken = await _taken(account_id, changes)
    events, not_about_sales = [], []
    for change in changes:
        first, *rest = change.arrivals
        not_about_sales += rest
        if first.key in taken:
            summary.repeated += 1
            await database.write(
                "DELETE FROM intake_events WHERE account_id = ? AND id = ?",
                (account_id, str(change.row["id"])),
            )
            continue
        taken.add(first.key)
        summary.changed += 1
        summary.outcomes[first.outcome.value] = summary.outcomes.get(first.outcome.value, 0) + 1
        await _update(account_id, str(change.row["id"]), first)
        if first.event and first.event.facts:
            events.append(first.event)
    if events:
        await _settle(account_id, events)
    await lost.settle()
    if not_about_sales:
        await store_arrivals(account_id, not_about_sales, IntakeChannel.IMPORT, locked=True)


async def _settle(account_id: str, events: Sequence[Event]) -> None:
    before = await read_sales(account_id, {str(event.reference) for event in events})
    holders = await read_holders(account_id)
    known_products = await read_products(account_id, products_of(events))
    known_offers = await read_offers(account_id, offers_of(events))
    products = await settle_products(account_id, events, known_products)
    offers = await settle_offers(account_id, events, products, known_offers)
    settled = await settle_sales(
        account_id, events, products, offers, before, holders, database.now(), known_offers
    )
    await settle_waiting(account_id, settled)
    await settle_new_products(account_id, events, known_products)
    await settle_subscriptions_of(account_id, events, (), settled, known_offers)


async def _taken(account_id: str, changes: Sequence[_Change]) -> set[str]:
    """The keys that the messages have now and that other stored messages have already."""
    keys = one_of("key", sorted({change.arrivals[0].key for change in changes}))
    own = {str(change.row["id"]) for change in changes}
    rows = await database.read(
        f"SELECT id, key FROM intake_events WHERE account_id = ? AND source = ? AND {keys.text}",
        (account_id, SOURCE, *keys.params),
    )
    return {row["key"] for row in rows if str(row["id"]) not in own}


async def _update(account_id: str, row_id: str, arrival: Arrival) -> None:
    doubts = msgspec.json.encode(arrival.doubts).decode() if arrival.doubts else None
    await database.write(
        "UPDATE intake_events SET key = ?, kind = ?, outcome = ?, reason = ?, reference = ?, happened_at = ?,"
        " payload = ?, doubts = ? WHERE account_id = ? AND id = ?",
        (
            *(arrival.key, arrival.kind, arrival.outcome.value, arrival.reason, arrival.reference),
            *(arrival.event and arrival.event.happened_at, arrival.payload, doubts, account_id, row_id),
        ),
    )
