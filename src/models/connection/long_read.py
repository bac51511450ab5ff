"""Reads the rows of a long statement a part at a time, so that a process never has all of them."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, TypeVar

from models.connection.outage import outage_of
from models.connection.reader import Clocked, TooSlow, stopped

T = TypeVar("T")
Parts = Callable[[str, Sequence[Any], int, float], AsyncGenerator[Sequence[Any], None]]
LONG_SECONDS = 600.0
"""How long a statement may take until its last row is read, or in PostgreSQL until each part is."""


class LongReader:
    """Reads the rows of a statement in parts: a single one at a time, since each of them is much work."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._alone = asyncio.Semaphore(1)

    async def parts(self, text: str, values: Sequence[Any], size: int) -> AsyncGenerator[Sequence[Any], None]:
        """The rows, so many at a time. Raises `TooSlow` and `Outage`."""
        async with self._alone:
            try:
                async with aclosing(self._parts(text, values, size, LONG_SECONDS)) as parts:
                    async for rows in parts:
                        yield rows
            except Exception as error:
                if (outage := outage_of(error)) is not None:
                    raise outage from error
                raise


async def sqlite_parts(
    file: Path, text: str, values: Sequence[Any], size: int, seconds: float
) -> AsyncGenerator[Sequence[Any], None]:
    """The rows of an SQLite file, read by a connection of their own within a number of seconds."""
    connection = Clocked(file, busy_seconds=5.0)
    try:
        cursor = await _there(connection, lambda: connection.begin(text, values, seconds))
        while rows := await _there(connection, lambda: cursor.fetchmany(size)):
            yield rows
    finally:
        connection.close()


async def _there(connection: Clocked, read: Callable[[], T]) -> T:
    """The result of a part of a statement, read in a thread. It ends with its caller."""
    running = asyncio.get_running_loop().run_in_executor(None, read)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        connection.interrupt()
        await asyncio.wait([running])
        running.exception()
        raise
    except sqlite3.OperationalError as error:
        if stopped(error):
            raise TooSlow from error
        raise


async def postgres_parts(
    pool: Any, text: str, values: Sequence[Any], size: int, seconds: float
) -> AsyncGenerator[Sequence[Any], None]:
    """The rows of a PostgreSQL server, each part of which is read within a number of seconds."""
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
        await connection.execute("SET LOCAL cursor_tuple_fraction = 1")  # all rows are wanted
        try:
            cursor = await connection.cursor(text, *values)
            while rows := await cursor.fetch(size):
                yield rows
        except Exception as error:
            if type(error).__name__ == "QueryCanceledError":  # asyncpg's, which need not be installed
                raise TooSlow from error
            raise
