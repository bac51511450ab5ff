"""The preview of an invitation, as part of `Query`."""

import strawberry

from graph.invitations.preview import OpenInvitation, previewed
from graph.kit.context import Info


@strawberry.type
class InvitationQuery:
    """What the holder of a link may know."""

    @strawberry.field
    async def invitation(self, info: Info, token: str) -> OpenInvitation | None:
        """The invitation of a link, while it can be accepted; a bad token and one no more good are alike.

        It does not tell whether the invited address has a user.

        Args:
            token: The token of the link in the e-mail.
        """
        return await previewed(token, lifted=info.context.serving.allow_natural_persons)
