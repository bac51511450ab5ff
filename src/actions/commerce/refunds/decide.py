"""The owner's decision on a request that waits for it."""

from typing import Any

from actions.commerce.refunds.found import locked_request, sales_to_refund
from actions.commerce.refunds.request import (
    LONGEST_NOTE,
    REQUEST_MS,
    SHORTEST_NOTE,
    move,
    require_refundable_status,
)
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.refusals import same_person
from authz.gates import Standing
from authz.identity import NoSuchCentral, person_in
from authz.refusal import ErrorCode, Refusal, Unauthenticated
from authz.viewer import Viewer
from models import database
from models.statement import Statement
from models.tables.refund import RefundRequestStatus

APPROVE_REFUND_REQUEST = Mutation(
    "approveRefundRequest",
    Standing.OWNER,
    "RefundRequest",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.SAME_PERSON),
    replays=True,
    changes_access=False,
)
REFUSE_REFUND_REQUEST = Mutation(
    "refuseRefundRequest",
    Standing.OWNER,
    "RefundRequest",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.BAD_INPUT),
    replays=True,
    changes_access=False,
)
_WAITING = (RefundRequestStatus.AWAITING_APPROVAL,)


async def approve_refund_request(call: Call, request_id: str) -> str:
    """Approve a request, if the person who made it could still make it.

    Nobody approves what they requested as a collaborator, even if they have become the owner since. What a
    token of the owner requested, the owner approves in a session.
    """

    async def work(viewer: Viewer) -> Done:
        found = await locked_request(viewer, request_id)
        if RefundRequestStatus(found["status"]) in _WAITING:
            await _require_approvable(viewer, found)
        change = await move(
            viewer,
            found,
            RefundRequestStatus.REQUESTED,
            _WAITING,
            expires_at=database.now() + REQUEST_MS,
            **_decided_by(viewer),
        )
        return Done(str(found["id"]), (change,))

    return await APPROVE_REFUND_REQUEST.perform(call, work, request_id)


async def refuse_refund_request(call: Call, request_id: str, reason: str) -> str:
    """Refuse a request, for a reason."""

    async def work(viewer: Viewer) -> Done:
        why = reason.strip()
        if not SHORTEST_NOTE <= len(why) <= LONGEST_NOTE:
            words = {"least": SHORTEST_NOTE, "most": LONGEST_NOTE}
            raise Refusal(ErrorCode.BAD_INPUT, "refund_note", ("reason",), **words)
        found = await locked_request(viewer, request_id)
        change = await move(
            viewer,
            found,
            RefundRequestStatus.REFUSED,
            _WAITING,
            refusal_reason=why,
            **_decided_by(viewer),
        )
        return Done(str(found["id"]), (change, Change("RefundRequest.refusalReason", None, why)))

    return await REFUSE_REFUND_REQUEST.perform(call, work, request_id)


def _decided_by(viewer: Viewer) -> dict[str, Any]:
    return {"decided_by_id": viewer.user_id, "decided_by_name": viewer.name}


async def _require_approvable(viewer: Viewer, request: Any) -> None:
    if str(request["requested_by_id"]) == viewer.user_id and not request["requested_by_owner"]:
        raise same_person()
    require_refundable_status(request["sale_status"], ("id",))
    if not await _could_still_request(viewer, request):
        raise Refusal(ErrorCode.FORBIDDEN, "requester_lost_access", ("id",))


async def _could_still_request(viewer: Viewer, request: Any) -> bool:
    """Whether the requester is still a collaborator, with the grant and the sale within reach."""
    assert viewer.central is not None
    people = await database.read("SELECT email FROM users WHERE id = ?", (request["requested_by_id"],))
    if not people:
        return False
    try:
        requester = await person_in(people[0]["email"], viewer.central.account_id)
    except (NoSuchCentral, Unauthenticated):
        return False
    within = sales_to_refund(requester)
    rows = await database.read(
        Statement("SELECT 1 FROM sales r WHERE r.id = ? AND ", (request["sale_id"],)) + within.where("r")
    )
    return bool(rows)
