"""The end of a seat: a collaborator is removed, or leaves. The log keeps what they did, by name."""

from typing import Any

from actions.collaborators import emails
from actions.collaborators.seat import found_seat
from actions.invitations.pending import update_pending
from actions.kit.call import Call
from actions.kit.event import record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.outbox import post
from actions.kit.tombstones import end_seat
from actions.kit.version import advance_teams_of
from actions.sales.assign import only_team, require_active
from actions.sales.events import NEXT_MOMENT, SaleAssignment
from actions.transfers.transfer import cancel_offer
from actions.viewer.switcher import forget_visits
from authz import reach
from authz.gates import Standing, mask_of
from authz.grant import Grant
from authz.identity import stored_grants
from authz.invitations import may_give
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement
from models.vocabulary import EventSource, Role

REMOVE_COLLABORATOR = Mutation(
    "removeCollaborator",
    Grant.ACCESS_COLLABORATORS_CENTER,
    "Person",
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
)
LEAVE_CENTRAL = Mutation("leaveCentral", Standing.COLLABORATOR, "Person", codes=(ErrorCode.NOT_FOUND,))


async def remove_collaborator(call: Call, collaborator_id: str, reassign_to: str | None) -> str:
    """End a seat. What is assigned to it becomes unassigned, or goes to `reassign_to`; credit stays.

    The owner removes anyone; others only users on profiles that open less than their own, never themselves.
    """

    async def work(viewer: Viewer) -> Done:
        within = reach.collaborators(viewer)
        seat = await found_seat(within, collaborator_id)
        await _require_removable(viewer, seat)
        successor = None
        if reassign_to is not None:
            if not viewer.mask & Standing.ADMIN:
                raise Refusal(ErrorCode.FORBIDDEN, "not_any_more", ("reassignTo",))
            successor = await found_seat(reach.people(viewer), reassign_to, ("reassignTo",))
            if successor["id"] == seat["id"]:
                raise Refusal(ErrorCode.NOT_FOUND, "no_such_collaborator", ("reassignTo",))
            require_active(successor, ("reassignTo",))
        entailed = await _end_seat(viewer, within, seat, successor)
        await _notify(viewer, seat)
        return Done(collaborator_id, (Change("Collaborator.name", seat["name"], None), *entailed))

    return await REMOVE_COLLABORATOR.perform(call, work, collaborator_id)


async def _require_removable(viewer: Viewer, seat: Any) -> None:
    if seat["id"] in viewer.own or seat["user_id"] == viewer.user_id:
        raise Refusal(ErrorCode.FORBIDDEN, "own_seat", ("collaboratorId",))
    rows = await database.read(
        Statement("SELECT r.grants FROM profiles r WHERE r.id = ? AND ", (seat["profile_id"],))
        + reach.profiles(viewer).where("r")
    )
    if not may_give(viewer.mask, Role(seat["role"]), mask_of(stored_grants(rows[0]["grants"]))):
        raise Refusal(ErrorCode.FORBIDDEN, "not_removable", ("collaboratorId",))


async def _notify(viewer: Viewer, seat: Any) -> None:
    """Let the one who was removed know, in their language."""
    assert viewer.central is not None
    rows = await database.read(
        "SELECT u.email, u.locale, COALESCE(a.brand_name, a.name) AS account FROM users u"
        " JOIN accounts a ON a.id = ? WHERE u.id = ?",
        (viewer.central.account_id, seat["user_id"]),
    )
    words = {"name": seat["name"], "account": rows[0]["account"]}
    await post(emails.COLLABORATOR_REMOVED, rows[0]["email"], rows[0]["locale"], words)


async def leave_central(call: Call) -> str:
    """End one's own seat."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.collaborator_id is not None
        within = reach.own_seat(viewer)
        seat = await found_seat(within, viewer.collaborator_id)
        entailed = await _end_seat(viewer, within, seat, None)
        return Done(viewer.collaborator_id, (Change("Collaborator.name", seat["name"], None), *entailed))

    return await LEAVE_CENTRAL.perform(call, work, call.viewer.collaborator_id)


async def _hand_on(viewer: Viewer, seat: Any, successor: Any) -> int:
    """Give what is assigned to a seat to its successor, or to no one, and return how many sales that were.

    Without a successor nobody decides anything: what is assigned to a seat that has ended is nobody's.
    """
    assert viewer.central is not None
    own = Statement(" WHERE account_id = ? AND assignee_id = ?", (viewer.central.account_id, seat["id"]))
    if successor is None:
        return await database.write(Statement("UPDATE sales SET assignee_id = NULL, team_id = NULL") + own)
    team, now = await only_team(viewer, successor["id"]), database.now()
    count = await database.write(
        Statement(
            f"UPDATE sales SET assignee_id = ?, team_id = ?, assigned_at = {NEXT_MOMENT}",
            (successor["id"], team, now, now),
        )
        + own
    )
    # what was assigned to the successor before has its event
    new = Statement("r.assignee_id = ? AND r.assigned_at >= ?", (successor["id"], now)) & Statement(
        "NOT EXISTS (SELECT 1 FROM sale_events e WHERE e.account_id = r.account_id AND e.sale_id = r.id"
        " AND e.source = ? AND e.happened_at = r.assigned_at)",
        (EventSource.PERSON.value,),
    )
    await record(viewer, SaleAssignment(), new)
    return count


async def _end_seat(viewer: Viewer, within: Reach, seat: Any, successor: Any) -> tuple[Change, ...]:
    """Hand on what is assigned to a seat, end what it opened, and take it away; tell what changed with it."""
    assert viewer.central is not None
    account_id = viewer.central.account_id
    count = await _hand_on(viewer, seat, successor)
    assigned = Change("Sale.assignee", seat["name"], successor and successor["name"], count)
    # whoever comes back one day comes back without them
    await database.write(
        "UPDATE access_tokens SET ended_at = ? WHERE account_id = ? AND user_id = ? AND ended_at IS NULL",
        (database.now(), account_id, seat["user_id"]),
    )
    await forget_visits(account_id, seat["user_id"])
    entailed = await cancel_offer(viewer, seat)
    await advance_teams_of(account_id, seat["id"])
    removed = await database.write(
        Statement("DELETE FROM collaborators AS r WHERE r.id = ? AND ", (seat["id"],)) + within.where("r")
    )
    if not removed:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_collaborator", ("collaboratorId",))
    await end_seat(account_id, seat)
    entailed = (*entailed, *await update_pending(account_id))
    return (assigned, *entailed) if count or successor else entailed
