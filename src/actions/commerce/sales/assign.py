"""Assigning sales to someone, or to no one."""

from collections.abc import Sequence
from typing import Any

from actions.commerce.sales.events import NEXT_MOMENT, SaleAssignment, note_sales
from actions.kit.call import Call
from actions.kit.event import record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.notices.notify import notify
from authz import reach
from authz.active import is_active_collaborator
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.recovery.follow import follow_sales
from models.statement import Statement, one_of
from models.tables.notice import NoticeKind

MOST_SALES = 100
_ASSIGNED = f"assignee_id = ?, team_id = ?, credit_id = ?, credit_team_id = ?, assigned_at = {NEXT_MOMENT}"
ASSIGNEE_NAME = (
    "(SELECT c.name FROM collaborators c"
    " WHERE c.account_id = r.account_id AND c.id = r.assignee_id) AS assignee_name"
)
"""The column with the name of the assignee of a row `r`."""

ASSIGN_SALE = Mutation(
    "assignSale",
    Standing.LEAD,
    "Sale",
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
)
ASSIGN_SALES = Mutation(
    "assignSales",
    Standing.LEAD,
    "Sale",
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
)


async def assign_sale(call: Call, reference: str, assignee_id: str | None, team_id: str | None) -> str:
    """Assign the sale with a reference and return its id.

    Refuses with NOT_FOUND a sale out of reach, and an assignee or a team that the viewer cannot assign to, as
    if they did not exist. Refuses with FORBIDDEN a sale that the viewer can see but not assign, and an
    inactive assignee.
    """

    async def work(viewer: Viewer) -> Done:
        return await _assign(viewer, reference, assignee_id, team_id)

    return await ASSIGN_SALE.perform(call, work, reference)


async def _assign(viewer: Viewer, reference: str, assignee_id: str | None, team_id: str | None) -> Done:
    sale = await _visible_sale(viewer, reference)
    name, team = await find_assignee(viewer, assignee_id, team_id)
    if assignee_id is None and not viewer.mask & Standing.ADMIN:
        raise Refusal(ErrorCode.FORBIDDEN, "lead_cannot_unassign", ("assigneeId",))
    changed = await database.write(
        Statement(
            f"UPDATE sales AS r SET {_ASSIGNED} WHERE r.id = ? AND ",
            (*_written(assignee_id, team), sale["id"]),
        )
        + reach.assignable_sales(viewer).where("r")
    )
    if not changed:
        raise Refusal(ErrorCode.FORBIDDEN, "not_assignable", ("reference",))
    await record(viewer, SaleAssignment(), one_of("r.id", [sale["id"]]))
    await note_assigned(viewer, [str(sale["id"])])
    return Done(str(sale["id"]), (Change("Sale.assignee", sale["assignee_name"], name),))


async def assign_sales(
    call: Call,
    *,
    references: Sequence[str],
    assignee_id: str | None,
    team_id: str | None,
) -> None:
    """Assign the sales of several references, all or none of them.

    Each is judged as in `assign_sale`. The error names the position of the first one that is refused.
    """

    async def work(viewer: Viewer) -> Done:
        if not 1 <= len(references) <= MOST_SALES:
            raise Refusal(ErrorCode.BAD_INPUT, "too_many_sales", ("references",), most=MOST_SALES)
        return await _assign_all(viewer, references, assignee_id, team_id)

    await ASSIGN_SALES.perform(call, work)


async def _assign_all(
    viewer: Viewer, references: Sequence[str], assignee_id: str | None, team_id: str | None
) -> Done:
    sales = await _visible_sales(viewer, references)
    for number, reference in enumerate(references):
        if reference not in sales:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("references", str(number)))
    name, team = await find_assignee(viewer, assignee_id, team_id)
    if assignee_id is None and not viewer.mask & Standing.ADMIN:
        raise Refusal(ErrorCode.FORBIDDEN, "lead_cannot_unassign", ("assigneeId",))
    for number, reference in enumerate(references):
        if not sales[reference]["assignable"]:
            raise Refusal(ErrorCode.FORBIDDEN, "not_assignable", ("references", str(number)))
    chosen = one_of("r.id", [sale["id"] for sale in sales.values()])
    changed = await database.write(
        Statement(f"UPDATE sales AS r SET {_ASSIGNED} WHERE ", _written(assignee_id, team))
        + (chosen & reach.assignable_sales(viewer).where("r"))
    )
    if changed != len(sales):
        raise Refusal(ErrorCode.FORBIDDEN, "not_assignable", ("references",))
    await record(viewer, SaleAssignment(), chosen)
    await note_assigned(viewer, [str(sale["id"]) for sale in sales.values()])
    changes = [
        change
        for reference, sale in sales.items()
        for change in (
            Change("Sale.reference", reference, reference),
            Change("Sale.assignee", sale["assignee_name"], name),
        )
    ]
    return Done("", tuple(changes))


