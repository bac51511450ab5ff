"""How many exports someone may ask for: a few a minute of each account, one at a time."""

import math
import time
from collections.abc import Callable

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from authz.refusal import ErrorCode, Refusal

A_MINUTE = 5
_TRY_AGAIN_SECONDS = 5  # while another export runs, nobody knows for how long


class TooManyExports(Refusal):
    """One export too many: what is allowed, and after how many seconds it is worth trying again."""

    def __init__(self, message: str, allowed: dict[str, int], seconds: int):
        super().__init__(ErrorCode.RATE_LIMITED, message, None, most=max(allowed.values()))
        self.allowed = allowed
        self.seconds = seconds


class Exports:
    """The exports of this process: who has one running, and how many were begun."""

    def __init__(self) -> None:
        self._running: set[str] = set()
        self._begun = MovingWindowRateLimiter(MemoryStorage())
        self._rate = RateLimitItemPerMinute(A_MINUTE)

    async def begin(self, user_id: str, account_id: str) -> None:
        """Take the user's slot, which `end` gives back; raises `TooManyExports`, and then takes none."""
        if user_id in self._running:
            raise TooManyExports("export_running", {"atOnce": 1}, _TRY_AGAIN_SECONDS)
        self._running.add(user_id)
        free = False
        try:
            free = await self._begun.hit(self._rate, user_id, account_id)
        finally:
            if not free:
                self.end(user_id)
        if not free:
            window = await self._begun.get_window_stats(self._rate, user_id, account_id)
            seconds = max(1, math.ceil(window.reset_time - time.time()))
            raise TooManyExports("too_many_exports", {"perMinute": A_MINUTE}, seconds)

    def end(self, user_id: str) -> None:
        """Give the user's slot back."""
        self._running.discard(user_id)


class Download(StreamingResponse):
    """A file that gives back its slot when it was sent, and when whoever loads it goes away."""

    release: Callable[[], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.release()
