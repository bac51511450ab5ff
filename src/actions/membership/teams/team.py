"""Teams: turning them on and off, creating and changing them, and their privacy."""

from typing import Any

from actions.commerce.sales.events import note_sales
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.tombstones import end_team
from actions.kit.version import advance_account
from actions.membership.profiles.profile import is_taken, leave_room, proper_name
from authz import reach
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.changes import changed_rows
from models.naming import name_columns
from models.statement import Statement
from models.vocabulary import Edition, Privacy

MOST_TEAMS = 200

ENABLE_TEAMS = Mutation("enableTeams", Standing.ADMIN, "Account", codes=(ErrorCode.EDITION,), replays=True)
DISABLE_TEAMS = Mutation("disableTeams", Standing.ADMIN, "Account", replays=True)
SET_PRIVACY = Mutation(
    "setPrivacy", Standing.ADMIN, "Account", codes=(ErrorCode.VERSION_CONFLICT,), replays=True
)
CREATE_TEAM = Mutation(
    "createTeam",
    Standing.ADMIN,
    "Team",
    codes=(ErrorCode.TEAMS_OFF, ErrorCode.NAME_TAKEN, ErrorCode.TOO_MANY),
    replays=True,
)
RENAME_TEAM = Mutation(
    "renameTeam",
    Standing.ADMIN,
    "Team",
    codes=(ErrorCode.TEAMS_OFF, ErrorCode.NOT_FOUND, ErrorCode.NAME_TAKEN),
    replays=True,
)
SET_TEAM_PRIVACY = Mutation(
    "setTeamPrivacy", Standing.ADMIN, "Team", codes=(ErrorCode.TEAMS_OFF, ErrorCode.NOT_FOUND), replays=True
)
DELETE_TEAM = Mutation(
    "deleteTeam", Standing.ADMIN, "Team", codes=(ErrorCode.TEAMS_OFF, ErrorCode.NOT_FOUND), replays=True
)


async def enable_teams(call: Call) -> str:
    """Turn teams on, in the EXPERT edition. Stored roles and memberships take effect again."""
    return await _switch_teams(call, ENABLE_TEAMS, on=True)


async def disable_teams(call: Call) -> str:
    """Turn teams off. Roles and memberships stay stored, but have no effect."""
    return await _switch_teams(call, DISABLE_TEAMS, on=False)


async def _switch_teams(call: Call, declaration: Mutation, *, on: bool) -> str:

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        account_id = viewer.central.account_id
        rows = await database.read("SELECT teams_on, edition FROM accounts WHERE id = ?", (account_id,))
        written = await database.write(
            "UPDATE accounts SET teams_on = ? WHERE id = ? AND (edition = ? OR ? = 0)",
            (on, account_id, Edition.EXPERT.value, int(on)),
        )
        if not written:
            raise Refusal(ErrorCode.EDITION, "edition_without_teams")
        await advance_account(viewer)
        return Done(account_id, (Change("Account.teamsOn", bool(rows[0]["teams_on"]), on),))

    return await declaration.perform(call, work)


async def set_privacy(call: Call, privacy: Privacy, expected: int) -> str:
    """Set whether users see each other's rows while teams are off."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        account_id = viewer.central.account_id
        await advance_account(viewer, expected)
        await database.write("UPDATE accounts SET privacy = ? WHERE id = ?", (privacy.value, account_id))
        return Done(account_id, (Change("Account.privacy", viewer.central.privacy.value, privacy.value),))

    return await SET_PRIVACY.perform(call, work)


def require_teams(viewer: Viewer) -> None:
    """Refuse with TEAMS_OFF if teams are off, because changes would have no visible effect."""
    assert viewer.central is not None
    if not viewer.central.teams_on:
        raise Refusal(ErrorCode.TEAMS_OFF, "teams_are_off")


async def found_team(viewer: Viewer, team_id: str) -> Any:
    """The row of a team. Refuses with NOT_FOUND if there is none."""
    rows = await database.read(
        Statement("SELECT r.id, r.name, r.privacy FROM teams r WHERE r.id = ? AND ", (team_id,))
        + reach.teams(viewer).where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_team", ("teamId",))
    return rows[0]


async def _free_name(viewer: Viewer, name: str, but: str | None) -> str:
    name = proper_name(name)
    if await is_taken(reach.teams(viewer), name, but):
        raise Refusal(ErrorCode.NAME_TAKEN, "team_name_taken", ("name",))
    return name


async def create_team(call: Call, name: str, privacy: Privacy) -> str:
    """Create a team without members and return its id."""

    async def work(viewer: Viewer) -> Done:
        require_teams(viewer)
        assert viewer.central is not None
        new_name = await _free_name(viewer, name, None)
        await leave_room(reach.teams(viewer), MOST_TEAMS)
        row = {
            "id": database.new_id(),
            "account_id": viewer.central.account_id,
            **name_columns(new_name),
            "privacy": privacy.value,
            "created_at": database.now(),
        }
        await database.insert("teams", row)
        changes = (Change("Team.name", None, new_name), Change("Team.privacy", None, privacy.value))
        return Done(str(row["id"]), changes)

    return await CREATE_TEAM.perform(call, work)


async def rename_team(call: Call, team_id: str, name: str) -> str:
    """Rename a team."""

    async def work(viewer: Viewer) -> Done:
        require_teams(viewer)
        team = await found_team(viewer, team_id)
        new_name = await _free_name(viewer, name, team_id)
        await _change(viewer, team_id, name_columns(new_name))
        return Done(team_id, (Change("Team.name", team["name"], new_name),))

    return await RENAME_TEAM.perform(call, work, team_id)


async def set_team_privacy(call: Call, team_id: str, privacy: Privacy) -> str:
    """Set whether the members of a team see each other's rows."""

    async def work(viewer: Viewer) -> Done:
        require_teams(viewer)
        team = await found_team(viewer, team_id)
        await _change(viewer, team_id, {"privacy": privacy.value})
        return Done(team_id, (Change("Team.privacy", team["privacy"], privacy.value),))

    return await SET_TEAM_PRIVACY.perform(call, work, team_id)


async def _change(viewer: Viewer, team_id: str, values: dict[str, str]) -> None:
    columns = ", ".join(f"{column} = ?" for column in values)
    written = await database.write(
        Statement(
            f"UPDATE teams AS r SET {columns}, version = version + 1 WHERE r.id = ? AND ",
            (*values.values(), team_id),
        )
        + reach.teams(viewer).where("r")
    )
    if not written:
        raise Refusal(ErrorCode.NOT_FOUND, "no_team", ("teamId",))


async def delete_team(call: Call, team_id: str) -> str:
    """Delete a team. Its members remain collaborators, and its sales keep their assignees and credit."""

    async def work(viewer: Viewer) -> Done:
        require_teams(viewer)
        within = reach.teams(viewer)
        team = await found_team(viewer, team_id)
        its_sales = Statement("account_id = ? AND team_id = ?", (within.account_id, team_id))
        note_sales(viewer, await changed_rows("sales", its_sales))
        await database.write(Statement("UPDATE sales SET team_id = NULL WHERE ") + its_sales)
        await database.write(
            Statement("DELETE FROM teams AS r WHERE r.id = ? AND ", (team_id,)) + within.where("r")
        )
        assert within.account_id is not None
        await end_team(within.account_id, team)
        return Done(team_id, (Change("Team.name", team["name"], None),))

    return await DELETE_TEAM.perform(call, work, team_id)
