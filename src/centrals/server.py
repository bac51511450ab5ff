"""HTTP connections that end in time: bounds on headers, on slow or idle clients, and on their number.

uvicorn's protocol on httptools has none of these; it only bounds the time between two requests.
"""

import asyncio
import logging
from collections import Counter
from typing import Any, Protocol

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from actions.kit.rates import network_of
from graph.http.live import end_streams
from telemetry.figures import CONNECTIONS_ENDED
from telemetry.line import write_line

HEADER_BYTES = 64 * 1024
"""The most bytes of a request line and its headers."""
HEADER_COUNT = 200
HEADER_SECONDS = 20
"""How long a client may take for a request line and headers, and before that for its first byte."""
BODY_SECONDS = 25
"""How long a client may take for the body of a request."""
SEND_SECONDS = 60
"""How long a client may leave a response unread."""
UNREAD_SECONDS = 5
"""How long a client may go on with a body after the response."""
IDLE_SECONDS = 60
"""How long a connection is kept between two requests."""
CONNECTIONS_OF_ADDRESS = 1_000
"""The most connections of one address, or of one IPv6 network of 64 bits."""
SOCKET_BYTES = 256 * 1024
"""The most bytes of a message from a WebSocket, as many as of a request's body."""
_SWEEP_SECONDS = 2.0
_log = logging.getLogger("centrals.request")


class Bounded(Protocol):
    """A connection that can be ended."""

    loop: asyncio.AbstractEventLoop

    def time_out(self) -> None:
        """End the connection, whose client did not get on."""
        ...


class Connections:
    """The connections of this process, with the moment by which each must have got on."""

    def __init__(self, most: int = 4_000, most_of_address: int = CONNECTIONS_OF_ADDRESS) -> None:
        self.most = most
        self.most_of_address = most_of_address
        self._deadlines: dict[Bounded, float] = {}
        self._of_address: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many are open."""
        return len(self._deadlines)

    def admit(self, protocol: Bounded, address: str) -> bool:
        """Count a connection; whether there is room for it."""
        if len(self._deadlines) >= self.most or self._of_address[address] >= self.most_of_address:
            return False
        self._deadlines[protocol] = protocol.loop.time() + HEADER_SECONDS
        self._of_address[address] += 1
        if self._timer is None:
            self._timer = protocol.loop.call_later(_SWEEP_SECONDS, self._sweep, protocol.loop)
        return True

    def set_deadline(self, protocol: Bounded, seconds: float | None) -> None:
        """Give a connection some seconds to get on, or as long as it takes."""
        if protocol in self._deadlines:
            end = float("inf") if seconds is None else protocol.loop.time() + seconds
            self._deadlines[protocol] = end

    def forget(self, protocol: Bounded, address: str) -> None:
        """A connection has ended."""
        if self._deadlines.pop(protocol, None) is not None:
            self._of_address[address] -= 1
            if not self._of_address[address]:
                del self._of_address[address]

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """One timer for all: it ends each connection at most some seconds late."""
        now = loop.time()
        for protocol, deadline in list(self._deadlines.items()):
            if deadline <= now:
                protocol.time_out()
        self._timer = loop.call_later(_SWEEP_SECONDS, self._sweep, loop) if self._deadlines else None


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with bounds. Each process has one set of connections."""

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
        """Release what the connection held."""
        self.bounds.forget(self, self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what arrived, in parts, unless what is not a body exceeds its bound."""
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
        """Another protocol takes over, with bounds of its own."""
        self.bounds.forget(self, self._address)
        super().handle_websocket_upgrade()

    def shutdown(self) -> None:
        """End with the server, after the response under way; streams, which do not end by themselves, now."""
        end_streams()
        super().shutdown()

    def on_message_begin(self) -> None:
        """A request begins: its headers have a deadline of their own."""
        super().on_message_begin()
        self.bounds.set_deadline(self, HEADER_SECONDS)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, unless there are too many."""
        if len(self.headers) >= HEADER_COUNT:
            raise httptools.HttpParserError("too many headers")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The body has a deadline from here on."""
        self._in_head = False
        self._framing_bytes = self._body_bytes = 0
        super().on_headers_complete()
        self.bounds.set_deadline(self, BODY_SECONDS)

    def on_message_complete(self) -> None:
        """The request is whole: what it takes is up to the application."""
        super().on_message_complete()
        self._in_head, self._head_bytes, self._framing_bytes = True, 0, 0
        self.bounds.set_deadline(self, None)

    def on_response_complete(self) -> None:
        """The response is written: the connection may idle; but a body that nobody reads ends soon."""
        super().on_response_complete()
        if not self.pipeline:
            self.bounds.set_deadline(self, IDLE_SECONDS if self._in_head else UNREAD_SECONDS)

    def pause_writing(self) -> None:
        """The client does not read: not for long."""
        super().pause_writing()
        self.bounds.set_deadline(self, SEND_SECONDS)

    def resume_writing(self) -> None:
        """The client reads on."""
        super().resume_writing()
        done = self.cycle is None or self.cycle.response_complete
        self.bounds.set_deadline(self, IDLE_SECONDS if done else None)

    def time_out(self) -> None:
        """End a connection whose client did not get on, and whatever waits for it."""
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
        """Answer at once and close; nothing more is read."""
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
        body = text.encode()
        self.transport.write(
            b"HTTP/1.1 %d %s\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n"
            b"connection: close\r\n\r\n%s" % (status, reason[status], len(body), body)
        )
        self.transport.close()
        # a peer that does not read would keep a closing transport open
        self.loop.call_later(_SWEEP_SECONDS, self.transport.abort)


def bound_connections(most: int, *, behind_proxy: bool) -> None:
    """Bound the connections of this process; a proxy's are those of many addresses."""
    BoundedProtocol.bounds = Connections(most, most if behind_proxy else min(most, CONNECTIONS_OF_ADDRESS))


def raise_file_limit(connections: int) -> None:
    """Let this process open as many files as it may have connections, as far as the system allows it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 500
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard >= 0 else wanted, hard))
