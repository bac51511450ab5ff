"""The intake: what the marketplace sent, and what became of it."""

from typing import Any

import strawberry

from authz import reach
from authz.gates import AdminOnly, gated, needs, owner_only
from authz.grant import Grant
from authz.viewer import Viewer
from engine.rows.lists import decoded, row_of
from engine.rows.select import Order, counted_by
from engine.rows.source import Joined, column, computed
from graph.commerce.sales.types import Sale
from graph.kit.filters import equal, present, search, within
from graph.kit.node import Node, found_within
from graph.kit.period import PeriodInput
from graph.kit.scalars import DateTime
from models import database
from models.vocabulary import IntakeChannel, IntakeOutcome

strawberry.enum(IntakeOutcome)
strawberry.enum(IntakeChannel)


def _doubts(stored: Any) -> list[str]:
    return list(decoded(stored)) if stored else []


@gated(AdminOnly())
@row_of("intake_events", "message")
@strawberry.type
class IntakeMessage(Node):
    """A message from the marketplace, received or imported. The secret is never stored with it."""

    received_at: DateTime
    """When the message arrived."""
    happened_at: DateTime | None
    """When the event happened at the marketplace; null if the message does not say."""
    kind: str | None
    """The marketplace's name for the event, for example `PURCHASE_APPROVED`; null if it could not be read."""
    outcome: IntakeOutcome
    """The result of processing the message."""
    reason: str | None
    """Why the message was not understood or what it is waiting for, in English; null unless the outcome is
    MALFORMED or WAITING."""
    doubts: list[str] = computed(_doubts, "doubts")
    """The fields that were unreadable and therefore omitted, in English. At most a few dozen; none for most
    messages."""
    reference: str | None
    """The marketplace's transaction code of the sale that the message is about, for example `HP0123456789`.
    """
    sale: Sale | None = needs(
        Grant.SEARCH_SALES, Joined("reference", on="reference", when=("outcome", "<> 'TEST'"))
    )
    """The sale with that reference. Null for tests, and for messages about something else or about a sale
    that is not known yet."""
    source: IntakeChannel | None = column("channel")
    """How the message arrived; null for messages that were stored before Centrals recorded it."""
    payload: str = owner_only()
    """The message itself as JSON text, with the secret removed. It contains the buyer's personal data."""


@gated(AdminOnly())
@strawberry.type
class IntakeCount:
    """The number of messages with an outcome."""

    outcome: IntakeOutcome
    """The outcome."""
    count: int
    """The number of messages."""


@strawberry.input
class IntakeFilter:
    """A filter for messages. Only messages that meet all given conditions are listed."""

    outcome: list[IntakeOutcome] | None = equal("outcome")
    """Messages with one of these outcomes."""
    kind: list[str] | None = equal("kind")
    """Messages of one of these kinds, for example `["PURCHASE_REFUNDED"]`."""
    reference: str | None = equal("reference")
    """Messages about one transaction of the marketplace, for example `"HP0123456789"`."""
    has_doubts: bool | None = present("doubts")
    """True: messages with doubts. False: messages without."""
    period: PeriodInput | None = within("received_at")
    """Messages received in a period, in the account's time zone."""


found_within(IntakeMessage, reach.intake)
find_messages = search(IntakeMessage, IntakeFilter, order=Order("received_at", descending=True))


async def counts_of(viewer: Viewer, criteria: IntakeFilter | None) -> list[IntakeCount]:
    """How many messages within reach had each outcome."""
    statement = counted_by("intake_events", "outcome", find_messages(viewer, criteria).condition)
    found = dict(await database.read(statement, named=False))
    return [IntakeCount(outcome=outcome, count=found.get(outcome.value, 0)) for outcome in IntakeOutcome]
