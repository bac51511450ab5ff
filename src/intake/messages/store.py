"""Stores each message once, with all of its effects in the same transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from intake.messages.arrival import Arrival
from intake.messages.subscriptions import settle_subscriptions_of
from intake.sales.assignment import read_holders
from intake.sales.catalog import settle_new_products, store_catalog
from intake.sales.checkout import store_attempts
from intake.sales.contact import store_notices
from intake.sales.product import (
    offers_of,
    products_of,
    read_offers,
    read_products,
    settle_offers,
    settle_products,
)
from intake.sales.sale import Settled, read_sales, settle_sales
from models import database
from models.changes import ChangeKind, note
from models.statement import one_of
from models.vocabulary import IntakeChannel, IntakeOutcome

SOURCE = "HOTMART"
WAITS = "The sale is not known yet: this waits for a message that names its product and its price."

INTAKE_COLUMNS = (
    *("id", "account_id", "source", "key", "kind", "outcome", "reason", "reference", "happened_at"),
    *("received_at", "payload", "doubts", "channel", "as_of"),
)


def lock_clause() -> str:
    """The clause that locks the account's row while messages are stored. SQLite has one writer anyway.

    Messages of an account are stored one after the other, as its mutations run. So what is read before a
    write stays true, and no two transactions wait for each other. They would rarely run in parallel: most are
    about one product.
    """
    return " FOR NO KEY UPDATE" if database.dialect() == "postgres" else ""


async def store_arrivals(
    account_id: str, arrivals: Sequence[Arrival], channel: IntakeChannel, *, locked: bool = False
) -> dict[str, IntakeOutcome]:
    """Store the messages that are not known yet, in one transaction. Returns the outcome of each new one by
    key.

    Of two messages with one key the first counts, here and in the database. `locked` says that the caller's
    transaction has locked the account's row with `lock_clause`.
    """
    distinct: dict[str, Arrival] = {}
    for arrival in arrivals:
        distinct.setdefault(arrival.key, arrival)

    async def work() -> dict[str, IntakeOutcome]:
        if not locked and (clause := lock_clause()):
            await database.read(f"SELECT id FROM accounts WHERE id = ?{clause}", (account_id,))
        return await _store(account_id, await _unknown(account_id, distinct), channel)

    return await database.transact(work)


async def _store(
    account_id: str, arrivals: dict[str, Arrival], channel: IntakeChannel
) -> dict[str, IntakeOutcome]:
    """Store messages that were not known a moment ago. What is stored is read before anything is written."""
    if not arrivals:
        return {}
    received_at = database.now()
    events = [arrival.event for arrival in arrivals.values() if arrival.event and arrival.event.facts]
    if events:
        before = await read_sales(account_id, {str(event.reference) for event in events})
        holders = await read_holders(account_id)
        known_products = await read_products(account_id, products_of(events))
        known_offers = await read_offers(account_id, offers_of(events))
    stored = await _insert(account_id, arrivals.values(), channel, received_at)
    live = channel is IntakeChannel.WEBHOOK  # who imports a history does not follow it message by message
    if live:
        note(account_id, ChangeKind.INTAKE, stored)
    outcomes = {key: arrival.outcome for key, arrival in arrivals.items()}
    notices = [arrival.event for arrival in arrivals.values() if arrival.event and arrival.event.notice]
    if notices:
        await store_notices(account_id, notices, received_at)
    settled = None
    if events:
        products = await settle_products(account_id, events, known_products)
        offers = await settle_offers(account_id, events, products, known_offers)
        settled = await settle_sales(
            account_id, events, products, offers, before, holders, received_at, known_offers
        )
        if live and settled.created:
            note(account_id, ChangeKind.ARRIVAL, settled.created)
        await settle_waiting(account_id, settled)
        outcomes |= dict.fromkeys(settled.waiting, IntakeOutcome.WAITING)
        await settle_new_products(account_id, events, known_products)
    await store_catalog(account_id, notices, received_at)
    if settled:
        await settle_subscriptions_of(account_id, events, notices, settled, known_offers)
    elif notices:
        await settle_subscriptions_of(account_id, events, notices)
    await store_attempts(account_id, notices, received_at)
    return outcomes


async def _unknown(account_id: str, arrivals: dict[str, Arrival]) -> dict[str, Arrival]:
    chosen = one_of("key", arrivals)
    rows = await database.read(
        f"SELECT key FROM intake_events WHERE account_id = ? AND source = ? AND {chosen.text}",
        (account_id, SOURCE, *chosen.params),
    )
    known = {row["key"] for row in rows}
    return {key: arrival for key, arrival in arrivals.items() if key not in known}


async def settle_waiting(account_id: str, settled: Settled) -> None:
    """Record for each message whether it still waits for its sale."""
    for keys, outcome, reason in (
        (settled.found - settled.waiting, IntakeOutcome.SALE, None),
        (settled.waiting, IntakeOutcome.WAITING, WAITS),
    ):
        if keys:
            chosen = one_of("key", sorted(keys))
            await database.write(
                "UPDATE intake_events SET outcome = ?, reason = ?"
                f" WHERE account_id = ? AND source = ? AND {chosen.text}",
                (outcome.value, reason, account_id, SOURCE, *chosen.params),
            )


async def _insert(
    account_id: str, arrivals: Iterable[Arrival], channel: IntakeChannel, received_at: int
) -> list[str]:
    """Add the messages, and return their ids."""
    rows = [intake_row(database.new_id(), account_id, arrival, channel, received_at) for arrival in arrivals]
    await database.write_later(database.insertion("intake_events", INTAKE_COLUMNS), rows)
    return [row[0] for row in rows]


def intake_row(
    row_id: str, account_id: str, arrival: Arrival, channel: IntakeChannel, received_at: int
) -> tuple[Any, ...]:
    """The stored columns of a message, in the order of `INTAKE_COLUMNS`."""
    doubts = msgspec.json.encode(arrival.doubts).decode() if arrival.doubts else None
    return (
        *(row_id, account_id, SOURCE, arrival.key, arrival.kind, arrival.outcome.value, arrival.reason),
        *(arrival.reference, arrival.event and arrival.event.happened_at, received_at, arrival.payload),
        *(doubts, channel.value, arrival.as_of),
    )
