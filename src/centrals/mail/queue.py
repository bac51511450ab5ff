"""The outbox for workers: each e-mail that is due is claimed by one worker, and sent at least once.

A claim counts the attempt and sets the time of the next one, so the e-mails of a crashed worker are tried
again, and no other worker tries those of a running one. If a worker crashes after the mail server accepted an
e-mail and before this is stored, the e-mail is sent twice, with the same Message-ID.
"""

from typing import Any

import msgspec

from centrals.mail.compose import QueuedEmail
from models import database

MINUTE = 60_000
TRIES = 8
# after each try; the last is only how long its claim holds
PAUSES = tuple(minutes * MINUTE for minutes in (1, 5, 15, 60, 180, 360, 720, 1))
_WAITS = "sent_at IS NULL AND dead_at IS NULL"


async def claim() -> QueuedEmail | None:
    """The e-mail that has been due the longest, claimed for the caller."""
    due = f"SELECT id FROM outbox_messages WHERE {_WAITS} AND next_at <= ? LIMIT 1"
    while await database.read(due, (database.now(),)):
        claimed = await database.transact(_claim)
        if claimed is not None:
            return claimed
    return None


async def _claim() -> QueuedEmail | None:
    now = database.now()
    lock = " FOR UPDATE SKIP LOCKED" if database.dialect() == "postgres" else ""
    rows = await database.read(
        "SELECT id, kind, recipient, locale, data, created_at, reply_to, attempts, next_at"
        f" FROM outbox_messages WHERE {_WAITS} AND next_at <= ? ORDER BY next_at LIMIT 1{lock}",
        (now,),
    )
    if not rows:
        return None
    row = rows[0]
    if row["attempts"] >= TRIES:
        await _bury(row["id"], "the last try did not end")
        return None
    claimed = await database.write(
        "UPDATE outbox_messages SET attempts = attempts + 1, next_at = ?"
        f" WHERE id = ? AND next_at = ? AND {_WAITS}",
        (now + PAUSES[row["attempts"]], row["id"], row["next_at"]),
    )
    return _queued_email(row) if claimed else None


def _queued_email(row: Any) -> QueuedEmail:
    stored = row["data"]
    data = msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored
    return QueuedEmail(
        *(row["id"], row["kind"], row["recipient"], row["locale"], data, row["created_at"], row["reply_to"])
    )


async def sent(message_id: str) -> None:
    """Record that an e-mail was sent. Its data, which can contain a link, is emptied."""

    async def work() -> int:
        return await database.write(
            "UPDATE outbox_messages SET sent_at = ?, data = ?, error = NULL WHERE id = ? AND sent_at IS NULL",
            (database.now(), "{}", message_id),
        )

    await database.transact(work)


async def failed(message_id: str, error: str, *, for_good: bool) -> bool:
    """Record that an attempt failed.

    Returns whether the e-mail failed for good, at once or after enough attempts.
    """

    async def work() -> bool:
        rows = await database.read("SELECT attempts FROM outbox_messages WHERE id = ?", (message_id,))
        if for_good or rows[0]["attempts"] >= TRIES:
            await _bury(message_id, error)
            return True
        await database.write("UPDATE outbox_messages SET error = ? WHERE id = ?", (error, message_id))
        return False

    return await database.transact(work)


async def withdraw(message_id: str) -> None:
    """Delete an e-mail that may not be sent any more."""
    await database.transact(
        lambda: database.write("DELETE FROM outbox_messages WHERE id = ? AND sent_at IS NULL", (message_id,))
    )


async def _bury(message_id: str, error: str) -> None:
    await database.write(
        f"UPDATE outbox_messages SET dead_at = ?, error = ? WHERE id = ? AND {_WAITS}",
        (database.now(), error, message_id),
    )


async def retry(message_id: str | None) -> int:
    """Retry one or all e-mails that failed for good, and return how many."""
    named = " AND id = ?" if message_id else ""

    async def work() -> int:
        return await database.write(
            "UPDATE outbox_messages SET dead_at = NULL, attempts = 0, next_at = ?, error = NULL"
            f" WHERE dead_at IS NOT NULL{named}",
            (database.now(), *([message_id] if message_id else [])),
        )

    return await database.transact(work)


async def waiting() -> Any:
    """The unsent e-mails: first those that failed for good, then by the time of the next attempt."""
    return await database.read(
        "SELECT id, kind, recipient, attempts, next_at, dead_at, error FROM outbox_messages"
        " WHERE sent_at IS NULL ORDER BY CASE WHEN dead_at IS NULL THEN 1 ELSE 0 END, next_at, id"
    )
