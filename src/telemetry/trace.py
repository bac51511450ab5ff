"""W3C trace context: the trace that a request belongs to, and what is exported of it."""

import re
import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

import msgspec

_TRACEPARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


class TraceContext(msgspec.Struct, frozen=True):
    """A trace and the span of this server in it, in hex."""

    trace_id: str
    span_id: str
    flags: str = "00"
    parent_id: str | None = None

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def continued(traceparent: bytes) -> TraceContext | None:
    """The trace that a header names, with a new span; None for a header that is not valid."""
    match = _TRACEPARENT.fullmatch(traceparent)
    if match is None:
        return None
    version, trace_id, parent_id, flags, more = match.groups()
    if (
        version == b"ff"
        or (version == b"00" and more)
        or not trace_id.strip(b"0")
        or not parent_id.strip(b"0")
    ):
        return None
    sampled = "01" if int(flags, 16) & 1 else "00"
    return TraceContext(trace_id.decode(), secrets.token_hex(8), sampled, parent_id.decode())


class RequestSpan(Protocol):
    """The span of a request, while it runs."""

    context: TraceContext

    def end(self, name: str, status: int, attributes: Mapping[str, Any]) -> None:
        """End the span, with what is known of the request by now."""
        ...


class Tracer(Protocol):
    """What exports spans."""

    def begin(self, scope: Mapping[str, Any]) -> RequestSpan:
        """Begin the span of a request."""
        ...

    def statement(self, text: str, dialect: str) -> AbstractContextManager[Any]:
        """A span around an SQL statement; its text holds no values."""
        ...


class Tracing:
    """The tracer of this process; there is none unless the settings name where spans go."""

    tracer: Tracer | None = None
