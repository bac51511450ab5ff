"""Profiles: named sets of grants, and who holds them."""

import strawberry

from authz import reach
from authz.gates import Needs, OwnerOnly, gated, owner_only
from authz.grant import Grant
from authz.identity import stored_grants
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, computed, counted, sourced
from graph.kit.context import Info
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime

_CENTER = Needs(grant=Grant.ACCESS_COLLABORATORS_CENTER)


def held_grants(stored: object) -> list[Grant]:
    """The grants of a stored list, in the catalog's order; keys that the catalog lacks are no grants."""
    keys = set(stored_grants(stored))
    return [grant for grant in Grant if grant.value in keys]


_HOLDERS = Children("profile_id", Order("sort_key"), reach=reach.collaborators)


@gated(_CENTER)
@row_of("collaborators", "collaborator")
@strawberry.type
class ProfileHolder:
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
    touched: list[ProfileHolder]
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
    """What it opens, in the catalog's order."""
    created_at: DateTime
    """When it was made."""
    version: int
    """Grows with each change; whoever edits the profile says which one they saw."""
    holders: list[ProfileHolder] = sourced(_HOLDERS)
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
            touched=await info.context.below(_HOLDERS, ProfileHolder, self.row_id) if before != after else [],
        )


found_within(Profile, reach.profiles)
