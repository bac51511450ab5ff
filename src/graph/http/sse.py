"""GraphQL over server-sent events: the protocol graphql-sse in its distinct connections mode."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from starlette.types import Receive, Send

from graph.http.handler import GraphQLHandler
from graph.http.live import TooManyStreams
from graph.http.response import GraphQLResponse, encoded, too_many_streams
from graph.http.running import StreamOutcome, running
from graph.http.stream import Stream, StreamEnd

MEDIA = "text/event-stream"
HEADERS = (
    (b"content-type", f"{MEDIA}; charset=utf-8".encode()),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),  # turns off the buffering of proxies
    (b"vary", b"Accept, Authorization, Cookie, X-Central"),
)
KEEPALIVE_SECONDS = 12.0
"""The seconds between two messages, so that no proxy considers the connection idle."""
_KEEPALIVE = b":\n\n"
_COMPLETE = b"event: complete\ndata: \n\n"


def _event(payload: bytes) -> bytes:
    return b"event: next\ndata: %s\n\n" % payload


def as_events(content: bytes) -> bytes:
    """A response without a stream, as events."""
    return _event(content) + _COMPLETE


async def serve_events(
    handler: GraphQLHandler, stream: Stream, network: str, receive: Receive, send: Send
) -> GraphQLResponse | None:
    """Serve a stream until its client leaves, it cannot go on, or the server stops.

    If the client has too many streams, nothing is sent, and the response to send instead is returned.
    """
    try:
        with running(handler.live, stream, "sse", network) as ending:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _pump(handler, stream, ending, receive, send)
    except TooManyStreams as error:
        return too_many_streams(error.most)
    return None


async def _pump(
    handler: GraphQLHandler, stream: Stream, ending: StreamOutcome, receive: Receive, send: Send
) -> None:
    async def say(content: bytes) -> None:
        await send({"type": "http.response.body", "body": content, "more_body": True})

    async def events() -> None:
        async with contextlib.aclosing(_contents(stream, ending)) as contents:
            async for content in contents:
                await say(content)

    async def keep_alive() -> None:
        while True:
            await say(_KEEPALIVE)
            await asyncio.sleep(KEEPALIVE_SECONDS)

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = [asyncio.create_task(work()) for work in (events, keep_alive, gone, handler.live.ending.wait)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if handler.live.ending.is_set():
            ending.reason = "server"
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    with contextlib.suppress(RuntimeError, OSError):
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _contents(stream: Stream, ending: StreamOutcome) -> AsyncGenerator[bytes, None]:
    """The events of a stream. If it cannot go on, it sends the reason and completes."""
    try:
        async with contextlib.aclosing(stream.payloads()) as payloads:
            async for payload in payloads:
                yield _event(payload)
    except StreamEnd as end:
        ending.reason = end.reason
        yield _event(encoded(end.response.payload)) + _COMPLETE
