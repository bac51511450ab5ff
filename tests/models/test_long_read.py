"""Rows of long statements: in parts, and ended with their reader."""

import asyncio
import time
from contextlib import aclosing

import pytest

from models import database
from models.connection import long_read
from models.statement import Statement


def numbers(count: int) -> Statement:
    return Statement(
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < ?) SELECT n FROM t",
        (count,),
    )


async def test_rows_come_in_parts_and_in_their_order(database_url: str) -> None:
    parts = [[row[0] for row in part] async for part in database.read_parts(numbers(1_050), 500)]

    assert [len(part) for part in parts] == [500, 500, 50]
    assert [number for part in parts for number in part] == list(range(1, 1_051))
    assert [part async for part in database.read_parts(numbers(0) + " WHERE n > 5", 500)] == []


async def test_a_reader_that_leaves_or_is_canceled_frees_the_connection(database_url: str) -> None:
    async with asyncio.timeout(20), aclosing(database.read_parts(numbers(10_000_000), 10)) as parts:
        async for _ in parts:
            break

    async def everything() -> None:
        async for _ in database.read_parts(numbers(10**9) + " ORDER BY n DESC", 10):
            pass

    reading = asyncio.create_task(everything())
    await asyncio.sleep(0.1)
    begun = time.monotonic()
    reading.cancel()
    async with asyncio.timeout(20):
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert time.monotonic() - begun < 2
        assert [part async for part in database.read_parts(numbers(3), 5)]


async def test_a_statement_that_takes_too_long_is_ended(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_read, "LONG_SECONDS", 0.2)

    async with asyncio.timeout(20):
        with pytest.raises(database.TooSlow):
            async for _ in database.read_parts(numbers(10**9) + " ORDER BY n DESC", 10):
                pass


async def test_it_finds_a_connection_after_many_reads_at_once(database_url: str) -> None:
    """Those that stay at hand for short statements are never all of the pool."""
    planned = Statement("SELECT COUNT(*) FROM accounts", custom_plan=True)
    async with asyncio.timeout(20):
        await asyncio.gather(*(database.read(planned) for _ in range(200)))

        assert [part async for part in database.read_parts(numbers(3), 5)]
