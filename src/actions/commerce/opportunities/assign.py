"""Assigning opportunities to someone, or to no one."""

from collections.abc import Sequence
from typing import Any

from actions.commerce.assign import Assignable, assign, only_team
from actions.commerce.opportunities.events import OpportunityAssignment, note_opportunities
from actions.commerce.opportunities.found import OBJECT, opportunities
from actions.kit.call import Call
from actions.kit.event import record
from actions.kit.mutation import Done, Mutation
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.changes import ChangeKind, changed_rows
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.statement import Statement, one_of

MOST_OPPORTUNITIES = 100
OPPORTUNITIES = Assignable(
    "opportunities",
    "id",
    OBJECT,
    OpportunityAssignment,
    ChangeKind.OPPORTUNITY,
    visible=opportunities,
    moment="?",
    missing="no_such_opportunity",
    not_assignable="opportunity_not_assignable",
    not_unassigned="lead_cannot_unassign_opportunity",
    by_person=", own_touched_at = ?, touched_at = CASE WHEN touched_at > ? THEN touched_at ELSE ? END",
    versioned=True,
    unseen=False,
    prefix="opportunity_",
    outgoing=EventType.OPPORTUNITY_ASSIGNED,
)

ASSIGN_OPPORTUNITY = Mutation(
    "assignOpportunity",
    Standing.LEAD,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND, ErrorCode.VERSION_CONFLICT),
    replays=True,
    changes_access=False,
)
ASSIGN_OPPORTUNITIES = Mutation(
    "assignOpportunities",
    Standing.LEAD,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
)


async def assign_opportunity(
    call: Call, opportunity_id: str, expected: int, assignee_id: str | None, team_id: str | None
) -> str:
    """Assign an opportunity in the version that the caller has read."""

    async def work(viewer: Viewer) -> Done:
        fields = {opportunity_id: ("id",)}
        _, changes = await assign(
            viewer, OPPORTUNITIES, fields, assignee_id, team_id, expected=expected, alone=True
        )
        return Done(opportunity_id, changes)

    return await ASSIGN_OPPORTUNITY.perform(call, work, opportunity_id)


async def assign_opportunities(
    call: Call, opportunity_ids: Sequence[str], assignee_id: str | None, team_id: str | None
) -> None:
    """Assign several opportunities, all or none of them.

    The error names the position of the first one that is refused.
    """

    async def work(viewer: Viewer) -> Done:
        if not 1 <= len(opportunity_ids) <= MOST_OPPORTUNITIES:
            words = {"most": MOST_OPPORTUNITIES}
            raise Refusal(ErrorCode.BAD_INPUT, "too_many_opportunities", ("ids",), **words)
        fields = {row_id: ("ids", str(opportunity_ids.index(row_id))) for row_id in opportunity_ids}
        _, changes = await assign(viewer, OPPORTUNITIES, fields, assignee_id, team_id)
        return Done("", changes)

    await ASSIGN_OPPORTUNITIES.perform(call, work)


async def hand_on_opportunities(viewer: Viewer, collaborator: Any, successor: Any) -> int:
    """Reassign the opportunities of a collaborator who leaves to a successor or to no one.

    Returns how many there were. The credit stays.
    """
    assert viewer.central is not None
    account_id = viewer.central.account_id
    own = Statement("account_id = ? AND assignee_id = ?", (account_id, collaborator["id"]))
    ids = await changed_rows("opportunities", own)
    team = None if successor is None else await only_team(viewer, successor["id"])
    to = None if successor is None else successor["id"]
    count = await database.write(
        Statement(
            "UPDATE opportunities SET assignee_id = ?, team_id = ?, version = version + 1 WHERE ", (to, team)
        )
        + own
    )
    if ids:
        note_opportunities(viewer, ids)
        note_event(account_id, EventType.OPPORTUNITY_ASSIGNED, ids)
        if successor is not None:
            await record(viewer, OpportunityAssignment(), one_of("r.id", ids))
    return count
