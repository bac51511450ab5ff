"""A server of this process on a port of its own, and clients of its sockets."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
import websockets
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection

from centrals.server import SOCKET_BYTES
from doorstep import free_port

SUBPROTOCOL = "graphql-transport-ws"


@contextlib.asynccontextmanager
async def listening(app: Starlette) -> AsyncIterator[int]:
    """The port of a server that serves an application in this event loop, as `centrals serve` does."""
    port = free_port()
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        http="centrals.server:BoundedProtocol",
        ws="centrals.socket:BoundedWebSocket",
        ws_max_size=SOCKET_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    server.config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    ticking = asyncio.create_task(server.main_loop())
    try:
        yield port
    finally:
        server.should_exit = True
        await ticking
        await server.shutdown()


@dataclass
class Socket:
    """A client's connection."""

    connection: ClientConnection
    received: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, kind: str, message_id: str | None = None, payload: Any = None) -> None:
        """Send a message."""
        message = {"type": kind, "id": message_id, "payload": payload}
        await self.connection.send(
            json.dumps({name: value for name, value in message.items() if value is not None})
        )

    async def subscribe(self, message_id: str, query: str, variables: dict[str, Any] | None = None) -> None:
        """Begin an operation."""
        await self.say("subscribe", message_id, {"query": query, "variables": variables})

    async def next(self, seconds: float = 5.0) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(seconds):
            message: dict[str, Any] = json.loads(await self.connection.recv())
        self.received.append(message)
        return message

    async def data(self, seconds: float = 5.0) -> Any:
        """The data of the next message, which has no errors."""
        message = await self.next(seconds)
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def silent(self, seconds: float = 0.3) -> bool:
        """Whether nothing comes for a while."""
        try:
            await self.next(seconds)
        except TimeoutError:
            return True
        return False

    async def closed(self, seconds: float = 5.0) -> tuple[int, str]:
        """The code and reason that the server closes the connection with; messages before it are kept."""
        with contextlib.suppress(websockets.ConnectionClosed):
            async with asyncio.timeout(seconds):
                while True:
                    self.received.append(json.loads(await self.connection.recv()))
        frame = self.connection.protocol.close_rcvd
        assert frame is not None
        return frame.code, frame.reason


@contextlib.asynccontextmanager
async def connected(
    port: int,
    token: str | None = None,
    account: dict[str, Any] | None = None,
    *,
    subprotocols: tuple[str, ...] = (SUBPROTOCOL,),
    headers: dict[str, str] | None = None,
    init: bool = True,
) -> AsyncIterator[Socket]:
    """A connection to a server, acknowledged unless it is not to begin."""
    async with websockets.connect(
        f"ws://127.0.0.1:{port}/graphql",
        subprotocols=list(subprotocols),  # type: ignore[arg-type]
        additional_headers=headers,
        max_size=None,
        compression=None,
        proxy=None,
    ) as connection:
        socket = Socket(connection)
        if init:
            payload = {"Authorization": f"Bearer {token}"} if token else {}
            if account is not None:
                payload["X-Central"] = f"central_{account['id']}"
            await socket.say("connection_init", payload=payload)
            assert await socket.next() == {"type": "connection_ack"}
        yield socket


CHANGED = "subscription Changes { saleChanged { cursor at sale { reference status assignee { name } } } }"


async def begun(socket: Socket, message_id: str = "1", query: str = CHANGED) -> None:
    """Subscribe, and wait until the server has begun: what comes later is answered later."""
    await socket.subscribe(message_id, query)
    await socket.subscribe("check", "{ viewer { id } }")
    await socket.data()
    assert (await socket.next())["type"] == "complete"
    await asyncio.sleep(0.3)
