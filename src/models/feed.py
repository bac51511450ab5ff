"""What this process follows of the log of changes: it is read once for all followers, and they are woken.

Nothing is read while no one follows anything. A commit of this process is looked for at once. Those of others
are announced on PostgreSQL. An announcement can be lost, with a process or a connection, so the counters are
looked at twice a second besides. On SQLite, the version of the file shows whether anyone wrote to it.
"""

import asyncio
import contextlib
import contextvars
import logging
from collections import deque
from collections.abc import Iterable
from typing import Any

from models import changes, database
from models.announcement import hear
from models.changes import ChangeKind, ChangeRow

SQLITE_SECONDS = 0.05
POSTGRES_SECONDS = 0.5
_PAUSE_SECONDS = 0.005  # between two looks, so that a burst of commits is read in batches
_FAULT_SECONDS = 1.0
_RECENT_IDS = 2_000  # of each scope, for followers that are not far behind
_log = logging.getLogger("centrals.feed")


class LogEnded(Exception):
    """The log does not reach back far enough any more: something was missed."""


class Follower:
    """Someone who follows some scopes: awake whenever there is something new in one of them."""

    def __init__(self, scope_ids: Iterable[str]) -> None:
        self.scope_ids = tuple(scope_ids)
        self.access_changed = False
        """Whether access may have changed since this was last set to false."""
        self._awake = asyncio.Event()

    def wake(self, *, access: bool) -> None:
        """Let the follower look."""
        self.access_changed = self.access_changed or access
        self._awake.set()

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait for something new, at most some seconds; whether there is."""
        return await _woken(self._awake, seconds)


async def _woken(awake: asyncio.Event, seconds: float | None) -> bool:
    """Wait for an event at most some seconds, and whether it came. It is cleared for the next time."""
    try:
        async with asyncio.timeout(seconds):  # wait_for loses a cancellation that comes with the event
            await awake.wait()
    except TimeoutError:
        return False
    awake.clear()
    return True


class _Scope:
    def __init__(self, newest: int) -> None:
        self.newest = newest
        self.followers: set[Follower] = set()
        self.recent: deque[ChangeRow] = deque()
        self._ids = 0

    def add(self, row: ChangeRow) -> None:
        self.newest = row.position
        self.recent.append(row)
        self._ids += _size(row)
        while self._ids > _RECENT_IDS and len(self.recent) > 1:
            self._ids -= _size(self.recent.popleft())


def _size(row: ChangeRow) -> int:
    return 1 + sum(len(ids) for ids in row.changes.values())


class Feed:
    """The scopes that are followed in this process."""

    def __init__(self) -> None:
        self._scopes: dict[str, _Scope] = {}
        self._awake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def following(self, *scope_ids: str) -> Any:
        """A follower of scopes, with the newest position in each of them."""
        newest = await changes.newest(scope_ids)
        follower = Follower(scope_ids)
        for scope_id in scope_ids:
            self._scopes.setdefault(scope_id, _Scope(newest[scope_id])).followers.add(follower)
        self._awake.set()  # a commit since then may have been looked for already
        if self._task is None:
            # nothing of the follower's request: neither its transaction nor what observes its statements
            self._task = asyncio.get_running_loop().create_task(self._run(), context=contextvars.Context())
        try:
            yield follower, newest
        finally:
            self._leave(follower)

    def _leave(self, follower: Follower) -> None:
        for scope_id in follower.scope_ids:
            scope = self._scopes[scope_id]
            scope.followers.discard(follower)
            if not scope.followers:
                del self._scopes[scope_id]
        if not self._scopes and self._task is not None:
            self._task.cancel()
            self._task = None

    async def rows(self, scope_id: str, after: int) -> list[ChangeRow]:
        """What is known to have changed in a scope after a position, or the first part of it.

        Raises `LogEnded` if some of that is not stored any more.
        """
        scope = self._scopes[scope_id]
        if after >= scope.newest:
            return []
        if scope.recent and scope.recent[0].position <= after + 1:
            found = [row for row in scope.recent if row.position > after]
        else:
            found = await changes.rows_after({scope_id: after})
        if not found or found[0].position != after + 1:
            raise LogEnded
        return found

    async def _run(self) -> None:
        stop = changes.listen(self._awake.set)
        try:
            if database.dialect() == "postgres":
                async with asyncio.TaskGroup() as group:
                    group.create_task(hear(database.url(), self._awake.set))
                    group.create_task(self._watch(POSTGRES_SECONDS))
            else:
                await self._watch(SQLITE_SECONDS)
        finally:
            stop()

    async def _watch(self, seconds: float) -> None:
        version: int | None = None
        while True:
            woken = await _woken(self._awake, seconds)
            try:
                if database.dialect() == "sqlite":
                    before, version = version, await database.data_version()
                    woken = woken or version != before
                if woken or database.dialect() == "postgres":
                    await self._look()
            except Exception as error:
                # the database may be away for a while; the log is still there afterwards
                _log.warning("log of changes unavailable", extra={"kind": type(error).__qualname__})
                await asyncio.sleep(_FAULT_SECONDS)

    async def _look(self) -> None:
        """Read what is new in every scope, and wake who follows it."""
        newest = await changes.newest(self._scopes)
        behind = {
            scope_id: scope.newest
            for scope_id, scope in self._scopes.items()
            if newest.get(scope_id, 0) > scope.newest
        }
        if not behind:
            return
        rows = await changes.rows_after(behind)
        woken: dict[Follower, bool] = {}
        for row in rows:
            scope = self._scopes.get(row.scope_id)
            if scope is None or row.position <= scope.newest:
                continue
            scope.add(row)
            for follower in scope.followers:
                woken[follower] = woken.get(follower, False) or ChangeKind.ACCESS in row.changes
        for follower, access in woken.items():
            follower.wake(access=access)
        if len(rows) == changes.MOST_ROWS:
            self._awake.set()
        await asyncio.sleep(_PAUSE_SECONDS)

    async def close(self) -> None:
        """Stop, and end everything that still follows the feed."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
