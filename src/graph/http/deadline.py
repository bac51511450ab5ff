"""The longest time for requests. All share one timer, since one for each would cost as much as a query."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

_CHECKS = 20  # within the longest time of a request


@dataclass(slots=True, eq=False)
class _RunningRequest:
    """A request in progress; `before` counts the cancellations that its task had already."""

    task: "asyncio.Task[Any]"
    deadline: float
    before: int
    expired: bool = False


class Deadline:
    """Cancels requests that take longer than a number of seconds, to within a twentieth of it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: dict[_RunningRequest, None] = {}  # in order of their deadlines
        self._loop: asyncio.AbstractEventLoop | None = None

    async def within(self, work: Awaitable[T]) -> T:
        """The result of the work; raises `TimeoutError` if it took too long."""
        task = asyncio.current_task()
        assert task is not None
        running = _RunningRequest(task, time.monotonic() + self._seconds, task.cancelling())
        self._running[running] = None
        self._watch()
        try:
            return await work
        except asyncio.CancelledError as cancelled:
            if running.expired and task.cancelling() <= running.before + 1:
                raise TimeoutError from cancelled
            raise
        finally:
            del self._running[running]
            if running.expired:
                task.uncancel()

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            loop.call_later(self._seconds / _CHECKS, self._check, loop)

    def _check(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.monotonic()
        for running in list(self._running):
            if running.deadline > now:
                break
            if not running.expired:
                running.expired = True
                running.task.cancel()
        if self._running:
            loop.call_later(self._seconds / _CHECKS, self._check, loop)
        else:
            self._loop = None
