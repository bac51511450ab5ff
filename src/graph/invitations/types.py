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
from graph.profiles.types import Profile
from models.words import InvitationStatus, Role

strawberry.enum(InvitationStatus)

_CENTER = Needs(grant=Grant.ACCESS_COLLABORATORS_CENTER)


@gated(_CENTER)
@row_of("invitations", "invitation")
@strawberry.type
class Invitation(Node):
    """An e-mail asked to become a collaborator."""

    name: str
    """Whom it is for."""
    email: str
    """The address that it went to; only its holder can accept."""
    role: Role
    """The role that comes with it."""
    profile: Profile = joined("profile_id")
    """The profile that comes with it."""
    status: InvitationStatus = computed(state_of, "status", "expires_at", "falls_at")
    """Where it stands."""
    created_at: DateTime
    """When it was sent first."""
    expires_at: DateTime
    """Until when it can be accepted."""


found_within(Invitation, reach.invitations)
