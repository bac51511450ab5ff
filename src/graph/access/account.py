"""Access, as part of `Account`."""

import strawberry

from authz.gates import admin_only
from graph.access.explain import AccessExplanation, Question, explained
from graph.access.types import AccountAccess
from graph.kit.context import Info
from graph.kit.noun import AccountPart


@strawberry.type
class AccessOfAccount(AccountPart):
    """What is open, and why."""

    @strawberry.field
    def access(self) -> AccountAccess:
        """What you hold here, and what you can do with it."""
        return AccountAccess(viewer=self.viewer)

    @admin_only()
    async def explain_access(
        self,
        info: Info,
        coordinate: str,
        collaborator: strawberry.ID,
        object: strawberry.ID | None = None,  # noqa: A002
    ) -> AccessExplanation | None:
        """Why something is open or shut for a collaborator, and the smallest change that would turn it over;
        none for what does not exist for you, or is not within your reach.

        Args:
            coordinate: A type, field, argument, input field or value of the schema, as `Account.name`.
            collaborator: One of `collaborators` or of `people`.
            object: An object, as a sale, that should be within the collaborator's reach besides.
        """
        return await explained(info, Question(coordinate, collaborator, object))
