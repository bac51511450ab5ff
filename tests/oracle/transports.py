"""A client that sends each query over a WebSocket, too, which must answer byte for byte like HTTP."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from client import Client
from sockets import Socket, connected
from versions import with_version


class _Message(msgspec.Struct):
    type: str
    payload: msgspec.Raw = msgspec.Raw()


class _Body(msgspec.Struct):
    errors: msgspec.Raw = msgspec.Raw()


@dataclass
class TwoTransports(Client):
    """Asks twice, and counts in how many cases the two answered alike."""

    port: int = 0
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    sockets: dict[tuple[str, str], Socket] = field(default_factory=dict)
    data: int = 0
    refused: int = 0
    closed: int = 0

    async def post(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        account: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """The answer over HTTP, after the other one was compared with it."""
        answer = await super().post(query, variables, token=token, account=account, headers=headers)
        if token is None or account is None:  # a connection without them does not come about
            return answer
        if answer.status_code in (401, 404):
            async with connected(self.port, token, account, init=False) as socket:
                payload = {"Authorization": f"Bearer {token}", "X-Central": f"central_{account['id']}"}
                await socket.say("connection_init", payload=payload)
                assert await socket.closed() == (4403, "Forbidden")
            self.closed += 1
            return answer
        kind, content = await self._over_socket(query, variables, token, account)
        if kind == "next":
            assert content == answer.content
            self.data += 1
        else:
            assert (kind, content) == ("error", _errors(answer))
            self.refused += 1
        return answer

    async def _over_socket(
        self, query: str, variables: dict[str, Any] | None, token: str, account: dict[str, Any]
    ) -> tuple[str, bytes]:
        key = (token, str(account["id"]))
        if key not in self.sockets:
            connection = connected(self.port, token, account)
            self.sockets[key] = await self.stack.enter_async_context(connection)
        socket = self.sockets[key]
        await socket.subscribe("1", query, variables and await with_version(query, variables, account))
        message = await _message(socket)
        if message.type == "next":
            assert (await _message(socket)).type == "complete"
        return message.type, bytes(message.payload)


async def _message(socket: Socket) -> _Message:
    return msgspec.json.decode(await socket.connection.recv(), type=_Message)


def _errors(answer: httpx.Response) -> bytes:
    return bytes(msgspec.json.decode(answer.content, type=_Body).errors)
