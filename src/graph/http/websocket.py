"""GraphQL over WebSocket, by the protocol graphql-transport-ws.

A cookie identifies the client, or else the first message does, with the values that other requests have in
their headers. The credential applies to the whole connection, which is closed as soon as it ends.
"""

import asyncio
import contextlib
import contextvars
import time

from msgspec.structs import replace
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from actions.kit.rates import network_of
from authz.expiry import seconds_left
from authz.identity import NoSuchCentral
from authz.refusal import Unauthenticated
from authz.viewer import Viewer
from graph.http.body import BadRequest, Body, document_of
from graph.http.endpoint import same_site
from graph.http.handler import GraphQLHandler, language
from graph.http.headers import central_in_query, cookies_of, credential, header_value, headers_of
from graph.http.live import TooManyStreams
from graph.http.messages import (
    SUBPROTOCOL,
    CloseCode,
    Incoming,
    Violation,
    named_values,
    next_message,
    outgoing,
    read_id,
    read_message,
    read_subscribe,
)
from graph.http.request import GraphQLRequest
from graph.http.response import (
    STREAMS_RETRY_SECONDS,
    GraphQLResponse,
    internal,
    refusal,
    too_many_streams,
)
from graph.http.running import running
from graph.http.stream import SWEEP_SECONDS, Stream, StreamEnd
from graph.identity.sessions.mutations import REFRESH_COOKIE
from graph.kit.errors import RequestError
from telemetry.faults import log_fault
from telemetry.request import request_id as current_request_id

INIT_SECONDS = 10.0
"""The seconds that a client can take for its first message."""
FIRST_MESSAGES = 10
"""Among how many messages a client must identify itself: anyone can send those before."""
OPERATIONS = 50
"""The largest number of one connection's operations that run at the same time."""


class Disconnected(Exception):
    """The client has disconnected."""


