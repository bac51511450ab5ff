"""Collaborators are removed, or leave. The log still shows what they did, under their name."""

from typing import Any

from actions.calendar.feed import end_calendar_feed
from actions.commerce.assign import only_team, require_active
from actions.commerce.opportunities.assign import hand_on_opportunities
from actions.commerce.sales.events import NEXT_MOMENT, SaleAssignment, note_sales
from actions.developers.credentials.ending import end_tokens
from actions.developers.webhooks.ending import end_webhooks
from actions.kit.call import Call
from actions.kit.event import record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.outbox import post
from actions.kit.tombstones import end_collaborator
from actions.kit.version import advance_teams_of
from actions.membership.collaborators import emails
from actions.membership.collaborators.collaborator import find_collaborator
from actions.membership.invitations.pending import update_pending
from actions.membership.transfers.transfer import cancel_offer
from actions.notices.notify import end_notices
from actions.schedules.schedule import end_schedules
from actions.tools.targets.ending import suspend_targets
from actions.viewer.switcher import forget_visits
from authz import reach
from authz.gates import Standing, mask_of
from authz.grant import Grant
from authz.identity import stored_grants
from authz.invitations import can_delegate
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.changes import changed_rows
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.statement import Statement
from models.vocabulary import EventSource, Role

REMOVE_COLLABORATOR = Mutation(
    "removeCollaborator",
    Grant.ACCESS_COLLABORATORS_CENTER,
    "Person",
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    alone=True,
)
LEAVE_CENTRAL = Mutation("leaveCentral", Standing.COLLABORATOR, "Person", codes=(ErrorCode.NOT_FOUND,))


async def remove_collaborator(call: Call, collaborator_id: str, reassign_to: str | None) -> str:
    """Remove a collaborator. Their sales become unassigned or go to `reassign_to`; the credit stays theirs.

    The owner can remove anyone. Others can remove only users with profiles that open less than their own, and
    never themselves.
    """

    async def work(viewer: Viewer) -> Done:
        within = reach.collaborators(viewer)
        collaborator = await find_collaborator(within, collaborator_id)
        await _require_removable(viewer, collaborator)
        successor = None
        if reassign_to is not None:
            if not viewer.mask & Standing.ADMIN:
                raise Refusal(ErrorCode.FORBIDDEN, "not_any_more", ("reassignTo",))
            successor = await find_collaborator(reach.people(viewer), reassign_to, ("reassignTo",))
            if successor["id"] == collaborator["id"]:
                raise Refusal(ErrorCode.NOT_FOUND, "no_such_collaborator", ("reassignTo",))
            require_active(successor, ("reassignTo",))
        entailed = await end_membership(viewer, within, collaborator, successor)
        await _notify(viewer, collaborator)
        return Done(collaborator_id, (Change("Collaborator.name", collaborator["name"], None), *entailed))

    return await REMOVE_COLLABORATOR.perform(call, work, collaborator_id)


async def _require_removable(viewer: Viewer, collaborator: Any) -> None:
    if collaborator["id"] in viewer.own or collaborator["user_id"] == viewer.user_id:
        raise Refusal(ErrorCode.FORBIDDEN, "own_collaborator", ("collaboratorId",))
    rows = await database.read(
        Statement("SELECT r.grants FROM profiles r WHERE r.id = ? AND ", (collaborator["profile_id"],))
        + reach.profiles(viewer).where("r")
    )
    if not can_delegate(viewer.mask, Role(collaborator["role"]), mask_of(stored_grants(rows[0]["grants"]))):
        raise Refusal(ErrorCode.FORBIDDEN, "not_removable", ("collaboratorId",))


async def _notify(viewer: Viewer, collaborator: Any) -> None:
    """Tell former collaborators by e-mail that they were removed, in their language."""
    assert viewer.central is not None
    rows = await database.read(
        "SELECT u.email, u.locale, COALESCE(a.brand_name, a.name) AS account FROM users u"
        " JOIN accounts a ON a.id = ? WHERE u.id = ?",
        (viewer.central.account_id, collaborator["user_id"]),
    )
    words = {"name": collaborator["name"], "account": rows[0]["account"]}
    await post(emails.COLLABORATOR_REMOVED, rows[0]["email"], rows[0]["locale"], words)


