"""Collaborators: the people who work in an account, and their places in teams."""

import strawberry

from authz import by_id, reach
from authz.active import is_active
from authz.gates import AdminOnly, Needs, admin_only, gated, owner_only
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, Computed, Foreign, Joined, computed, joined
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from graph.profiles.types import Profile
from models.words import Role

strawberry.enum(Role)

_CENTER = Needs(grant=Grant.ACCESS_COLLABORATORS_CENTER)


def _is_set(at: int | None) -> bool:
    return at is not None


_EMAIL = Foreign("users", "user_id", "email")
_CODES = Children("collaborator_id", Order("code"), reach=reach.source_codes)


@gated(AdminOnly())
@row_of("source_codes")
@strawberry.type
class SourceCode:
    """A code of a sale's origin; a sale that arrives with it is assigned to the person whose it is."""

    code: str
    """The code, which counts as a whole token of `sck` or `src`."""


@row_of("collaborators", "person")
@strawberry.type
class Person(Node):
    """Someone with a seat in the account, as far as those who work beside him know him."""

    name: str
    """The name on the seat."""
    email: str = owner_only(_EMAIL)
    """The address that the person signs in with."""
    role: Role = admin_only()
    """How far the person sees."""
    teams: list["TeamMembership"] = admin_only(Children("collaborator_id", Order("id")))
    """The teams that the person belongs to."""
    suspended: bool = admin_only(Computed(_is_set, ("suspended_at",)))
    """Whether the person is kept out until the seat is restored."""
    starts_at: DateTime | None = admin_only()
    """When the seat begins, if it has not always been open."""
    ends_at: DateTime | None = admin_only()
    """When the seat ends, if it does."""
    source_codes: list["SourceCode"] = admin_only(_CODES)
    """The codes whose sales are assigned to the person as they arrive."""
    version: int = admin_only()
    """Grows with each change of the seat; what replaces its dates or its codes takes it."""


@row_of("teams", "team")
@strawberry.type
class TeamSummary:
    """A team by its name, where its members are told elsewhere: lists in a circle would have no end."""

    id: strawberry.ID
    """The team's id."""
    name: str
    """Its name in the account."""


@row_of("team_members")
@strawberry.type
class TeamMembership:
    """A team that a person belongs to."""

    team: TeamSummary = admin_only(Joined("team_id"))
    """Which team it is."""
    leads: bool = admin_only()
    """Whether the person leads it."""


@gated(_CENTER)
@row_of("collaborators", "collaborator")
@strawberry.type
class Collaborator(Node):
    """A person who works in this account."""

    name: str
    """The name on the seat."""
    email: str = owner_only(_EMAIL)
    """The address that the person signs in with."""
    role: Role
    """How far the person sees."""
    profile: Profile = joined("profile_id")
    """What the person's fields are."""
    active: bool = computed(is_active, "suspended_at", "starts_at", "ends_at")
    """Whether the person can enter: not suspended, and within the dates of the seat."""
    joined_at: DateTime
    """When the person joined."""
    starts_at: DateTime | None
    """When the seat begins, if it has not always been open."""
    ends_at: DateTime | None
    """When the seat ends, if it does."""
    last_seen_at: DateTime | None
    """When the person was last in this central, give or take five minutes."""
    source_codes: list["SourceCode"] = admin_only(_CODES)
    """The codes whose sales are assigned to the person as they arrive."""
    teams: list["TeamMembership"] = admin_only(Children("collaborator_id", Order("id")))
    """The teams that the person belongs to."""
    version: int = admin_only()
    """Grows with each change of the seat; what replaces its dates or its codes takes it."""


found_within(Person, by_id.people)
found_within(Collaborator, reach.collaborators)
