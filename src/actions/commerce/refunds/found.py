"""A refund request and its sale, locked for a mutation, and the rows of both that change together."""

from typing import Any

from actions.commerce.sales.events import RefundRequestChange, note_sales
from actions.kit.event import record
from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.statement import Statement
from models.tables.refund import RefundReason, RefundRequestStatus


def refund_requests(viewer: Viewer) -> Reach:
    """The refund requests that a viewer can see: those of the sales that are assigned within reach."""
    return reach.rows(viewer, "refund_requests", Grant.REQUEST_REFUNDS)


def sales_to_refund(viewer: Viewer) -> Reach:
    """The sales that a viewer can request refunds of."""
    return reach.rows(viewer, "sales", Grant.REQUEST_REFUNDS)


def row_lock() -> str:
    """The end of a statement that reads a row which the mutation changes."""
    return " FOR UPDATE" if database.dialect() == "postgres" else ""


async def locked_request(viewer: Viewer, request_id: str) -> Any:
    """The request within reach. Its sale is locked, as arriving messages lock it."""
    within = refund_requests(viewer)
    named = Statement("r.id = ?", (request_id,)) & within.where("r")
    await database.read(
        Statement("SELECT s.id FROM sales s WHERE s.account_id = ? AND s.id =", (within.account_id,))
        + " (SELECT r.sale_id FROM refund_requests r WHERE "
        + named
        + ")"
        + row_lock()
    )
    rows = await database.read(
        Statement(
            "SELECT r.id, r.sale_id, r.assignee_id, r.status, r.reason, r.requested_by_id,"
            " r.requested_by_owner, s.status AS sale_status"
            " FROM refund_requests r JOIN sales s ON s.id = r.sale_id WHERE "
        )
        + named
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_refund_request", ("id",))
    return rows[0]


async def note_change(
    viewer: Viewer,
    sale_id: str,
    status: RefundRequestStatus,
    reason: RefundReason,
    before: RefundRequestStatus | None = None,
) -> None:
    """Record what a person did in the sale's history, and notify those who follow it, and other systems.

    Other systems do not learn of a request before the owner has approved it.
    """
    chosen = Statement("r.id = ?", (sale_id,)) & sales_to_refund(viewer).where("r")
    await record(viewer, RefundRequestChange(status=status, reason=reason), chosen)
    note_sales(viewer, [sale_id])
    assert viewer.central is not None
    if status is RefundRequestStatus.REQUESTED:
        note_event(viewer.central.account_id, EventType.SALE_REFUND_REQUESTED, [sale_id])
    elif status is RefundRequestStatus.WITHDRAWN and before is RefundRequestStatus.REQUESTED:
        note_event(viewer.central.account_id, EventType.SALE_REFUND_WITHDRAWN, [sale_id])
