"""Hand a sale to someone, or to no one."""

from collections.abc import Iterable, Sequence
from typing import Any

from actions.act import Act, Caller, Change, Done, perform
from authz import reach
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement, one_of

MOST_SALES = 100


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
    before = await _names(viewer, [sale["assignee_id"]])
    name = await _assignee_name(viewer, assignee_id)
    team = await _stamp(viewer, assignee_id, team_id)
    if assignee_id is None and not viewer.mask & Standing.ADMIN:
        raise Refusal(ErrorCode.FORBIDDEN, "lead_cannot_unassign", ("assigneeId",))
    changed = await database.write(
        Statement(
            "UPDATE sales AS r SET assignee_id = ?, team_id = ?, assigned_at = ? WHERE r.id = ? AND ",
            (assignee_id, team, database.now(), sale["id"]),
        )
        + reach.assignable_sales(viewer).where("r")
    )
    if not changed:
        raise Refusal(ErrorCode.FORBIDDEN, "not_assignable", ("reference",))
    return Done(str(sale["id"]), (Change("Sale.assignee", before.get(str(sale["assignee_id"])), name),))


async def assign_sales(
    caller: Caller,
    *,
    references: Sequence[str],
    assignee_id: str | None,
    team_id: str | None,
    key: str | None,
) -> None:
    """Assign the sales of several references, all or none of them.

    Each is judged as `assign_sale` judges one; the first that is refused is named by its place.
    """
    asked = {"references": list(references), "assignee": assignee_id, "team": team_id}
    act = Act("assignSales", Standing.LEAD, "Sale", None, key, asked)

    async def work(viewer: Viewer) -> Done:
        if not 1 <= len(references) <= MOST_SALES:
            raise Refusal(ErrorCode.BAD_INPUT, "too_many_sales", ("references",), most=MOST_SALES)
        return await _assign_all(viewer, references, assignee_id, team_id)

    await perform(caller, act, work)


async def _assign_all(
    viewer: Viewer, references: Sequence[str], assignee_id: str | None, team_id: str | None
) -> Done:
    sales = await _visible_sales(viewer, references)
    for number, reference in enumerate(references):
        if reference not in sales:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("references", str(number)))
    name = await _assignee_name(viewer, assignee_id)
    team = await _stamp(viewer, assignee_id, team_id)
    if assignee_id is None and not viewer.mask & Standing.ADMIN:
        raise Refusal(ErrorCode.FORBIDDEN, "lead_cannot_unassign", ("assigneeId",))
    for number, reference in enumerate(references):
        if not sales[reference]["assignable"]:
            raise Refusal(ErrorCode.FORBIDDEN, "not_assignable", ("references", str(number)))
    before = await _names(viewer, {sale["assignee_id"] for sale in sales.values()})
    changed = await database.write(
        Statement(
            "UPDATE sales AS r SET assignee_id = ?, team_id = ?, assigned_at = ? WHERE ",
            (assignee_id, team, database.now()),
        )
        + (
            one_of("r.id", [sale["id"] for sale in sales.values()])
            & reach.assignable_sales(viewer).where("r")
        )
    )
    if changed != len(sales):
        raise Refusal(ErrorCode.FORBIDDEN, "not_assignable", ("references",))
    changes = [
        change
        for reference, sale in sales.items()
        for change in (
            Change("Sale.reference", reference, reference),
            Change("Sale.assignee", before.get(str(sale["assignee_id"])), name),
        )
    ]
    return Done("", tuple(changes))


async def _visible_sales(viewer: Viewer, references: Sequence[str]) -> dict[str, Any]:
    """The sales by reference, locked, each with whether the viewer may assign it."""
    seen, assignable = reach.sales(viewer).where("r"), reach.assignable_sales(viewer).where("r")
    rows = await database.read(
        Statement("SELECT r.id, r.reference, r.assignee_id, CASE WHEN ")
        + assignable
        + " THEN 1 ELSE 0 END AS assignable FROM sales r WHERE "
        + one_of("r.reference", list(dict.fromkeys(references)))
        + " AND ("
        + seen
        + " OR "
        + assignable
        + ") ORDER BY r.reference"
        + (" FOR UPDATE" if database.dialect() == "postgres" else "")
    )
    return {str(row["reference"]): row for row in rows}


async def _names(viewer: Viewer, collaborator_ids: Iterable[str | None]) -> dict[str, str]:
    assert viewer.central is not None
    known = one_of("id", [one for one in collaborator_ids if one is not None])
    rows = await database.read(
        Statement(
            "SELECT id, name FROM collaborators WHERE account_id = ? AND ", (viewer.central.account_id,)
        )
        + known
    )
    return {str(row["id"]): str(row["name"]) for row in rows}


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
    if team_id is None:
        return await only_team(viewer, assignee_id)
    found = await _teams_of(viewer, assignee_id)
    visible = viewer.mask & Standing.ADMIN or team_id in viewer.teams_led
    if team_id not in found or not visible:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_team", ("teamId",))
    return team_id


async def only_team(viewer: Viewer, assignee_id: str) -> str | None:
    """The team that an assignment counts for where none is named: the assignee's, if there is only one."""
    assert viewer.central is not None
    found = await _teams_of(viewer, assignee_id) if viewer.central.teams_on else []
    return found[0] if len(found) == 1 else None


async def _teams_of(viewer: Viewer, assignee_id: str) -> list[str]:
    assert viewer.central is not None
    rows = await database.read(
        "SELECT m.team_id FROM team_members m WHERE m.account_id = ? AND m.collaborator_id = ?",
        (viewer.central.account_id, assignee_id),
    )
    return [str(row["team_id"]) for row in rows]
