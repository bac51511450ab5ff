"""What happened to a sale: what the marketplace sent, what people changed, and what time did."""

import strawberry

from actions.commerce.sales.events import SALE_HISTORY
from authz.gates import Needs, gated
from engine.rows.lists import row_of
from graph.kit.event import shows
from graph.kit.scalars import DateTime
from models.vocabulary import EventSource, SaleStatus

strawberry.enum(SaleStatus)
strawberry.enum(EventSource, name="SaleEventSource")


@gated(Needs(grant=SALE_HISTORY.grant))
@row_of("sale_events")
@strawberry.type
@shows(SALE_HISTORY)
class SaleEvent:
    """One event of a sale: a message from the marketplace, or a change that happened here."""

    status: SaleStatus | None
    """The status that the event gave the sale; null for a change that happened here."""
    happened_at: DateTime
    """When the event happened."""
    source: EventSource
    """The source of the event."""
