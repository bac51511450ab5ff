"""The worker that does what is due while the server runs, and `centrals work once`."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Sequence

from actions.clock import JOBS as OF_ACTIONS
from actions.kit.clock import Due, Job
from centrals.work.billing import JOBS as OF_BILLING
from models import database
from telemetry.figures import WORK

_log = logging.getLogger("centrals.work")
JOBS = (*OF_ACTIONS, *OF_BILLING)
LOOKS_EVERY_SECONDS = 5.0
ENDS_WITHIN_SECONDS = 10.0
PAUSES_MS = (60_000, 5 * 60_000, 60 * 60_000)
"""How long what failed waits before it is tried again; the last is repeated."""


class Worker:
    """Does what is due. Several workers can share a database: each piece of work is claimed by one."""

    def __init__(self, jobs: Sequence[Job] = JOBS) -> None:
        self._jobs = jobs
        self._ending = asyncio.Event()
        self._failures: dict[str, tuple[int, int]] = {}  # attempts and the time of the next, by key

    async def work_once(self, now: int | None = None) -> dict[str, int]:
        """Do everything that is due now, or by a given time. Returns what was done, by job."""
        done: Counter[str] = Counter()
        for job in self._jobs:
            done[job.name] = await self._work(job, now)
        return {name: count for name, count in done.items() if count}

    async def _work(self, job: Job, by: int | None) -> int:
        done, after = 0, None
        while not self._ending.is_set():
            now = database.now() if by is None else by
            batch = await job.due(now, after)
            if not batch:
                break
            for due in batch:
                done += not self._ending.is_set() and await self._try(job, due, now)
            after = batch[-1]
        return done

    async def _try(self, job: Job, due: Due, now: int) -> bool:
        """Do a piece of work. One that fails does not hold up the others."""
        key = job.key(due)
        attempts, next_at = self._failures.get(key, (0, 0))
        if now < next_at:
            return False
        try:
            done = await job.do(due, now)
        except database.Outage:
            raise
        except Exception as fault:
            pause = PAUSES_MS[min(attempts, len(PAUSES_MS) - 1)]
            self._failures[key] = (attempts + 1, now + pause)
            WORK.add(job.name, "failed")
            _log.exception("work failed", extra={"work": key, "kind": type(fault).__qualname__})
            return False
        self._failures.pop(key, None)
        if done:
            WORK.add(job.name, "done")
        return done

    async def run(self) -> None:
        """Do what becomes due, until `end`."""
        while not self._ending.is_set():
            try:
                await self.work_once()
            except Exception as fault:
                # the database can be unavailable for a while; what was due stays due
                _log.warning("work unavailable", extra={"kind": type(fault).__qualname__})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOKS_EVERY_SECONDS):
                    await self._ending.wait()

    def end(self) -> None:
        """Stop after the current piece of work."""
        self._ending.set()


@contextlib.asynccontextmanager
async def working() -> AsyncIterator[None]:
    """A worker that runs during the block."""
    worker = Worker()
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.end()
        await asyncio.wait([task], timeout=ENDS_WITHIN_SECONDS)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
