"""What clients may spend: the cost of their operations each minute, and the heavy ones that run at once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

WINDOW_SECONDS = 60
MOST_CLIENTS = 100_000
_REST = "others"  # clients beyond the most share one budget


class _Spent(msgspec.Struct):
    cost: int = 0


class Budget:
    """What each client has spent in the current minute."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._window = 0
        self._spent: dict[str, _Spent] = {}

    def charge(self, client: str, cost: int) -> int:
        """Spend something: 0, or after how many seconds the client has enough again."""
        spent = self._of(client)
        if spent.cost + cost > self.per_minute:
            return self.seconds_left()
        spent.cost += cost
        return 0

    def left(self, client: str) -> int:
        """What a client may still spend in this minute."""
        return max(0, self.per_minute - self._of(client).cost)

    def seconds_left(self) -> int:
        """How long the minute still takes."""
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


class TooManyAtOnce(Exception):
    """Too many heavy operations of one client wait already."""


class HeavyOperations:
    """Lets a few heavy operations of each client run at once; some more wait, and the rest is refused."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self.at_once = at_once
        self.waiting = waiting
        self._slots: dict[str, tuple[asyncio.Semaphore, list[int]]] = {}

    @asynccontextmanager
    async def slot(self, client: str) -> AsyncIterator[None]:
        """A turn of the client; raises `TooManyAtOnce`."""
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
