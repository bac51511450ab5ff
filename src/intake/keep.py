"""Keeping messages: each once, and all that follows from it in the same transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from intake.arrival import Arrival
from intake.product import settle_offers, settle_products
from intake.sale import Settled, settle_sales
from models import database
from models.statement import one_of
from models.words import IntakeChannel, IntakeOutcome

SOURCE = "HOTMART"
WAITS = "The sale is not known yet: this waits for a message that names its product and its price."

_COLUMNS = (
    *("id", "account_id", "source", "key", "kind", "outcome", "reason", "reference", "happened_at"),
    *("received_at", "payload", "doubts", "channel", "as_of"),
)


def lock_clause(arrivals: Iterable[Arrival]) -> str:
    """How the account's row is locked while these are kept; SQLite has one writer anyway.

    An event that describes no sale by itself is kept alone: beside it, the message that describes the sale
    could be kept without either seeing the other.
    """
    if database.dialect() != "postgres":
        return ""
    events = [arrival.event.facts for arrival in arrivals if arrival.event and arrival.event.facts]
    return " FOR SHARE" if all(facts.describes_sale for facts in events) else " FOR NO KEY UPDATE"


async def keep(
    account_id: str, arrivals: Sequence[Arrival], channel: IntakeChannel, *, locked: bool = False
) -> dict[str, IntakeOutcome]:
    """Keep what is not known yet, in one transaction; what became of each that was new, by its key.

    Of two messages with one key the first wins, here and in the database. `locked` says that the caller's
    transaction has locked the account's row by `lock_clause`.
    """
    distinct: dict[str, Arrival] = {}
    for arrival in arrivals:
        distinct.setdefault(arrival.key, arrival)

    async def work() -> dict[str, IntakeOutcome]:
        if not locked and (clause := lock_clause(arrivals)):
            await database.read(f"SELECT id FROM accounts WHERE id = ?{clause}", (account_id,))
        received_at = database.now()
        ordered = [distinct[key] for key in sorted(distinct)]
        new = await _insert(account_id, ordered, channel, received_at)
        events = [
            arrival.event
            for key, arrival in distinct.items()
            if key in new and arrival.event and arrival.event.facts
        ]
        outcomes = {key: distinct[key].outcome for key in new}
        if events:
            products = await settle_products(account_id, events)
            offers = await settle_offers(account_id, events, products)
            settled = await settle_sales(account_id, events, products, offers, received_at)
            await _tell_waiting(account_id, settled)
            outcomes |= dict.fromkeys(settled.waiting, IntakeOutcome.WAITING)
        return outcomes

    return await database.transact(work)


async def _tell_waiting(account_id: str, settled: Settled) -> None:
    """Say of each message whether it still waits for its sale."""
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
    account_id: str, arrivals: Sequence[Arrival], channel: IntakeChannel, received_at: int
) -> set[str]:
    ids = {arrival.key: database.new_id() for arrival in arrivals}
    rows = [
        (ids[arrival.key], account_id, SOURCE, *_values(arrival, received_at), channel.value, arrival.as_of)
        for arrival in arrivals
    ]
    await database.insert_many("intake_events", _COLUMNS, rows, skip_known=True)
    chosen = one_of("key", ids)
    kept = await database.read(
        f"SELECT id, key FROM intake_events WHERE account_id = ? AND source = ? AND {chosen.text}",
        (account_id, SOURCE, *chosen.params),
    )
    return {row["key"] for row in kept if str(row["id"]) == ids[row["key"]]}


def _values(arrival: Arrival, received_at: int) -> tuple[Any, ...]:
    doubts = msgspec.json.encode(arrival.doubts).decode() if arrival.doubts else None
    return (
        *(arrival.key, arrival.kind, arrival.outcome.value, arrival.reason, arrival.reference),
        *(arrival.event and arrival.event.happened_at, received_at, arrival.payload, doubts),
    )
