"""The marketplace's messages as they are received."""

import strawberry

from authz.gates import AdminOnly, admin_only, gated
from engine.rows.lists import row_of
from engine.rows.source import SameRow, Stamped, sourced
from graph.intake.types import IntakeMessage, find_messages
from graph.kit.follow import followed
from graph.kit.scalars import DateTime
from models.changes import ChangeKind


@gated(AdminOnly())
@row_of("intake_events")
@strawberry.type
class IntakeUpdate:
    """The arrival of a message."""

    cursor: str = sourced(Stamped(-2))
    """The position of the event, for `after`."""
    at: DateTime = sourced(Stamped(-1))
    """When it happened."""
    message: IntakeMessage = sourced(SameRow())
    """The message as it is when the event is sent."""


@strawberry.type
class IntakeSubscriptions:
    """The marketplace's messages as they are received."""

    intake_received: IntakeUpdate = followed(IntakeUpdate, ChangeKind.INTAKE, find_messages, admin_only())
    """The messages that the marketplace sends, each once, with the result of processing it. Imported messages
    are not among them."""
