"""A message on its way in: what is kept of it, and the event that it was understood as."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec

from intake.event import Event
from intake.reading import Malformed, encoded, scrubbed, stripped

_LONGEST_REASON = 500


class Arrival(msgspec.Struct, frozen=True):
    """A message without its secret; either its event or the reason why there is none."""

    key: str
    payload: str
    event: Event | None = None
    reason: str | None = None


def arrival_of(tree: Any, secret: str | None, understand: Callable[[Any], Event]) -> Arrival:
    """A decoded message, stripped of the secret before anything else looks at it."""
    try:
        tree = stripped(tree, secret)
    except Malformed as fault:
        return malformed(_unread(tree), secret, fault)
    payload = encoded(tree)
    try:
        event = understand(tree)
    except Malformed as fault:
        return _refused(payload, fault)
    return Arrival(event.key, payload, event)


def malformed(body: bytes, secret: str | None, fault: Malformed) -> Arrival:
    """A message that cannot be read, named by the digest of what is kept: twice the same is one."""
    return _refused(scrubbed(body, secret), fault)


def _refused(payload: str, fault: Malformed) -> Arrival:
    digest = hashlib.sha256(payload.encode()).hexdigest()
    return Arrival(f"malformed:{digest}", payload, reason=str(fault)[:_LONGEST_REASON])


def _unread(tree: Any) -> bytes:
    try:
        return encoded(tree).encode()
    except RecursionError:
        return b""
