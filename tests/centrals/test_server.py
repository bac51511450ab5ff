"""Connections of hostile and of slow clients: each ends in time, and nobody else notices."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from actions.kit.rates import network_of
from centrals import server
from centrals.server import ESCAPE_COUNT, PARAMETER_COUNT, BoundedProtocol, Connections
from extent import extent

GET = b"GET / HTTP/1.1\r\nhost: localhost\r\n"
POST = b"POST / HTTP/1.1\r\nhost: localhost\r\n"
Open = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


async def _app(scope: Any, receive: Any, send: Any) -> None:
    """Answers with as many bytes as it read, or with as many as the path says without reading."""
    size = int(scope["path"][1:] or 0)
    while not size and (message := await receive()).get("more_body"):
        if message["type"] == "http.disconnect":
            return
    body = b"x" * size or b"done"
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextlib.asynccontextmanager
async def _listening(bounds: Connections) -> AsyncIterator[Open]:
    class Protocol(BoundedProtocol):
        pass

    Protocol.bounds = bounds
    loop = asyncio.get_running_loop()
    config = Config(_app, lifespan="off", log_config=None, ws="none", access_log=False)
    config.load()
    state = ServerState()
    listener = await loop.create_server(lambda: Protocol(config, state, {}, loop), "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    writers: list[asyncio.StreamWriter] = []

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writers.append(writer)
        return reader, writer

    try:
        yield connect
    finally:
        for writer in writers:
            writer.transport.abort()
        listener.close()
        for protocol in list(state.connections):
            protocol.transport.abort()  # type: ignore[union-attr]
        await asyncio.sleep(0)


@pytest.fixture
async def connect(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Opens connections to a server whose deadlines are short."""
    for name in ("HEADER_SECONDS", "BODY_SECONDS", "SEND_SECONDS", "IDLE_SECONDS", "UNREAD_SECONDS"):
        monkeypatch.setattr(server, name, 0.3)
    monkeypatch.setattr(server, "_SWEEP_SECONDS", 0.1)
    async with _listening(Connections()) as opened:
        yield opened


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the server closes, or stops the connection."""
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(5):
            return await reader.read()
    return b""


async def _status(reader: asyncio.StreamReader) -> bytes:
    return (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1]


async def test_requests_within_the_bounds_are_answered_on_one_connection(connect: Open) -> None:
    reader, writer = await connect()
    big = GET + b"".join(b"x-%d: %s\r\n" % (n, b"y" * 600) for n in range(100)) + b"\r\n"
    body = POST + b"content-length: 300000\r\n\r\n" + b"z" * 300_000
    chunks = POST + b"transfer-encoding: chunked\r\n\r\n" + b"1\r\nz\r\n" * 30_000 + b"0\r\n\r\n"

    for request in (GET + b"\r\n", big, body, chunks, GET + b"\r\n"):
        writer.write(request)
        assert await _status(reader) == b"200"
        assert await reader.readexactly(4) == b"done"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (b"/?" + b"%41" * ESCAPE_COUNT, b"200"),
        (b"/?" + b"%41" * (ESCAPE_COUNT + 1), b"400"),
        (b"/" + b"%" * 60_000, b"400"),
        (b"/?" + b"a&" * (PARAMETER_COUNT - 1), b"200"),
        (b"/?" + b"a&" * PARAMETER_COUNT, b"400"),
    ],
    ids=["escapes", "too many escapes", "a path of escapes", "parameters", "too many parameters"],
)
async def test_an_address_of_too_many_parts_is_not_decoded(
    connect: Open, address: bytes, status: bytes
) -> None:
    reader, writer = await connect()

    writer.write(b"GET %b HTTP/1.1\r\nhost: localhost\r\n\r\n" % address)

    assert await _status(reader) == status


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        (GET, b"x-endless: " + b"y" * 100_000),
        (GET, b"x: y\r\n" * 20_000),
        (b"GET /" + b"x" * 70_000, b"x" * 70_000),
        (b"", b"\r\n" * 80_000),
        (POST + b"transfer-encoding: chunked\r\n\r\n1;", b"x=" + b"y" * 200_000),
        (POST + b"transfer-encoding: chunked\r\n\r\n0\r\n", b"x: " + b"y" * 200_000),
    ],
    ids=["one header", "many headers", "a path", "empty lines", "an extension of a chunk", "a trailer"],
)
async def test_a_head_without_end_is_refused_before_it_takes_memory(
    connect: Open, begins: bytes, goes_on: bytes
) -> None:
    reader, writer = await connect()

    writer.write(begins)
    with contextlib.suppress(ConnectionError):
        for _ in range(50):
            writer.write(goes_on)
            await writer.drain()
    answer = await _answer(reader)

    assert writer.transport.get_write_buffer_size() == 0 or writer.transport.is_closing()
    assert answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400")) or not answer


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", b""),
        (GET, b"408"),
        (POST + b"content-length: 10\r\n\r\nabc", b"408"),
        (GET + b"\r\n", b"200"),
        (b"POST /5 HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc", b"200"),
        (b"GET /90000000 HTTP/1.1\r\nhost: localhost\r\n\r\n", b"200"),
    ],
    ids=["nothing", "half a head", "half a body", "idle", "a body that is not read", "a reader that stops"],
)
async def test_a_client_that_does_not_get_on_is_disconnected(
    connect: Open, sent: bytes, status: bytes
) -> None:
    reader, writer = await connect()
    started = time.monotonic()

    writer.write(sent)
    if b"/9000" in sent:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(1)
        writer.transport.resume_reading()  # type: ignore[attr-defined]
    answer = await _answer(reader)

    assert time.monotonic() - started < 3
    assert answer.split(b" ")[1:2] == ([status] if status else [])
    assert len(answer) < 90_000_000


async def test_a_client_that_dribbles_has_no_more_time_than_one_that_waits(connect: Open) -> None:
    reader, writer = await connect()
    started = time.monotonic()

    with contextlib.suppress(ConnectionError):
        for letter in GET * 20:
            writer.write(bytes([letter]))
            await writer.drain()
            await asyncio.sleep(0.02)
            if reader.at_eof():
                break

    assert time.monotonic() - started < 3
    assert writer.transport.is_closing() or (await _answer(reader)).startswith(b"HTTP/1.1 408")


async def test_more_connections_than_there_is_room_for_get_503() -> None:
    async with _listening(Connections(most=8, most_of_address=5)) as connect:
        first = [await connect() for _ in range(5)]
        reader, _ = await connect()
        refused = await _answer(reader)
        for _, writer in first[:2]:
            writer.close()
            await writer.wait_closed()
        await asyncio.sleep(0.1)
        reader, writer = await connect()
        writer.write(GET + b"\r\n")
        served = await _status(reader)

    assert refused.startswith(b"HTTP/1.1 503")
    assert b"\r\nretry-after: 5\r\n" in refused
    assert served == b"200"


async def test_many_slow_and_idle_clients_are_all_closed_and_others_served(connect: Open) -> None:
    count = extent(60, 500)
    kinds = [b"", GET, POST + b"content-length: 10\r\n\r\nabc"]
    opened = [await connect() for _ in range(count)]
    for number, (_, writer) in enumerate(opened):
        writer.write(kinds[number % 3])
    slowest = 0.0
    for _ in range(20):
        started = time.monotonic()
        reader, writer = await connect()
        writer.write(GET + b"\r\n")
        assert await _status(reader) == b"200"
        slowest = max(slowest, time.monotonic() - started)

    closed = await asyncio.gather(*(_answer(reader) for reader, _ in opened))

    assert len(closed) == count
    assert slowest < 1
    print(f"slowest {slowest * 1000:.0f} ms")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
        (None, "unknown"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_address_counts_as_its_network(address: str | None, network: str) -> None:
    assert network_of(address) == network
