"""Collaborators: the people who work in an account, and their memberships in teams."""

import strawberry

from authz import by_id, reach
from authz.active import is_active
from authz.gates import AdminOnly, Needs, admin_only, gated, owner_only
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, Computed, Foreign, Joined, column, computed, joined
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from graph.membership.profiles.types import Profile
from models.vocabulary import Role

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
    """A tracking code that belongs to a person: new sales whose origin contains it are assigned to that
    person."""

    code: str
    """The code. It must be a whole token of the origin's `sck` or `src`, for example `ana` in
    `fb_ads|ana`."""


@row_of("collaborators", "person")
@strawberry.type
class Person(Node):
    """Someone who works in the account, as their colleagues see them."""

    name: str
    """The person's name in this account."""
    email: str = owner_only(_EMAIL)
    """The e-mail address that the person signs in with."""
    role: Role = admin_only()
    """The person's role, which decides which rows they can see."""
    teams: list["TeamMembership"] = admin_only(Children("collaborator_id", Order("id")))
    """The teams that the person belongs to."""
    suspended: bool = admin_only(Computed(_is_set, ("suspended_at",)))
    """Whether the person is suspended, and cannot enter until they are restored."""
    starts_at: DateTime | None = admin_only()
    """When the person's access begins; null if it has no start date."""
    ends_at: DateTime | None = admin_only()
    """When the person's access ends; null if it has no end date."""
    source_codes: list["SourceCode"] = admin_only(_CODES)
    """The codes by which new sales are assigned to the person; at most 50."""
    version: int = admin_only()
    """A number that grows with each change of the person's access. Mutations that replace the dates or the
    source codes require it."""


@row_of("teams", "team")
@strawberry.type
class TeamSummary:
    """A team's id and name. Its members are listed by `Account.teams`."""

    team_id: strawberry.ID = column("id")
    """The team's id."""
    name: str
    """The team's name in the account."""


@row_of("team_members")
@strawberry.type
class TeamMembership:
    """A person's membership in a team."""

    team: TeamSummary = admin_only(Joined("team_id"))
    """The team that the person belongs to."""
    leads: bool = admin_only()
    """Whether the person leads the team."""


@gated(_CENTER)
@row_of("collaborators", "collaborator")
@strawberry.type
class Collaborator(Node):
    """A person who works in this account, with one profile and one role."""

    name: str
    """The collaborator's name in this account."""
    email: str = owner_only(_EMAIL)
    """The e-mail address that the collaborator signs in with."""
    role: Role
    """The collaborator's role, which decides which rows they can see."""
    profile: Profile = joined("profile_id")
    """The collaborator's profile, whose grants decide which fields exist for them."""
    active: bool = computed(is_active, "suspended_at", "starts_at", "ends_at")
    """Whether the collaborator can enter now: not suspended, and within the dates of their access."""
    joined_at: DateTime
    """When the collaborator joined the account."""
    starts_at: DateTime | None
    """When the collaborator's access begins; null if it has no start date."""
    ends_at: DateTime | None
    """When the collaborator's access ends; null if it has no end date."""
    last_seen_at: DateTime | None
    """When the collaborator last used this central, to within about five minutes."""
    source_codes: list["SourceCode"] = admin_only(_CODES)
    """The codes by which new sales are assigned to the collaborator; at most 50."""
    teams: list["TeamMembership"] = admin_only(Children("collaborator_id", Order("id")))
    """The teams that the collaborator belongs to."""
    version: int = admin_only()
    """A number that grows with each change of the collaborator's access. Mutations that replace the dates or
    the source codes require it."""


found_within(Person, by_id.people)
found_within(Collaborator, reach.collaborators)
