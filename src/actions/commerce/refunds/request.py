"""Requesting the refund of a sale, and withdrawing the request."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.commerce.refunds import emails
from actions.commerce.refunds.found import (
    locked_request,
    note_change,
    row_lock,
    sales_to_refund,
)
from actions.commerce.refunds.limits import limits_by_act
from actions.kit.allowance import spend
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.outbox import post_to_owner
from actions.kit.refusals import (
    already_requested,
    method_excluded,
    no_warranty,
    warranty_over,
    wrong_state,
)
from actions.notices.mentions import mention
from authz.gates import Standing
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import MyRole, Viewer
from models import database
from models.currency import money_text
from models.sales.warranty import warranty_end
from models.statement import Statement, one_of
from models.tables.refund import OPEN, ApprovalAct, RefundReason, RefundRequestStatus
from models.vocabulary import PaymentMethod, SaleStatus, SoldAs

REQUEST_REFUND = Mutation(
    "requestRefund",
    Grant.REQUEST_REFUNDS,
    "Sale",
    codes=(
        *(ErrorCode.NOT_FOUND, ErrorCode.BAD_INPUT, ErrorCode.WRONG_STATE, ErrorCode.METHOD_EXCLUDED),
        *(ErrorCode.NO_WARRANTY, ErrorCode.WARRANTY_OVER, ErrorCode.ALREADY_REQUESTED),
        ErrorCode.RATE_LIMITED,
    ),
    replays=True,
    alone=True,
    changes_access=False,
)
WITHDRAW_REFUND_REQUEST = Mutation(
    "withdrawRefundRequest",
    Grant.REQUEST_REFUNDS,
    "RefundRequest",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE),
    replays=True,
    changes_access=False,
)
MOST_A_DAY = 100
SHORTEST_NOTE = 5
LONGEST_NOTE = 500
REFUNDABLE = (SaleStatus.APPROVED, SaleStatus.COMPLETE)
DAY_MS = 24 * 3_600_000
APPROVAL_MS = 7 * DAY_MS
REQUEST_MS = 30 * DAY_MS


async def request_refund(
    call: Call, reference: str, reason: RefundReason, note: str | None, mentions: Sequence[str] = ()
) -> str:
    """Request the refund of a sale's whole price. Returns the id of the request.

    Above the owner's limit it waits for the owner's approval, unless the owner requests it in a session. The
    collaborators whom the note mentions are notified.
    """

    async def work(viewer: Viewer) -> Done:
        words = _note(reason, note, required=bool(mentions))
        sale = await _sale(viewer, reference)
        _require_refundable(viewer, sale)
        await _require_new(viewer, sale)
        await _require_few(viewer)
        await spend(viewer, sale["price"], sale["currency"])
        await mention(viewer, "sales", str(sale["id"]), mentions)
        waits = await _waits(viewer, sale)
        status = RefundRequestStatus.AWAITING_APPROVAL if waits else RefundRequestStatus.REQUESTED
        request_id = await _insert(viewer, sale, status, reason, words)
        await note_change(viewer, str(sale["id"]), status, reason)
        if waits:
            await _notify_owner(viewer, sale)
        return Done(
            request_id,
            (
                Change("RefundRequest.status", None, status.value),
                Change("RefundRequest.reason", None, reason.value),
                *((Change("RefundRequest.note", None, words),) if words else ()),
            ),
        )

    return await REQUEST_REFUND.perform(call, work, reference)


async def withdraw_refund_request(call: Call, request_id: str) -> str:
    """Withdraw an open request: for who made it, a lead of the sale's assignee, the owner and admins."""

    async def work(viewer: Viewer) -> Done:
        found = await locked_request(viewer, request_id)
        mine = str(found["requested_by_id"]) == viewer.user_id
        leads = found["assignee_id"] is not None and str(found["assignee_id"]) in viewer.led
        if not (mine or leads or viewer.role in (MyRole.OWNER, MyRole.ADMIN)):
            raise Refusal(ErrorCode.FORBIDDEN, "not_your_refund_request", ("id",))
        change = await move(viewer, found, RefundRequestStatus.WITHDRAWN)
        return Done(str(found["id"]), (change,))

    return await WITHDRAW_REFUND_REQUEST.perform(call, work, request_id)


