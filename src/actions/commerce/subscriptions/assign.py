"""Assigning subscriptions to someone, or to no one. From then on, they do not follow their payments."""

from collections.abc import Mapping, Sequence
from typing import Any

from actions.commerce.sales.assign import ASSIGNEE_NAME, assigned_values, find_assignee
from actions.commerce.subscriptions.events import SubscriptionAssignment, note_subscriptions
from actions.commerce.subscriptions.found import require_few, row_lock, subscriptions
from actions.kit.call import Call
from actions.kit.event import record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.notices.notify import notify
from authz import reach
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement, one_of
from models.tables.notice import NoticeKind

ASSIGN_SUBSCRIPTION = Mutation(
    "assignSubscription",
    Standing.LEAD,
    "ProductSubscription",
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
)
ASSIGN_SUBSCRIPTIONS = Mutation(
    "assignSubscriptions",
    Standing.LEAD,
    "ProductSubscription",
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
)


async def assign_subscription(call: Call, code: str, assignee_id: str | None, team_id: str | None) -> str:
    """Assign the subscription with a code and return its id, by the rules of `assign_sale`."""

    async def work(viewer: Viewer) -> Done:
        found = await _visible(viewer, [code])
        if not found:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_subscription", ("code",))
        name = await _assign(viewer, found, {code: ("code",)}, assignee_id, team_id)
        row = found[code]
        change = Change("ProductSubscription.assignee", row["assignee_name"], name)
        return Done(str(row["id"]), (change,))

    return await ASSIGN_SUBSCRIPTION.perform(call, work, code)


async def assign_subscriptions(
    call: Call, *, codes: Sequence[str], assignee_id: str | None, team_id: str | None
) -> None:
    """Assign several subscriptions, all or none of them. The error names the first that is refused."""

    async def work(viewer: Viewer) -> Done:
        require_few(codes)
        found = await _visible(viewer, codes)
        for number, code in enumerate(codes):
            if code not in found:
                raise Refusal(ErrorCode.NOT_FOUND, "no_such_subscription", ("codes", str(number)))
        fields = {code: ("codes", str(codes.index(code))) for code in found}
        name = await _assign(viewer, found, fields, assignee_id, team_id)
        changes = [
            change
            for code, row in found.items()
            for change in (
                Change("ProductSubscription.code", code, code),
                Change("ProductSubscription.assignee", row["assignee_name"], name),
            )
        ]
        return Done("", tuple(changes))

    await ASSIGN_SUBSCRIPTIONS.perform(call, work)


async def _visible(viewer: Viewer, codes: Sequence[str]) -> dict[str, Any]:
    """The subscriptions by code, locked, each with whether the viewer can assign it.

    Leads and admins without the grant can assign what they cannot see.
    """
    assignable = reach.assignable(viewer, "subscriptions").where("r")
    rows = await database.read(
        Statement(f"SELECT r.id, r.code, {ASSIGNEE_NAME}, CASE WHEN ")
        + assignable
        + " THEN 1 ELSE 0 END AS assignable FROM subscriptions r WHERE "
        + one_of("r.code", list(dict.fromkeys(codes)))
        + " AND ("
        + subscriptions(viewer).where("r")
        + " OR "
        + assignable
        + ") ORDER BY r.code"
        + row_lock()
    )
    return {str(row["code"]): row for row in rows}


async def _assign(
    viewer: Viewer,
    found: dict[str, Any],
    fields: Mapping[str, tuple[str, ...]],
    assignee_id: str | None,
    team_id: str | None,
) -> str | None:
    """Write the assignee of subscriptions, and return their name."""
    name, team = await find_assignee(viewer, assignee_id, team_id)
    if assignee_id is None and not viewer.mask & Standing.ADMIN:
        raise Refusal(ErrorCode.FORBIDDEN, "lead_cannot_unassign", ("assigneeId",))
    for code, field in fields.items():
        if not found[code]["assignable"]:
            raise Refusal(ErrorCode.FORBIDDEN, "subscription_not_assignable", field)
    settings, params = assigned_values(assignee_id, team)
    chosen = one_of("r.id", [row["id"] for row in found.values()])
    await database.write(
        Statement(f"UPDATE subscriptions AS r SET {settings} WHERE ", params)
        + (chosen & reach.assignable(viewer, "subscriptions").where("r"))
    )
    await record(viewer, SubscriptionAssignment(), chosen)
    note_subscriptions(viewer, [str(row["id"]) for row in found.values()])
    assert viewer.central is not None
    account_id = viewer.central.account_id
    await notify(account_id, NoticeKind.ASSIGNMENT, "subscriptions", chosen, viewer.user_id)
    return name
