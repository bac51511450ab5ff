"""How long requests may take: one timer for all of a process's, since one for each costs like a query."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

_LOOKS = 20  # within the time that a request may take


@dataclass(slots=True, eq=False)
class _Held:
    """A request that is being answered; `before` counts what had cancelled its task already."""

    task: "asyncio.Task[Any]"
    until: float
    before: int
    over: bool = False


class Deadline:
    """Ends what takes longer than so many seconds, give or take a twentieth of them."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: dict[_Held, None] = {}  # the first to end comes first
        self._loop: asyncio.AbstractEventLoop | None = None

    async def within(self, work: Awaitable[T]) -> T:
        """What the work comes to; raises `TimeoutError` where it was cancelled for its time."""
        task = asyncio.current_task()
        assert task is not None
        held = _Held(task, time.monotonic() + self._seconds, task.cancelling())
        self._running[held] = None
        self._watch()
        try:
            return await work
        except asyncio.CancelledError as cancelled:
            if held.over and task.cancelling() <= held.before + 1:
                raise TimeoutError from cancelled
            raise
        finally:
            del self._running[held]
            if held.over:
                task.uncancel()

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            loop.call_later(self._seconds / _LOOKS, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.monotonic()
        for held in list(self._running):
            if held.until > now:
                break
            if not held.over:
                held.over = True
                held.task.cancel()
        if self._running:
            loop.call_later(self._seconds / _LOOKS, self._look, loop)
        else:
            self._loop = None
