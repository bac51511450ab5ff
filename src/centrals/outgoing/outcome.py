"""What follows from a try: a delivery is sent, tried again or given up, and its receiver can be disabled."""

import random
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from actions.developers.webhooks.emails import ENDPOINT_DISABLED
from actions.developers.webhooks.found import give_up_waiting, host_of
from actions.kit.outbox import post_to_user
from actions.tools.integrations.emails import INTEGRATION_DISABLED
from centrals.outgoing.queue import TRIES, Claimed
from models import database
from models.changes import ChangeKind, note
from models.tables.delivery import RECEIVERS, DeliveryStatus, DisabledReason, ReceiverKind
from models.tables.target import TargetPurpose

MINUTE = 60_000
HOUR = 60 * MINUTE
PAUSES_MS = (
    *(5_000, 5 * MINUTE, 30 * MINUTE),
    *(hours * HOUR for hours in (2, 5, 10, 14, 20, 24)),
)
"""How long after each try the next one is, give or take a fifth."""
LONGEST_PAUSE_MS = 24 * HOUR
FAILS_AT_MOST_MS = 5 * 24 * HOUR
"""For how long a receiver can fail before it is disabled."""
GONE = 410
_spread = random.SystemRandom()


class Attempt(msgspec.Struct, frozen=True):
    """What came of a try."""

    at: int
    status: int | None = None
    duration_ms: int = 0
    error: str | None = None
    retry_after_ms: int | None = None
    reduced: bool = False

    @property
    def taken(self) -> bool:
        """Whether the receiver took the message."""
        return self.status is not None and 200 <= self.status < 300


async def record(delivery: Claimed, attempt: Attempt) -> DeliveryStatus:
    """Record a try. Returns the status of the delivery after it."""
    return await database.transact(lambda: _record(delivery, attempt))


async def _record(delivery: Claimed, attempt: Attempt) -> DeliveryStatus:
    status = _status(delivery, attempt)
    pause = _pause(delivery.tries, attempt) if status is DeliveryStatus.FAILED else None
    rows = await database.read(
        "SELECT CAST(attempts AS TEXT) FROM deliveries"
        " WHERE account_id = ? AND id = ? AND tries = ? AND next_at IS NOT NULL",
        (delivery.account_id, delivery.id, delivery.tries),
        named=False,
    )
    if not rows:  # it was deleted or given up meanwhile
        return status
    shown = {name: getattr(attempt, name) for name in ("at", "status", "duration_ms", "error")}
    attempts = [*msgspec.json.decode(rows[0][0]), shown]
    now = database.now()
    await database.write(
        "UPDATE deliveries SET status = ?, next_at = ?, reduced = ?, attempts = ?"
        " WHERE account_id = ? AND id = ?",
        (
            *(status.value, None if pause is None else now + pause, attempt.reduced),
            *(msgspec.json.encode(attempts).decode(), delivery.account_id, delivery.id),
        ),
    )
    await _note_receiver(delivery, attempt, now)
    if not attempt.taken:
        note(delivery.account_id, ChangeKind.DELIVERY, [delivery.id])
    return status


def _status(delivery: Claimed, attempt: Attempt) -> DeliveryStatus:
    if attempt.taken:
        return DeliveryStatus.SENT
    over = attempt.status == GONE or delivery.tries >= TRIES
    return DeliveryStatus.GIVEN_UP if over else DeliveryStatus.FAILED


def _pause(tries: int, attempt: Attempt) -> int:
    pause = round(PAUSES_MS[tries - 1] * _spread.uniform(0.8, 1.2))
    return max(pause, min(attempt.retry_after_ms or 0, LONGEST_PAUSE_MS))


async def _note_receiver(delivery: Claimed, attempt: Attempt, now: int) -> None:
    table, of = RECEIVERS[delivery.receiver_kind], (delivery.account_id, delivery.receiver_id)
    if attempt.taken:
        await database.write(
            f"UPDATE {table} SET failing_since = NULL, last_delivery_at = ? WHERE account_id = ? AND id = ?",
            (now, *of),
        )
        return
    await database.write(
        f"UPDATE {table} SET failing_since = COALESCE(failing_since, ?) WHERE account_id = ? AND id = ?",
        (attempt.at, *of),
    )
    reason = DisabledReason.GONE if attempt.status == GONE else DisabledReason.FAILING
    since = now if reason is DisabledReason.GONE else now - FAILS_AT_MOST_MS
    disabled = await database.write(
        f"UPDATE {table} SET enabled = ?, disabled_reason = ?"
        " WHERE account_id = ? AND id = ? AND enabled AND failing_since <= ?",
        (False, reason.value, *of, since),
    )
    if disabled:
        await give_up_waiting(*of)
        await DISABLED[delivery.receiver_kind](*of)


async def _tell_of_webhook(account_id: str, endpoint_id: str) -> None:
    """E-mail whoever is responsible for an endpoint, and the owner."""
    rows = await database.read(
        "SELECT e.url, u.name, u.email, COALESCE(a.brand_name, a.name) AS account FROM webhook_endpoints e"
        " JOIN accounts a ON a.id = e.account_id JOIN users u ON u.id IN (e.user_id, a.owner_id)"
        " WHERE e.account_id = ? AND e.id = ? ORDER BY u.id",
        (account_id, endpoint_id),
    )
    for row in rows:
        words: dict[str, Any] = {"name": row["name"], "account": row["account"], "host": host_of(row)}
        await post_to_user(ENDPOINT_DISABLED, row["email"], words)


async def _tell_of_integration(account_id: str, integration_id: str) -> None:
    """E-mail the owner, and whoever entered the address of an integration."""
    rows = await database.read(
        "SELECT t.url, u.name, u.email, COALESCE(a.brand_name, a.name) AS account FROM targets t"
        " JOIN accounts a ON a.id = t.account_id JOIN users u ON u.id IN (t.user_id, a.owner_id)"
        " WHERE t.account_id = ? AND t.purpose = ? AND t.thing_id = ? ORDER BY u.id",
        (account_id, TargetPurpose.INTEGRATION.value, integration_id),
    )
    for row in rows:
        words: dict[str, Any] = {"name": row["name"], "account": row["account"], "host": host_of(row)}
        await post_to_user(INTEGRATION_DISABLED, row["email"], words)


DISABLED: dict[ReceiverKind, Callable[[str, str], Awaitable[None]]] = {
    ReceiverKind.WEBHOOK: _tell_of_webhook,
    ReceiverKind.INTEGRATION: _tell_of_integration,
}
"""What follows when a receiver was disabled because it fails, by its account and id."""
