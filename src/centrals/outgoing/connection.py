"""Sending over HTTP to an address outside: what was resolved and checked is what is connected to."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore
import msgspec

from actions.kit.outside import PrivateAddress, UnknownHost, resolve
from models import database

SECONDS = 15.0
MOST_BYTES = 16 * 1024
"""How much of a response is read, so that its connection can be used again."""
CONNECTIONS = 64


class Response(msgspec.Struct, frozen=True):
    """What a receiver answered. Its body is not kept."""

    status: int
    retry_after_ms: int | None = None


class Unsent(Exception):
    """There was no answer; the text says why."""


class _Checked(httpcore.AsyncNetworkBackend):
    """Resolves names itself, and connects to nothing but public addresses."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface has it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await resolve(host, port, allow_private=self._allow_private)
        for number, address in enumerate(addresses, 1):
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise UnknownHost

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class Connections:
    """Connections to receivers, which are used again while they last. Redirects are not followed."""

    def __init__(self, *, allow_private: bool = False, own: Collection[str] = ()) -> None:
        """`own` are addresses of this server, which can be private."""
        self._pools = [_pool(allow_private=private) for private in (allow_private, True)]
        self._own = frozenset(own)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Send a message. Raises `Unsent` if there is no answer in time."""
        pool = self._pools[url in self._own]
        try:
            async with (
                asyncio.timeout(SECONDS),
                pool.stream("POST", url, headers=list(headers.items()), content=body) as response,
            ):
                await _read_some(response)
                return Response(response.status, _retry_after(response.headers))
        except TimeoutError as error:
            raise Unsent("timeout") from error
        except PrivateAddress as error:
            raise Unsent("private address") from error
        except UnknownHost as error:
            raise Unsent("unknown host") from error
        except (httpcore.NetworkError, httpcore.TimeoutException) as error:
            raise Unsent("connection failed") from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise Unsent("broken response") from error

    async def close(self) -> None:
        """Close all connections."""
        for pool in self._pools:
            await pool.aclose()


def _pool(*, allow_private: bool) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        max_connections=CONNECTIONS,
        max_keepalive_connections=CONNECTIONS // 2,
        keepalive_expiry=30.0,
        network_backend=_Checked(allow_private=allow_private),
    )


async def _read_some(response: httpcore.Response) -> None:
    left = MOST_BYTES
    async for part in response.aiter_stream():
        left -= len(part)
        if left <= 0:
            break


def _retry_after(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """When to try again, from now, as a number of seconds or a date says."""
    found = (value for name, value in headers if name.lower() == b"retry-after")
    text = next(found, b"").decode("latin-1").strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text) * 1000
    try:
        return round(parsedate_to_datetime(text).timestamp() * 1000) - database.now()
    except (ValueError, OverflowError):
        return None
