"""Limits for HTTP connections: on headers, on slow or idle clients, and on the number of connections.

uvicorn's protocol on httptools only limits the time between two requests.
"""

import asyncio
import logging
from collections import Counter
from typing import Any, Protocol

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from actions.kit.rates import network_of
from graph.http.extensions import CUT_SHORT
from graph.http.live import end_streams
from telemetry.figures import CONNECTIONS_ENDED
from telemetry.line import write_line

HEADER_BYTES = 64 * 1024
"""The most bytes of a request line and its headers."""
HEADER_COUNT = 200
ESCAPE_COUNT = 10_000
"""The most `%` of a request line: each is decoded by itself, several times."""
PARAMETER_COUNT = 1_000
HEADER_SECONDS = 20
"""The seconds that a client can take for a request line and headers, and before that for its first byte."""
BODY_SECONDS = 25
"""The seconds that a client can take for the body of a request."""
SEND_SECONDS = 60
"""The seconds that a client can leave a response unread."""
UNREAD_SECONDS = 5
"""The seconds that a client can continue a body after the response."""
IDLE_SECONDS = 60
"""The seconds that a connection stays open between two requests."""
CONNECTIONS_OF_ADDRESS = 1_000
"""The most connections of one address, or of one IPv6 network of 64 bits."""
SOCKET_BYTES = 256 * 1024
"""The most bytes of a message from a WebSocket, as many as of a request's body."""
_SWEEP_SECONDS = 2.0
_log = logging.getLogger("centrals.request")


class Bounded(Protocol):
    """A connection that can be closed."""

    loop: asyncio.AbstractEventLoop

    def time_out(self) -> None:
        """Close the connection because its client made no progress."""
        ...


