"""The end of a seat: someone is removed, or leaves."""

import strawberry

from actions.collaborators import remove
from authz.gates import AdminOnly, collaborator_only, needs
from authz.grant import Grant
from graph.collaborators.mutations import KEY, WHO, seat_named
from graph.kit.context import Info
from graph.kit.payload import Outcome, answered


@strawberry.input
class RemoveCollaboratorInput:
    """Whose seat ends."""

    collaborator_id: strawberry.ID = strawberry.field(description=WHO)
    reassign_to: strawberry.ID | None = strawberry.field(default=None, directives=[AdminOnly()])
    """Who gets what is assigned to the seat; without it, no one does."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.type
class RemoveCollaboratorPayload(Outcome):
    """What came of ending a seat."""

    collaborator_id: strawberry.ID
    """The id that was given; where there are no errors, it is no one's any more."""


@strawberry.type
class LeaveCentralPayload(Outcome):
    """What came of leaving."""

    left: bool = False
    """Whether the seat has ended."""


@strawberry.type
class RemovalMutations:
    """Mutations that end seats."""

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    async def remove_collaborator(
        self,
        info: Info,
        input: RemoveCollaboratorInput,  # noqa: A002
    ) -> RemoveCollaboratorPayload:
        """End a collaborator's seat. What is assigned to it becomes unassigned, or goes to an heir.

        Reports of the past do not change: sales stay credited to the seat, under its name. The owner ends
        any; others those of users whose profile opens less than their own. The log keeps the name. Errors:
        NOT_FOUND for a collaborator, or who gets the rows, that is not there; FORBIDDEN for one that you may
        not remove, and for an heir who cannot enter now; IDEMPOTENCY_CONFLICT.

        Args:
            input: Whose seat.
        """
        heir = input.reassign_to
        act = remove.remove_collaborator(
            info.context.caller,
            collaborator_id=seat_named(input.collaborator_id),
            reassign_to=seat_named(heir) if heir is not None else None,
            key=input.idempotency_key,
        )
        answer = RemoveCollaboratorPayload(collaborator_id=input.collaborator_id)
        return await answered(answer, act, info.context)

    @collaborator_only()
    async def leave_central(self, info: Info) -> LeaveCentralPayload:
        """End your own seat in the account. What is assigned to you becomes unassigned."""
        act = remove.leave_central(info.context.caller)
        answer = await answered(LeaveCentralPayload(), act, info.context)
        answer.left = answer.done_id is not None
        return answer
