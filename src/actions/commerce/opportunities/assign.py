"""Assigning opportunities to someone, or to no one."""

from collections.abc import Sequence
from typing import Any

from actions.commerce.opportunities.events import OpportunityAssignment, note_opportunities
from actions.commerce.opportunities.found import OBJECT, opportunities
from actions.commerce.sales.assign import find_assignee, only_team
from actions.kit.call import Call
from actions.kit.event import record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.version import conflict
from actions.notices.notify import notify
from authz import reach
from authz.gates import Standing
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.changes import changed_rows
from models.statement import Statement, one_of
from models.tables.notice import NoticeKind

MOST_OPPORTUNITIES = 100
_ASSIGNEE_NAME = (
    "(SELECT c.name FROM collaborators c"
    " WHERE c.account_id = r.account_id AND c.id = r.assignee_id) AS assignee_name"
)
_ASSIGNED = (
    "assignee_id = ?, team_id = ?, credit_id = ?, credit_team_id = ?, assigned_at = ?, own_touched_at = ?,"
    " touched_at = CASE WHEN touched_at > ? THEN touched_at ELSE ? END, version = version + 1"
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


def assignable(viewer: Viewer) -> Reach:
    """The opportunities that a viewer can assign to someone: of those that they can see."""
    return reach.assignable(viewer, "opportunities")


async def assign_opportunity(
    call: Call, opportunity_id: str, expected: int, assignee_id: str | None, team_id: str | None
) -> str:
    """Assign an opportunity.

    Refuses with NOT_FOUND what is out of reach, and an assignee or team that the viewer cannot assign to, as
    if they did not exist. Refuses with FORBIDDEN an opportunity that the viewer can see but not assign.
    """

    async def work(viewer: Viewer) -> Done:
        changes = await _assign(viewer, {"id": opportunity_id}, expected, assignee_id, team_id)
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
        fields = {f"ids {number}": row_id for number, row_id in enumerate(opportunity_ids)}
        return Done("", await _assign(viewer, fields, None, assignee_id, team_id))

    await ASSIGN_OPPORTUNITIES.perform(call, work)


async def _assign(
    viewer: Viewer,
    named: dict[str, str],
    expected: int | None,
    assignee_id: str | None,
    team_id: str | None,
) -> tuple[Change, ...]:
    """Assign opportunities by the fields of the input that name them."""
    rows = await _visible(viewer, named.values())
    for field, row_id in named.items():
        if row_id not in rows:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_opportunity", tuple(field.split()))
    name, team = await find_assignee(viewer, assignee_id, team_id)
    if assignee_id is None and not viewer.mask & Standing.ADMIN:
        raise Refusal(ErrorCode.FORBIDDEN, "lead_cannot_unassign_opportunity", ("assigneeId",))
    for field, row_id in named.items():
        if not rows[row_id]["assignable"]:
            raise Refusal(ErrorCode.FORBIDDEN, "opportunity_not_assignable", tuple(field.split()))
        if expected is not None and rows[row_id]["version"] != expected:
            raise conflict()
    now, within, chosen = database.now(), assignable(viewer), one_of("r.id", sorted(rows))
    values = (assignee_id, team, assignee_id, team, now, now, now, now)
    await database.write(
        Statement(f"UPDATE opportunities AS r SET {_ASSIGNED} WHERE ", values) + (chosen & within.where("r"))
    )
    await record(viewer, OpportunityAssignment(), chosen)
    note_opportunities(viewer, sorted(rows))
    assert within.account_id is not None
    await notify(within.account_id, NoticeKind.ASSIGNMENT, "opportunities", chosen, viewer.user_id)
    return tuple(_changes(rows, name, single=expected is not None))


def _changes(rows: dict[str, Any], name: str | None, *, single: bool) -> list[Change]:
    found: list[Change] = []
    for row_id, row in rows.items():
        if not single:
            found.append(Change("Opportunity.id", f"opportunity_{row_id}", f"opportunity_{row_id}"))
        found.append(Change("Opportunity.assignee", row["assignee_name"], name))
    return found


async def _visible(viewer: Viewer, opportunity_ids: Any) -> dict[str, Any]:
    """The opportunities within reach by id, locked, each with whether the viewer can assign it."""
    within = opportunities(viewer)
    rows = await database.read(
        Statement(f"SELECT r.id, r.version, {_ASSIGNEE_NAME}, CASE WHEN ")
        + assignable(viewer).where("r")
        + " THEN 1 ELSE 0 END AS assignable FROM opportunities r WHERE "
        + (one_of("r.id", sorted(set(opportunity_ids))) & within.where("r"))
        + " ORDER BY r.id"
        + (" FOR UPDATE" if database.dialect() == "postgres" else "")
    )
    return {str(row["id"]): row for row in rows}


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
        if successor is not None:
            await record(viewer, OpportunityAssignment(), one_of("r.id", ids))
    return count