async def leave_central(call: Call) -> str:
    """Leave the current central."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.collaborator_id is not None
        within = reach.own_collaborator(viewer)
        collaborator = await find_collaborator(within, viewer.collaborator_id)
        entailed = await end_membership(viewer, within, collaborator, None)
        return Done(
            viewer.collaborator_id, (Change("Collaborator.name", collaborator["name"], None), *entailed)
        )

    return await LEAVE_CENTRAL.perform(call, work, call.viewer.collaborator_id)


async def _hand_on(viewer: Viewer, collaborator: Any, successor: Any) -> int:
    """Reassign a collaborator's sales to a successor or to no one, and return how many there were.

    Without a successor no event is written: a sale assigned to a former collaborator counts as unassigned.
    """
    assert viewer.central is not None
    own = Statement("account_id = ? AND assignee_id = ?", (viewer.central.account_id, collaborator["id"]))
    sales = await changed_rows("sales", own)
    note_sales(viewer, sales)
    note_event(viewer.central.account_id, EventType.SALE_ASSIGNED, sales)
    if successor is None:
        return await database.write(
            Statement("UPDATE sales SET assignee_id = NULL, team_id = NULL WHERE ") + own
        )
    team, now = await only_team(viewer, successor["id"]), database.now()
    count = await database.write(
        Statement(
            f"UPDATE sales SET assignee_id = ?, team_id = ?, assigned_at = {NEXT_MOMENT} WHERE ",
            (successor["id"], team, now, now),
        )
        + own
    )
    # what follows its payments follows them to the successor
    await database.write(
        Statement(
            f"UPDATE subscriptions SET assignee_id = ?, team_id = ?, assigned_at = {NEXT_MOMENT} WHERE",
            (successor["id"], team, now, now),
        )
        + Statement(" assigned_at IS NOT NULL AND ")
        + own
    )
    # the sales that the successor had before have their event already
    new = Statement("r.assignee_id = ? AND r.assigned_at >= ?", (successor["id"], now)) & Statement(
        "NOT EXISTS (SELECT 1 FROM sale_events e WHERE e.account_id = r.account_id AND e.sale_id = r.id"
        " AND e.source = ? AND e.happened_at = r.assigned_at)",
        (EventSource.PERSON.value,),
    )
    await record(viewer, SaleAssignment(), new)
    return count


async def end_membership(
    viewer: Viewer, within: Reach, collaborator: Any, successor: Any
) -> tuple[Change, ...]:
    """Reassign a collaborator's sales, end their tokens and offers, and delete them. Return what changed."""
    assert viewer.central is not None
    account_id = viewer.central.account_id
    count = await _hand_on(viewer, collaborator, successor)
    assigned = Change("Sale.assignee", collaborator["name"], successor and successor["name"], count)
    others = await hand_on_opportunities(viewer, collaborator, successor)
    # someone who comes back later does not get them back
    await end_tokens(str(collaborator["user_id"]), account_id)
    await end_webhooks(str(collaborator["user_id"]), account_id)
    await suspend_targets(str(collaborator["user_id"]), account_id)
    await forget_visits(account_id, collaborator["user_id"])
    await end_schedules(account_id, str(collaborator["user_id"]))
    await end_calendar_feed(account_id, str(collaborator["user_id"]))
    await end_notices(account_id, str(collaborator["user_id"]))
    entailed = await cancel_offer(viewer, collaborator)
    await advance_teams_of(account_id, collaborator["id"])
    removed = await database.write(
        Statement("DELETE FROM collaborators AS r WHERE r.id = ? AND ", (collaborator["id"],))
        + within.where("r")
    )
    if not removed:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_collaborator", ("collaboratorId",))
    await end_collaborator(account_id, collaborator)
    entailed = (*entailed, *await update_pending(account_id))
    if others:
        name = successor and successor["name"]
        entailed = (Change("Opportunity.assignee", collaborator["name"], name, others), *entailed)
    return (assigned, *entailed) if count or successor else entailed
