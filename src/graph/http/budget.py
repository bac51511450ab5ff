"""The budgets of clients: the cost of their operations per minute, and how many heavy ones run at once."""

import asyncio
import contextvars
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from actions.kit.rates import rates
from models import database
from telemetry.faults import log_fault

WINDOW_SECONDS = 60
MOST_CLIENTS = 100_000
_REST = "others"  # clients above this number share one budget


class _Spent(msgspec.Struct):
    """What a client spent in this process, how much of it other processes know, and what was spent there."""

    here: int = 0
    shared: int = 0
    elsewhere: int = 0


class Budget:
    """What each client has spent in the current minute, counted in this process.

    Whenever a client has spent another tenth of the budget here, it is added to the store of all processes,
    and this process reads what was spent elsewhere. Most clients never cause a write to the store.
    """

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._step = max(1, per_minute // 10)
        self._window = 0
        self._spent: dict[str, _Spent] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def charge(self, client: str, cost: int) -> int:
        """Spend some of the budget. Returns 0, or the seconds until the client can spend it."""
        spent = self._of(client)
        if spent.here + spent.elsewhere + cost > self.per_minute:
            return self.seconds_left()
        spent.here += cost
        if spent.here - spent.shared >= self._step:
            self._share(client, spent)
        return 0

    def left(self, client: str) -> int:
        """What a client can still spend in this minute."""
        spent = self._of(client)
        return max(0, self.per_minute - spent.here - spent.elsewhere)

    def seconds_left(self) -> int:
        """The seconds until the minute ends."""
        return WINDOW_SECONDS - int(time.time()) % WINDOW_SECONDS

    def _of(self, client: str) -> _Spent:
        window = int(time.time()) // WINDOW_SECONDS
        if window != self._window:
            self._window = window
            self._spent = {}
        spent = self._spent.get(client)
        if spent is None:
            if len(self._spent) >= MOST_CLIENTS:
                client = _REST
            spent = self._spent.setdefault(client, _Spent())
        return spent

    def _share(self, client: str, spent: _Spent) -> None:
        """Share the count with other processes, without waiting for it."""
        amount, name = spent.here - spent.shared, f"cost/{self._window}/{client}"
        spent.shared = spent.here

        async def work() -> None:
            try:
                total = await rates().add(name, amount, 2 * WINDOW_SECONDS)
            except (database.TooSlow, database.Outage):
                pass  # this process continues to count
            except Exception as error:
                log_fault("", error)
            else:
                spent.elsewhere = max(0, total - spent.shared)

        # outside the request's context: without its transaction and the observer of its statements
        task = asyncio.get_running_loop().create_task(work(), context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class TooManyAtOnce(Exception):
    """Too many heavy operations of one client wait already."""


class HeavyOperations:
    """Lets a few heavy operations of each client run at once. Some more wait, and all others are refused."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self.at_once = at_once
        self.waiting = waiting
        self._slots: dict[str, tuple[asyncio.Semaphore, list[int]]] = {}

    @asynccontextmanager
    async def slot(self, client: str) -> AsyncIterator[None]:
        """A slot of the client. Raises `TooManyAtOnce`."""
        semaphore, users = self._slots.setdefault(client, (asyncio.Semaphore(self.at_once), [0]))
        if users[0] >= self.at_once + self.waiting:
            raise TooManyAtOnce
        users[0] += 1
        try:
            async with semaphore:
                yield
        finally:
            users[0] -= 1
            if not users[0]:
                del self._slots[client]
