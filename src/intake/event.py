"""One thing that a marketplace told: about a sale, or about something else."""

import msgspec

from intake.facts import Facts
from models.words import EventSource, SaleStatus


class Event(msgspec.Struct, frozen=True):
    """An event as it was understood; without facts it speaks of no sale and is only kept."""

    key: str
    kind: str
    source: EventSource
    happened_at: int | None = None
    reference: str | None = None
    facts: Facts | None = None


class Happening(msgspec.Struct, frozen=True):
    """An event of one sale, as the fold takes it."""

    key: str
    happened_at: int
    status: SaleStatus
    facts: Facts
