"""Who works in an account: people, collaborators, profiles, teams and invitations."""

import strawberry

from authz import by_id, reach
from authz.active import is_active
from authz.gates import AdminOnly, Needs, OwnerOnly, admin_only, gated, lead_only, owner_only
from authz.grant import Grant
from authz.identity import stored_grants
from authz.invitations import state_of
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, Computed, Foreign, Joined, computed, counted, joined, sourced
from graph.kit.context import Info
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from models.words import InvitationStatus, Privacy, Role

strawberry.enum(Role)
strawberry.enum(Privacy)
strawberry.enum(InvitationStatus)

_CENTER = Needs(grant=Grant.ACCESS_COLLABORATORS_CENTER)


def held_grants(stored: object) -> list[Grant]:
    """The grants of a stored list, in the catalogue's order; keys that the catalogue lacks are no grants."""
    keys = set(stored_grants(stored))
    return [grant for grant in Grant if grant.value in keys]


_HOLDERS = Children("profile_id", Order("sort_key"), reach=reach.collaborators)


@gated(_CENTER)
@row_of("collaborators", "collaborator")
@strawberry.type
class Holder:
    """A collaborator by name, where a profile tells who has it: lists in a circle would have no end."""

    id: strawberry.ID
    """The collaborator's id."""
    name: str
    """The name on the seat."""


@gated(OwnerOnly())
@strawberry.type
class ProfileChanges:
    """What giving a profile other grants would change."""

    added: list[Grant]
    """What it would open besides."""
    removed: list[Grant]
    """What it would not open any more."""
    touched: list[Holder]
    """Whom it would be a change for: its holders, unless nothing changes."""


@gated(_CENTER)
@row_of("profiles", "profile")
@strawberry.type
class Profile(Node):
    """A named set of grants, held by the collaborators who have it."""

    row_id: strawberry.Private[str]
    name: str
    """Its name in the account."""
    preset: str | None
    """The preset that it was copied from."""
    grants: list[Grant] = computed(held_grants, "grants")
    """What it opens, in the catalogue's order."""
    created_at: DateTime
    """When it was made."""
    version: int
    """Grows with each change; whoever edits the profile says which one they saw."""
    holders: list[Holder] = sourced(_HOLDERS)
    """The collaborators who have it, by name."""
    holder_count: int = counted(_HOLDERS, "collaborators")
    """How many collaborators have it."""

    @owner_only()
    async def changes(self, info: Info, grants: list[Grant]) -> ProfileChanges:
        """What giving it other grants would change, and for whom.

        Args:
            grants: All that it would open.
        """
        before, after = set(self.grants), set(grants)
        return ProfileChanges(
            added=[grant for grant in Grant if grant in after - before],
            removed=[grant for grant in Grant if grant in before - after],
            touched=await info.context.below(_HOLDERS, Holder, self.row_id) if before != after else [],
        )


@row_of("teams", "team")
@strawberry.type
class Team(Node):
    """Collaborators who work together; a sale is stamped with the team it was assigned in."""

    name: str
    """Its name in the account."""
    privacy: Privacy = lead_only()
    """Whether its members see each other's rows."""
    version: int = admin_only()
    """Grows with each change, of its members too; whoever replaces the members says which one they saw."""

    members: list["TeamMember"] = lead_only(Children("team_id", Order("id"), reach=reach.team_places))
    """Its members, leads too. Of a team that you neither lead nor administer, whom you may assign to."""


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
    teams: list["Place"] = admin_only(Children("collaborator_id", Order("id")))
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


@row_of("team_members")
@strawberry.type
class TeamMember:
    """A person's place in a team."""

    person: Person = lead_only(Joined("collaborator_id"))
    """Who it is."""
    leads: bool = lead_only()
    """Whether the person leads the team."""


@row_of("teams", "team")
@strawberry.type
class TeamName:
    """A team by its name, where its members are told elsewhere: lists in a circle would have no end."""

    id: strawberry.ID
    """The team's id."""
    name: str
    """Its name in the account."""


@row_of("team_members")
@strawberry.type
class Place:
    """A team that a person belongs to."""

    team: TeamName = admin_only(Joined("team_id"))
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
    teams: list["Place"] = admin_only(Children("collaborator_id", Order("id")))
    """The teams that the person belongs to."""
    version: int = admin_only()
    """Grows with each change of the seat; what replaces its dates or its codes takes it."""


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


found_within(Profile, reach.profiles)
found_within(Team, by_id.teams)
found_within(Person, by_id.people)
found_within(Collaborator, reach.collaborators)
found_within(Invitation, reach.invitations)

__all__ = [
    "Collaborator",
    "Invitation",
    "Person",
    "Place",
    "Profile",
    "Team",
    "TeamMember",
    "TeamName",
    "held_grants",
]
