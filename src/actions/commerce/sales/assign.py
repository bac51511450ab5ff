"""Assigning sales to someone, or to no one."""

from collections.abc import Sequence

from actions.commerce.assign import Assignable, assign
from actions.commerce.sales.events import NEXT_MOMENT, SaleAssignment
from actions.kit.call import Call
from actions.kit.mutation import Done, Mutation
from authz import reach
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models.changes import ChangeKind
from models.outgoing_events import EventType
from models.recovery.follow import follow_sales

MOST_SALES = 100
SALES = Assignable(
    "sales",
    "reference",
    "Sale",
    SaleAssignment,
    ChangeKind.SALE,
    visible=reach.sales,
    moment=NEXT_MOMENT,
    missing="no_such_sale",
    not_assignable="not_assignable",
    not_unassigned="lead_cannot_unassign",
    outgoing=EventType.SALE_ASSIGNED,
    follow=follow_sales,
)

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
    """Assign the sale with a reference and return its id."""

    async def work(viewer: Viewer) -> Done:
        fields = {reference: ("reference",)}
        ids, changes = await assign(viewer, SALES, fields, assignee_id, team_id, alone=True)
        return Done(ids[reference], changes)

    return await ASSIGN_SALE.perform(call, work, reference)


async def assign_sales(
    call: Call,
    *,
    references: Sequence[str],
    assignee_id: str | None,
    team_id: str | None,
) -> None:
    """Assign the sales of several references, all or none of them.

    The error names the position of the first one that is refused.
    """

    async def work(viewer: Viewer) -> Done:
        if not 1 <= len(references) <= MOST_SALES:
            raise Refusal(ErrorCode.BAD_INPUT, "too_many_sales", ("references",), most=MOST_SALES)
        fields = {reference: ("references", str(references.index(reference))) for reference in references}
        _, changes = await assign(viewer, SALES, fields, assignee_id, team_id)
        return Done("", changes)

    await ASSIGN_SALES.perform(call, work)
