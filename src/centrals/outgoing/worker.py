"""The worker that sends deliveries while the server runs, many at a time.

A receiver has a few places at most, and those that fail have places of their own, one each. So however many
do not answer, the deliveries to others do not wait.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable

from centrals.outgoing import queue
from centrals.outgoing.connection import Connections, Unsent
from centrals.outgoing.outcome import Attempt, record
from centrals.outgoing.parcel import compose
from centrals.outgoing.queue import Claimed
from centrals.outgoing.sink import SINK_URL
from graph.http.handler import GraphQLHandler
from models import database
from models.outgoing.note import listen
from models.tables.delivery import DeliveryStatus
from telemetry.figures import DELIVERIES

_log = logging.getLogger("centrals.deliveries")
PLACES = 32
"""How many deliveries are sent at once to receivers that work, and as many to others."""
MOST_EACH = {False: 4, True: 1}
"""How many of them to one receiver, by whether it fails."""
LOOKS_EVERY_SECONDS = 1.0
ENDS_WITHIN_SECONDS = 10.0


class Sender:
    """Sends what is due. Several can share a database: each delivery is claimed by one."""

    def __init__(self, handler: Callable[[], GraphQLHandler], connections: Connections) -> None:
        self._handler = handler
        self._connections = connections
        self._ending = False
        self._wake = asyncio.Event()
        self._tasks: dict[asyncio.Task[bool], Claimed] = {}

    async def send_due(self) -> int:
        """Send everything that is due now. Returns how much was taken."""
        sent = 0
        while await self._begin() or self._tasks:
            done, _ = await asyncio.wait(list(self._tasks), return_when=asyncio.FIRST_COMPLETED)
            sent += self._ended(done)
        return sent

    async def run(self) -> None:
        """Send deliveries as they become due, until `end`."""
        unlisten = listen(self._wake.set)
        try:
            while not self._ending:
                await self._look()
        finally:
            unlisten()

    async def _look(self) -> None:
        self._wake.clear()
        try:
            await self._begin()
        except Exception as fault:
            # the database can be unavailable for a while; what was claimed becomes due again
            _log.warning("deliveries unavailable", extra={"kind": type(fault).__qualname__})
        waking = asyncio.create_task(self._wake.wait())
        done, _ = await asyncio.wait(
            [waking, *self._tasks], timeout=LOOKS_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        waking.cancel()
        self._ended({task for task in done if task in self._tasks})

    async def _begin(self) -> int:
        """Claim and begin what is due, as far as there are places. Returns how many began."""
        begun = 0
        for failing in (False, True):
            while not self._ending and (found := await self._next(failing=failing)):
                for delivery in await queue.claim(found, database.now()):
                    self._tasks[asyncio.create_task(self._try(delivery))] = delivery
                    begun += 1
        return begun

    async def _next(self, *, failing: bool) -> list[Claimed]:
        """Deliveries for the places that are free, none for a receiver without one."""
        most = MOST_EACH[failing]
        # a receiver can begin or stop to fail meanwhile: it has its places, whatever they are
        taken = Counter(delivery.receiver_id for delivery in self._tasks.values())
        free = PLACES - sum(delivery.failing is failing for delivery in self._tasks.values())
        if free <= 0:
            return []
        busy = {receiver for receiver, count in taken.items() if count >= most}
        chosen = []
        for delivery in await queue.due(database.now(), free, busy, failing=failing):
            taken[delivery.receiver_id] += 1
            if taken[delivery.receiver_id] <= most:
                chosen.append(delivery)
        return chosen

    def _ended(self, done: set[asyncio.Task[bool]]) -> int:
        for task in done:
            self._tasks.pop(task, None)
        return sum(not task.cancelled() and task.exception() is None and task.result() for task in done)

    async def _try(self, delivery: Claimed) -> bool:
        """Try to send a delivery. A fault of ours is a failed try, too."""
        started, at = time.perf_counter(), database.now()
        status, error, retry_after, reduced = None, None, None, False
        try:
            parcel = await compose(self._handler(), delivery)
            if parcel is None:
                await queue.drop(delivery)
                DELIVERIES.add("dropped")
                return False
            reduced = parcel.reduced
            response = await self._connections.post(parcel.url, parcel.headers, parcel.body)
            status, retry_after = response.status, response.retry_after_ms
        except Unsent as unsent:
            error = str(unsent)
        except database.Outage:
            return False  # it becomes due again
        except Exception as fault:
            error = "internal error"
            _log.exception("delivery failed", extra={"work": delivery.id, "kind": type(fault).__qualname__})
        duration = round((time.perf_counter() - started) * 1000)
        outcome = await record(delivery, Attempt(at, status, duration, error, retry_after, reduced))
        DELIVERIES.add(outcome.value.lower())
        return outcome is DeliveryStatus.SENT

    async def end(self) -> None:
        """Stop, after what is being sent has ended, unless that takes too long."""
        self._ending = True
        self._wake.set()
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=ENDS_WITHIN_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def delivering(handler: Callable[[], GraphQLHandler], *, allow_private: bool) -> AsyncIterator[None]:
    """A worker that runs during the block."""
    connections = Connections(allow_private=allow_private, own=(SINK_URL,))
    sender = Sender(handler, connections)
    task = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        await sender.end()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await connections.close()
