"""How a list of refund requests is filtered and sorted."""

from enum import Enum

import strawberry

from graph.commerce.sales.refund import RefundRequest
from graph.kit.filters import Indexed, equal, search, within
from graph.kit.period import PeriodInput
from models.tables.refund import RefundReason, RefundRequestStatus


@strawberry.input
class RefundRequestFilter:
    """A filter for refund requests. Only requests that meet all given conditions are listed."""

    status: list[RefundRequestStatus] | None = equal("status", indexed=Indexed("status"))
    """Requests with one of these statuses."""
    requested_period: PeriodInput | None = within("requested_at")
    """Requests that were made in this period."""
    reason: list[RefundReason] | None = equal("reason", indexed=Indexed("reason"))
    """Requests with one of these reasons."""


@strawberry.enum
class RefundRequestOrderField(Enum):
    """A field by which refund requests can be sorted."""

    REQUESTED_AT = "requested_at"
    """When the refund was requested."""


find_refund_requests = search(RefundRequest, RefundRequestFilter, order=RefundRequestOrderField.REQUESTED_AT)
