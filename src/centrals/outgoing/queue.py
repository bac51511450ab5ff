"""The queue of deliveries: each that is due is claimed by one worker, and sent at least once.

A claim counts the try and moves the next one beyond the time that a try can take. So deliveries of a crashed
worker become due again, and no other worker tries those of a running one.
"""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from models import database
from models.outgoing_events import EventType
from models.statement import Statement, one_of
from models.tables.delivery import RECEIVERS, DeliveryStatus, ReceiverKind

TRIES = 10
LEASE_MS = 60_000
"""How long a claim holds: longer than reading and sending can take."""


class Claimed(msgspec.Struct, frozen=True):
    """A delivery that this process tries now."""

    id: str
    account_id: str
    receiver_kind: ReceiverKind
    receiver_id: str
    event: EventType
    event_id: str
    object_id: str | None
    reference: str | None
    happened_at: int
    tries: int
    """The number of tries, this one included."""
    next_at: int
    """When it was due; for a claimed one, when its claim ends."""
    failing: bool
    """Whether its receiver took nothing lately."""


async def due(now: int, most: int, busy: Collection[str], *, failing: bool) -> list[Claimed]:
    """Deliveries that are due, those that have been due the longest first, without those to `busy` receivers.

    They are to receivers that fail, or to others: those that fail never take the others' place.
    """
    found: list[Claimed] = []
    for kind, table in RECEIVERS.items():
        rows = await database.read(
            Statement(
                "SELECT d.id, d.account_id, d.receiver_kind, d.receiver_id, d.event, d.event_id, d.object_id,"
                f" d.reference, d.happened_at, d.tries, d.next_at FROM deliveries d JOIN {table} e"
                " ON e.account_id = d.account_id AND e.id = d.receiver_id AND e.enabled"
                f" AND e.failing_since IS {'NOT ' if failing else ''}NULL"
                " JOIN accounts a ON a.id = d.account_id AND a.closed_at IS NULL"
                " WHERE d.next_at <= ? AND d.receiver_kind = ?",
                (now, kind.value),
            )
            + _not_among(busy)
            + f" ORDER BY d.next_at, d.id LIMIT {most}",
            named=False,
        )
        found += [_claimed(row, failing=failing) for row in rows]
    return sorted(found, key=lambda delivery: (delivery.next_at, delivery.id))[:most]


def _not_among(busy: Collection[str]) -> Statement:
    if not busy:
        return Statement("")
    chosen = one_of("d.receiver_id", sorted(busy))
    return Statement(f" AND NOT ({chosen.text})", chosen.params)


def _claimed(row: Any, *, failing: bool) -> Claimed:
    row_id, account_id, kind, receiver_id, event, event_id, object_id, reference, happened_at, *rest = row
    tries, next_at = rest
    return Claimed(
        id=str(row_id),
        account_id=str(account_id),
        receiver_kind=ReceiverKind(kind),
        receiver_id=str(receiver_id),
        event=EventType(event),
        event_id=event_id,
        object_id=None if object_id is None else str(object_id),
        reference=reference,
        happened_at=happened_at,
        tries=tries,
        next_at=next_at,
        failing=failing,
    )


async def claim(found: Sequence[Claimed], now: int) -> list[Claimed]:
    """Those of some due deliveries that no one else claimed meanwhile, claimed for the caller."""

    async def work() -> list[Claimed]:
        claimed = []
        for delivery in found:
            if delivery.tries >= TRIES:
                await _bury(delivery)
                continue
            changed = await database.write(
                "UPDATE deliveries SET tries = tries + 1, next_at = ?"
                " WHERE account_id = ? AND id = ? AND next_at = ? AND tries = ?",
                (now + LEASE_MS, delivery.account_id, delivery.id, delivery.next_at, delivery.tries),
            )
            if changed:
                claimed.append(
                    msgspec.structs.replace(delivery, tries=delivery.tries + 1, next_at=now + LEASE_MS)
                )
        return claimed

    return await database.transact(work)


async def _bury(delivery: Claimed) -> None:
    """Give up a delivery whose last try did not end."""
    await database.write(
        "UPDATE deliveries SET status = ?, next_at = NULL WHERE account_id = ? AND id = ? AND next_at = ?",
        (DeliveryStatus.GIVEN_UP.value, delivery.account_id, delivery.id, delivery.next_at),
    )


async def drop(delivery: Claimed) -> None:
    """Delete a delivery that nothing may be sent of any more."""

    async def work() -> int:
        return await database.write(
            "DELETE FROM deliveries WHERE account_id = ? AND id = ? AND next_at IS NOT NULL",
            (delivery.account_id, delivery.id),
        )

    await database.transact(work)