class Socket:
    """One connection."""

    def __init__(self, handler: GraphQLHandler, scope: Scope, receive: Receive, send: Send) -> None:
        self._handler = handler
        self._live = handler.live
        self._scope = scope
        self._receive = receive
        self._send = send
        self._running: dict[str, asyncio.Task[None]] = {}
        self._network = network_of(scope["client"][0] if scope.get("client") else None)
        self._request = GraphQLRequest("")

    async def serve(self) -> None:
        """Serve the connection until it ends."""
        await self._receive()
        try:
            with self._live.sockets.slot(None, self._network):
                self._request = self._handshake()
                if SUBPROTOCOL not in self._scope["subprotocols"]:
                    await self._send({"type": "websocket.accept"})
                    await self._close(CloseCode.SUBPROTOCOL)
                    return
                await self._send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
                await self._converse()
        except TooManyStreams:
            seconds = b"%d" % STREAMS_RETRY_SECONDS
            await self._reject(429, "Too many connections.", (b"retry-after", seconds))
        except BadRequest as bad:
            await self._reject(bad.status, bad.message)

    def _handshake(self) -> GraphQLRequest:
        """The client's credential in the handshake.

        Raises `BadRequest` for cookies from another site's page.
        """
        headers = headers_of(self._scope)
        cookies = cookies_of(self._scope)
        token, in_cookie = credential(headers, cookies)
        client = self._scope.get("client")
        request = GraphQLRequest(
            "",
            token=token,
            token_in_cookie=in_cookie,
            refresh_cookie=cookies.get(REFRESH_COOKIE),
            central=header_value(headers, b"x-central") or central_in_query(self._scope),
            locale=language(header_value(headers, b"accept-language") or ""),
            address=client[0] if client else None,
            agent=(header_value(headers, b"user-agent") or "")[:200],
            streams=True,
        )
        same_site(headers, request, self._handler)
        return replace(request, refresh_cookie=None)

    async def _converse(self) -> None:
        watching: asyncio.Task[None] | None = None
        try:
            viewer = await self._initialized()
            with self._live.sockets.slot(viewer.user_id, self._network):
                await self._say(outgoing("connection_ack"))
                watching = asyncio.create_task(self._watch(viewer))
                while True:
                    await self._take(await self._message())
        except Violation as violation:
            await self._close(violation.code, violation.reason)
        except TooManyStreams:
            await self._close(CloseCode.TRY_LATER)
        except Disconnected:
            pass
        finally:
            tasks = [*self._running.values(), *([watching] if watching else [])]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _initialized(self) -> Viewer:
        """The client, identified by the first message."""
        try:
            async with asyncio.timeout(INIT_SECONDS):
                for _ in range(FIRST_MESSAGES):
                    message = await self._message()
                    if message.type not in ("ping", "pong"):
                        break
                    await self._take(message)
        except TimeoutError as error:
            raise Violation(CloseCode.INIT_TIMEOUT) from error
        if message.type == "subscribe":
            raise Violation(CloseCode.UNAUTHORIZED)
        if message.type != "connection_init":
            raise Violation(CloseCode.INVALID_MESSAGE)
        values = named_values(message.payload)
        if "authorization" in values:
            token, _ = credential({b"authorization": values["authorization"].encode()}, {})
            self._request = replace(self._request, token=token, token_in_cookie=False)
        if "x-central" in values:
            self._request = replace(self._request, central=values["x-central"])
        if "accept-language" in values:
            self._request = replace(self._request, locale=language(values["accept-language"]))
        if self._request.token is None:
            raise Violation(CloseCode.FORBIDDEN)
        return await self._judged()

    async def _judged(self) -> Viewer:
        try:
            return await self._handler.judged(self._request)
        except (Unauthenticated, NoSuchCentral) as error:
            raise Violation(CloseCode.FORBIDDEN) from error

    async def _message(self) -> Incoming:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise Disconnected
        return read_message(event)

    async def _take(self, message: Incoming) -> None:
        match message.type:
            case "ping":
                await self._say(outgoing("pong", payload=message.payload))
            case "pong":
                pass
            case "complete":
                if task := self._running.pop(read_id(message), None):
                    task.cancel()
            case "subscribe":
                self._begin(*read_subscribe(message))
            case "connection_init":
                raise Violation(CloseCode.TOO_MANY_INITS)
            case _:
                raise Violation(CloseCode.INVALID_MESSAGE)

    def _begin(self, message_id: str, subscribe: Body) -> None:
        if message_id in self._running:
            raise Violation(CloseCode.DUPLICATE_ID, f"Subscriber for {message_id[:80]} already exists")
        full = len(self._running) >= OPERATIONS
        work = self._refuse(message_id) if full else self._safely(message_id, subscribe)
        # not in the connection's context: each operation is as separate as a request
        task = asyncio.get_running_loop().create_task(work, context=contextvars.Context())
        self._running[message_id] = task
        task.add_done_callback(lambda done: self._ended(message_id, done))

    def _ended(self, message_id: str, task: "asyncio.Task[None]") -> None:
        if self._running.get(message_id) is task:
            del self._running[message_id]

    async def _refuse(self, message_id: str) -> None:
        with contextlib.suppress(Disconnected):
            await self._fail(message_id, too_many_streams(OPERATIONS))

    async def _safely(self, message_id: str, subscribe: Body) -> None:
        """Run an operation. A fault ends the operation, but not the connection."""
        try:
            await self._operate(message_id, subscribe)
        except Disconnected:
            pass
        except Exception as error:
            request_id = current_request_id()
            log_fault(request_id, error)
            with contextlib.suppress(Disconnected):
                await self._fail(message_id, internal(request_id))

    async def _operate(self, message_id: str, subscribe: Body) -> None:
        """Run an operation, and send its results."""
        try:
            text, document = document_of(subscribe)
        except BadRequest as bad:
            response = refusal("", RequestError.BAD_REQUEST, bad.message, bad.status)
            await self._fail(message_id, response)
            return
        response = await self._handler.handle(
            replace(
                self._request,
                query=text,
                document=document,
                operation_name=subscribe.operationName,
                variables=subscribe.variables,
                shows_cost=subscribe.asks_for("cost"),
                shows_absent=subscribe.asks_for("absent"),
            )
        )
        if response.status == 401:
            await self._close(CloseCode.FORBIDDEN)
        elif response.stream is not None:
            await self._follow(message_id, response.stream)
        elif "data" not in response.payload:
            await self._fail(message_id, response)
        else:
            await self._say(next_message(message_id, self._handler.encoded(response)))
            await self._complete(message_id)

    async def _follow(self, message_id: str, stream: Stream) -> None:
        try:
            with running(self._live, stream, "websocket", self._network) as ending:
                try:
                    async with contextlib.aclosing(stream.payloads()) as payloads:
                        async for payload in payloads:
                            await self._say(next_message(message_id, payload))
                except StreamEnd as end:
                    ending.reason = end.reason
                    if end.response.status in (401, 404):
                        await self._close(CloseCode.FORBIDDEN)
                    else:
                        await self._fail(message_id, end.response)
        except TooManyStreams as error:
            await self._fail(message_id, too_many_streams(error.most))

    async def _watch(self, viewer: Viewer) -> None:
        """Close the connection as soon as its credential or its access to the central ends."""
        assert viewer.user_id is not None
        assert self._request.token is not None
        scopes = {viewer.user_id, viewer.central.account_id if viewer.central else viewer.user_id}
        try:
            async with self._live.feed.following(*scopes) as (follower, _):
                end = time.monotonic() + await seconds_left(self._request.token)
                follower.wake(access=True)
                while True:
                    due = min(end, time.monotonic() + SWEEP_SECONDS)
                    while not follower.access_changed and (left := due - time.monotonic()) > 0:
                        await follower.wait(left)
                    follower.access_changed = False
                    await self._judged()
                    if time.monotonic() >= end:  # as far as the clocks agree
                        end = time.monotonic() + await seconds_left(self._request.token) + 0.01
        except Violation as violation:
            await self._close(violation.code)

    async def _say(self, text: str) -> None:
        try:
            await self._send({"type": "websocket.send", "text": text})
        except (OSError, RuntimeError) as error:  # the client has disconnected, or the connection was closed
            raise Disconnected from error

    async def _complete(self, message_id: str) -> None:
        self._running.pop(message_id, None)  # the client can reuse the id at once
        await self._say(outgoing("complete", message_id))

    async def _fail(self, message_id: str, response: GraphQLResponse) -> None:
        self._running.pop(message_id, None)
        await self._say(outgoing("error", message_id, response.payload["errors"]))

    async def _close(self, code: CloseCode, reason: str | None = None) -> None:
        with contextlib.suppress(RuntimeError, OSError):  # it is closed already
            await self._send({"type": "websocket.close", "code": int(code), "reason": reason or code.reason})

    async def _reject(self, status: int, text: str, *more: tuple[bytes, bytes]) -> None:
        """Answer the handshake with an HTTP error."""
        headers = [(b"content-type", b"text/plain; charset=utf-8"), *more]
        await self._send({"type": "websocket.http.response.start", "status": status, "headers": headers})
        await self._send({"type": "websocket.http.response.body", "body": text.encode()})


def socket_route(handler: GraphQLHandler) -> WebSocketRoute:
    """The route of the API for WebSockets."""

    class Endpoint:
        """Serves connections in plain ASGI."""

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            """Serve a connection."""
            await Socket(handler, scope, receive, send).serve()

    return WebSocketRoute("/graphql", Endpoint())
