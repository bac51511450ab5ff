"""Deliveries that fail."""

import strawberry

from authz.gates import Needs, gated, needs
from engine.rows.lists import row_of
from engine.rows.source import SameRow, Stamped, sourced
from graph.developers.webhooks.filters import find_deliveries
from graph.developers.webhooks.types import GATE, Delivery
from graph.kit.follow import followed
from graph.kit.scalars import DateTime
from models.changes import ChangeKind


@gated(Needs(grant=GATE))
@row_of("deliveries")
@strawberry.type
class DeliveryFailure:
    """A try that failed."""

    cursor: str = sourced(Stamped(-2))
    """The position of the event, for `after`."""
    at: DateTime = sourced(Stamped(-1))
    """When it happened."""
    delivery: Delivery = sourced(SameRow())
    """The delivery as it is when the event is sent."""


@strawberry.type
class DeliverySubscriptions:
    """Deliveries that fail."""

    delivery_failed: DeliveryFailure = followed(
        DeliveryFailure, ChangeKind.DELIVERY, find_deliveries, needs(GATE)
    )
    """Tries to send a message that failed, whether there will be another one or not."""
