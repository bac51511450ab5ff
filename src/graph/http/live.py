"""What all streams of a process share: the feed, viewers, results, and the limits per client."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterator
from typing import Generic, TypeVar
from weakref import WeakSet

from msgspec.structs import replace

from authz.identity import identify
from authz.viewer import Viewer
from models.feed import Feed

T = TypeVar("T")

STREAMS_OF_VIEWER = 100
STREAMS_OF_NETWORK = 2_000
SOCKETS_OF_VIEWER = 50
AT_ONCE = 8
"""The number of streams' statements that run at once, so that a burst of events does not delay requests."""


class TooManyStreams(Exception):
    """A viewer or an address already has the maximum number of streams."""

    def __init__(self, most: int) -> None:
        super().__init__(f"At most {most} at once.")
        self.most = most


class ClientLimit:
    """A limit on how many of something each viewer and each address can have at once."""

    def __init__(self, of_viewer: int, of_network: int) -> None:
        self.of_viewer = of_viewer
        self.of_network = of_network
        self._taken: Counter[str] = Counter()

    @contextlib.contextmanager
    def slot(self, user_id: str | None, network: str) -> Iterator[None]:
        """Count one more for the duration of the block. Raises `TooManyStreams`."""
        wanted = {f"network {network}": self.of_network}
        if user_id is not None:
            wanted[f"user {user_id}"] = self.of_viewer
        for name, most in wanted.items():
            if self._taken[name] >= most:
                raise TooManyStreams(most)
        self._taken.update(wanted.keys())
        try:
            yield
        finally:
            self._taken.subtract(wanted.keys())
            for name in wanted:
                if not self._taken[name]:
                    del self._taken[name]


class SingleFlight(Generic[T]):
    """Work that is done once for all callers that need it at the same time.

    With `until_it_starts`, a caller that comes after the work began waits for the next run, so its result is
    never older than its call.
    """

    def __init__(self, *, until_it_starts: bool) -> None:
        self._until_it_starts = until_it_starts
        self._running: dict[Hashable, asyncio.Task[T]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def result(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """The result of the work, which this call or an earlier one starts.

        Canceling a caller does not end it.
        """
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._work(key, work))
            self._running[key] = task
            task.add_done_callback(lambda done: self._ended(key, done))
        return await asyncio.shield(task)

    async def _work(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        async with self._slots:
            if self._until_it_starts:
                self._running.pop(key, None)
            return await work()

    def _ended(self, key: Hashable, task: "asyncio.Task[T]") -> None:
        if self._running.get(key) is task:
            del self._running[key]
        if not task.cancelled():
            task.exception()  # the other callers still get it


_lives: "WeakSet[Live]" = WeakSet()


class Live:
    """The streams of a process."""

    def __init__(self) -> None:
        self.feed = Feed()
        self.streams = ClientLimit(STREAMS_OF_VIEWER, STREAMS_OF_NETWORK)
        self.sockets = ClientLimit(SOCKETS_OF_VIEWER, STREAMS_OF_NETWORK)
        self.results: SingleFlight[list[bytes]] = SingleFlight(until_it_starts=False)
        self._judgements: SingleFlight[Viewer] = SingleFlight(until_it_starts=True)
        self.ending = asyncio.Event()
        """Set when the server stops, because streams do not end by themselves."""
        _lives.add(self)

    async def judge(self, token: str, account_id: str | None) -> Viewer:
        """The viewer that a credential identifies now, judged after this was called.

        Raises `Unauthenticated` and `NoSuchCentral`, as for any request.
        """
        return await self._judgements.result((token, account_id), lambda: _identified(token, account_id))


def end_streams() -> None:
    """End the streams of this process, because the server stops."""
    for live in _lives:
        live.ending.set()


async def _identified(token: str, account_id: str | None) -> Viewer:
    viewer = await identify(token, account_id)
    # it does not affect what someone can see, and it changes with every visit
    return replace(viewer, last_seen_at=None)