class Connections:
    """The connections of this process, each with a deadline for progress."""

    def __init__(self, most: int = 4_000, most_of_address: int = CONNECTIONS_OF_ADDRESS) -> None:
        self.most = most
        self.most_of_address = most_of_address
        self._deadlines: dict[Bounded, float] = {}
        self._of_address: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """The number of open connections."""
        return len(self._deadlines)

    def admit(self, protocol: Bounded, address: str) -> bool:
        """Count a connection, and return whether there is room for it."""
        if len(self._deadlines) >= self.most or self._of_address[address] >= self.most_of_address:
            return False
        self._deadlines[protocol] = protocol.loop.time() + HEADER_SECONDS
        self._of_address[address] += 1
        if self._timer is None:
            self._timer = protocol.loop.call_later(_SWEEP_SECONDS, self._sweep, protocol.loop)
        return True

    def set_deadline(self, protocol: Bounded, seconds: float | None) -> None:
        """Set a connection's deadline in some seconds, or remove it."""
        if protocol in self._deadlines:
            end = float("inf") if seconds is None else protocol.loop.time() + seconds
            self._deadlines[protocol] = end

    def forget(self, protocol: Bounded, address: str) -> None:
        """Forget a connection that has ended."""
        if self._deadlines.pop(protocol, None) is not None:
            self._of_address[address] -= 1
            if not self._of_address[address]:
                del self._of_address[address]

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close all connections past their deadline. One timer serves all, so it can be some seconds late."""
        now = loop.time()
        for protocol, deadline in list(self._deadlines.items()):
            if deadline <= now:
                protocol.time_out()
        self._timer = loop.call_later(_SWEEP_SECONDS, self._sweep, loop) if self._deadlines else None


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with limits. Each process has one set of connections."""

    bounds = Connections()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        self._body_bytes = 0
        self._framing_bytes = 0
        self._in_head = True
        self._refused = False
        self._address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection, or refuse it before anything is read."""
        super().connection_made(transport)
        self._address = network_of(self.client[0] if self.client else None)
        if not self.bounds.admit(self, self._address):
            self._refuse(503, "Too many connections.")

    def connection_lost(self, exc: Exception | None) -> None:
        """Release the connection's place."""
        self.bounds.forget(self, self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse the received bytes in parts, unless those outside bodies exceed their limit."""
        for start in range(0, len(data), HEADER_BYTES):
            if self._refused or self.transport.is_closing():
                return
            part = data[start : start + HEADER_BYTES] if len(data) > HEADER_BYTES else data
            if self._in_head:
                self._head_bytes += len(part)
            else:
                self._framing_bytes += len(part)
            super().data_received(part)
            # chunks of a byte need five more; endless extensions and trailers need no body at all
            endless = self._framing_bytes > HEADER_BYTES + 8 * self._body_bytes
            if (self._in_head and self._head_bytes > HEADER_BYTES) or endless:
                self._refuse(431, "The request line and headers are too long.")

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._body_bytes += len(body)
        super().on_body(body)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over to another protocol, which has its own limits."""
        self.bounds.forget(self, self._address)
        super().handle_websocket_upgrade()

    def shutdown(self) -> None:
        """Stop with the server: after the current response, but at once for streams."""
        end_streams()
        super().shutdown()

    def on_message_begin(self) -> None:
        """A request begins: set the deadline for its headers."""
        super().on_message_begin()
        self.scope["extensions"] = {CUT_SHORT: self.cut_short}  # type: ignore[dict-item]
        self.bounds.set_deadline(self, HEADER_SECONDS)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, unless there are too many."""
        if len(self.headers) >= HEADER_COUNT:
            raise httptools.HttpParserError("too many headers")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The headers are complete: set the deadline for the body, unless the address has too many parts."""
        if self.url.count(b"%") > ESCAPE_COUNT or self.url.count(b"&") >= PARAMETER_COUNT:
            raise httptools.HttpParserError("too many escapes or parameters")
        self._in_head = False
        self._framing_bytes = self._body_bytes = 0
        super().on_headers_complete()
        self.bounds.set_deadline(self, BODY_SECONDS)

    def on_message_complete(self) -> None:
        """The request is complete: the application decides how long it takes."""
        super().on_message_complete()
        self._in_head, self._head_bytes, self._framing_bytes = True, 0, 0
        self.bounds.set_deadline(self, None)

    def on_response_complete(self) -> None:
        """The response is written. The connection can be idle, but an unread body must end soon."""
        super().on_response_complete()
        if not self.pipeline:
            self.bounds.set_deadline(self, IDLE_SECONDS if self._in_head else UNREAD_SECONDS)

    def pause_writing(self) -> None:
        """The client does not read: set a deadline."""
        super().pause_writing()
        self.bounds.set_deadline(self, SEND_SECONDS)

    def resume_writing(self) -> None:
        """The client reads again: remove the deadline."""
        super().resume_writing()
        done = self.cycle is None or self.cycle.response_complete
        self.bounds.set_deadline(self, IDLE_SECONDS if done else None)

    def cut_short(self) -> None:
        """Close the connection in the middle of its response."""
        self.cycle.disconnected = True
        self.transport.close()

    def time_out(self) -> None:
        """Close a connection whose client made no progress, and end everything that waits for it."""
        cycle: RequestResponseCycle | None = self.cycle
        answered = cycle is not None and cycle.response_started and not self._in_head
        idle = self._in_head and not self._head_bytes
        if self.transport.is_closing() or answered or idle:
            self.bounds.forget(self, self._address)
            self.transport.abort()
            CONNECTIONS_ENDED.add("none")
        else:
            self._refuse(408, "The request took too long to arrive.")

    def _refuse(self, status: int, text: str) -> None:
        """Respond at once and close. Nothing more is read."""
        self._refused = True
        self.bounds.forget(self, self._address)
        CONNECTIONS_ENDED.add(str(status))
        write_line(_log, "connection refused", {"status": status, "reason": text})
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        reason = {
            408: b"Request Timeout",
            431: b"Request Header Fields Too Large",
            503: b"Service Unavailable",
        }
        body, again = text.encode(), b"retry-after: 5\r\n" if status == 503 else b""
        self.transport.write(
            b"HTTP/1.1 %d %s\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n"
            b"%sconnection: close\r\n\r\n%s" % (status, reason[status], len(body), again, body)
        )
        self.transport.close()
        # a peer that does not read would keep a closing transport open
        self.loop.call_later(_SWEEP_SECONDS, self.transport.abort)


def bound_connections(most: int, *, behind_proxy: bool) -> None:
    """Limit the connections of this process. Behind a proxy, addresses are not limited."""
    BoundedProtocol.bounds = Connections(most, most if behind_proxy else min(most, CONNECTIONS_OF_ADDRESS))


def raise_file_limit(connections: int) -> None:
    """Raise the limit on open files to what the connections need, as far as the system allows it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 500
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard >= 0 else wanted, hard))
