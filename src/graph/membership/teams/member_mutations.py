"""Mutations of who is in a team, and who leads it."""

import strawberry

from actions.membership.teams import member
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.membership.collaborators.mutations import CollaboratorInput, collaborator_row_id
from graph.membership.teams.mutations import TeamInput, TeamPayload
from graph.membership.teams.types import Team


@strawberry.input
class TeamMemberInput(CollaboratorInput, TeamInput):
    """A team and a collaborator."""


@strawberry.input
class AddTeamMemberInput(TeamMemberInput):
    """A team and the collaborator who joins it."""


@strawberry.input
class RemoveTeamMemberInput(TeamMemberInput):
    """A team and the member who leaves it."""


@strawberry.input
class SetTeamMembersInput(TeamInput):
    """A team and all of its members."""

    member_ids: list[strawberry.ID]
    """All members of the team, at most 500, each by the id of the collaborator or of the person."""
    expected_version: int
    """The `version` of the team that you read. If it has changed since, nothing is changed."""


@strawberry.input
class SetTeamLeadInput(TeamMemberInput):
    """A team, a collaborator, and whether they lead the team."""

    leads: bool
    """Whether the collaborator leads the team. A team can have several leads."""


@strawberry.type
class AddTeamMemberPayload(TeamPayload):
    """The result of `addTeamMember`."""


@strawberry.type
class RemoveTeamMemberPayload(TeamPayload):
    """The result of `removeTeamMember`."""


@strawberry.type
class SetTeamMembersPayload(TeamPayload):
    """The result of `setTeamMembers`."""


@strawberry.type
class SetTeamLeadPayload(TeamPayload):
    """The result of `setTeamLead`."""


@strawberry.type
class TeamMemberMutations:
    """Mutations of the members of teams."""

    @mutation(member.ADD_TEAM_MEMBER)
    async def add_team_member(self, info: Info, input: AddTeamMemberInput) -> AddTeamMemberPayload:  # noqa: A002
        """Adds a collaborator to a team. Adding a member again changes nothing.

        FORBIDDEN: the collaborator is yourself or, unless you are the owner, an admin.

        Args:
            input: The team and the collaborator.
        """
        team_id, collaborator_id = _member(input)
        changed = await member.add_team_member(info.context.call, team_id, collaborator_id)
        return AddTeamMemberPayload(object_id=changed)

    @mutation(member.REMOVE_TEAM_MEMBER)
    async def remove_team_member(
        self,
        info: Info,
        input: RemoveTeamMemberInput,  # noqa: A002
    ) -> RemoveTeamMemberPayload:
        """Removes a member, who can be a lead, from a team.

        FORBIDDEN: the collaborator is yourself or, unless you are the owner, an admin.

        Args:
            input: The team and the member.
        """
        team_id, collaborator_id = _member(input)
        changed = await member.remove_team_member(info.context.call, team_id, collaborator_id)
        return RemoveTeamMemberPayload(object_id=changed)

    @mutation(member.SET_TEAM_MEMBERS)
    async def set_team_members(self, info: Info, input: SetTeamMembersInput) -> SetTeamMembersPayload:  # noqa: A002
        """Replaces the members of a team. Leads who remain members remain leads.

        FORBIDDEN: you yourself or, unless you are the owner, an admin would be added or removed.

        Args:
            input: The team and its members.
        """
        changed = await member.set_team_members(
            info.context.call,
            named(input.team_id, Team),
            [collaborator_row_id(member_id) for member_id in input.member_ids],
            input.expected_version,
        )
        return SetTeamMembersPayload(object_id=changed)

    @mutation(member.SET_TEAM_LEAD)
    async def set_team_lead(self, info: Info, input: SetTeamLeadInput) -> SetTeamLeadPayload:  # noqa: A002
        """Makes a collaborator a lead of a team, adding them as a member if necessary, or makes a lead an
        ordinary member.

        NOT_A_LEAD: the collaborator does not have the role TEAM_LEAD. FORBIDDEN: the collaborator is yourself
        or, unless you are the owner, an admin.

        Args:
            input: The team, the collaborator, and whether they lead it.
        """
        team_id, collaborator_id = _member(input)
        changed = await member.set_team_lead(info.context.call, team_id, collaborator_id, leads=input.leads)
        return SetTeamLeadPayload(object_id=changed)


def _member(member: TeamMemberInput) -> tuple[str, str]:
    return named(member.team_id, Team), collaborator_row_id(member.collaborator_id)
