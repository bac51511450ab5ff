"""The preview of an invitation, as part of `Query`."""

import strawberry

from graph.kit.context import Info
from graph.membership.invitations.preview import OpenInvitation, previewed


@strawberry.type
class InvitationQuery:
    """The preview of an invitation."""

    @strawberry.field
    async def invitation(self, info: Info, token: str) -> OpenInvitation | None:
        """The invitation that a link leads to, while it can be accepted. Null for an unknown token and for an
        invitation that can no longer be accepted.

        The answer does not reveal whether the invited address has a user.

        Args:
            token: The token from the link in the e-mail.
        """
        return await previewed(token, natural_persons=info.context.serving.allow_natural_persons)
