"""Announcements of commits between processes, by PostgreSQL's LISTEN and NOTIFY."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from models.configuration import postgres_options

CHANNEL = "centrals_changes"
_GAP_SECONDS = 0.02  # one announcement stands for all commits within it
_RETRY_SECONDS = 1.0
_log = logging.getLogger("centrals.feed")


class Announcements:
    """A connection of its own, on which a process announces its commits and hears of those of others.

    It says only that something changed. It is made anew when it is lost; what is missed meanwhile is found
    by looking.
    """

    def __init__(self, url: str, heard: Callable[[], None]) -> None:
        self._url = url
        self._heard = heard
        self._due = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Announcements":
        """Connect beside the block."""
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection."""
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def announce(self) -> None:
        """Announce a commit, soon."""
        self._due.set()

    async def _run(self) -> None:
        while True:
            try:
                await self._connected()
            except Exception as error:
                _log.warning("announcements unavailable", extra={"kind": type(error).__qualname__})
            await asyncio.sleep(_RETRY_SECONDS)

    async def _connected(self) -> None:
        import asyncpg

        connection = await asyncpg.connect(**postgres_options(self._url), timeout=10, command_timeout=10)
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda *_: lost.set())
            own = connection.get_server_pid()

            def hear(_connection: Any, pid: int, _channel: str, _payload: str) -> None:
                if pid != own:
                    self._heard()

            await connection.add_listener(CHANNEL, hear)
            self._heard()  # of what was announced before
            while not lost.is_set():
                await _first(lost, self._due)
                if self._due.is_set() and not lost.is_set():
                    self._due.clear()
                    await connection.execute(f"NOTIFY {CHANNEL}")
                    await asyncio.sleep(_GAP_SECONDS)
        finally:
            with contextlib.suppress(Exception):
                await asyncio.shield(connection.close(timeout=2))


async def _first(*events: asyncio.Event) -> None:
    """Wait for one of some events."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
