"""Mutations of teams: enable them, create, rename and delete them, and set what their members see."""

import strawberry

from actions.membership.teams import team
from authz import reach
from authz.gates import admin_only
from graph.accounts.payload import AccountPayload
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.membership.teams.types import Team
from models.vocabulary import Privacy


@strawberry.input
class EnableTeamsInput(RepeatableInput):
    """The key by which the mutation can be repeated safely."""


@strawberry.input
class DisableTeamsInput(RepeatableInput):
    """The key by which the mutation can be repeated safely."""


@strawberry.input
class SetPrivacyInput(RepeatableInput):
    """What users see of each other while teams are off."""

    privacy: Privacy
    """Whether users see each other's rows."""
    expected_version: int
    """The `version` of the account that you read. If it has changed since, nothing is changed."""


@strawberry.input
class CreateTeamInput(RepeatableInput):
    """The name and privacy of a new team."""

    name: str
    """The team's name, of 1 to 100 characters. No two teams of an account have the same name."""
    privacy: Privacy = Privacy.OWN
    """Whether the team's members see each other's rows."""


@strawberry.input
class TeamInput(RepeatableInput):
    """A team."""

    team_id: strawberry.ID
    """The team, one of `teams`."""


@strawberry.input
class RenameTeamInput(TeamInput):
    """A team and its new name."""

    name: str
    """The team's new name, of 1 to 100 characters."""


@strawberry.input
class SetTeamPrivacyInput(TeamInput):
    """A team and what its members see of each other."""

    privacy: Privacy
    """Whether the team's members see each other's rows."""


@strawberry.input
class DeleteTeamInput(TeamInput):
    """The team to delete."""


@strawberry.type
class EnableTeamsPayload(AccountPayload):
    """The result of `enableTeams`."""


@strawberry.type
class DisableTeamsPayload(AccountPayload):
    """The result of `disableTeams`."""


@strawberry.type
class SetPrivacyPayload(AccountPayload):
    """The result of `setPrivacy`."""


@strawberry.type
class TeamPayload(Payload):
    """The result of a mutation of a team."""

    @admin_only()
    async def team(self, info: Info) -> Team | None:
        """The team as it is now; null if the mutation was refused."""
        return await self.row(Team, reach.teams(info.context.viewer))


@strawberry.type
class CreateTeamPayload(TeamPayload):
    """The result of `createTeam`."""


@strawberry.type
class RenameTeamPayload(TeamPayload):
    """The result of `renameTeam`."""


@strawberry.type
class SetTeamPrivacyPayload(TeamPayload):
    """The result of `setTeamPrivacy`."""


@strawberry.type
class DeleteTeamPayload(Payload):
    """The result of `deleteTeam`."""

    team_id: strawberry.ID
    """The id from the input. Without errors, the team no longer exists."""


@strawberry.type
class TeamMutations:
    """Mutations of teams."""

    @mutation(team.ENABLE_TEAMS)
    async def enable_teams(self, info: Info, input: EnableTeamsInput | None = None) -> EnableTeamsPayload:  # noqa: A002
        """Turns teams on. Team members and leads from before take effect again.

        EDITION: the account's edition does not include teams.

        Args:
            input: The key by which the mutation can be repeated safely.
        """
        return EnableTeamsPayload(object_id=await team.enable_teams(info.context.call))

    @mutation(team.DISABLE_TEAMS)
    async def disable_teams(
        self,
        info: Info,
        input: DisableTeamsInput | None = None,  # noqa: A002
    ) -> DisableTeamsPayload:
        """Turns teams off. Team members and leads are kept, but have no effect while teams are off.

        Args:
            input: The key by which the mutation can be repeated safely.
        """
        return DisableTeamsPayload(object_id=await team.disable_teams(info.context.call))

    @mutation(team.SET_PRIVACY)
    async def set_privacy(self, info: Info, input: SetPrivacyInput) -> SetPrivacyPayload:  # noqa: A002
        """Sets whether users see each other's rows while teams are off.

        Args:
            input: What users see of each other.
        """
        call = info.context.call
        return SetPrivacyPayload(
            object_id=await team.set_privacy(call, input.privacy, input.expected_version)
        )

    @mutation(team.CREATE_TEAM)
    async def create_team(self, info: Info, input: CreateTeamInput) -> CreateTeamPayload:  # noqa: A002
        """Creates a team without members; `addTeamMember` and `setTeamMembers` add them.

        TOO_MANY: the account has 200 teams.

        Args:
            input: The team's name and privacy.
        """
        created = await team.create_team(info.context.call, input.name, input.privacy)
        return CreateTeamPayload(object_id=created)

    @mutation(team.RENAME_TEAM)
    async def rename_team(self, info: Info, input: RenameTeamInput) -> RenameTeamPayload:  # noqa: A002
        """Renames a team.

        Args:
            input: The team and its new name.
        """
        team_id = named(input.team_id, Team)
        return RenameTeamPayload(object_id=await team.rename_team(info.context.call, team_id, input.name))

    @mutation(team.SET_TEAM_PRIVACY)
    async def set_team_privacy(self, info: Info, input: SetTeamPrivacyInput) -> SetTeamPrivacyPayload:  # noqa: A002
        """Sets whether the members of a team see each other's rows.

        Args:
            input: The team and what its members see.
        """
        call, team_id = info.context.call, named(input.team_id, Team)
        return SetTeamPrivacyPayload(object_id=await team.set_team_privacy(call, team_id, input.privacy))

    @mutation(team.DELETE_TEAM)
    async def delete_team(self, info: Info, input: DeleteTeamInput) -> DeleteTeamPayload:  # noqa: A002
        """Deletes a team. Its members stay in the account, and sales assigned in it keep their assignees.

        Reports of past periods do not change: sales stay credited to the team by name.

        Args:
            input: The team to delete.
        """
        deleted = await team.delete_team(info.context.call, named(input.team_id, Team))
        return DeleteTeamPayload(object_id=deleted, team_id=input.team_id)
