"""Announcements of commits between processes, by PostgreSQL's NOTIFY and LISTEN.

They are sent after the commit: a notification inside a transaction would make all such commits wait for each
other. They say only that something changed, and one that is lost is made up for by looking.
"""

import asyncio
import contextlib
import contextvars
import logging
import os
from collections.abc import AsyncIterator, Callable
from functools import cache
from typing import Any

from models import changes, database
from models.configuration import postgres_options

CHANNEL = "centrals_changes"
_GAP_SECONDS = 0.02  # one announcement stands for all commits within it
_RETRY_SECONDS = 1.0
_log = logging.getLogger("centrals.feed")


@contextlib.asynccontextmanager
async def announcing() -> AsyncIterator[None]:
    """Announce this process's commits to others, beside the block."""
    if database.dialect() != "postgres":
        yield
        return
    due = asyncio.Event()

    async def work() -> None:
        while True:
            await due.wait()
            due.clear()
            try:
                await database.read("SELECT pg_notify(?, ?)", (CHANNEL, _name(os.getpid())))
            except Exception as error:
                _log.warning("announcement failed", extra={"kind": type(error).__qualname__})
            await asyncio.sleep(_GAP_SECONDS)

    stop, task = changes.listen(due.set), asyncio.create_task(work(), context=contextvars.Context())
    try:
        yield
    finally:
        stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@cache
def _name(process: int) -> str:
    """Who announces: its own followers know already."""
    return f"{process}/{database.new_id()}"


async def hear(url: str, heard: Callable[[], None]) -> None:
    """Call a function at each announcement of other processes, for as long as this runs.

    The connection is restored when it is lost.
    """
    while True:
        try:
            await _listen(url, heard)
        except Exception as error:
            _log.warning("announcements unavailable", extra={"kind": type(error).__qualname__})
        await asyncio.sleep(_RETRY_SECONDS)


async def _listen(url: str, heard: Callable[[], None]) -> None:
    import asyncpg

    connection = await asyncpg.connect(**postgres_options(url), timeout=10, command_timeout=10)
    lost, own = asyncio.Event(), _name(os.getpid())
    try:
        connection.add_termination_listener(lambda *_: lost.set())

        def listener(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
            if payload != own:
                heard()

        await connection.add_listener(CHANNEL, listener)
        heard()  # what was announced before
        await lost.wait()
    finally:
        with contextlib.suppress(Exception):
            await asyncio.shield(connection.close(timeout=2))
