"""What people make of opportunities: moved, postponed, lost, won, canceled and opened again."""

from datetime import UTC, datetime
from typing import Any

from actions.commerce.opportunities.events import (
    OpportunityCancellation,
    OpportunityLoss,
    OpportunityPostponement,
    OpportunityReopening,
    OpportunityStepChange,
    OpportunityWin,
)
from actions.commerce.opportunities.found import (
    GRANT,
    OBJECT,
    Note,
    add_note,
    checked_note,
    locked,
    own_work,
    write,
)
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.refusals import not_paid, too_soon, wrong_state
from authz import reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement
from models.tables.opportunity import OPEN, LostReason, OpportunityStatus
from models.vocabulary import SaleStatus

_LATEST_MS = 2 * 366 * 86_400_000
_PAID = (SaleStatus.APPROVED, SaleStatus.COMPLETE, SaleStatus.PARTIALLY_REFUNDED)
_OWN_ENDS = (OpportunityStatus.LOST, OpportunityStatus.CANCELLED, OpportunityStatus.WON)


MOVE_OPPORTUNITY = Mutation(
    "moveOpportunity",
    GRANT,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND, ErrorCode.VERSION_CONFLICT, ErrorCode.WRONG_STATE),
    replays=True,
    changes_access=False,
)
POSTPONE_OPPORTUNITY = Mutation(
    "postponeOpportunity",
    GRANT,
    OBJECT,
    codes=(
        ErrorCode.NOT_FOUND,
        ErrorCode.VERSION_CONFLICT,
        ErrorCode.WRONG_STATE,
        ErrorCode.TOO_SOON,
        ErrorCode.BAD_INPUT,
    ),
    replays=True,
    changes_access=False,
)
LOSE_OPPORTUNITY = Mutation(
    "loseOpportunity",
    GRANT,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND, ErrorCode.VERSION_CONFLICT, ErrorCode.WRONG_STATE, ErrorCode.BAD_INPUT),
    replays=True,
    changes_access=False,
)
WIN_OPPORTUNITY = Mutation(
    "winOpportunity",
    GRANT,
    OBJECT,
    codes=(
        ErrorCode.NOT_FOUND,
        ErrorCode.VERSION_CONFLICT,
        ErrorCode.WRONG_STATE,
        ErrorCode.BAD_INPUT,
        ErrorCode.NOT_PAID,
    ),
    replays=True,
    changes_access=False,
)
CANCEL_OPPORTUNITY = Mutation(
    "cancelOpportunity",
    GRANT,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND, ErrorCode.VERSION_CONFLICT, ErrorCode.WRONG_STATE, ErrorCode.BAD_INPUT),
    replays=True,
    changes_access=False,
)
REOPEN_OPPORTUNITY = Mutation(
    "reopenOpportunity",
    GRANT,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND, ErrorCode.VERSION_CONFLICT, ErrorCode.WRONG_STATE),
    replays=True,
    changes_access=False,
)


def require_status(row: Any, *allowed: OpportunityStatus, field: str = "id") -> None:
    """Refuse an opportunity at another status; `field` of the input names it."""
    if OpportunityStatus(row["status"]) not in allowed:
        raise wrong_state(row["status"], [status.value for status in allowed], (field,))


def _status_change(row: Any, status: OpportunityStatus) -> Change:
    return Change("Opportunity.status", row["status"], status.value)


async def move_opportunity(call: Call, opportunity_id: str, expected: int, step_id: str) -> str:
    """Move an open opportunity to a step of the pipeline. It is no longer postponed then."""

    async def work(viewer: Viewer) -> Done:
        row = await locked(viewer, opportunity_id, expected)
        require_status(row, *OPEN)
        name = await step_name(viewer, step_id)
        values = {"step_id": step_id, "own_status": OpportunityStatus.TODO.value, "remind_at": None}
        await write(viewer, row, values, OpportunityStepChange())
        return Done(opportunity_id, (Change("Opportunity.step", row["step_name"], name),))

    return await MOVE_OPPORTUNITY.perform(call, work, opportunity_id)