async def note_assigned(viewer: Viewer, sale_ids: Sequence[str]) -> None:
    """Notify assignees and those who follow sales, and let opportunities follow whom their sales are assigned
    to."""
    assert viewer.central is not None
    account_id, chosen = viewer.central.account_id, one_of("r.id", sale_ids)
    note_sales(viewer, sale_ids)
    await follow_sales(account_id, sale_ids)
    await notify(account_id, NoticeKind.ASSIGNMENT, "sales", chosen, viewer.user_id)


def _written(assignee_id: str | None, team_id: str | None) -> tuple[Any, ...]:
    """The values of `_ASSIGNED`."""
    now = database.now()
    return assignee_id, team_id, assignee_id, team_id, now, now


def assigned_values(assignee_id: str | None, team_id: str | None) -> tuple[str, tuple[Any, ...]]:
    """The settings of an update that assigns and credits a row, and their values."""
    return _ASSIGNED, _written(assignee_id, team_id)


async def _visible_sales(viewer: Viewer, references: Sequence[str]) -> dict[str, Any]:
    """The sales by reference, locked, each with whether the viewer can assign it."""
    visible, assignable = reach.sales(viewer).where("r"), reach.assignable_sales(viewer).where("r")
    rows = await database.read(
        Statement(f"SELECT r.id, r.reference, {ASSIGNEE_NAME}, CASE WHEN ")
        + assignable
        + " THEN 1 ELSE 0 END AS assignable FROM sales r WHERE "
        + one_of("r.reference", list(dict.fromkeys(references)))
        + " AND ("
        + visible
        + " OR "
        + assignable
        + ") ORDER BY r.reference"
        + (" FOR UPDATE" if database.dialect() == "postgres" else "")
    )
    return {str(row["reference"]): row for row in rows}


async def _visible_sale(viewer: Viewer, reference: str) -> Any:
    """The sale, where the viewer sees it or may assign it: who holds no SEARCH_SALES may still assign.

    It is locked, so the value before the change in the log is the one that this change replaces.
    """
    visible, assignable = reach.sales(viewer).where("r"), reach.assignable_sales(viewer).where("r")
    rows = await database.read(
        Statement(
            f"SELECT r.id, {ASSIGNEE_NAME} FROM sales r WHERE r.reference = ? AND (",
            (reference,),
        )
        + visible
        + " OR "
        + assignable
        + (") FOR UPDATE" if database.dialect() == "postgres" else ")")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("reference",))
    return rows[0]


async def find_assignee(
    viewer: Viewer, assignee_id: str | None, team_id: str | None
) -> tuple[str | None, str | None]:
    """The assignee's name, and the team that a row counts for: the requested one, or their only one."""
    assert viewer.central is not None
    name, teams = None, []
    if assignee_id is not None:
        rows = await database.read(
            Statement(
                "SELECT r.name, r.suspended_at, r.starts_at, r.ends_at, m.team_id"
                " FROM collaborators r LEFT JOIN team_members m"
                " ON m.account_id = r.account_id AND m.collaborator_id = r.id WHERE r.id = ? AND ",
                (assignee_id,),
            )
            + reach.assignees(viewer).where("r")
        )
        if not rows:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_assignee", ("assigneeId",))
        require_active(rows[0], ("assigneeId",))
        name = str(rows[0]["name"])
        if viewer.central.teams_on:
            teams = [str(row["team_id"]) for row in rows if row["team_id"] is not None]
    if team_id is None:
        return name, teams[0] if len(teams) == 1 else None
    visible = reach.teams(viewer).values
    if team_id not in teams or (visible is not None and team_id not in visible):
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_team", ("teamId",))
    return name, team_id


def require_active(collaborator: Any, field: tuple[str, ...]) -> None:
    """Refuse with FORBIDDEN if the collaborator is not active."""
    if not is_active_collaborator(collaborator):
        raise Refusal(ErrorCode.FORBIDDEN, "assignee_inactive", field)


async def only_team(viewer: Viewer, assignee_id: str) -> str | None:
    """The team that an assignment counts for by default: the assignee's, if they are in exactly one."""
    assert viewer.central is not None
    if not viewer.central.teams_on:
        return None
    found = await database.read(
        "SELECT m.team_id FROM team_members m WHERE m.account_id = ? AND m.collaborator_id = ?",
        (viewer.central.account_id, assignee_id),
    )
    return str(found[0]["team_id"]) if len(found) == 1 else None
