"""Teams: switching them on, making, naming and removing them, and what their members see of each other."""

import strawberry

from actions.teams import team
from authz import reach
from authz.gates import admin_only, in_central
from authz.identity import as_now
from graph.accounts.types import Account, account_of
from graph.kit.context import Info
from graph.kit.payload import Outcome, answered, named, only
from graph.teams.types import Team
from models.words import Privacy

KEY = "A key of your own: repeated within a day with the same input, the act is done once."


@strawberry.input
class SwitchTeamsInput:
    """Whether teams are on."""

    on: bool
    """Whether they are on from now on."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class SetPrivacyInput:
    """What users see of each other while teams are off."""

    privacy: Privacy
    """Whether they see each other's rows."""
    expected_version: int
    """The `version` of the account that you saw: if it has another by now, nothing is changed."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class CreateTeamInput:
    """What the team is called."""

    name: str
    """Its name, of 1 to 100 characters, unlike that of any other team of the account."""
    privacy: Privacy = Privacy.OWN
    """Whether its members see each other's rows."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class RenameTeamInput:
    """Which team gets which name."""

    team_id: strawberry.ID
    """One of `teams`."""
    name: str
    """Its new name."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class SetTeamPrivacyInput:
    """What the members of a team see of each other."""

    team_id: strawberry.ID
    """One of `teams`."""
    privacy: Privacy
    """Whether they see each other's rows."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class DeleteTeamInput:
    """Which team is taken away."""

    team_id: strawberry.ID
    """One of `teams`."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.type
class AccountOutcome(Outcome):
    """What came of a change to the account."""

    @in_central()
    async def account(self, info: Info) -> Account | None:
        """The account as it stands now; none where nothing came of it."""
        if self.done_id is None:
            return None
        return account_of(await as_now(info.context.viewer))


@strawberry.type
class SwitchTeamsPayload(AccountOutcome):
    """What came of switching teams on or off."""


@strawberry.type
class SetPrivacyPayload(AccountOutcome):
    """What came of setting the account's privacy."""


@strawberry.type
class TeamOutcome(Outcome):
    """What came of an act on a team."""

    @admin_only()
    async def team(self, info: Info) -> Team | None:
        """The team as it stands now."""
        found: Team | None = await only(Team, reach.teams(info.context.viewer), self.done_id)
        return found


@strawberry.type
class CreateTeamPayload(TeamOutcome):
    """What came of making a team."""


@strawberry.type
class RenameTeamPayload(TeamOutcome):
    """What came of naming a team."""


@strawberry.type
class SetTeamPrivacyPayload(TeamOutcome):
    """What came of setting a team's privacy."""


@strawberry.type
class DeleteTeamPayload(Outcome):
    """What came of taking a team away."""

    team_id: strawberry.ID
    """The id that was given; where there are no errors, it is no one's any more."""


@strawberry.type
class TeamMutations:
    """Mutations of teams: those of the owner and admins."""

    @admin_only()
    async def switch_teams(self, info: Info, input: SwitchTeamsInput) -> SwitchTeamsPayload:  # noqa: A002
        """Switch teams on or off. Off, roles and members are kept, and asleep until they are on again.

        Errors: EDITION where the account's edition has no teams; IDEMPOTENCY_CONFLICT.

        Args:
            input: Whether they are on.
        """
        act = team.switch_teams(info.context.caller, on=input.on, key=input.idempotency_key)
        return await answered(SwitchTeamsPayload(), act, info.context)

    @admin_only()
    async def set_privacy(self, info: Info, input: SetPrivacyInput) -> SetPrivacyPayload:  # noqa: A002
        """Say whether users see each other's rows while teams are off.

        Errors: VERSION_CONFLICT; IDEMPOTENCY_CONFLICT.

        Args:
            input: Whether they do.
        """
        act = team.set_privacy(
            info.context.caller,
            privacy=input.privacy,
            expected=input.expected_version,
            key=input.idempotency_key,
        )
        return await answered(SetPrivacyPayload(), act, info.context)

    @admin_only()
    async def create_team(self, info: Info, input: CreateTeamInput) -> CreateTeamPayload:  # noqa: A002
        """Make a team; its members come by `addTeamMember` and `setTeamMembers`.

        Errors: TEAMS_OFF; NAME_TAKEN; BAD_INPUT for the name; TOO_MANY from the 201st on;
        IDEMPOTENCY_CONFLICT.

        Args:
            input: What it is called.
        """
        act = team.create_team(
            info.context.caller, name=input.name, privacy=input.privacy, key=input.idempotency_key
        )
        return await answered(CreateTeamPayload(), act, info.context)

    @admin_only()
    async def rename_team(self, info: Info, input: RenameTeamInput) -> RenameTeamPayload:  # noqa: A002
        """Give a team another name.

        Errors: TEAMS_OFF; NOT_FOUND; NAME_TAKEN; BAD_INPUT for the name; IDEMPOTENCY_CONFLICT.

        Args:
            input: Which, and what it is called.
        """
        act = team.rename_team(
            info.context.caller,
            team_id=named(input.team_id, Team),
            name=input.name,
            key=input.idempotency_key,
        )
        return await answered(RenameTeamPayload(), act, info.context)

    @admin_only()
    async def set_team_privacy(self, info: Info, input: SetTeamPrivacyInput) -> SetTeamPrivacyPayload:  # noqa: A002
        """Say whether the members of a team see each other's rows.

        Errors: TEAMS_OFF; NOT_FOUND; IDEMPOTENCY_CONFLICT.

        Args:
            input: Which, and whether they do.
        """
        act = team.set_team_privacy(
            info.context.caller,
            team_id=named(input.team_id, Team),
            privacy=input.privacy,
            key=input.idempotency_key,
        )
        return await answered(SetTeamPrivacyPayload(), act, info.context)

    @admin_only()
    async def delete_team(self, info: Info, input: DeleteTeamInput) -> DeleteTeamPayload:  # noqa: A002
        """Take a team away. Its members keep their seats, and sales assigned in it their assignees.

        Reports of the past do not change: sales stay credited to the team, under its name.

        Errors: TEAMS_OFF; NOT_FOUND; IDEMPOTENCY_CONFLICT.

        Args:
            input: Which.
        """
        act = team.delete_team(
            info.context.caller, team_id=named(input.team_id, Team), key=input.idempotency_key
        )
        return await answered(DeleteTeamPayload(team_id=input.team_id), act, info.context)
