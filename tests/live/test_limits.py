"""What clients may have at once, and that slow, many or leaving ones cost the server little."""

import asyncio
import contextlib
import dataclasses
import os
from pathlib import Path

import pytest
import websockets
from intake_state import account
from moves import arrives

from centrals import server
from client import SETTINGS, Client
from doorstep import application
from extent import extent
from graph.http import live, running, websocket
from models import database
from sockets import CHANGED, begun, connected, listening
from telemetry.figures import STATEMENTS


def resident() -> int:
    """The bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_the_places_of_a_viewer_are_limited(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seller = await account()
    token = await Client.owner(seller)
    monkeypatch.setattr(websocket, "OPERATIONS", 3)
    async with connected(port, token, seller) as socket:
        for number in range(4):
            await socket.subscribe(str(number), CHANGED)
        error = await socket.next()
        assert error["id"] == "3"
        assert error["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert error["payload"][0]["extensions"]["retryAfter"] == 5
        await socket.say("complete", "0")
        await socket.subscribe("check", "{ viewer { id } }")
        assert (await socket.next())["id"] == "check"


async def test_a_connection_above_the_limit_is_refused_with_when_to_try_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "STREAMS_OF_NETWORK", 1)
    own = application(dataclasses.replace(SETTINGS, cost_per_minute=2_999_999))  # shared by no other test
    async with listening(own) as port, connected(port, init=False):
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with connected(port, init=False):
                pass

    response = refused.value.response
    assert (response.status_code, response.headers["retry-after"]) == (429, "5")


async def test_places_are_given_back(port: int) -> None:
    limit = live.ClientLimit(2, 3)
    with limit.slot("a", "network"), limit.slot("a", "network"):
        with pytest.raises(live.TooManyStreams), limit.slot("a", "elsewhere"):
            pass
        with limit.slot("b", "network"):
            with pytest.raises(live.TooManyStreams), limit.slot("c", "network"):
                pass
            with limit.slot("c", "elsewhere"):
                pass
    with limit.slot("a", "network"):
        pass


async def test_events_wait_while_the_budget_of_the_minute_is_spent(database_url: str) -> None:
    async with listening(application(dataclasses.replace(SETTINGS, cost_per_minute=300))) as port:
        seller = await account()
        async with connected(port, await Client.owner(seller), seller) as socket:
            await begun(socket)
            received = 0
            for number in range(100):  # a minute has budget for 30, but on a slow machine not time
                await arrives(seller, number)  # one by one, since those that wait together are read at once
                if await socket.silent(2):
                    break
                received += 1
            assert 0 < received < 99


async def test_a_client_that_does_not_read_is_cut(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("centrals.socket.UNREAD_SECONDS", 0.3)
    monkeypatch.setattr(server, "_SWEEP_SECONDS", 0.1)
    seller = await account()
    bounds, before = server.BoundedProtocol.bounds, len(server.BoundedProtocol.bounds)
    async with connected(port, await Client.owner(seller), seller) as socket:
        assert len(bounds) == before + 1
        socket.connection.transport.pause_reading()
        text = "{" + " ".join(f"a{number}: __typename" for number in range(59)) + "}"

        async def flood() -> None:
            with contextlib.suppress(websockets.ConnectionClosed):
                for number in range(100_000):
                    await socket.subscribe(str(number), text)

        flooding = asyncio.create_task(flood())
        async with asyncio.timeout(20):
            while len(bounds) > before:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        flooding.cancel()
        socket.connection.transport.abort()


async def test_leaving_at_any_moment_leaves_the_database_free(port: int) -> None:
    seller = await account()
    token, rounds = await Client.owner(seller), extent(40, 600)
    mutation = 'mutation { updateName(input: {name: "N"}) { errors { code } } }'
    for number in range(rounds):
        async with connected(port, token, seller) as socket:
            await socket.subscribe("1", CHANGED)
            await socket.subscribe("2", "{ account { sales { totalCount nodes { history { status } } } } }")
            await socket.subscribe("3", mutation)
            work = asyncio.create_task(arrives(seller, number))
            await asyncio.sleep(number % 10 / 2_000)
            if number % 2:
                socket.connection.transport.abort()
            else:
                for message_id in "123":
                    await socket.say("complete", message_id)
            await work
    async with asyncio.timeout(20):
        await database.transact(lambda: database.write("UPDATE users SET name = name WHERE 1 = 0"))
        await database.read("SELECT 1")
    async with asyncio.timeout(5):
        while any(running.OPEN.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_batch_is_read_once_for_all_sockets_of_a_viewer(port: int) -> None:
    seller = await account()
    token = await Client.owner(seller)
    async with contextlib.AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(connected(port, token, seller)) for _ in range(10)]
        for socket in sockets:
            await begun(socket)
        await arrives(seller, 0)
        for socket in sockets:
            await socket.data()
        await asyncio.sleep(0.1)
        before = STATEMENTS.cell("read")[0]
        await arrives(seller, 1)
        for socket in sockets:
            await socket.data()
        read = STATEMENTS.cell("read")[0] - before
    assert read <= 18 + 2 + 4  # the message's own, the feed's, and for ten streams their rows and judgement


async def test_a_thousand_idle_sockets_take_little_memory(port: int) -> None:
    seller = await account()
    token, count = await Client.owner(seller), extent(60, 1_000)
    before = resident()
    async with contextlib.AsyncExitStack() as stack:
        live_places = extent(50, 50)
        tokens = [await Client.owner(await account()) for _ in range(count // live_places + 1)]
        del token, seller
        for number in range(count):
            await stack.enter_async_context(connected(port, tokens[number // live_places]))
        used = resident() - before
    print(f"{count} idle sockets: {used / 1e6:.1f} MB, client and server together")
    assert used / count < extent(200_000, 100_000), used
