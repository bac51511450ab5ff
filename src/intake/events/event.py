"""One event from a marketplace, about a sale or about something else."""

import msgspec

from intake.events.facts import Facts
from intake.events.notice import Notice
from models.person_change import PersonChange
from models.vocabulary import EventSource, SaleStatus


class Event(msgspec.Struct, frozen=True):
    """An event as it was understood. Without facts, it is not about a sale and is only stored.

    `doubts` names each field that was unreadable and left out, but never its value.
    """

    key: str
    kind: str
    source: EventSource
    happened_at: int | None = None
    reference: str | None = None
    facts: Facts | None = None
    doubts: tuple[str, ...] = ()
    notice: Notice | None = None
    """What it says about someone outside of sales."""


class HistoryEvent(msgspec.Struct, frozen=True):
    """An event of one sale, as the fold reads it. Without a status, it only adds facts."""

    key: str
    happened_at: int
    status: SaleStatus | None
    facts: Facts
    source: EventSource = EventSource.WEBHOOK
    change: PersonChange | None = None
    """What a person changed, in addition to what is also a fact."""