async def move(
    viewer: Viewer,
    request: Any,
    status: RefundRequestStatus,
    allowed: tuple[RefundRequestStatus, ...] = OPEN,
    **columns: Any,
) -> Change:
    """Give a request another status, by a person. Refuses a request in any state but the allowed ones."""
    before = RefundRequestStatus(request["status"])
    if before not in allowed:
        raise wrong_state(before.value, [state.value for state in allowed], ("id",))
    closed_at = None if status in OPEN else database.now()
    written = {
        "status": status.value,
        "own_status": status.value,
        "closed_at": closed_at,
        "own_closed_at": closed_at,
        **columns,
    }
    assert viewer.central is not None
    await database.write(
        f"UPDATE refund_requests SET {', '.join(f'{name} = ?' for name in written)}"
        " WHERE account_id = ? AND id = ?",
        (*written.values(), viewer.central.account_id, request["id"]),
    )
    await note_change(viewer, str(request["sale_id"]), status, RefundReason(request["reason"]), before)
    return Change("RefundRequest.status", before.value, status.value)


def _note(reason: RefundReason, note: str | None, *, required: bool) -> str | None:
    words = (note or "").strip()
    least = SHORTEST_NOTE if words or required or reason is RefundReason.OTHER else 0
    if not least <= len(words) <= LONGEST_NOTE:
        raise Refusal(ErrorCode.BAD_INPUT, "refund_note", ("note",), least=SHORTEST_NOTE, most=LONGEST_NOTE)
    return words or None


async def _sale(viewer: Viewer, reference: str) -> Any:
    """The sale, locked: a message that arrives now counts before or after the request, not in between."""
    within = sales_to_refund(viewer)
    rows = await database.read(
        Statement(
            "SELECT r.id, r.reference, r.status, r.sold_as, r.payment_method, r.warranty_until, r.price,"
            " r.currency, r.assignee_id, r.approved_at, (SELECT p.warranty_days FROM products p"
            " WHERE p.account_id = r.account_id AND p.id = r.product_id) AS warranty_days"
            " FROM sales r WHERE r.reference = ? AND ",
            (reference,),
        )
        + within.where("r")
        + row_lock()
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("reference",))
    return rows[0]


def _require_refundable(viewer: Viewer, sale: Any) -> None:
    assert viewer.central is not None
    if sale["sold_as"] == SoldAs.AFFILIATE.value:
        raise Refusal(ErrorCode.FORBIDDEN, "refund_of_another_seller", ("reference",))
    require_refundable_status(sale["status"], ("reference",))
    if sale["payment_method"] == PaymentMethod.DIRECT_DEBIT.value:
        raise method_excluded(sale["payment_method"])
    until = warranty_end(sale["warranty_until"], sale["approved_at"], sale["warranty_days"])
    if until is None:
        raise no_warranty()
    if until < database.now():
        day = datetime.fromtimestamp(until / 1000, ZoneInfo(viewer.central.timezone)).date()
        raise warranty_over(day.isoformat())


def require_refundable_status(status: str, field: tuple[str, ...]) -> None:
    """Refuse a sale that is not paid, or that the marketplace has begun to pay back."""
    if SaleStatus(status) not in REFUNDABLE:
        raise wrong_state(status, [state.value for state in REFUNDABLE], field)


async def _require_new(viewer: Viewer, sale: Any) -> None:
    assert viewer.central is not None
    rows = await database.read(
        Statement(
            "SELECT 1 FROM refund_requests WHERE account_id = ? AND sale_id = ? AND ",
            (viewer.central.account_id, sale["id"]),
        )
        + one_of("status", [state.value for state in OPEN])
    )
    if rows:
        raise already_requested()


