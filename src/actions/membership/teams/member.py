"""The members and leads of teams."""

from collections.abc import Sequence
from typing import Any

from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.version import advance
from actions.membership.collaborators.collaborator import find_collaborator, require_below
from actions.membership.teams.team import found_team, require_teams
from authz import reach
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement
from models.vocabulary import Role

MOST_MEMBERS = 500

ADD_TEAM_MEMBER = Mutation(
    "addTeamMember", Standing.ADMIN, "Team", codes=(ErrorCode.TEAMS_OFF, ErrorCode.NOT_FOUND), replays=True
)
REMOVE_TEAM_MEMBER = Mutation(
    "removeTeamMember", Standing.ADMIN, "Team", codes=(ErrorCode.TEAMS_OFF, ErrorCode.NOT_FOUND), replays=True
)
SET_TEAM_MEMBERS = Mutation(
    "setTeamMembers",
    Standing.ADMIN,
    "Team",
    codes=(ErrorCode.TEAMS_OFF, ErrorCode.NOT_FOUND, ErrorCode.VERSION_CONFLICT),
    replays=True,
)
SET_TEAM_LEAD = Mutation(
    "setTeamLead",
    Standing.ADMIN,
    "Team",
    codes=(ErrorCode.TEAMS_OFF, ErrorCode.NOT_FOUND, ErrorCode.NOT_A_LEAD),
    replays=True,
)


async def add_team_member(call: Call, team_id: str, collaborator_id: str) -> str:
    """Add a collaborator to a team. Nothing changes for someone who is already in it."""

    async def work(viewer: Viewer) -> Done:
        before = await _places(viewer, team_id)
        collaborator = await find_collaborator(reach.people(viewer), collaborator_id)
        require_below(viewer, collaborator)
        if collaborator_id in before:
            return Done(team_id)
        await advance(reach.teams(viewer), team_id)
        await _add(viewer, team_id, collaborator_id)
        return await _done(viewer, team_id, before)

    return await ADD_TEAM_MEMBER.perform(call, work, team_id)


async def remove_team_member(call: Call, team_id: str, collaborator_id: str) -> str:
    """Remove a member, or a lead, from a team."""

    async def work(viewer: Viewer) -> Done:
        before = await _places(viewer, team_id)
        collaborator = await find_collaborator(reach.people(viewer), collaborator_id)
        require_below(viewer, collaborator)
        if collaborator_id not in before:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_member", ("collaboratorId",))
        await advance(reach.teams(viewer), team_id)
        await _remove(viewer, team_id, collaborator_id)
        return await _done(viewer, team_id, before)

    return await REMOVE_TEAM_MEMBER.perform(call, work, team_id)


async def set_team_members(call: Call, team_id: str, member_ids: Sequence[str], expected: int) -> str:
    """Replace a team's members. Leads who remain stay leads. Only those who join or leave are judged."""
    distinct = list(dict.fromkeys(member_ids))

    async def work(viewer: Viewer) -> Done:
        if len(distinct) > MOST_MEMBERS:
            raise Refusal(ErrorCode.BAD_INPUT, "too_many_members", ("memberIds",), most=MOST_MEMBERS)
        before = await _places(viewer, team_id)
        for number, collaborator_id in enumerate(member_ids):
            if collaborator_id not in before:
                field = ("memberIds", str(number))
                require_below(
                    viewer, await find_collaborator(reach.people(viewer), collaborator_id, field), field
                )
        await advance(reach.teams(viewer), team_id, expected)
        for collaborator_id in before.keys() - set(distinct):
            gone = await find_collaborator(reach.people(viewer), collaborator_id, ("memberIds",))
            require_below(viewer, gone, ("memberIds",))
            await _remove(viewer, team_id, collaborator_id)
        for collaborator_id in distinct:
            if collaborator_id not in before:
                await _add(viewer, team_id, collaborator_id)
        return await _done(viewer, team_id, before)

    return await SET_TEAM_MEMBERS.perform(call, work, team_id)


async def set_team_lead(call: Call, team_id: str, collaborator_id: str, *, leads: bool) -> str:
    """Make a TEAM_LEAD lead a team, and a member of it; or make a lead a regular member."""

    async def work(viewer: Viewer) -> Done:
        before = await _places(viewer, team_id)
        collaborator = await find_collaborator(reach.people(viewer), collaborator_id)
        require_below(viewer, collaborator)
        if leads and collaborator["role"] != Role.TEAM_LEAD.value:
            raise Refusal(ErrorCode.NOT_A_LEAD, "not_a_lead", ("collaboratorId",))
        if not leads and collaborator_id not in before:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_member", ("collaboratorId",))
        await advance(reach.teams(viewer), team_id)
        if collaborator_id not in before:
            await _add(viewer, team_id, collaborator_id)
        await database.write(
            Statement(
                "UPDATE team_members AS r SET leads = ? WHERE r.team_id = ? AND r.collaborator_id = ? AND ",
                (leads, team_id, collaborator_id),
            )
            + reach.team_places(viewer).where("r")
        )
        return await _done(viewer, team_id, before)

    return await SET_TEAM_LEAD.perform(call, work, team_id)


async def _places(viewer: Viewer, team_id: str) -> dict[str, tuple[str, bool]]:
    """The members of a team by collaborator id, each with their name and whether they lead it."""
    require_teams(viewer)
    await found_team(viewer, team_id)
    rows = await database.read(
        Statement(
            "SELECT r.collaborator_id, r.leads, c.name FROM team_members r"
            " JOIN collaborators c ON c.account_id = r.account_id AND c.id = r.collaborator_id"
            " WHERE r.team_id = ? AND ",
            (team_id,),
        )
        + reach.team_places(viewer).where("r")
    )
    return {str(row["collaborator_id"]): (str(row["name"]), bool(row["leads"])) for row in rows}


async def _add(viewer: Viewer, team_id: str, collaborator_id: str) -> None:
    assert viewer.central is not None
    row: dict[str, Any] = {
        "id": database.new_id(),
        "account_id": viewer.central.account_id,
        "team_id": team_id,
        "collaborator_id": collaborator_id,
        "leads": False,
    }
    await database.insert("team_members", row)


async def _remove(viewer: Viewer, team_id: str, collaborator_id: str) -> None:
    removed = await database.write(
        Statement(
            "DELETE FROM team_members AS r WHERE r.team_id = ? AND r.collaborator_id = ? AND ",
            (team_id, collaborator_id),
        )
        + reach.team_places(viewer).where("r")
    )
    if not removed:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_member", ("collaboratorId",))


async def _done(viewer: Viewer, team_id: str, before: dict[str, tuple[str, bool]]) -> Done:
    after = await _places(viewer, team_id)
    members, leads = (
        Change(field, _names(before, leading), _names(after, leading))
        for field, leading in (("Team.members", False), ("TeamMember.leads", True))
    )
    return Done(team_id, tuple(change for change in (members, leads) if change.before != change.after))


def _names(places: dict[str, tuple[str, bool]], leading: bool) -> list[str]:
    return sorted(name for name, leads in places.values() if leads or not leading)
