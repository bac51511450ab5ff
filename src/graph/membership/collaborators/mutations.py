"""Mutations of collaborators: profile, role, suspension, dates and source codes."""

from enum import Enum

import strawberry

from actions.membership.collaborators import collaborator
from authz import reach
from authz.gates import OwnerOnly, admin_only, needs
from authz.grant import Grant
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.scalars import DateTime
from graph.membership.collaborators.types import Collaborator, Person
from graph.membership.profiles.types import Profile
from models.vocabulary import Role


@strawberry.enum
class NewRole(Enum):
    """A role that you can give."""

    ADMIN = strawberry.enum_value("ADMIN", directives=[OwnerOnly()])
    """Sees all rows of the account."""
    TEAM_LEAD = "TEAM_LEAD"
    """Sees the rows of the teams that they lead, while teams are on."""
    USER = "USER"
    """Sees their own rows, and what privacy shares with them."""


@strawberry.input
class CollaboratorInput(RepeatableInput):
    """A collaborator."""

    collaborator_id: strawberry.ID
    """The collaborator, by the id of the collaborator or of the person."""


@strawberry.input
class AssignProfileInput(CollaboratorInput):
    """A collaborator and their new profile."""

    profile_id: strawberry.ID
    """The profile, one of `profiles`."""


@strawberry.input
class ChangeRoleInput(CollaboratorInput):
    """A collaborator and their new role."""

    role: NewRole
    """The new role."""


@strawberry.input
class SuspendCollaboratorInput(CollaboratorInput):
    """The collaborator to suspend."""


@strawberry.input
class RestoreCollaboratorInput(CollaboratorInput):
    """The suspended collaborator to restore."""


@strawberry.input
class SetAccessDatesInput(CollaboratorInput):
    """A collaborator and the period in which they can enter the central."""

    starts_at: DateTime | None = None
    """When the access begins; null if it has no start date."""
    ends_at: DateTime | None = None
    """When the access ends; null if it has no end date."""
    expected_version: int
    """The `version` of the collaborator that you read. If it has changed since, nothing is changed."""


@strawberry.input
class SetSourceCodesInput(CollaboratorInput):
    """A collaborator and all of their source codes."""

    codes: list[str]
    """The codes, which replace the previous ones: at most 50, each of 1 to 100 letters, digits, `-` and
    `_`."""
    expected_version: int
    """The `version` of the collaborator that you read. If it has changed since, nothing is changed."""


@strawberry.type
class CollaboratorPayload(Payload):
    """The result of a mutation of a collaborator."""

    @admin_only()
    async def person(self, info: Info) -> Person | None:
        """The person as they are now; null if the mutation was refused."""
        return await self.row(Person, reach.people(info.context.viewer))

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    async def collaborator(self, info: Info) -> Collaborator | None:
        """The collaborator as they are now; null if the mutation was refused."""
        return await self.row(Collaborator, reach.collaborators(info.context.viewer))


@strawberry.type
class AssignProfilePayload(CollaboratorPayload):
    """The result of `assignProfile`."""


@strawberry.type
class ChangeRolePayload(CollaboratorPayload):
    """The result of `changeRole`."""


@strawberry.type
class SuspendCollaboratorPayload(CollaboratorPayload):
    """The result of `suspendCollaborator`."""


@strawberry.type
class RestoreCollaboratorPayload(CollaboratorPayload):
    """The result of `restoreCollaborator`."""


@strawberry.type
class SetAccessDatesPayload(CollaboratorPayload):
    """The result of `setAccessDates`."""


@strawberry.type
class SetSourceCodesPayload(CollaboratorPayload):
    """The result of `setSourceCodes`."""


def collaborator_row_id(global_id: str) -> str:
    """The row id of a collaborator, from the global id of the collaborator or of the person."""
    return named(global_id, Collaborator, Person)


