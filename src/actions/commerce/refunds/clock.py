"""Requests for refunds expire: without a decision after 7 days, without a refund after 30."""

from actions.kit.clock import Due, Job
from models import database
from models.changes import ChangeKind, note
from models.refund import OPEN, RefundRequestStatus
from models.statement import Statement

_OPEN = ", ".join(f"'{state.value}'" for state in OPEN)
_EXPIRED = RefundRequestStatus.EXPIRED.value


async def _announce(due: Due, _now: int) -> None:
    rows = await database.read(
        "SELECT sale_id FROM refund_requests WHERE account_id = ? AND id = ?", (due.account_id, due.id)
    )
    note(due.account_id, ChangeKind.SALE, [str(row["sale_id"]) for row in rows])


REFUND_REQUEST_EXPIRY = Job(
    "refund_request_expiry",
    table="refund_requests",
    since="expires_at",
    when=lambda now: Statement(f"r.status IN ({_OPEN}) AND r.expires_at <= ?", (now,)),
    claim=lambda _now: Statement(
        f"status = '{_EXPIRED}', own_status = '{_EXPIRED}', closed_at = expires_at,"
        " own_closed_at = expires_at"
    ),
    work=_announce,
)

JOBS = (REFUND_REQUEST_EXPIRY,)
