"""Payment slips: one that can be paid is e-mailed again, and else a new one is requested."""

from dataclasses import dataclass
from typing import Any

from actions.commerce.sales import emails
from actions.commerce.sales.events import PaymentSlipEmail, PaymentSlipRequest, note_sales
from actions.kit.buyer_outbox import DAY_MS, post_to_buyer
from actions.kit.call import Call
from actions.kit.event import count_since, newest_of, record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.refusals import already_requested, method_excluded, require_seller, wrong_state
from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.sales.slip import SlipStatus, slip_status
from models.statement import Statement
from models.vocabulary import PaymentMethod, SaleStatus

ISSUE_PAYMENT_SLIP = Mutation(
    "issuePaymentSlip",
    Grant.ISSUE_PAYMENT_SLIPS,
    "Sale",
    codes=(
        *(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.METHOD_EXCLUDED),
        *(ErrorCode.ALREADY_REQUESTED, ErrorCode.NO_ADDRESS, ErrorCode.RATE_LIMITED),
    ),
    replays=True,
    alone=True,
    changes_access=False,
)
MOST_A_DAY = 3
_STATES = (SaleStatus.WAITING_PAYMENT, SaleStatus.EXPIRED, SaleStatus.OVERDUE)
_METHODS = (PaymentMethod.BILLET, PaymentMethod.PIX, PaymentMethod.CASH, PaymentMethod.BANK_TRANSFER)
SLIP_STATE = ("status", "approved_at", "slip_issued_at", "slip_expires_at", "slip_requested_at")
"""The columns of a sale that decide the status of its slip."""
_COLUMNS = ("id", "sold_as", "payment_method", "slip_code", "slip_url", *SLIP_STATE)


@dataclass(frozen=True, slots=True)
class IssuedSlip:
    """The sale of a payment slip, and whether the slip was e-mailed: else a new one was requested."""

    sale_id: str
    sent: bool


async def issue_payment_slip(call: Call, reference: str) -> IssuedSlip:
    """E-mail the slip of a sale to its buyer again, or request a new one if it can no longer be paid.

    The sale stays locked until the commit, so of several calls at once one requests a slip.
    """
    sent: bool | None = None

    async def work(viewer: Viewer) -> Done:
        nonlocal sent
        within = reach.rows(viewer, "sales", Grant.ISSUE_PAYMENT_SLIPS)
        sale = await _sale(within, reference)
        found = _require_open(sale)
        await _require_few(within, str(sale["id"]))
        sent = found is SlipStatus.PAYABLE
        changes = await (_send(viewer, within, sale) if sent else _request(viewer, within, sale, found))
        note_sales(viewer, [str(sale["id"])])
        return Done(str(sale["id"]), changes)

    sale_id = await ISSUE_PAYMENT_SLIP.perform(call, work, reference)
    return IssuedSlip(sale_id, await _replayed(call.viewer, sale_id) if sent is None else sent)


def slip_data(code: str | None, url: str | None) -> dict[str, str]:
    """The data of a slip that its e-mail needs."""
    return {"slip": code or url or "–"}


def status_of(sale: Any, now: int) -> SlipStatus | None:
    """The status of a sale's slip by the columns in `SLIP_STATE`; None if there never was a slip."""
    status, approved_at, issued_at, expires_at, requested_at = (sale[name] for name in SLIP_STATE)
    return slip_status(status, approved_at, issued_at, expires_at, requested_at, now)


async def _sale(within: Reach, reference: str) -> Any:
    """The sale, locked."""
    rows = await database.read(
        Statement(
            f"SELECT {', '.join(f'r.{name}' for name in _COLUMNS)} FROM sales r WHERE r.reference = ? AND ",
            (reference,),
        )
        + within.where("r")
        + (" FOR UPDATE" if database.dialect() == "postgres" else "")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("reference",))
    return rows[0]


def _require_open(sale: Any) -> SlipStatus | None:
    """Refuse a sale that no slip can be issued for. Returns the status of its present slip."""
    require_seller(sale["sold_as"])
    status, method = sale["status"], sale["payment_method"]
    if status != SaleStatus.OVERDUE and method not in _METHODS:
        raise method_excluded(method)
    if status not in _STATES:
        raise wrong_state(status, _STATES)
    found = status_of(sale, database.now())
    if found is SlipStatus.PAID:
        raise wrong_state(found, _STATES)
    if found is SlipStatus.REQUESTED:
        raise already_requested()
    return found


async def _require_few(within: Reach, sale_id: str) -> None:
    since = database.now() - DAY_MS
    found = await count_since((PaymentSlipRequest, PaymentSlipEmail), within, sale_id, since)
    if found >= MOST_A_DAY:
        raise Refusal(ErrorCode.RATE_LIMITED, "too_many_slips", ("reference",), most=MOST_A_DAY)


async def _send(viewer: Viewer, within: Reach, sale: Any) -> tuple[Change, ...]:
    """E-mail the slip. It also answers an earlier request, so that the clock does not send it once more."""
    await post_to_buyer(emails.PAYMENT_SLIP, str(sale["id"]), slip_data(sale["slip_code"], sale["slip_url"]))
    of = Statement("r.id = ?", (sale["id"],)) & within.where("r")
    await record(viewer, PaymentSlipEmail(), of)
    sent = Statement(
        "UPDATE sales AS r SET slip_mailed_at = ?, slip_request_noted = slip_requested_at WHERE ",
        (database.now(),),
    )
    await database.write(sent + of)
    return (Change("IssuePaymentSlipPayload.sent", None, True),)


async def _request(viewer: Viewer, within: Reach, sale: Any, found: SlipStatus | None) -> tuple[Change, ...]:
    """Request a new slip: the one place where a request begins, and from which it goes out."""
    # later than the slip that there is, even if the marketplace's clock is ahead
    at = max(database.now(), (sale["slip_issued_at"] or 0) + 1)
    of = Statement("r.id = ?", (sale["id"],)) & within.where("r")
    await record(viewer, PaymentSlipRequest(), of)
    request = Statement(
        "UPDATE sales AS r SET slip_requested_at = ?, slip_requested_by = ? WHERE ", (at, viewer.name or None)
    )
    await database.write(request + of)
    note_event(str(within.account_id), EventType.SALE_SLIP_REQUESTED, [str(sale["id"])])
    return (Change("PaymentSlip.status", found and found.value, SlipStatus.REQUESTED.value),)


async def _replayed(viewer: Viewer, sale_id: str) -> bool:
    """Whether the last call for the sale e-mailed its slip."""
    within = reach.rows(viewer, "sales", Grant.ISSUE_PAYMENT_SLIPS)
    return await newest_of((PaymentSlipRequest, PaymentSlipEmail), within, sale_id) is PaymentSlipEmail
