"""The limits on exports: one at a time for each user, and a few a minute for each user and account."""

from limits import RateLimitItemPerMinute

from actions.kit.rates import RateLimited, rates

A_MINUTE = 5
_TRY_AGAIN_SECONDS = 5  # the rest of a running export's time is unknown


class TooManyExports(RateLimited):
    """Too many exports: what is allowed, and after how many seconds to try again."""

    def __init__(self, message: str, allowed: dict[str, int], seconds: int):
        super().__init__(message, seconds, most=max(allowed.values()))
        self.allowed = allowed


class Exports:
    """The users with a running export in this process, and the number of exports started by all processes."""

    def __init__(self) -> None:
        self._running: set[str] = set()
        self._rate = RateLimitItemPerMinute(A_MINUTE)

    async def begin(self, user_id: str, account_id: str) -> None:
        """Take the user's slot, which `end` releases; raises `TooManyExports` without taking one."""
        if user_id in self._running:
            raise TooManyExports("export_running", {"atOnce": 1}, _TRY_AGAIN_SECONDS)
        self._running.add(user_id)
        free = False
        try:
            free = await rates().hit(self._rate, "exports", user_id, account_id)
        finally:
            if not free:
                self.end(user_id)
        if not free:
            seconds = await rates().seconds_left(self._rate, "exports", user_id, account_id)
            raise TooManyExports("too_many_exports", {"perMinute": A_MINUTE}, seconds)

    def end(self, user_id: str) -> None:
        """Release the user's slot."""
        self._running.discard(user_id)
