"""What a subscription follows, and the events that it is run for."""

from typing import Any

import msgspec

from models.changes import ChangeKind


class LogPosition(msgspec.Struct, frozen=True, order=True):
    """Where an event is in the log of its scope: the position of its transaction, and its number there."""

    position: int
    number: int


class LiveEvent(msgspec.Struct, frozen=True):
    """An event: its row, its place in the log, and its time."""

    place: LogPosition
    row_id: str
    at: int


class Following(msgspec.Struct):
    """The events that a subscription is run for. None while it is only checked.

    The check fills in what the subscription follows: the `kind` of changes, and `after`, where to begin.
    """

    events: tuple[LiveEvent, ...] = ()
    kind: ChangeKind | None = None
    after: tuple[Any, ...] | None = None
