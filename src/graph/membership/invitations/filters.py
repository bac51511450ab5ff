"""How a list of invitations is searched, filtered and sorted."""

from enum import Enum

import strawberry

from authz.invitations import in_state
from graph.kit.filters import Criterion, criterion, equal, matches, search
from graph.membership.invitations.types import Invitation
from graph.membership.profiles.types import Profile
from models.statement import Statement, either
from models.vocabulary import InvitationStatus, Role


def _in_one_state(chosen: Criterion) -> Statement:
    return either(in_state("r", status) for status in chosen.value)


@strawberry.input
class InvitationFilter:
    """A filter for invitations. Only invitations that meet all given conditions are listed."""

    text: str | None = matches("name_folded", exact=("email",))
    """Invitations whose name or e-mail address contains this text; case and, in names, accents are ignored.
    At most 100 characters."""
    status: list[InvitationStatus] | None = criterion(_in_one_state)
    """Invitations with one of these statuses."""
    role: list[Role] | None = equal("role")
    """Invitations to one of these roles."""
    profile: strawberry.ID | None = equal("profile_id", Profile)
    """Invitations with the profile with this id."""


@strawberry.enum
class InvitationOrderField(Enum):
    """A field by which invitations can be sorted."""

    NAME = "sort_key"
    """The name, in alphabetical order."""
    CREATED_AT = "created_at"
    """When the invitation was first sent."""


find_invitations = search(Invitation, InvitationFilter, order=InvitationOrderField.CREATED_AT)
