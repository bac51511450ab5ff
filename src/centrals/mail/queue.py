"""The outbox as the worker meets it: what is due is claimed by one, and sent at least once.

A claim counts the try and sets the time of the next one, so that the e-mails of a worker that dies are tried
again, and those of one that lives by no one else. One whose worker dies between the mail server's yes and the
note of it leaves twice, under one Message-ID.
"""

from typing import Any

import msgspec

from centrals.mail.compose import Posted
from models import database

MINUTE = 60_000
TRIES = 8
# after each try; the last is only how long its claim holds
PAUSES = tuple(minutes * MINUTE for minutes in (1, 5, 15, 60, 180, 360, 720, 1))
_WAITS = "sent_at IS NULL AND dead_at IS NULL"


async def claim() -> Posted | None:
    """The e-mail that has been due for longest, to be sent by whoever asks."""
    due = f"SELECT id FROM outbox_messages WHERE {_WAITS} AND next_at <= ? LIMIT 1"
    while await database.read(due, (database.now(),)):
        claimed = await database.transact(_claim)
        if claimed is not None:
            return claimed
    return None


async def _claim() -> Posted | None:
    now = database.now()
    lock = " FOR UPDATE SKIP LOCKED" if database.dialect() == "postgres" else ""
    rows = await database.read(
        "SELECT id, kind, recipient, locale, data, created_at, attempts, next_at FROM outbox_messages"
        f" WHERE {_WAITS} AND next_at <= ? ORDER BY next_at LIMIT 1{lock}",
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
    return _posted(row) if claimed else None


def _posted(row: Any) -> Posted:
    stored = row["data"]
    data = msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored
    return Posted(row["id"], row["kind"], row["recipient"], row["locale"], data, row["created_at"])


async def sent(message_id: str) -> None:
    """Note that an e-mail left; its data, which may hold a link, is emptied."""

    async def work() -> int:
        return await database.write(
            "UPDATE outbox_messages SET sent_at = ?, data = ?, error = NULL WHERE id = ? AND sent_at IS NULL",
            (database.now(), "{}", message_id),
        )

    await database.transact(work)


async def failed(message_id: str, error: str, *, for_good: bool) -> bool:
    """Note that a try failed; tells whether the e-mail was given up, for good or after enough tries."""

    async def work() -> bool:
        rows = await database.read("SELECT attempts FROM outbox_messages WHERE id = ?", (message_id,))
        if for_good or rows[0]["attempts"] >= TRIES:
            await _bury(message_id, error)
            return True
        await database.write("UPDATE outbox_messages SET error = ? WHERE id = ?", (error, message_id))
        return False

    return await database.transact(work)


async def _bury(message_id: str, error: str) -> None:
    await database.write(
        f"UPDATE outbox_messages SET dead_at = ?, error = ? WHERE id = ? AND {_WAITS}",
        (database.now(), error, message_id),
    )


async def retry(message_id: str | None) -> int:
    """Let e-mails that were given up be tried anew, one or all; tells how many."""
    named = " AND id = ?" if message_id else ""

    async def work() -> int:
        return await database.write(
            "UPDATE outbox_messages SET dead_at = NULL, attempts = 0, next_at = ?, error = NULL"
            f" WHERE dead_at IS NOT NULL{named}",
            (database.now(), *([message_id] if message_id else [])),
        )

    return await database.transact(work)


async def waiting() -> Any:
    """What has not been sent: given up first, then by the time of the next try."""
    return await database.read(
        "SELECT id, kind, recipient, attempts, next_at, dead_at, error FROM outbox_messages"
        " WHERE sent_at IS NULL ORDER BY CASE WHEN dead_at IS NULL THEN 1 ELSE 0 END, next_at, id"
    )
