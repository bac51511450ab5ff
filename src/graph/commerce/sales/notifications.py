"""The mutation that sends events of a sale again."""

import strawberry

from actions.commerce.sales import notifications
from authz.gates import Needs
from authz.grant import Grant
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import prefixed
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.storable import storable
from models.outgoing_events import EventType


@strawberry.input
class ResendNotificationsInput(RepeatableInput):
    """A sale whose events are sent again."""

    reference: str
    """The sale's reference."""
    types: list[EventType] | None = None
    """The types of events to send again; by default that of the newest status."""
    endpoints: list[strawberry.ID] | None = strawberry.field(
        default=None, directives=[Needs(grant=Grant.MANAGE_API_AND_NOTIFICATIONS)]
    )
    """The endpoints to send them to; by default all that take the types."""


@strawberry.type
class ResendNotificationsPayload(Payload):
    """The result of `resendNotifications`."""

    reference: str
    """The reference from the input."""
    deliveries: int = 0
    """How many messages are sent."""


@strawberry.type
class NotificationMutations:
    """The mutation that sends events of a sale again."""

    @mutation(notifications.RESEND_NOTIFICATIONS)
    async def resend_notifications(
        self,
        info: Info,
        input: ResendNotificationsInput,  # noqa: A002
    ) -> ResendNotificationsPayload:
        """Sends events of a sale again to the systems that take them, each with the id that it had.

        NOTHING_TO_SEND: no system takes them. BAD_INPUT: the sale never had one of the types. RATE_LIMITED:
        events of the sale were sent again five times within a day.

        Args:
            input: The sale.
        """
        named = input.endpoints
        endpoints = None if named is None else [prefixed("webhook_", name) for name in named]
        sale_id, count = await notifications.resend_notifications(
            info.context.call, storable(input.reference), input.types or (), endpoints
        )
        return ResendNotificationsPayload(object_id=sale_id, reference=input.reference, deliveries=count)