async def _require_few(viewer: Viewer) -> None:
    """Refuse a person who made many requests within a day, by session or token.

    The mutations of an account run one after the other, so two at once are both counted.
    """
    assert viewer.central is not None
    rows = await database.read(
        "SELECT COUNT(*) AS n FROM refund_requests"
        " WHERE account_id = ? AND requested_by_id = ? AND requested_at > ?",
        (viewer.central.account_id, viewer.user_id, database.now() - DAY_MS),
    )
    if rows[0]["n"] >= MOST_A_DAY:
        raise Refusal(ErrorCode.RATE_LIMITED, "too_many_refund_requests", ("reference",), most=MOST_A_DAY)


async def _waits(viewer: Viewer, sale: Any) -> bool:
    """Whether the price is above a limit of the owner, for a sale or for a day.

    Neither limits an owner who is here in person.
    """
    assert viewer.central is not None
    if viewer.mask & Standing.OWNER and viewer.session_id is not None:
        return False
    limits, currency = await limits_by_act(viewer.central.account_id), sale["currency"]
    of_sale = limits.get(ApprovalAct.REFUND, {}).get(currency)
    of_day = limits.get(ApprovalAct.REFUND_DAY, {}).get(currency)
    if of_sale is not None and sale["price"] > of_sale:
        return True
    return of_day is not None and sale["price"] + await _requested_today(viewer, currency) > of_day


async def _requested_today(viewer: Viewer, currency: str) -> int:
    """What the person requested within 24 hours and the owner did not approve, in minor units.

    Requests that they withdrew count, since the marketplace may refund the sale all the same.
    """
    assert viewer.central is not None
    rows = await database.read(
        "SELECT COALESCE(SUM(amount), 0) AS total FROM refund_requests"
        " WHERE account_id = ? AND requested_by_id = ? AND requested_at > ? AND currency = ?"
        " AND decided_by_id IS NULL AND status <> ?",
        (
            viewer.central.account_id,
            viewer.user_id,
            database.now() - DAY_MS,
            currency,
            RefundRequestStatus.AWAITING_APPROVAL.value,
        ),
    )
    return int(rows[0]["total"])


async def _insert(
    viewer: Viewer, sale: Any, status: RefundRequestStatus, reason: RefundReason, note: str | None
) -> str:
    assert viewer.central is not None
    now, request_id, account_id = database.now(), database.new_id(), viewer.central.account_id
    waits = status is RefundRequestStatus.AWAITING_APPROVAL
    await database.write(
        "UPDATE refund_requests SET current_of = NULL WHERE account_id = ? AND current_of = ?",
        (account_id, sale["id"]),
    )
    await database.insert(
        "refund_requests",
        {
            "id": request_id,
            "account_id": account_id,
            "sale_id": sale["id"],
            "current_of": sale["id"],
            "assignee_id": sale["assignee_id"],
            "reference": sale["reference"],
            "status": status.value,
            "reason": reason.value,
            "note": note,
            "amount": sale["price"],
            "currency": sale["currency"],
            "requested_at": now,
            "requested_by_id": viewer.user_id,
            "requested_by_owner": viewer.role is MyRole.OWNER,
            "requested_by_name": viewer.name,
            "expires_at": now + (APPROVAL_MS if waits else REQUEST_MS),
            "own_status": status.value,
        },
    )
    return request_id


async def _notify_owner(viewer: Viewer, sale: Any) -> None:
    """E-mail the owner that a request waits for their approval."""
    assert viewer.central is not None
    amount = money_text(sale["price"], sale["currency"])
    words = {"by": viewer.name, "reference": sale["reference"], "amount": amount}
    await post_to_owner(emails.APPROVAL_WAITS, viewer.central.account_id, words)
