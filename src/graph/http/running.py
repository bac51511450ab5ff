"""Running streams: counted, limited for each client, and logged when they end."""

import contextlib
import logging
import time
from collections import Counter
from collections.abc import Iterator
from typing import Literal

import msgspec

from graph.http.live import Live
from graph.http.stream import Stream
from telemetry.figures import STREAMS, STREAMS_ENDED
from telemetry.line import write_line
from telemetry.request import plain_word

Transport = Literal["websocket", "sse"]
_log = logging.getLogger("centrals.request")
OPEN: Counter[str] = Counter()
"""The number of running streams in this process, by transport."""


class StreamOutcome(msgspec.Struct):
    """Why a stream ended: by the client, unless something else is recorded."""

    reason: str = "client"


@contextlib.contextmanager
def running(live: Live, stream: Stream, transport: Transport, network: str) -> Iterator[StreamOutcome]:
    """A stream that runs for the duration of the block. Raises `TooManyStreams`."""
    ending, started = StreamOutcome(), time.monotonic()
    with live.streams.slot(stream.viewer.user_id, network):
        _count(transport, 1)
        try:
            yield ending
        finally:
            _count(transport, -1)
            STREAMS_ENDED.add(ending.reason)
            viewer, name = stream.viewer, stream.name
            write_line(
                _log,
                "stream",
                {
                    "request_id": stream.request_id,
                    "transport": transport,
                    "operation": name if name is not None and plain_word(name) else None,
                    "outcome": ending.reason,
                    "events": stream.sent,
                    "user_id": viewer.user_id,
                    "account_id": viewer.central.account_id if viewer.central else None,
                    "seconds": round(time.monotonic() - started, 1),
                },
            )


def _count(transport: Transport, change: int) -> None:
    OPEN[transport] += change
    STREAMS.set(OPEN[transport], transport)
