"""Changes to the log by someone who may do anything to the database."""

from collections.abc import Awaitable, Callable
from typing import Any

from models import database


async def tampered(work: Callable[[], Awaitable[Any]], table: str = "audit_entries") -> None:
    """Do something to the log in a transaction, past what refuses it."""

    async def unguarded() -> None:
        if database.dialect() == "postgres":
            await database.write(f"ALTER TABLE {table} DISABLE TRIGGER {table}_only_grow")
            await work()
            await database.write(f"ALTER TABLE {table} ENABLE TRIGGER {table}_only_grow")
            return
        triggers = await database.read(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        )
        for trigger in triggers:
            await database.write(f"DROP TRIGGER {trigger['name']}")
        await work()
        for trigger in triggers:
            await database.write(trigger["sql"])

    await database.transact(unguarded)
