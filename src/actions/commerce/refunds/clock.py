"""Refund requests expire: without a decision after 7 days, without a refund after 30."""

from actions.commerce.sales.events import RefundRequestChange
from actions.kit.clock import Due, Job
from actions.kit.event import record_by_clock
from models import database
from models.changes import ChangeKind, note
from models.tables.refund import OPEN, RefundReason, RefundRequestStatus

_OPEN = ", ".join(f"'{state.value}'" for state in OPEN)
_EXPIRED = RefundRequestStatus.EXPIRED


async def _announce(due: Due, _now: int) -> None:
    """Record the expiry in the sale's history, and notify those who follow the sale."""
    rows = await database.read(
        "SELECT sale_id, reason FROM refund_requests WHERE account_id = ? AND id = ?",
        (due.account_id, due.id),
    )
    sale_id, reason = str(rows[0]["sale_id"]), RefundReason(rows[0]["reason"])
    facts = RefundRequestChange(status=_EXPIRED, reason=reason)
    await record_by_clock(due.account_id, facts, sale_id, due.since)
    note(due.account_id, ChangeKind.SALE, [sale_id])


REFUND_REQUEST_EXPIRY = Job(
    "refund_request_expiry",
    table="refund_requests",
    since="expires_at",
    work=_announce,
    where=f"r.status IN ({_OPEN})",
    writes=f"status = '{_EXPIRED.value}', own_status = '{_EXPIRED.value}', closed_at = expires_at,"
    " own_closed_at = expires_at",
)

JOBS = (REFUND_REQUEST_EXPIRY,)
