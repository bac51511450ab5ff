"""Reads rows outside the writer's transaction, for each kind of database."""

import asyncio
import sqlite3
import time
from collections import deque
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
LONG_WAIT_SECONDS = 0.005  # for a connection, before reads take more than those at hand
LAST_WAIT_SECONDS = 0.05  # before they take the last one of the pool
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
        self._here = Clocked(file, busy_seconds=0.0)
        self._idle: list[Clocked] = []
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
                if not stopped(error):
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
            reader = self._idle.pop() if self._idle else Clocked(self._file, busy_seconds=5.0)
            reader.take()
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
                if stopped(error):
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


class Clocked:
    """A connection whose statements are stopped when their time is over."""

    def __init__(self, file: Path, *, busy_seconds: float) -> None:
        self._deadline = 0.0
        self._interrupted = False
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
        return self._interrupted or time.monotonic() > self._deadline

    def take(self) -> None:
        """Begin to wait for a statement that runs in another thread: from now on it can be interrupted."""
        self._interrupted = False

    def fetch(self, text: str, values: Sequence[Any], seconds: float, *, named: bool) -> list[Any]:
        """All rows of a statement."""
        self._deadline = time.monotonic() + seconds
        cursor = self._connection.cursor()
        if named:
            cursor.row_factory = sqlite3.Row
        return cursor.execute(text, values).fetchall()

    def begin(self, text: str, values: Sequence[Any], seconds: float) -> sqlite3.Cursor:
        """A statement whose rows are read by position, a part at a time, within a number of seconds."""
        self._deadline = time.monotonic() + seconds
        return self._connection.execute(text, values)

    def timed_fetch(
        self, text: str, values: Sequence[Any], seconds: float, *, named: bool
    ) -> tuple[list[Any], float]:
        """All rows of a statement, and the processor's seconds that these took."""
        started = time.thread_time()
        found = self.fetch(text, values, seconds, named=named)
        return found, time.thread_time() - started

    def interrupt(self) -> None:
        """Stop the statement that runs in another thread, or has not begun there."""
        self._interrupted = True  # SQLite forgets an interrupt that finds nothing to stop
        self._connection.interrupt()

    def close(self) -> None:
        """Close it."""
        self._connection.close()


def stopped(error: sqlite3.OperationalError) -> bool:
    """Whether a statement was stopped, or met a lock, and can be repeated where it may wait."""
    return error.sqlite_errorcode in (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY)


class PostgresReader:
    """Reads through the pool's connections, each of which caches its prepared statements.

    A few connections stay checked out, because taking one from the pool and returning it costs more than a
    short statement: a read that ends passes its connection to the next. Further connections are taken from
    the pool, beside writers, only while reads wait for long, and kept only while the pool has one for others.
    """

    def __init__(self, pool: Any, at_hand: int) -> None:
        self._pool = pool
        self._most = at_hand
        self._size = 0
        self._idle: list[Any] = []
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._coming: set[asyncio.Task[None]] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def fetch(self, text: str, values: Sequence[Any], *, named: bool = True) -> Sequence[Any]:
        """Rows. They always have names."""
        connection = self._at_hand() or await self._passed_on()
        while not _is_open(connection):  # it was lost while it was passed on
            self._size -= 1
            connection = self._at_hand() or await self._passed_on()
        try:
            # past the pool's stand-in for the connection, which examines each call
            found: Sequence[Any] = await (connection._con or connection).fetch(text, *values)
        except BaseException as error:
            await self._release(connection)  # the pool repairs it if its statement was cancelled or failed
            if type(error).__name__ == "QueryCanceledError":  # asyncpg's, which need not be installed
                raise TooSlow from error
            raise
        if self._size > self._most and not (self._waiting and self._room()):
            await self._release(connection)
        else:
            self._pass_on(connection)
        return found

    def _room(self) -> int:
        """How many connections the pool has for others."""
        pool = self._pool
        return int(pool.get_max_size() - pool.get_size() + pool.get_idle_size())

    def _at_hand(self) -> Any:
        while self._idle:
            connection = self._idle.pop()
            if _is_open(connection):
                return connection
            self._size -= 1
        return None

    def _pass_on(self, connection: Any) -> None:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(connection)
                return
        if self._size <= self._most:
            self._idle.append(connection)
            return
        # who waited for it has gone
        task = asyncio.get_running_loop().create_task(self._release(connection))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _passed_on(self) -> Any:
        """The connection of the next read that ends, or another one from the pool."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._waiting.append(future)
        if self._size + len(self._coming) < self._most:
            self._send_for(loop)
        elif self._timer is None:
            self._timer = loop.call_later(LONG_WAIT_SECONDS, self._hasten, loop)
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and future.exception() is None:
                self._pass_on(future.result())
            raise

    def _hasten(self, loop: asyncio.AbstractEventLoop, *, for_last: bool = False) -> None:
        """Send for one more connection if reads have waited all the time, and longer for the pool's last."""
        self._timer = None
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft()
        if self._waiting:
            last = self._room() <= 1
            if not self._coming and (for_last or not last):
                self._send_for(loop)
            seconds = LAST_WAIT_SECONDS if last else LONG_WAIT_SECONDS
            self._timer = loop.call_later(seconds, partial(self._hasten, loop, for_last=last))

    def _send_for(self, loop: asyncio.AbstractEventLoop) -> None:
        task = loop.create_task(self._take())
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)

    async def _take(self) -> None:
        try:
            connection = await self._pool.acquire()
        except Exception as error:
            while self._waiting:
                future = self._waiting.popleft()
                if not future.done():
                    future.set_exception(error)
                    return
            return
        self._size += 1
        if self._waiting or self._size <= self._most:
            self._pass_on(connection)
        else:
            await self._release(connection)

    async def _release(self, connection: Any) -> None:
        self._size -= 1
        await self._pool.release(connection)
        if self._waiting and self._size + len(self._coming) < self._most:
            self._send_for(asyncio.get_running_loop())

    def sizes(self) -> dict[str, int]:
        """The numbers of the pool. A free connection here is idle, though the pool counts it as in use."""
        idle = self._pool.get_idle_size() + len(self._idle)
        return {
            "active": self._pool.get_size() - idle,
            "idle": idle,
            "waiting": sum(not future.done() for future in self._waiting),
            "limit": self._pool.get_max_size(),
        }

    async def close(self) -> None:
        """Return the checked-out connections. The pool itself belongs to its creator."""
        if self._timer is not None:
            self._timer.cancel()
        for task in list(self._coming):
            task.cancel()
        if self._coming or self._leaving:
            await asyncio.wait([*self._coming, *self._leaving])
        while self._idle:
            await self._release(self._idle.pop())


def _is_open(connection: Any) -> bool:
    # without it, the pool took back a connection that the server had closed
    found = connection._con
    return found is not None and not found.is_closed()
