"""Keeping messages: each once, and all that follows from it in the same transaction."""

from collections.abc import Sequence
from typing import Any

from intake.arrival import Arrival
from intake.product import settle_offers, settle_products
from intake.sale import settle_sales
from models import database
from models.statement import one_of
from models.words import IntakeOutcome

SOURCE = "HOTMART"

_COLUMNS = (
    "id",
    "account_id",
    "source",
    "key",
    "kind",
    "outcome",
    "reason",
    "reference",
    "happened_at",
    "received_at",
    "payload",
)


def outcome_of(arrival: Arrival) -> IntakeOutcome:
    """What becomes of a message."""
    if arrival.event is None:
        return IntakeOutcome.MALFORMED
    return IntakeOutcome.OTHER if arrival.event.facts is None else IntakeOutcome.SALE


async def keep(account_id: str, arrivals: Sequence[Arrival]) -> set[str]:
    """Keep what is not known yet, in one transaction; the keys of what was new.

    Of two messages with one key the first wins, here and in the database.
    """
    distinct: dict[str, Arrival] = {}
    for arrival in arrivals:
        distinct.setdefault(arrival.key, arrival)

    async def work() -> set[str]:
        received_at = database.now()
        new = await _insert(account_id, [distinct[key] for key in sorted(distinct)], received_at)
        events = [
            arrival.event
            for key, arrival in distinct.items()
            if key in new and arrival.event and arrival.event.facts
        ]
        if events:
            products = await settle_products(account_id, events)
            offers = await settle_offers(account_id, events, products)
            await settle_sales(account_id, events, products, offers, received_at)
        return new

    return await database.transact(work)


async def _insert(account_id: str, arrivals: Sequence[Arrival], received_at: int) -> set[str]:
    ids = {arrival.key: database.new_id() for arrival in arrivals}
    rows = [_row(ids[arrival.key], account_id, arrival, received_at) for arrival in arrivals]
    await database.insert_many("intake_events", _COLUMNS, rows, skip_known=True)
    chosen = one_of("key", ids)
    kept = await database.read(
        f"SELECT id, key FROM intake_events WHERE account_id = ? AND source = ? AND {chosen.text}",
        (account_id, SOURCE, *chosen.params),
    )
    return {row["key"] for row in kept if str(row["id"]) == ids[row["key"]]}


def _row(row_id: str, account_id: str, arrival: Arrival, received_at: int) -> tuple[Any, ...]:
    event = arrival.event
    return (
        *(row_id, account_id, SOURCE, arrival.key, event and event.kind),
        *(outcome_of(arrival).value, arrival.reason, event and event.reference),
        *(event and event.happened_at, received_at, arrival.payload),
    )
