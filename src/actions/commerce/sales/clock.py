"""What becomes of sales because time passes."""

from actions.commerce.sales import emails
from actions.commerce.sales.events import PaymentSlipEmail, PaymentSlipExpiry, PaymentSlipNotEmailed
from actions.commerce.sales.slip import SLIP_STATE, slip_data, status_of
from actions.kit.buyer_outbox import post_by_rule
from actions.kit.clock import Due, Job
from actions.kit.event import EventFacts, record_by_clock
from models import database
from models.changes import ChangeKind, note
from models.sales.slip import DAY_MS, REQUEST_DAYS, SlipStatus

_REQUEST_MS = REQUEST_DAYS * DAY_MS
_OPEN_REQUEST = (
    "r.slip_requested_at IS NOT NULL"
    " AND (r.slip_request_noted IS NULL OR r.slip_request_noted <> r.slip_requested_at)"
)
_CLOSE_REQUEST = "slip_request_noted = slip_requested_at"
_ISSUED = "r.slip_issued_at IS NOT NULL AND r.slip_issued_at >= r.slip_requested_at"


async def _record(due: Due, facts: EventFacts, at: int) -> None:
    """Record an event of the sale, and notify those who follow it."""
    await record_by_clock(due.account_id, facts, due.id, at)
    note(due.account_id, ChangeKind.SALE, [due.id])


async def _expire(due: Due, _now: int) -> None:
    await _record(due, PaymentSlipExpiry(), due.since)


async def _expire_request(due: Due, _now: int) -> None:
    await _record(due, PaymentSlipExpiry(), due.since + _REQUEST_MS)


async def _email(due: Due, now: int) -> None:
    """E-mail a requested slip to the buyer, if it can be paid."""
    rows = await database.read(
        f"SELECT {', '.join(SLIP_STATE)}, slip_code, slip_url FROM sales WHERE account_id = ? AND id = ?",
        (due.account_id, due.id),
    )
    if status_of(rows[0], now) is not SlipStatus.PAYABLE:
        return
    slip = slip_data(rows[0]["slip_code"], rows[0]["slip_url"])
    if await post_by_rule(emails.PAYMENT_SLIP, due.id, slip) is not None:
        await _record(due, PaymentSlipNotEmailed(), now)
        return
    await database.write(
        "UPDATE sales SET slip_mailed_at = ? WHERE account_id = ? AND id = ?", (now, due.account_id, due.id)
    )
    await _record(due, PaymentSlipEmail(), now)


SLIP_EXPIRY = Job(
    "slip_expiry",
    table="sales",
    since="slip_expires_at",
    work=_expire,
    where="r.status = 'WAITING_PAYMENT'"
    " AND (r.slip_expiry_noted IS NULL OR r.slip_expiry_noted <> r.slip_expires_at)",
    writes="slip_expiry_noted = slip_expires_at",
)
"""A payment slip expires without a message."""

SLIP_ISSUE = Job(
    "slip_issue",
    table="sales",
    since="slip_requested_at",
    work=_email,
    where=f"{_OPEN_REQUEST} AND ({_ISSUED} OR r.approved_at IS NOT NULL)",
    writes=_CLOSE_REQUEST,
)
"""The marketplace has issued a requested slip, or the buyer has paid without it."""

SLIP_REQUEST_EXPIRY = Job(
    "slip_request_expiry",
    table="sales",
    since="slip_requested_at",
    work=_expire_request,
    where=f"{_OPEN_REQUEST} AND NOT ({_ISSUED}) AND r.approved_at IS NULL",
    delay_ms=_REQUEST_MS,
    writes=_CLOSE_REQUEST,
)
"""The marketplace has not issued a requested slip in time."""

JOBS = (SLIP_ISSUE, SLIP_EXPIRY, SLIP_REQUEST_EXPIRY)
