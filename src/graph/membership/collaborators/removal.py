"""Mutations that end a collaborator's work: they are removed, or leave."""

import strawberry

from actions.membership.collaborators import remove
from authz.gates import AdminOnly
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import Payload
from graph.membership.collaborators.mutations import CollaboratorInput, collaborator_row_id


@strawberry.input
class RemoveCollaboratorInput(CollaboratorInput):
    """The collaborator to remove, and who takes over their assignments."""

    reassign_to: strawberry.ID | None = strawberry.field(default=None, directives=[AdminOnly()])
    """The collaborator who takes over what is assigned to the removed one. If null, it becomes unassigned."""


@strawberry.type
class RemoveCollaboratorPayload(Payload):
    """The result of `removeCollaborator`."""

    collaborator_id: strawberry.ID
    """The id from the input. Without errors, the collaborator no longer exists."""


@strawberry.type
class LeaveCentralPayload(Payload):
    """The result of `leaveCentral`."""

    left: bool = False
    """Whether you have left the account."""


@strawberry.type
class RemovalMutations:
    """Mutations that end a collaborator's work."""

    @mutation(remove.REMOVE_COLLABORATOR)
    async def remove_collaborator(
        self,
        info: Info,
        input: RemoveCollaboratorInput,  # noqa: A002
    ) -> RemoveCollaboratorPayload:
        """Removes a collaborator from the account. What is assigned to them becomes unassigned, or goes to
        someone else.

        Reports of past periods do not change: sales stay credited to the collaborator by name. The log keeps
        the name too. The owner can remove everyone; others can remove collaborators with the role USER whose
        profile has fewer grants than their own. FORBIDDEN: you cannot remove this collaborator, or the
        person who should take over cannot enter the central now.

        Args:
            input: The collaborator to remove.
        """
        reassign_to = collaborator_row_id(input.reassign_to) if input.reassign_to is not None else None
        removed = await remove.remove_collaborator(
            info.context.call, collaborator_row_id(input.collaborator_id), reassign_to
        )
        return RemoveCollaboratorPayload(object_id=removed, collaborator_id=input.collaborator_id)

    @mutation(remove.LEAVE_CENTRAL)
    async def leave_central(self, info: Info) -> LeaveCentralPayload:
        """Ends your work as a collaborator of the account. What is assigned to you becomes unassigned."""
        return LeaveCentralPayload(object_id=await remove.leave_central(info.context.call), left=True)
