"""Merging two opportunities that are one."""

from typing import Any

from actions.commerce.opportunities.events import OpportunityMerge, OpportunityMerged
from actions.commerce.opportunities.found import GRANT, OBJECT, locked, own_work, write
from actions.commerce.opportunities.status import ended, require_status
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement
from models.tables.opportunity import OPEN, OpportunityKind, OpportunityStatus

_BY_PEOPLE = (OpportunityKind.MANUAL, OpportunityKind.LEAD)
_CONTACT = ("contact", "contact_name", "contact_folded", "contact_email", "contact_phone", "contact_country")
# each group of columns is taken whole, where the opportunity that stays knows nothing of it
_COMPLETED = (("product_id", "offer_id"), (*_CONTACT, "contact_document"))

MERGE_OPPORTUNITIES = Mutation(
    "mergeOpportunities",
    GRANT,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND, ErrorCode.VERSION_CONFLICT, ErrorCode.WRONG_STATE),
    replays=True,
    changes_access=False,
)


async def merge_opportunities(
    call: Call, opportunity_id: str, expected: int, duplicate_id: str, expected_of_duplicate: int
) -> str:
    """Keep an open opportunity, and close another one as its duplicate.

    Both must be the viewer's work, in the versions that they have read. Returns the id of the one that stays.
    """

    async def work(viewer: Viewer) -> Done:
        if opportunity_id == duplicate_id:
            raise Refusal(ErrorCode.BAD_INPUT, "merged_with_itself", ("duplicateId",))
        named = {
            opportunity_id: (expected, "id"),
            duplicate_id: (expected_of_duplicate, "duplicateId"),
        }
        # in one order, so that two people who merge the same two do not wait for each other
        rows = {row_id: await locked(viewer, row_id, *named[row_id]) for row_id in sorted(named)}
        target, duplicate = rows[opportunity_id], rows[duplicate_id]
        require_status(target, *OPEN)
        require_status(duplicate, *OPEN, OpportunityStatus.LOST, field="duplicateId")
        await _move_notes(viewer, target, duplicate)
        await write(viewer, target, _completed(target, duplicate), OpportunityMerge())
        values = ended(OpportunityStatus.CANCELLED) | {"merged_into_id": opportunity_id}
        await write(viewer, duplicate, values, OpportunityMerged())
        return Done(
            opportunity_id, (Change("Opportunity.mergedIntoId", None, f"opportunity_{opportunity_id}"),)
        )

    return await MERGE_OPPORTUNITIES.perform(call, work, opportunity_id)


def _completed(target: Any, duplicate: Any) -> dict[str, Any]:
    """What an opportunity that a person added takes from its duplicate. What messages say of others stays."""
    found: dict[str, Any] = {}
    if target["kind"] in {kind.value for kind in _BY_PEOPLE}:
        for columns in _COMPLETED:
            if target[columns[0]] is None:
                found |= {name: duplicate[name] for name in columns}
    if target["amount"] is None and duplicate["amount"] is not None:
        found |= {"amount": duplicate["amount"], "currency": duplicate["currency"], "priced": True}
    return found


async def _move_notes(viewer: Viewer, target: Any, duplicate: Any) -> None:
    """What people wrote about both is about the one that stays. The history of each stays its own."""
    within = own_work(viewer)
    await database.write(
        Statement(
            "UPDATE opportunity_notes SET opportunity_id = ? WHERE account_id = ? AND opportunity_id = ?",
            (str(target["id"]), within.account_id, str(duplicate["id"])),
        )
    )
