"""What the owner decides about withdrawals: approval, refusal, and how the payout ended."""

from typing import Any

from actions.commerce.withdrawals import emails
from actions.commerce.withdrawals.found import found_withdrawal, withdrawals
from actions.commerce.withdrawals.step import Step
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.refusals import same_person
from authz.gates import Standing
from authz.identity import NoSuchCentral, person_in
from authz.refusal import ErrorCode, Refusal, Unauthenticated
from authz.viewer import Viewer
from models import database
from models.tables.withdrawal import WithdrawalStatus

APPROVE_WITHDRAWAL = Mutation(
    "approveWithdrawal",
    Standing.OWNER,
    "Withdrawal",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.SAME_PERSON),
    replays=True,
    alone=True,
    changes_access=False,
)
REFUSE_WITHDRAWAL = Mutation(
    "refuseWithdrawal",
    Standing.OWNER,
    "Withdrawal",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE),
    replays=True,
    alone=True,
    changes_access=False,
)
SETTLE_WITHDRAWAL = Mutation(
    "settleWithdrawal",
    Standing.OWNER,
    "Withdrawal",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE),
    replays=True,
    alone=True,
    changes_access=False,
)
_WAITING = (WithdrawalStatus.AWAITING_APPROVAL,)
_REQUESTED = (WithdrawalStatus.REQUESTED,)
_REASON = (5, 500)
_REFERENCE = (1, 100)


async def approve_withdrawal(call: Call, withdrawal_id: str) -> str:
    """Approve a withdrawal, if the person who requested it could still request it.

    Nobody approves what they requested as a collaborator, even if they have become the owner since. What a
    token of the owner requested, the owner approves in a session.
    """

    async def work(viewer: Viewer) -> Done:
        found = await found_withdrawal(viewer, withdrawal_id)
        if WithdrawalStatus(found["status"]) in _WAITING:
            if str(found["requested_by_id"]) == viewer.user_id and not found["requested_by_owner"]:
                raise same_person()
            if not await _could_still_request(viewer, found):
                raise Refusal(ErrorCode.FORBIDDEN, "withdrawal_requester_lost_access", ("id",))
        step = _step(viewer)
        change = await step.to(found, WithdrawalStatus.REQUESTED, _WAITING, **_decided_by(viewer))
        await step.tell_requester(emails.APPROVED, found)
        return Done(str(found["id"]), (change,))

    return await APPROVE_WITHDRAWAL.perform(call, work, withdrawal_id)


async def refuse_withdrawal(call: Call, withdrawal_id: str, reason: str) -> str:
    """Refuse a withdrawal that waits for approval, for a reason."""

    async def work(viewer: Viewer) -> Done:
        why = _text(reason, _REASON, ("reason",))
        found = await found_withdrawal(viewer, withdrawal_id)
        step = _step(viewer)
        change = await step.to(
            found, WithdrawalStatus.REFUSED, _WAITING, refusal_reason=why, **_decided_by(viewer)
        )
        await step.tell_requester(emails.REFUSED, found, reason=why)
        return Done(str(found["id"]), (change, Change("Withdrawal.refusalReason", None, why)))

    return await REFUSE_WITHDRAWAL.perform(call, work, withdrawal_id)


async def settle_withdrawal(
    call: Call, withdrawal_id: str, *, paid: str | None = None, failed: str | None = None
) -> str:
    """Say how a payout ended: `paid` with the bank's reference, or `failed` for a reason."""

    async def work(viewer: Viewer) -> Done:
        step = _step(viewer)
        if paid is not None:
            reference = _text(paid, _REFERENCE, ("outcome", "paid", "bankReference"))
            found = await found_withdrawal(viewer, withdrawal_id)
            change = await step.to(found, WithdrawalStatus.PAID, _REQUESTED, bank_reference=reference)
            words = {"ending": found["bank_ending"], "reference": reference}
            await step.tell_requester(emails.PAID, found, **words)
            further = Change("Withdrawal.bankReference", None, reference)
        else:
            why = _text(failed or "", _REASON, ("outcome", "failed", "reason"))
            found = await found_withdrawal(viewer, withdrawal_id)
            change = await step.to(found, WithdrawalStatus.FAILED, _REQUESTED, failure=why)
            await step.tell_requester(emails.FAILED, found, reason=why)
            further = Change("Withdrawal.failure", None, why)
        return Done(str(found["id"]), (change, further))

    return await SETTLE_WITHDRAWAL.perform(call, work, withdrawal_id)


def _step(viewer: Viewer) -> Step:
    assert viewer.central is not None
    return Step(viewer.central.account_id, viewer)


def _decided_by(viewer: Viewer) -> dict[str, Any]:
    return {"decided_by_id": viewer.user_id, "decided_by_name": viewer.name}


def _text(text: str, length: tuple[int, int], field: tuple[str, ...]) -> str:
    words, (least, most) = text.strip(), length
    if not (least <= len(words) <= most and words.isprintable()):
        raise Refusal(ErrorCode.BAD_INPUT, "withdrawal_text", field, least=least, most=most)
    return words


async def _could_still_request(viewer: Viewer, withdrawal: Any) -> bool:
    """Whether the requester can still enter the central, with the grant."""
    assert viewer.central is not None
    people = await database.read("SELECT email FROM users WHERE id = ?", (withdrawal["requested_by_id"],))
    if not people:
        return False
    try:
        requester = await person_in(people[0]["email"], viewer.central.account_id)
    except (NoSuchCentral, Unauthenticated):
        return False
    return withdrawals(requester).account_id is not None
