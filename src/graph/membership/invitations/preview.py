"""Invitations as those who are invited see them."""

from collections.abc import Mapping, Sequence

import strawberry

from actions.identity.sessions.session import storable
from graph.kit.context import Context
from graph.kit.node import Node, found_by
from graph.kit.scalars import DateTime
from graph.membership.invitations.open import AcceptableInvitation, invitation_of, open_invitations
from models.vocabulary import Role

INVITATION = "invitation_"


@strawberry.type
class OpenInvitation(Node):
    """An invitation that can be accepted, as the invited person sees it."""

    id: strawberry.ID
    """The invitation's id. A user who is signed in with the invited address can accept by it."""
    account_name: str
    """The name of the account that sent the invitation."""
    inviter_name: str
    """The name of the person who sent the invitation."""
    role: Role
    """The role that the invited person would get."""
    profile_name: str
    """The name of the profile that the invited person would get."""
    expires_at: DateTime
    """The time until which the invitation can be accepted."""


def shown_invitation(found: AcceptableInvitation) -> OpenInvitation:
    """An open invitation as the API shows it."""
    return OpenInvitation(
        id=strawberry.ID(INVITATION + found.invitation_id),
        account_name=found.account_name,
        inviter_name=found.inviter_name,
        role=found.role,
        profile_name=found.profile_name,
        expires_at=DateTime(found.expires_at),
    )


async def previewed(token: str, *, natural_persons: bool) -> OpenInvitation | None:
    """The part of an invitation that its link alone shows, without signing in."""
    found = await invitation_of(storable(token), natural_persons=natural_persons)
    return shown_invitation(found) if found else None


async def _by_id(context: Context, names: Sequence[str]) -> Mapping[str, OpenInvitation]:
    natural_persons = context.serving.allow_natural_persons
    found = await open_invitations(context.viewer, natural_persons=natural_persons)
    return {
        invitation.invitation_id: shown_invitation(invitation)
        for invitation in found
        if invitation.invitation_id in names
    }


found_by(INVITATION, "OpenInvitation", _by_id)
