"""Invitations, as part of `Viewer`."""

import strawberry

from authz.gates import in_session
from graph.kit.context import Info
from graph.kit.noun import ViewerPart
from graph.membership.invitations.open import open_invitations
from graph.membership.invitations.preview import OpenInvitation, shown_invitation


@strawberry.type
class InvitationsOfViewer(ViewerPart):
    """The viewer's invitations."""

    @in_session()
    async def invitations(self, info: Info) -> list[OpenInvitation]:
        """The invitations that were sent to the user's verified address and can be accepted, newest first."""
        natural_persons = info.context.serving.allow_natural_persons
        found = await open_invitations(info.context.viewer, natural_persons=natural_persons)
        return [shown_invitation(invitation) for invitation in found]
