"""An application behind uvicorn's own protocol, on a connection in memory: parsing counts, sockets do not."""

import asyncio
from typing import Any

import msgspec
from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.server import ServerState

from centrals.server import BoundedProtocol

HOST, PORT = "127.0.0.1", 8000


def config_of(app: ASGIApp, port: int = PORT) -> Config:
    """The server as `centrals serve` configures it."""
    return Config(
        app,
        host=HOST,
        port=port,
        http="httptools",
        loop="uvloop",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
    )


class _Protocol(BoundedProtocol):
    """Tells when an answer is whole."""

    ended: "asyncio.Future[None]"

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.ended.done():
            self.ended.set_result(None)


class _Transport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self, address: str) -> None:
        super().__init__({"peername": (address, 50_000), "sockname": (HOST, PORT)})
        self.written: list[bytes] = []

    def write(self, data: Any) -> None:
        self.written.append(data)

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class Wire:
    """A kept-alive connection to an application."""

    def __init__(self, app: ASGIApp, address: str = "127.0.0.1") -> None:
        config = config_of(app)
        config.load()
        self.transport = _Transport(address)
        self.protocol = _Protocol(config, ServerState(), {}, asyncio.get_running_loop())
        self.protocol.connection_made(self.transport)

    async def call(self, request: bytes) -> tuple[int, bytes]:
        """The status and the body of an answer."""
        self.transport.written.clear()
        self.protocol.ended = asyncio.get_running_loop().create_future()
        self.protocol.data_received(request)
        await self.protocol.ended
        head, _, body = b"".join(self.transport.written).partition(b"\r\n\r\n")
        return int(head[9:12]), body


def request(body: object, token: str | None, account_id: str | None) -> bytes:
    """A POST as a browser's page would send it."""
    content = msgspec.json.encode(body)
    lines = [
        "POST /graphql HTTP/1.1",
        f"host: {HOST}:{PORT}",
        "user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "accept: application/graphql-response+json, application/json;q=0.9",
        "accept-language: en-GB,en;q=0.5",
        "accept-encoding: identity",  # what compression costs is not what is compared
        "content-type: application/json",
        f"content-length: {len(content)}",
        *([f"authorization: Bearer {token}"] if token else []),
        *([f"x-central: central_{account_id}"] if account_id else []),
        "connection: keep-alive",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content
