"""What happened to an opportunity, and what people wrote about it."""

from enum import StrEnum

import strawberry

from actions.commerce.opportunities.events import OPPORTUNITY_HISTORY
from actions.commerce.opportunities.found import GRANT
from authz.gates import Needs, gated
from engine.rows.lists import row_of
from engine.rows.source import Column, Embedded, computed, sourced
from graph.kit.changed_by import ChangedBy
from graph.kit.event import shows
from graph.kit.scalars import DateTime
from models.vocabulary import OWN_SOURCES


@strawberry.enum
class OpportunityOccurrence(StrEnum):
    """What became of an opportunity by the marketplace's messages."""

    OPENED = "OPENED"
    """The first attempt, or the order."""
    ATTEMPT = "ATTEMPT"
    """Another attempt at the checkout, or another refused payment."""
    EXPIRED = "EXPIRED"
    """The payment slip expired, or its sale ended."""
    WON = "WON"
    """The contact bought."""
    PAID_IN_TIME = "PAID_IN_TIME"
    """The order was paid before it was an opportunity, as a later message said."""


@strawberry.enum
class OpportunityEventSource(StrEnum):
    """The source of an opportunity's event."""

    MARKETPLACE = "MARKETPLACE"
    """A message from the marketplace."""
    PERSON = "PERSON"
    """Something that a person did."""
    CLOCK = "CLOCK"
    """What happened because time passed."""


def _occurrence(source: str, kind: str) -> OpportunityOccurrence | None:
    return None if source in OWN_SOURCES else OpportunityOccurrence(kind)


def _source(source: str) -> OpportunityEventSource:
    return OpportunityEventSource(source if source in OWN_SOURCES else "MARKETPLACE")


@gated(Needs(grant=GRANT))
@row_of("opportunity_events")
@strawberry.type
@shows(OPPORTUNITY_HISTORY)
class OpportunityEvent:
    """One event of an opportunity: what a message said, or what happened here."""

    occurrence: OpportunityOccurrence | None = computed(_occurrence, "source", "kind")
    """What a message said; null for what happened here."""
    happened_at: DateTime
    """When the event happened."""
    source: OpportunityEventSource = computed(_source, "source")
    """The source of the event."""


@gated(Needs(grant=GRANT))
@row_of("opportunity_notes")
@strawberry.type
class OpportunityNote:
    """What a person wrote about an opportunity."""

    text: str
    """The text, of 1 to 5,000 characters."""
    at: DateTime = sourced(Column("written_at"))
    """When it was written."""
    by: ChangedBy = sourced(Embedded(names={"name": "written_by_name"}))
    """The person who wrote it."""
