"""Profiles: named sets of grants, and the collaborators who have them."""

import strawberry

from authz import reach
from authz.gates import Needs, OwnerOnly, gated, owner_only
from authz.grant import Grant
from authz.identity import stored_grants
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, column, computed, counted, sourced
from graph.kit.context import Info
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime

_CENTER = Needs(grant=Grant.ACCESS_COLLABORATORS_CENTER)


def profile_grants(stored: object) -> list[Grant]:
    """The grants of a stored list, in the catalog's order; keys that the catalog lacks are no grants."""
    keys = set(stored_grants(stored))
    return [grant for grant in Grant if grant.value in keys]


_HOLDERS = Children("profile_id", Order("sort_key"), reach=reach.collaborators)


@gated(_CENTER)
@row_of("collaborators", "collaborator")
@strawberry.type
class ProfileHolder:
    """A collaborator's id and name, in the list of those who have a profile."""

    collaborator_id: strawberry.ID = column("id")
    """The collaborator's id."""
    name: str
    """The collaborator's name in this account."""


@gated(OwnerOnly())
@strawberry.type
class ProfileChanges:
    """The effects of giving a profile other grants."""

    added: list[Grant]
    """The grants that the profile would gain."""
    removed: list[Grant]
    """The grants that the profile would lose."""
    affected: list[ProfileHolder]
    """The collaborators who would be affected: everyone who has the profile, or no one if nothing changes."""


@gated(_CENTER)
@row_of("profiles", "profile")
@strawberry.type
class Profile(Node):
    """A named set of grants. Collaborators who have the profile have its grants."""

    row_id: strawberry.Private[str]
    name: str
    """The profile's name in the account."""
    preset: str | None
    """The preset from which the profile was copied, for example `SUPPORT`; null for none."""
    grants: list[Grant] = computed(profile_grants, "grants")
    """The grants of the profile, in the catalog's order."""
    created_at: DateTime
    """When the profile was created."""
    version: int
    """A number that grows with each change of the profile. Mutations that edit the profile require it."""
    holders: list[ProfileHolder] = sourced(_HOLDERS)
    """The collaborators who have the profile, by name."""
    holder_count: int = counted(_HOLDERS, "collaborators")
    """The number of collaborators who have the profile."""

    @owner_only()
    async def changes(self, info: Info, grants: list[Grant]) -> ProfileChanges:
        """The effects of giving the profile other grants, without changing anything.

        Args:
            grants: All grants that the profile would have.
        """
        before, after = set(self.grants), set(grants)
        return ProfileChanges(
            added=[grant for grant in Grant if grant in after - before],
            removed=[grant for grant in Grant if grant in before - after],
            affected=await info.context.below(_HOLDERS, ProfileHolder, self.row_id)
            if before != after
            else [],
        )


found_within(Profile, reach.profiles)
