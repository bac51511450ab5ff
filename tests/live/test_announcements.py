"""Announcements between processes on PostgreSQL: a connection that is lost is made anew."""

import asyncio

import pytest

from models import announcement, database
from models.announcement import CHANNEL, hear

KILL = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    f" WHERE datname = current_database() AND query LIKE 'LISTEN%{CHANNEL}%'"
)


@pytest.fixture
async def url(database_url: str) -> str:
    if not database.is_postgres(database_url):
        pytest.skip("SQLite's processes look at the version of the file")
    return database_url


async def test_a_lost_connection_is_made_anew(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcement, "_RETRY_SECONDS", 0.05)
    heard: asyncio.Queue[None] = asyncio.Queue()
    listening = asyncio.create_task(hear(url, lambda: heard.put_nowait(None)))
    try:
        async with asyncio.timeout(10):
            await heard.get()  # as it connects
            await database.read("SELECT pg_notify(?, ?)", (CHANNEL, "another"))
            await heard.get()
            assert (await database.read(KILL))[0][0] >= 1  # and whoever else listens here still
            await heard.get()  # as it connects again
            await database.read("SELECT pg_notify(?, ?)", (CHANNEL, "another"))
            await heard.get()
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
