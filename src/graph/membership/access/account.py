"""Access, as part of `Account`."""

import strawberry

from authz.gates import admin_only
from graph.kit.context import Info
from graph.kit.noun import AccountPart
from graph.membership.access.explain import AccessExplanation, Question, explained
from graph.membership.access.types import AccountAccess


@strawberry.type
class AccessOfAccount(AccountPart):
    """Access to the account, and its explanation."""

    @strawberry.field
    def access(self) -> AccountAccess:
        """Your grants and standings in this central, and the mutations that you can call."""
        return AccountAccess(viewer=self.viewer)

    @admin_only()
    async def explain_access(
        self,
        info: Info,
        coordinate: str,
        collaborator: strawberry.ID,
        object: strawberry.ID | None = None,  # noqa: A002
    ) -> AccessExplanation | None:
        """An explanation of why something is open or closed for a collaborator, with the smallest changes
        that would reverse that. Null for what does not exist for you or is not within your reach.

        Args:
            coordinate: A schema coordinate: a type, field, argument, input field or enum value,
                for example `Account.name`.
            collaborator: The id of one of `collaborators` or `people`.
            object: The id of an object that must be within the collaborator's reach too, for
                example a sale.
        """
        return await explained(info, Question(coordinate, collaborator, object))
