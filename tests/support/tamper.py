"""Changes to the log by someone who may do anything to the database."""

from collections.abc import Awaitable, Callable
from typing import Any

from models import database


async def tampered(work: Callable[[], Awaitable[Any]]) -> None:
    """Do something to the log in a transaction, past what refuses it."""

    async def unguarded() -> None:
        if database.dialect() == "postgres":
            await database.write("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_only_grow")
            await work()
            await database.write("ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_only_grow")
            return
        triggers = await database.read(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'"
        )
        for one in triggers:
            await database.write(f"DROP TRIGGER {one['name']}")
        await work()
        for one in triggers:
            await database.write(one["sql"])

    await database.transact(unguarded)
