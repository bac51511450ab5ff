"""How integrations and their deliveries are listed."""

import strawberry

from engine.rows.select import Order
from graph.kit.filters import equal, search, within
from graph.kit.period import PeriodInput
from graph.tools.integrations.types import Integration, IntegrationDelivery
from models.outgoing_events import EventType
from models.tables.delivery import DeliveryStatus

find_integrations = search(Integration, order=Order("created_at", descending=True))


@strawberry.input
class IntegrationDeliveryFilter:
    """A filter for deliveries of integrations. Only deliveries that meet all given conditions are listed."""

    integration: strawberry.ID | None = equal("receiver_id", Integration)
    """Deliveries to this integration."""
    event: list[EventType] | None = equal("event")
    """Deliveries of one of these types of events."""
    status: list[DeliveryStatus] | None = equal("status")
    """Deliveries with one of these statuses."""
    period: PeriodInput | None = within("created_at")
    """Deliveries that were created in this period."""


find_integration_deliveries = search(
    IntegrationDelivery, IntegrationDeliveryFilter, order=Order("created_at", descending=True)
)
