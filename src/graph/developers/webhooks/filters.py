"""How endpoints and deliveries are listed."""

import strawberry

from engine.rows.select import Order
from graph.developers.webhooks.types import Delivery, WebhookEndpoint
from graph.kit.filters import equal, search, within
from graph.kit.period import PeriodInput
from models.outgoing_events import EventType
from models.tables.delivery import DeliveryStatus

find_webhooks = search(WebhookEndpoint, order=Order("created_at", descending=True))


@strawberry.input
class DeliveryFilter:
    """A filter for deliveries. Only deliveries that meet all given conditions are listed."""

    endpoint: strawberry.ID | None = equal("receiver_id", WebhookEndpoint)
    """Deliveries to this endpoint."""
    event: list[EventType] | None = equal("event")
    """Deliveries of one of these types of events."""
    status: list[DeliveryStatus] | None = equal("status")
    """Deliveries with one of these statuses."""
    period: PeriodInput | None = within("created_at")
    """Deliveries that were created in this period."""


find_deliveries = search(Delivery, DeliveryFilter, order=Order("created_at", descending=True))
