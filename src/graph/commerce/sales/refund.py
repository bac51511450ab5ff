"""Refund requests, as their sales and lists of them show them."""

import strawberry

from actions.commerce.refunds.found import refund_requests
from authz.gates import Needs, gated
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.source import Embedded, sourced
from graph.kit.changed_by import ChangedBy
from graph.kit.money import Money, priced
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from models.tables.refund import RefundReason, RefundRequestStatus

strawberry.enum(RefundRequestStatus)
strawberry.enum(RefundReason)


@gated(Needs(grant=Grant.REQUEST_REFUNDS))
@row_of("refund_requests", "refund")
@strawberry.type
class RefundRequest(Node):
    """A request to refund the whole price of a sale. It expires unless the marketplace makes the refund."""

    reference: str
    """The reference of the sale."""
    status: RefundRequestStatus
    """The status of the request. Events at the marketplace count by the time at which they happened, however
    late their messages arrive."""
    reason: RefundReason
    """The reason for the refund."""
    note: str | None
    """A note by the person who requested it."""
    amount: Money = sourced(priced("amount"))
    """The price of the sale, which is to be refunded."""
    requested_at: DateTime
    """When the refund was requested."""
    requested_by: ChangedBy = sourced(Embedded(names={"name": "requested_by_name"}))
    """The person who requested it."""
    decided_by: ChangedBy | None = sourced(
        Embedded(names={"name": "decided_by_name"}, present="decided_by_name")
    )
    """The owner who approved or refused it; null if it needed no approval or is waiting for it."""
    refusal_reason: str | None
    """Why the owner refused it."""
    expires_at: DateTime
    """When the request expires if it is still open then."""
    closed_at: DateTime | None
    """When the request was closed; null if it is open. A refund or chargeback closes it when it happened."""


found_within(RefundRequest, refund_requests)
