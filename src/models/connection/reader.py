"""Reads rows outside the writer's transaction, for each kind of database."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Protocol

FUSE_SECONDS = 0.004
REMEMBERED_SECONDS = 60.0
MOST_REMEMBERED = 500
MOST_SHORT = 10
THREADS = 4
_INSTRUCTIONS = 2_000  # steps of SQLite's virtual machine between two checks of the time


class TooSlow(Exception):
    """A statement that exceeded its time limit."""


class Reader(Protocol):
    """Reads rows outside every transaction."""

    async def fetch(self, text: str, values: Sequence[Any], *, named: bool = True) -> Sequence[Any]:
        """Rows by position and, unless that is not needed, by name. Raises `TooSlow`."""
        ...

    def sizes(self) -> dict[str, int]:
        """The numbers of connections that are active, idle and waited for, and the maximum."""
        ...

    async def close(self) -> None:
        """Release its resources."""
        ...


class SqliteReader:
    """Reads an SQLite file in WAL mode, in which readers do not wait for the writer.

    A short statement runs in the event loop, which costs less than passing it to a thread. A statement that
    takes longer is stopped and runs again in a thread. Its text is remembered, and goes directly to a thread
    the next time. It is forgotten again if it was short after all and only waited for the processor or the
    disk, or if it was short many times in a row.
    """

    def __init__(self, file: Path, limit_seconds: float) -> None:
        self._file = file
        self._limit = limit_seconds
        self._here = _Clocked(file, busy_seconds=0.0)
        self._idle: list[_Clocked] = []
        self._gate = asyncio.Semaphore(THREADS)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="sqlite-read")
        self._slow: dict[str, float] = {}
        self._short: dict[str, int] = {}

    async def fetch(self, text: str, values: Sequence[Any], *, named: bool = True) -> Sequence[Any]:
        """Rows, read in the event loop or in a thread."""
        if self._slow.get(text, 0.0) < time.monotonic():
            try:
                return self._here.fetch(text, values, FUSE_SECONDS, named=named)
            except sqlite3.OperationalError as error:
                if not _stopped(error):
                    raise
            self._remember(text)
            self._short[text] = MOST_SHORT - 1
        found, spent = await self._fetch_there(text, values, named=named)
        if text in self._short:
            self._short[text] = self._short[text] + 1 if spent < FUSE_SECONDS else 0
            if self._short[text] >= MOST_SHORT:
                self._forget(text)
        return found

    def _remember(self, text: str) -> None:
        while len(self._slow) >= MOST_REMEMBERED:
            self._forget(next(iter(self._slow)))
        self._slow[text] = time.monotonic() + REMEMBERED_SECONDS

    def _forget(self, text: str) -> None:
        self._slow.pop(text, None)
        self._short.pop(text, None)

    async def _fetch_there(
        self, text: str, values: Sequence[Any], *, named: bool
    ) -> tuple[Sequence[Any], float]:
        """Rows, and the seconds that reading them took."""
        async with self._gate:
            reader = self._idle.pop() if self._idle else _Clocked(self._file, busy_seconds=5.0)
            running = asyncio.get_running_loop().run_in_executor(
                self._threads, partial(reader.timed_fetch, text, values, self._limit, named=named)
            )
            try:
                found: tuple[Sequence[Any], float] = await asyncio.shield(running)
            except asyncio.CancelledError:
                reader.interrupt()
                await asyncio.wait([running])
                running.exception()
                raise
            except sqlite3.OperationalError as error:
                if _stopped(error):
                    raise TooSlow from error
                raise
            finally:
                self._idle.append(reader)
            return found

    def sizes(self) -> dict[str, int]:
        """The connections of the threads. Short statements have one of their own."""
        free = self._gate._value
        waiting = sum(not waiter.done() for waiter in self._gate._waiters or ())
        return {"active": THREADS - free, "idle": len(self._idle), "waiting": waiting, "limit": THREADS}

    async def close(self) -> None:
        """Close every connection."""
        self._threads.shutdown(wait=True)
        for reader in [self._here, *self._idle]:
            reader.close()
        self._idle.clear()


class _Clocked:
    """A connection whose statements are stopped when their time is over."""

    def __init__(self, file: Path, *, busy_seconds: float) -> None:
        self._deadline = 0.0
        self._connection = sqlite3.connect(
            file,
            timeout=busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=1_000,
        )
        self._connection.execute("PRAGMA query_only = ON")
        self._connection.set_progress_handler(self._over, _INSTRUCTIONS)

    def _over(self) -> bool:
        return time.monotonic() > self._deadline

    def fetch(self, text: str, values: Sequence[Any], seconds: float, *, named: bool) -> list[Any]:
        self._deadline = time.monotonic() + seconds
        cursor = self._connection.cursor()
        if named:
            cursor.row_factory = sqlite3.Row
        return cursor.execute(text, values).fetchall()

    def timed_fetch(
        self, text: str, values: Sequence[Any], seconds: float, *, named: bool
    ) -> tuple[list[Any], float]:
        started = time.thread_time()
        found = self.fetch(text, values, seconds, named=named)
        return found, time.thread_time() - started

    def interrupt(self) -> None:
        self._connection.interrupt()

    def close(self) -> None:
        self._connection.close()


def _stopped(error: sqlite3.OperationalError) -> bool:
    """Whether a statement was stopped, or met a lock, and can be repeated where it may wait."""
    return error.sqlite_errorcode in (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY)


class PostgresReader:
    """Reads through the pool's connections, each of which caches its prepared statements.

    A few connections stay checked out, because taking one from the pool and returning it costs more than a
    short statement. No one waits for the pool while one of them is free.
    """

    def __init__(self, pool: Any, at_hand: int) -> None:
        self._pool = pool
        self._most = at_hand
        self._idle: list[Any] = []
        self._waiting = 0

    async def fetch(self, text: str, values: Sequence[Any], *, named: bool = True) -> Sequence[Any]:
        """Rows. They always have names."""
        import asyncpg

        connection, whole = await self._taken(), False
        try:
            found: Sequence[Any] = await connection.fetch(text, *values)
            whole = True
        except asyncpg.QueryCanceledError as error:
            raise TooSlow from error
        finally:
            # the pool repairs a connection whose statement was cancelled or failed
            if whole and not self._waiting and len(self._idle) < self._most:
                self._idle.append(connection)
            else:
                await self._pool.release(connection)
        return found

    async def _taken(self) -> Any:
        import asyncpg

        while self._idle:
            connection = self._idle.pop()
            # the pool took back a connection that the server had closed
            with contextlib.suppress(asyncpg.InterfaceError):
                if not connection.is_closed():
                    return connection
        self._waiting += 1
        try:
            return await self._pool.acquire()
        finally:
            self._waiting -= 1

    def sizes(self) -> dict[str, int]:
        """The numbers of the pool. A free connection here is idle, though the pool counts it as in use."""
        idle = self._pool.get_idle_size() + len(self._idle)
        return {
            "active": self._pool.get_size() - idle,
            "idle": idle,
            "waiting": self._waiting,
            "limit": self._pool.get_max_size(),
        }

    async def close(self) -> None:
        """Return the checked-out connections. The pool itself belongs to its creator."""
        while self._idle:
            await self._pool.release(self._idle.pop())