@strawberry.type
class CollaboratorMutations:
    """Mutations of collaborators."""

    @mutation(collaborator.ASSIGN_PROFILE)
    async def assign_profile(self, info: Info, input: AssignProfileInput) -> AssignProfilePayload:  # noqa: A002
        """Assigns a collaborator another profile, which applies from their next request on.

        Args:
            input: The collaborator and their new profile.
        """
        collaborator_id, profile_id = (
            collaborator_row_id(input.collaborator_id),
            named(input.profile_id, Profile),
        )
        changed = await collaborator.assign_profile(info.context.call, collaborator_id, profile_id)
        return AssignProfilePayload(object_id=changed)

    @mutation(collaborator.CHANGE_ROLE)
    async def change_role(self, info: Info, input: ChangeRoleInput) -> ChangeRolePayload:  # noqa: A002
        """Gives a collaborator another role. Without the role TEAM_LEAD, they no longer lead their teams.

        FORBIDDEN: the collaborator is yourself or, unless you are the owner, an admin.

        Args:
            input: The collaborator and their new role.
        """
        collaborator_id, role = collaborator_row_id(input.collaborator_id), Role(input.role.value)
        return ChangeRolePayload(
            object_id=await collaborator.change_role(info.context.call, collaborator_id, role)
        )

    @mutation(collaborator.SUSPEND_COLLABORATOR)
    async def suspend_collaborator(
        self,
        info: Info,
        input: SuspendCollaboratorInput,  # noqa: A002
    ) -> SuspendCollaboratorPayload:
        """Suspends a collaborator, who can no longer enter the central. Their assignments stay.

        FORBIDDEN: the collaborator is yourself or, unless you are the owner, an admin.

        Args:
            input: The collaborator to suspend.
        """
        changed = await collaborator.suspend_collaborator(
            info.context.call, collaborator_row_id(input.collaborator_id)
        )
        return SuspendCollaboratorPayload(object_id=changed)

    @mutation(collaborator.RESTORE_COLLABORATOR)
    async def restore_collaborator(
        self,
        info: Info,
        input: RestoreCollaboratorInput,  # noqa: A002
    ) -> RestoreCollaboratorPayload:
        """Restores a suspended collaborator, who can enter the central again.

        FORBIDDEN: the collaborator is yourself or, unless you are the owner, an admin.

        Args:
            input: The collaborator to restore.
        """
        changed = await collaborator.restore_collaborator(
            info.context.call, collaborator_row_id(input.collaborator_id)
        )
        return RestoreCollaboratorPayload(object_id=changed)

    @mutation(collaborator.SET_ACCESS_DATES)
    async def set_access_dates(self, info: Info, input: SetAccessDatesInput) -> SetAccessDatesPayload:  # noqa: A002
        """Sets the period in which a collaborator can enter the central.

        BAD_INPUT: the period ends before it begins. FORBIDDEN: the collaborator is yourself or, unless you
        are the owner, an admin.

        Args:
            input: The collaborator and the period.
        """
        changed = await collaborator.set_access_dates(
            info.context.call,
            collaborator_row_id(input.collaborator_id),
            starts_at=input.starts_at,
            ends_at=input.ends_at,
            expected=input.expected_version,
        )
        return SetAccessDatesPayload(object_id=changed)

    @mutation(collaborator.SET_SOURCE_CODES)
    async def set_source_codes(self, info: Info, input: SetSourceCodesInput) -> SetSourceCodesPayload:  # noqa: A002
        """Replaces a collaborator's source codes. New sales that carry one are assigned to the collaborator.

        A code counts in a sale's `sck` or `src` if the characters around it could not belong to a code. Of
        several codes the first one counts, `sck` before `src`. Sales that someone assigned by hand do not
        change. BAD_INPUT: the text is not a code. CODE_TAKEN: the code is another collaborator's. FORBIDDEN:
        the collaborator is yourself or, unless you are the owner, an admin.

        Args:
            input: The collaborator and their source codes.
        """
        collaborator_id = collaborator_row_id(input.collaborator_id)
        changed = await collaborator.set_source_codes(
            info.context.call, collaborator_id, input.codes, input.expected_version
        )
        return SetSourceCodesPayload(object_id=changed)
