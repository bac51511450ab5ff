"""Who is in a team, and who leads it."""

import strawberry

from actions.teams import member
from authz.gates import admin_only
from graph.collaborators.mutations import KEY, WHO, seat_named
from graph.kit.context import Info
from graph.kit.payload import answered, named
from graph.teams.mutations import TeamOutcome
from graph.teams.types import Team


@strawberry.input
class AddTeamMemberInput:
    """Who comes into which team."""

    team_id: strawberry.ID
    """One of `teams`."""
    collaborator_id: strawberry.ID = strawberry.field(description=WHO)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class RemoveTeamMemberInput:
    """Who goes from which team."""

    team_id: strawberry.ID
    """One of `teams`."""
    collaborator_id: strawberry.ID = strawberry.field(description=WHO)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class SetTeamMembersInput:
    """Who is in a team."""

    team_id: strawberry.ID
    """One of `teams`."""
    member_ids: list[strawberry.ID]
    """All of its members, at most 500, each by the id of a collaborator or of a person."""
    expected_version: int
    """The `version` of the team that you saw: if it has another by now, nothing is changed."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class SetTeamLeadInput:
    """Who leads a team, or leads it no more."""

    team_id: strawberry.ID
    """One of `teams`."""
    collaborator_id: strawberry.ID = strawberry.field(description=WHO)
    leads: bool
    """Whether the person leads it; others may lead it too."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.type
class AddTeamMemberPayload(TeamOutcome):
    """What came of taking someone into a team."""


@strawberry.type
class RemoveTeamMemberPayload(TeamOutcome):
    """What came of taking someone out of a team."""


@strawberry.type
class SetTeamMembersPayload(TeamOutcome):
    """What came of saying who is in a team."""


@strawberry.type
class SetTeamLeadPayload(TeamOutcome):
    """What came of saying who leads a team."""


@strawberry.type
class TeamMemberMutations:
    """Mutations of teams' members."""

    @admin_only()
    async def add_team_member(self, info: Info, input: AddTeamMemberInput) -> AddTeamMemberPayload:  # noqa: A002
        """Take a collaborator into a team. Who is in it already stays as he is.

        Errors: TEAMS_OFF; NOT_FOUND; FORBIDDEN for your own seat and, unless you are the owner, for an
        admin's; IDEMPOTENCY_CONFLICT.

        Args:
            input: Who, and into which.
        """
        act = member.add_team_member(
            info.context.caller,
            team_id=named(input.team_id, Team),
            collaborator_id=seat_named(input.collaborator_id),
            key=input.idempotency_key,
        )
        return await answered(AddTeamMemberPayload(), act, info.context)

    @admin_only()
    async def remove_team_member(
        self,
        info: Info,
        input: RemoveTeamMemberInput,  # noqa: A002
    ) -> RemoveTeamMemberPayload:
        """Take a member out of a team, a lead too.

        Errors: TEAMS_OFF; NOT_FOUND, also for who is no member; FORBIDDEN for your own seat and, unless you
        are the owner, for an admin's; IDEMPOTENCY_CONFLICT.

        Args:
            input: Who, and out of which.
        """
        act = member.remove_team_member(
            info.context.caller,
            team_id=named(input.team_id, Team),
            collaborator_id=seat_named(input.collaborator_id),
            key=input.idempotency_key,
        )
        return await answered(RemoveTeamMemberPayload(), act, info.context)

    @admin_only()
    async def set_team_members(self, info: Info, input: SetTeamMembersInput) -> SetTeamMembersPayload:  # noqa: A002
        """Say who is in a team. Who stays keeps the lead, if he had it.

        Errors: TEAMS_OFF; NOT_FOUND; BAD_INPUT for too many; FORBIDDEN where your own seat or, unless you
        are the owner, an admin's would come or go; VERSION_CONFLICT; IDEMPOTENCY_CONFLICT.

        Args:
            input: Which team, and who.
        """
        act = member.set_team_members(
            info.context.caller,
            team_id=named(input.team_id, Team),
            member_ids=[seat_named(one) for one in input.member_ids],
            expected=input.expected_version,
            key=input.idempotency_key,
        )
        return await answered(SetTeamMembersPayload(), act, info.context)

    @admin_only()
    async def set_team_lead(self, info: Info, input: SetTeamLeadInput) -> SetTeamLeadPayload:  # noqa: A002
        """Let someone lead a team, which makes him a member of it, or lead it no more. Several may lead it.

        Errors: TEAMS_OFF; NOT_FOUND; NOT_A_LEAD for who has not the role TEAM_LEAD; FORBIDDEN for your own
        seat and, unless you are the owner, for an admin's; IDEMPOTENCY_CONFLICT.

        Args:
            input: Who, which team, and whether.
        """
        act = member.set_team_lead(
            info.context.caller,
            team_id=named(input.team_id, Team),
            collaborator_id=seat_named(input.collaborator_id),
            leads=input.leads,
            key=input.idempotency_key,
        )
        return await answered(SetTeamLeadPayload(), act, info.context)
