"""Invitations to become a collaborator, as those see them who send them."""

import strawberry

from authz import reach
from authz.gates import Needs, gated
from authz.grant import Grant
from authz.invitations import state_of
from engine.rows.lists import row_of
from engine.rows.source import computed, joined
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from graph.membership.profiles.types import Profile
from models.vocabulary import InvitationStatus, Role

strawberry.enum(InvitationStatus)

_CENTER = Needs(grant=Grant.ACCESS_COLLABORATORS_CENTER)


@gated(_CENTER)
@row_of("invitations", "invitation")
@strawberry.type
class Invitation(Node):
    """An invitation to become a collaborator, sent to an e-mail address."""

    name: str
    """The name of the invited person."""
    email: str
    """The e-mail address that was invited. Only its owner can accept."""
    role: Role
    """The role that the invited person would get."""
    profile: Profile = joined("profile_id")
    """The profile that the invited person would get."""
    status: InvitationStatus = computed(state_of, "status", "expires_at", "falls_at")
    """The current status of the invitation."""
    created_at: DateTime
    """When the invitation was first sent."""
    expires_at: DateTime
    """The time until which the invitation can be accepted."""


found_within(Invitation, reach.invitations)
