"""Removes data that has served its purpose, in small batches.

Data that is still needed stays: a message whose sale is unknown or that could not be read, an e-mail that has
not been sent, a session that can continue. The logs are chained, so they are stored as long as their account.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from actions.identity.sessions.session import REFRESH_MS
from actions.kit.idempotency import REPLAY_MS
from actions.notices.notify import STORED_MS as NOTICES_MS
from centrals.retention_settings import Retention
from models import database
from models.changes import RETENTION_MS as EVENTS_MS
from models.connection.exclusive import PRUNING, exclusively
from models.statement import Statement
from models.vocabulary import IntakeOutcome
from telemetry.figures import PRUNED

DAY_MS = 24 * 3_600_000
BATCH = 500
"""The most rows that one transaction removes."""
EVERY_SECONDS = 900.0
_PROCESSED = (IntakeOutcome.SALE, IntakeOutcome.OTHER, IntakeOutcome.TEST)
_log = logging.getLogger("centrals")


class Expired:
    """Rows of a table that can go, and the rows of others that go with them."""

    def __init__(
        self, table: str, condition: str, *params: Any, parts: Sequence[str] = (), order: str = "id"
    ) -> None:
        self.table = table
        self.order = order
        self.parts = parts
        self.condition = Statement(condition, params)

    async def count(self) -> int:
        """The number of these rows."""
        counted = Statement(f"SELECT COUNT(*) FROM {self.table} WHERE ") + self.condition
        return int((await database.read(counted))[0][0])

    async def remove_batch(self) -> int:
        """Remove some of them, and return how many."""
        chosen = self.condition + Statement(f" ORDER BY {self.order} LIMIT {BATCH}")
        if not await database.read(
            Statement(f"SELECT 1 FROM {self.table} WHERE ") + self.condition + Statement(" LIMIT 1")
        ):
            return 0

        async def work() -> int:
            ids = Statement(f"(SELECT id FROM {self.table} WHERE ") + chosen + Statement(")")
            for part in self.parts:
                await database.write(Statement(f"DELETE FROM {part} IN ") + ids)
            return await database.write(Statement(f"DELETE FROM {self.table} WHERE id IN ") + ids)

        return await database.transact(work)


async def expired(retention: Retention) -> list[Expired]:
    """The rows that can be removed now."""
    now = database.now()
    found = [
        Expired("rate_counts", "expires_at < ?", now),
        Expired("events", "at < ?", now - EVENTS_MS, order="at"),  # as their index has it
        Expired("idempotency_keys", "created_at < ?", now - REPLAY_MS),
        Expired("user_tokens", "expires_at < ?", now - DAY_MS),
        Expired("provider_visits", "expires_at < ?", now - DAY_MS),
        Expired("sign_in_challenges", "expires_at < ?", now),
        Expired("notices", "at < ?", now - NOTICES_MS, order="at"),
    ]
    if retention.mail_days:
        end = now - retention.mail_days * DAY_MS
        found += [
            Expired("outbox_messages", "sent_at < ?", end),
            Expired("outbox_messages", "sent_at IS NULL AND dead_at < ?", end),
            Expired("deliveries", "next_at IS NULL AND created_at < ?", end),
        ]
    if retention.session_days:
        end = now - retention.session_days * DAY_MS
        # a session that nobody uses ends with its refresh token
        alive = "(ended_at < ? OR (ended_at IS NULL AND COALESCE(last_used_at, created_at) < ?))"
        found += [
            Expired("sessions", alive, end, end - REFRESH_MS, parts=("credentials WHERE session_id",)),
            Expired("access_tokens", "(ended_at < ? OR expires_at < ?)", end, end),
            Expired("api_credentials", "(ended_at < ? OR expires_at < ?)", end, end),
        ]
    if retention.intake_days:
        end = now - retention.intake_days * DAY_MS
        for account in await database.read("SELECT id FROM accounts ORDER BY id"):
            found += [
                Expired(
                    "intake_events",
                    "account_id = ? AND outcome = ? AND received_at < ?",
                    account["id"], outcome.value, end,
                )
                for outcome in _PROCESSED
            ]  # fmt: skip
    return found


async def prune(
    url: str, retention: Retention, *, ending: Callable[[], bool] = lambda: False
) -> dict[str, int] | None:
    """Remove what can be removed, and return the number of rows by table.

    None if another process is doing it.
    """
    async with exclusively(url, PRUNING, waits=False) as alone:
        if not alone:
            return None
        removed: Counter[str] = Counter()
        for rows in await expired(retention):
            while not ending() and (count := await rows.remove_batch()):
                removed[rows.table] += count
                PRUNED.add(rows.table, amount=count)
        return dict(removed)


async def prunable(retention: Retention) -> dict[str, int]:
    """The number of rows of each table that can be removed."""
    counts: Counter[str] = Counter()
    for rows in await expired(retention):
        counts[rows.table] += await rows.count()
    return {table: count for table, count in counts.items() if count}


@contextlib.asynccontextmanager
async def pruning(url: str, retention: Retention) -> AsyncIterator[None]:
    """Remove data every quarter of an hour during the block, in one of all processes."""
    ending = asyncio.Event()

    async def work() -> None:
        while not ending.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS):
                    await ending.wait()
                return
            try:
                removed = await prune(url, retention, ending=ending.is_set)
            except Exception as fault:
                # the database can be unavailable for a while
                _log.warning("pruning failed", extra={"kind": type(fault).__qualname__})
            else:
                if removed:
                    _log.info("pruned", extra={"removed": removed})

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        ending.set()
        await asyncio.wait([task], timeout=10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
