"""Limits for WebSockets: they count as connections, and are cut if their clients do not read."""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from actions.kit.rates import network_of
from centrals.server import BoundedProtocol
from telemetry.figures import CONNECTIONS_ENDED

UNREAD_SECONDS = 10
"""The seconds that a client can leave data unread."""


class BoundedWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol, within the limits of all connections of this process."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection. Its HTTP request has just released its place."""
        super().connection_made(transport)
        self._address = network_of(self.client[0] if self.client else None)
        BoundedProtocol.bounds.admit(self, self._address)
        BoundedProtocol.bounds.set_deadline(self, None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Release the connection's place."""
        BoundedProtocol.bounds.forget(self, self._address)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not read: set a deadline, and do not read from it either."""
        super().pause_writing()
        self.transport.pause_reading()
        BoundedProtocol.bounds.set_deadline(self, UNREAD_SECONDS)

    def resume_writing(self) -> None:
        """The client reads again: remove the deadline."""
        super().resume_writing()
        if not self.read_paused and not self.transport.is_closing():
            self.transport.resume_reading()
        BoundedProtocol.bounds.set_deadline(self, None)

    def time_out(self) -> None:
        """Cut a connection whose client does not read, and end everything that waits for it."""
        BoundedProtocol.bounds.forget(self, self._address)
        CONNECTIONS_ENDED.add("none")
        self.transport.abort()
