"""Hand a sale to someone, or to no one."""

from typing import Any

from actions.act import Act, Caller, Change, Done, perform
from authz import reach
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement


async def assign_sale(
    caller: Caller, *, reference: str, assignee_id: str | None, team_id: str | None, key: str | None
) -> str:
    """Assign the sale of a reference and tell its id.

    Refuses with NOT_FOUND a sale out of reach, an assignee or a team that the viewer may not assign to, each
    as if it were not there; with FORBIDDEN a sale that he sees but may not assign.
    """
    asked = {"reference": reference, "assignee": assignee_id, "team": team_id}
    act = Act("assignSale", Standing.LEAD, "Sale", reference, key, asked)

    async def work(viewer: Viewer) -> Done:
        return await _assign(viewer, reference, assignee_id, team_id)

    return await perform(caller, act, work)


async def _assign(viewer: Viewer, reference: str, assignee_id: str | None, team_id: str | None) -> Done:
    sale = await _visible_sale(viewer, reference)
    before = await _name(viewer, sale["assignee_id"])
    name = await _assignee_name(viewer, assignee_id)
    team = await _stamp(viewer, assignee_id, team_id)
    if assignee_id is None and not viewer.mask & Standing.ADMIN:
        raise Refusal(ErrorCode.FORBIDDEN, "lead_cannot_unassign", ("assigneeId",))
    changed = await database.write(
        Statement(
            "UPDATE sales AS r SET assignee_id = ?, team_id = ?, assigned_at = ? WHERE r.id = ? AND ",
            (assignee_id, team, database.now() if assignee_id else None, sale["id"]),
        )
        + reach.assignable_sales(viewer).where("r")
    )
    if not changed:
        raise Refusal(ErrorCode.FORBIDDEN, "not_assignable", ("reference",))
    return Done(str(sale["id"]), (Change("Sale.assignee", before, name),))


async def _visible_sale(viewer: Viewer, reference: str) -> Any:
    """The sale, where the viewer sees it or may assign it: who holds no SEARCH_SALES may still assign.

    It is locked, so that what the log tells as before is what this act takes away.
    """
    seen, assignable = reach.sales(viewer).where("r"), reach.assignable_sales(viewer).where("r")
    rows = await database.read(
        Statement(
            "SELECT r.id, r.assignee_id FROM sales r WHERE r.reference = ? AND (",
            (reference,),
        )
        + seen
        + " OR "
        + assignable
        + (") FOR UPDATE" if database.dialect() == "postgres" else ")")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("reference",))
    return rows[0]


async def _name(viewer: Viewer, collaborator_id: str | None) -> str | None:
    assert viewer.central is not None
    rows = await database.read(
        "SELECT name FROM collaborators WHERE account_id = ? AND id = ?",
        (viewer.central.account_id, collaborator_id),
    )
    return str(rows[0]["name"]) if rows else None


async def _assignee_name(viewer: Viewer, assignee_id: str | None) -> str | None:
    if assignee_id is None:
        return None
    rows = await database.read(
        Statement("SELECT r.name FROM collaborators r WHERE r.id = ? AND ", (assignee_id,))
        + reach.assignees(viewer).where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_assignee", ("assigneeId",))
    return str(rows[0]["name"])


async def _stamp(viewer: Viewer, assignee_id: str | None, team_id: str | None) -> str | None:
    """The team that the assignment counts for: the one named, or the assignee's only one."""
    assert viewer.central is not None
    if not viewer.central.teams_on or assignee_id is None:
        if team_id is not None:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_team", ("teamId",))
        return None
    rows = await database.read(
        "SELECT m.team_id FROM team_members m WHERE m.account_id = ? AND m.collaborator_id = ?",
        (viewer.central.account_id, assignee_id),
    )
    found = [str(row["team_id"]) for row in rows]
    if team_id is None:
        return found[0] if len(found) == 1 else None
    visible = viewer.mask & Standing.ADMIN or team_id in viewer.teams_led
    if team_id not in found or not visible:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_team", ("teamId",))
    return team_id
