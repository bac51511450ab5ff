"""Reads on PostgreSQL: connections at hand, which no one waits beside and none spoils."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asyncpg import create_pool

from models import database
from models.connection.reader import PostgresReader, TooSlow

POOL, AT_HAND = 4, 2


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Any]:
    if not database.is_postgres(database_url):
        pytest.skip("SQLite reads in its own way")
    async with create_pool(database_url, min_size=1, max_size=POOL) as created:
        yield created


@pytest.fixture
async def reader(pool: Any) -> AsyncIterator[PostgresReader]:
    found = PostgresReader(pool, AT_HAND)
    yield found
    await found.close()


async def pids(reader: PostgresReader, times: int) -> set[int]:
    return {(await reader.fetch("SELECT pg_backend_pid()", ()))[0][0] for _ in range(times)}


async def test_many_reads_at_once_are_all_answered_and_few_connections_stay(
    pool: Any, reader: PostgresReader
) -> None:
    async with asyncio.timeout(20):
        found = await asyncio.gather(*(reader.fetch("SELECT $1::int", (n,)) for n in range(200)))

    assert [rows[0][0] for rows in found] == list(range(200))
    async with asyncio.timeout(20):
        await asyncio.gather(*reader._coming)  # one that was sent for may come after the last read
        await asyncio.gather(*reader._leaving)
    assert len(reader._idle) <= AT_HAND
    assert pool.get_size() - pool.get_idle_size() == len(reader._idle)


async def test_one_read_after_the_other_uses_one_connection(reader: PostgresReader) -> None:
    assert len(await pids(reader, 5)) == 1


async def test_writers_have_what_is_not_at_hand(pool: Any, reader: PostgresReader) -> None:
    await asyncio.gather(*(reader.fetch("SELECT pg_sleep(0.05)", ()) for _ in range(POOL)))

    async with asyncio.timeout(5):
        current = [await pool.acquire() for _ in range(POOL - AT_HAND)]
    async with asyncio.timeout(5):
        found = await asyncio.gather(*(reader.fetch("SELECT 1", ()) for _ in range(20)))
    for item in current:
        await pool.release(item)

    assert len(found) == 20


async def test_a_waiting_read_is_given_what_another_ends_with(pool: Any, reader: PostgresReader) -> None:
    current = [await pool.acquire() for _ in range(POOL - 1)]

    async with asyncio.timeout(10):
        found = await asyncio.gather(*(reader.fetch("SELECT pg_sleep(0.01)", ()) for _ in range(10)))
    for item in current:
        await pool.release(item)

    assert len(found) == 10


async def test_a_connection_that_comes_after_who_waited_for_it_goes_back(
    pool: Any, reader: PostgresReader
) -> None:
    await asyncio.gather(*(reader.fetch("SELECT pg_sleep(0.05)", ()) for _ in range(AT_HAND)))
    at_work = [asyncio.create_task(reader.fetch("SELECT pg_sleep(0.3)", ())) for _ in range(AT_HAND)]
    await asyncio.sleep(0.05)
    waiting = asyncio.create_task(reader.fetch("SELECT 1", ()))
    while not reader._coming:  # noqa: ASYNC110
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(*at_work)
    async with asyncio.timeout(20):
        await asyncio.gather(*reader._coming)
        await asyncio.gather(*reader._leaving)

    assert len(reader._idle) == AT_HAND
    assert pool.get_size() - pool.get_idle_size() == AT_HAND


async def test_a_cancelled_read_spoils_no_connection(reader: PostgresReader) -> None:
    for _ in range(2 * POOL):
        task = asyncio.create_task(reader.fetch("SELECT pg_sleep(30)", ()))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            async with asyncio.timeout(5):
                await task

    async with asyncio.timeout(5):
        assert (await reader.fetch("SELECT 7", ()))[0][0] == 7


async def test_a_statement_that_fails_or_takes_too_long_spoils_none(
    pool: Any, reader: PostgresReader
) -> None:
    with pytest.raises(Exception, match="division by zero"):
        await reader.fetch("SELECT 1 / 0", ())
    async with pool.acquire() as other:
        task = asyncio.create_task(reader.fetch("SELECT pg_sleep(30)", ()))
        await asyncio.sleep(0.2)
        await other.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
            " WHERE query = 'SELECT pg_sleep(30)' AND datname = current_database()"
        )
        with pytest.raises(TooSlow):
            await task

    assert (await reader.fetch("SELECT 7", ()))[0][0] == 7


async def test_a_connection_that_the_server_ended_is_replaced(pool: Any, reader: PostgresReader) -> None:
    (before,) = await pids(reader, 2)
    async with pool.acquire() as other:
        await other.execute("SELECT pg_terminate_backend($1)", before)
    await asyncio.sleep(0.2)

    (after,) = await pids(reader, 2)

    assert after != before


async def test_a_connection_that_is_lost_while_it_is_passed_on_is_replaced(
    pool: Any, reader: PostgresReader
) -> None:
    lost = []
    for _ in range(AT_HAND):
        await reader.fetch("SELECT 7", ())
        lost.append(reader._at_hand())
    waiting = [asyncio.create_task(reader.fetch("SELECT 7", ())) for _ in lost]
    await asyncio.sleep(0)

    for connection in lost:
        connection._con.terminate()
        reader._pass_on(connection)
    async with asyncio.timeout(5):
        found = await asyncio.gather(*waiting)

    assert [rows[0][0] for rows in found] == [7, 7]
    assert reader._size <= AT_HAND