async def step_name(viewer: Viewer, step_id: str) -> str:
    """The name of a step of the account's pipeline."""
    within = own_work(viewer)
    rows = await database.read(
        "SELECT name FROM pipeline_steps WHERE account_id = ? AND id = ?", (within.account_id, step_id)
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_step", ("stepId",))
    return str(rows[0]["name"])


async def postpone_opportunity(
    call: Call, opportunity_id: str, expected: int, remind_at: int, note: Note
) -> str:
    """Postpone an open opportunity until a moment within two years. It is to be done again then."""

    async def work(viewer: Viewer) -> Done:
        checked = checked_note(note)
        row = await locked(viewer, opportunity_id, expected)
        require_status(row, *OPEN)
        now = database.now()
        if remind_at <= now:
            raise too_soon(_text(now), ("remindAt",))
        if remind_at > now + _LATEST_MS:
            raise Refusal(ErrorCode.BAD_INPUT, "remind_too_late", ("remindAt",))
        await add_note(viewer, row, checked)
        values = {"own_status": OpportunityStatus.STANDBY.value, "remind_at": remind_at}
        await write(viewer, row, values, OpportunityPostponement())
        before = None if row["remind_at"] is None else _text(row["remind_at"])
        changes = (
            _status_change(row, OpportunityStatus.STANDBY),
            Change("Opportunity.remindAt", before, _text(remind_at)),
        )
        return Done(opportunity_id, changes)

    return await POSTPONE_OPPORTUNITY.perform(call, work, opportunity_id)


def _text(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def lose_opportunity(
    call: Call, opportunity_id: str, expected: int, reason: LostReason, note: Note
) -> str:
    """Close an open opportunity as lost. The reason `OTHER` needs a note."""

    async def work(viewer: Viewer) -> Done:
        checked = checked_note(note, required=reason is LostReason.OTHER)
        row = await locked(viewer, opportunity_id, expected)
        require_status(row, *OPEN)
        await add_note(viewer, row, checked)
        values = ended(OpportunityStatus.LOST) | {"lost_reason": reason.value}
        await write(viewer, row, values, OpportunityLoss(reason=reason))
        reasons = Change("Opportunity.lostReason", row["lost_reason"], reason.value)
        return Done(opportunity_id, (_status_change(row, OpportunityStatus.LOST), reasons))

    return await LOSE_OPPORTUNITY.perform(call, work, opportunity_id)


def ended(status: OpportunityStatus) -> dict[str, Any]:
    """The columns of an opportunity that a person closes now."""
    return {
        "own_status": status.value,
        "own_closed_at": database.now(),
        "own_sale_id": None,
        "lost_reason": None,
        "remind_at": None,
        "merged_into_id": None,
    }


async def win_opportunity(
    call: Call, opportunity_id: str, expected: int, reference: str | None, note: Note
) -> str:
    """Close an opportunity as won: by a paid sale within the viewer's reach, or with a note that says how."""

    async def work(viewer: Viewer) -> Done:
        checked = checked_note(note, required=reference is None)
        row = await locked(viewer, opportunity_id, expected)
        require_status(row, *OPEN, OpportunityStatus.LOST)
        sale_id = None if reference is None else await _winner(viewer, row, reference)
        await add_note(viewer, row, checked)
        await write(viewer, row, ended(OpportunityStatus.WON) | {"own_sale_id": sale_id}, OpportunityWin())
        change = _status_change(row, OpportunityStatus.WON)
        won_by = () if reference is None else (Change("Opportunity.wonBy", None, reference),)
        return Done(opportunity_id, (change, *won_by))

    return await WIN_OPPORTUNITY.perform(call, work, opportunity_id)


async def _winner(viewer: Viewer, row: Any, reference: str) -> str:
    rows = await database.read(
        Statement("SELECT r.id, r.status, r.product_id FROM sales r WHERE r.reference = ? AND ", (reference,))
        + reach.sales(viewer).where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("reference",))
    if SaleStatus(rows[0]["status"]) not in _PAID:
        raise not_paid(rows[0]["status"])
    if row["product_id"] is not None and str(rows[0]["product_id"]) != str(row["product_id"]):
        raise Refusal(ErrorCode.BAD_INPUT, "sale_of_another_product", ("reference",))
    return str(rows[0]["id"])


async def cancel_opportunity(call: Call, opportunity_id: str, expected: int, note: Note) -> str:
    """Close what was no opportunity. What a sale at the marketplace won stays won."""

    async def work(viewer: Viewer) -> Done:
        checked = checked_note(note)
        row = await locked(viewer, opportunity_id, expected)
        by_person = row["marketplace_status"] is None
        allowed = (*OPEN, OpportunityStatus.LOST, *((OpportunityStatus.WON,) if by_person else ()))
        require_status(row, *allowed)
        await add_note(viewer, row, checked)
        await write(viewer, row, ended(OpportunityStatus.CANCELLED), OpportunityCancellation())
        return Done(opportunity_id, (_status_change(row, OpportunityStatus.CANCELLED),))

    return await CANCEL_OPPORTUNITY.perform(call, work, opportunity_id)


async def reopen_opportunity(call: Call, opportunity_id: str, expected: int) -> str:
    """Open an opportunity again that a person closed. A sale that won it meanwhile wins it now."""

    async def work(viewer: Viewer) -> Done:
        row = await locked(viewer, opportunity_id, expected)
        require_status(row, *_OWN_ENDS)
        if row["status"] != row["own_status"] or row["own_status"] in OPEN:
            raise wrong_state(row["status"], [status.value for status in _OWN_ENDS[:2]], ("id",))
        values = ended(OpportunityStatus.TODO) | {"own_closed_at": None}
        await write(viewer, row, values, OpportunityReopening())
        return Done(opportunity_id, (_status_change(row, OpportunityStatus.TODO),))

    return await REOPEN_OPPORTUNITY.perform(call, work, opportunity_id)
