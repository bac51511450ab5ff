"""Reads on SQLite: beside the writer, in the event loop while short, in a thread when not."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

import make
from models import database
from models.connection.reader import FUSE_SECONDS, MOST_SHORT, Clocked, SqliteReader, TooSlow

LONG = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT MAX(i) FROM n
"""


@pytest.fixture
def sqlite_only(database_url: str) -> Path:
    if database.is_postgres(database_url):
        pytest.skip("PostgreSQL reads in another process")
    return database.sqlite_file(database_url)


async def test_a_read_does_not_wait_for_a_transaction(database_url: str) -> None:
    user = await make.user("Before")
    written, may_end = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await database.write("UPDATE users SET name = ? WHERE id = ?", ("After", user["id"]))
        written.set()
        await may_end.wait()

    writing = asyncio.create_task(database.transact(work))
    await written.wait()
    async with asyncio.timeout(20):
        during = await database.read("SELECT name FROM users WHERE id = ?", (user["id"],))
    may_end.set()
    await writing
    after = await database.read("SELECT name FROM users WHERE id = ?", (user["id"],))

    assert during[0]["name"] == "Before"
    assert after[0]["name"] == "After"


async def test_a_long_read_does_not_hold_the_event_loop(sqlite_only: Path) -> None:
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - last)
            last = time.perf_counter()

    ticking = asyncio.create_task(tick())
    started = time.perf_counter()
    rows = await database.read(LONG, (1_500_000,))
    took = time.perf_counter() - started
    ticking.cancel()

    assert rows[0][0] == 1_500_000
    assert took > FUSE_SECONDS
    assert longest < took / 2


async def test_a_statement_that_was_long_goes_to_a_thread_at_once(
    sqlite_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = SqliteReader(sqlite_only, 10)
    try:
        await reader.fetch(LONG, (300_000,))
        monkeypatch.setattr(reader._here, "fetch", lambda *_, **__: pytest.fail("It ran in the event loop."))
        rows = await reader.fetch(LONG, (300_000,))
    finally:
        await reader.close()

    assert rows[0][0] == 300_000


async def test_a_read_that_takes_too_long_is_ended(sqlite_only: Path) -> None:
    reader = SqliteReader(sqlite_only, 0.05)
    try:
        with pytest.raises(TooSlow):
            await reader.fetch(LONG, (10**9,))
        rows = await reader.fetch("SELECT 1", ())
    finally:
        await reader.close()

    assert rows[0][0] == 1


async def test_a_cancelled_read_is_interrupted_and_its_connection_serves_on(sqlite_only: Path) -> None:
    reader = SqliteReader(sqlite_only, 30)
    try:
        for _ in range(6):
            task = asyncio.create_task(reader.fetch(LONG, (10**9,)))
            await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                async with asyncio.timeout(20):
                    await task
        async with asyncio.timeout(20):
            rows = await reader.fetch(LONG, (300_000,))
    finally:
        await reader.close()

    assert rows[0][0] == 300_000


async def test_a_read_that_is_cancelled_before_its_thread_begins_does_not_run(
    sqlite_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = Clocked.fetch

    def late(self: Clocked, text: str, *values: Any, **options: Any) -> list[Any]:
        time.sleep(0.1)
        return fetch(self, text, *values, **options)

    reader = SqliteReader(sqlite_only, 30)
    reader._remember(LONG)
    monkeypatch.setattr(Clocked, "fetch", late)
    try:
        task = asyncio.create_task(reader.fetch(LONG, (10**9,)))
        await asyncio.sleep(0.02)
        task.cancel()
        async with asyncio.timeout(20):
            with pytest.raises(asyncio.CancelledError):
                await task
        assert (await reader.fetch(LONG, (1_000,)))[0][0] == 1_000
    finally:
        await reader.close()


async def test_a_reader_cannot_write(sqlite_only: Path) -> None:
    with pytest.raises(database.Outage) as raised:
        await database.read("DELETE FROM users")
    assert "attempt to write a readonly database" in str(raised.value.__cause__)


async def test_a_short_statement_that_the_fuse_ended_runs_in_the_loop_again(
    sqlite_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = SqliteReader(sqlite_only, 10)
    short = LONG, (2_000,)
    try:
        with monkeypatch.context() as busy:
            busy.setattr(
                "models.connection.reader.FUSE_SECONDS", -1.0
            )  # as where the machine is busy for that long
            await reader.fetch(*short)
        for _ in range(MOST_SHORT):
            await reader.fetch(*short)
        remembered = dict(reader._slow)
    finally:
        await reader.close()

    assert remembered == {}
