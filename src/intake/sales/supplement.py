"""Facts about sales outside their history, by reference: each waits for its sale, or adds to it."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from intake.events.event import Event, HistoryEvent
from intake.events.facts import Facts, facts_of, facts_text
from models import database
from models.person_change import PersonChange, change_of
from models.statement import one_of
from models.vocabulary import OWN_SOURCES, EventSource, SaleStatus

_SHARED = (
    "id",
    "account_id",
    "key",
    "source",
    "kind",
    "status",
    "happened_at",
    "received_at",
    "facts",
    "doubts",
)


def history_event_of(event: Event) -> HistoryEvent:
    """The event of a sale as the fold reads it."""
    facts = event.facts
    if facts is None or event.happened_at is None:
        raise ValueError("The event is not about a sale.")
    return HistoryEvent(event.key, event.happened_at, facts.status, facts, event.source)


def history_event_in(row: Any) -> HistoryEvent:
    """The event that a row of the history, or a supplement, contains."""
    status, source = row["status"], EventSource(row["source"])
    if source in OWN_SOURCES:
        change = change_of(row["facts"])
        return HistoryEvent(row["key"], row["happened_at"], None, _facts_in(change), source, change)
    return HistoryEvent(
        row["key"],
        row["happened_at"],
        None if status is None else SaleStatus(status),
        facts_of(row["facts"]),
        source,
    )


def _facts_in(change: PersonChange) -> Facts:
    """What a person decided about facts that messages also have."""
    return Facts(**{name: getattr(change, name) for name in _DECIDED})


_DECIDED = tuple(name for name in PersonChange.__struct_fields__ if name in Facts.__struct_fields__)


async def insert_events(account_id: str, events: Iterable[tuple[str, Event]], received_at: int) -> None:
    """Add events to the history of their sales. Each event comes with the sale's id."""
    rows = [(*_row(account_id, event, received_at), sale_id) for sale_id, event in events]
    await database.write_later(_insertion("sale_events", "sale_id"), rows)


async def insert_supplements(account_id: str, events: Iterable[Event], received_at: int) -> None:
    """Store facts that do not belong in a history, or not yet."""
    rows = [(*_row(account_id, event, received_at), event.reference) for event in events]
    await database.write_later(_insertion("sale_supplements", "reference"), rows)


def _insertion(table: str, of: str) -> str:
    return database.insertion(table, (*_SHARED, of)) + " ON CONFLICT DO NOTHING"


def _row(account_id: str, event: Event, received_at: int) -> tuple[Any, ...]:
    stored = history_event_of(event)
    doubts = msgspec.json.encode(event.doubts).decode() if event.doubts else None
    return (
        *(database.new_id(), account_id, event.key, event.source.value, event.kind),
        None if stored.status is None else stored.status.value,
        *(stored.happened_at, received_at, facts_text(stored.facts), doubts),
    )


async def supplements(account_id: str, references: Sequence[str]) -> dict[str, list[HistoryEvent]]:
    """What is stored about sales outside their history, by reference."""
    found: dict[str, list[HistoryEvent]] = {}
    if not references:
        return found
    chosen = one_of("reference", references)
    rows = await database.read(
        "SELECT reference, key, source, happened_at, status, facts FROM sale_supplements"
        f" WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    for row in rows:
        found.setdefault(row["reference"], []).append(history_event_in(row))
    return found


async def release(account_id: str, sales: dict[str, str]) -> set[str]:
    """Move waiting facts to the histories of their sales. Returns the keys of all that were stored."""
    chosen = one_of("reference", sales)
    rows = await database.read(
        f"SELECT reference, {', '.join(_SHARED)} FROM sale_supplements"
        f" WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    moved = [row for row in rows if row["status"] is not None]
    await database.insert_many(
        "sale_events",
        (*_SHARED, "sale_id"),
        [(*(row[name] for name in _SHARED), sales[row["reference"]]) for row in moved],
        skip_known=True,
    )
    if moved:
        gone = one_of("id", [str(row["id"]) for row in moved])
        await database.write(
            f"DELETE FROM sale_supplements WHERE account_id = ? AND {gone.text}", (account_id, *gone.params)
        )
    return {row["key"] for row in rows}
