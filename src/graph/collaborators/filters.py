"""How lists of collaborators, people and invitations are searched, filtered and sorted."""

from collections.abc import Iterator
from enum import Enum

import strawberry

from authz import reach
from authz.active import active as active_collaborator
from authz.gates import AdminOnly, Standing
from authz.viewer import Viewer
from engine.rows.lists import Rows
from engine.rows.select import Order
from graph.collaborators.types import Collaborator, Person, TeamSummary
from graph.kit.node import row_ids
from graph.kit.order import OrderDirection
from graph.kit.scalars import DateTime
from graph.kit.search import holds, holds_as_written, needle_of
from graph.profiles.types import Profile
from models.statement import Statement, all_of, either, one_of
from models.vocabulary import Role

BY_NAME = (Order("sort_key"),)


@strawberry.input
class CollaboratorFilter:
    """A filter for collaborators. Only collaborators who meet all given conditions are listed."""

    text: str | None = None
    """Collaborators whose name contains this text; case and accents are ignored. For the owner, the e-mail
    address is searched too. At most 100 characters."""
    role: list[Role] | None = None
    """Collaborators with one of these roles."""
    profile: strawberry.ID | None = None
    """Collaborators who have the profile with this id."""
    team: strawberry.ID | None = strawberry.field(default=None, directives=[AdminOnly()])
    """Collaborators who belong to the team with this id."""
    active: bool | None = None
    """True: collaborators who can enter now. False: collaborators who are suspended, or outside the dates of
    their access."""
    last_seen_before: DateTime | None = None
    """Collaborators who last used this central before this time, or never."""


@strawberry.input
class PersonFilter:
    """A filter for people. Only people who meet all given conditions are listed."""

    text: str | None = None
    """People whose name contains this text; case and accents are ignored. For the owner, the e-mail address
    is searched too. At most 100 characters."""
    role: list[Role] | None = strawberry.field(default=None, directives=[AdminOnly()])
    """People with one of these roles."""
    team: strawberry.ID | None = strawberry.field(default=None, directives=[AdminOnly()])
    """People who belong to the team with this id."""
    suspended: bool | None = strawberry.field(default=None, directives=[AdminOnly()])
    """True: people who are suspended. False: people who are not."""


@strawberry.enum
class CollaboratorOrderField(Enum):
    """A field by which collaborators can be sorted."""

    NAME = "sort_key"
    """The name, in alphabetical order."""
    JOINED_AT = "joined_at"
    """When the collaborator joined the account."""


@strawberry.input
class CollaboratorOrder:
    """The sort order of a list of collaborators."""

    field: CollaboratorOrderField
    """The field to sort by."""
    direction: OrderDirection = OrderDirection.ASC
    """The direction of the order."""


def found_collaborators(
    viewer: Viewer,
    filter: CollaboratorFilter | None,  # noqa: A002
    order: CollaboratorOrder | None,
) -> Rows[Collaborator]:
    """The collaborators that a filter leaves, in an order."""
    where = all_of(_collaborators(viewer, filter)) if filter else None
    sorted_by = (Order(order.field.value, order.direction is OrderDirection.DESC),) if order else BY_NAME
    return Rows(Collaborator, reach.collaborators(viewer), where, sorted_by)


def found_people(viewer: Viewer, filter: PersonFilter | None) -> Rows[Person]:  # noqa: A002
    """The people that a filter leaves, by name."""
    where = all_of(_people(viewer, filter)) if filter else None
    return Rows(Person, reach.people(viewer), where, BY_NAME)


def found_assignees(viewer: Viewer, filter: PersonFilter | None) -> Rows[Person]:  # noqa: A002
    """The people that a viewer may assign to and a filter leaves, by name: those who are active."""
    parts = [active_collaborator("r"), *(_people(viewer, filter) if filter else ())]
    return Rows(Person, reach.assignees(viewer), all_of(parts), BY_NAME)


def _collaborators(viewer: Viewer, criteria: CollaboratorFilter) -> Iterator[Statement]:
    if criteria.text is not None:
        yield _text_matches(viewer, criteria.text)
    if criteria.role is not None:
        yield one_of("r.role", [role.value for role in criteria.role])
    if criteria.profile is not None:
        yield one_of("r.profile_id", row_ids(Profile, criteria.profile))
    if criteria.team is not None:
        yield _belongs(viewer, criteria.team)
    if criteria.active is not None:
        yield _is_active(active=criteria.active)
    if criteria.last_seen_before is not None:
        yield Statement("(r.last_seen_at IS NULL OR r.last_seen_at < ?)", (criteria.last_seen_before,))


def _people(viewer: Viewer, criteria: PersonFilter) -> Iterator[Statement]:
    if criteria.text is not None:
        yield _text_matches(viewer, criteria.text)
    if criteria.role is not None:
        yield one_of("r.role", [role.value for role in criteria.role])
    if criteria.team is not None:
        yield _belongs(viewer, criteria.team)
    if criteria.suspended is not None:
        yield Statement(f"r.suspended_at IS {'NOT ' if criteria.suspended else ''}NULL")


def _text_matches(viewer: Viewer, text: str) -> Statement:
    """By name and, for the owner, who alone may see it, by e-mail address."""
    found = [holds("r.name_folded", needle_of(text))]
    if viewer.mask & Standing.OWNER:
        email = Statement("EXISTS (SELECT 1 FROM users u WHERE u.id = r.user_id AND ")
        found.append(email + holds_as_written("u.email", text) + ")")
    return either(found)


def _belongs(viewer: Viewer, team: str) -> Statement:
    within = reach.team_places(viewer).where("m")
    chosen = one_of("m.team_id", row_ids(TeamSummary, team))
    return (
        Statement("EXISTS (SELECT 1 FROM team_members m WHERE m.collaborator_id = r.id AND ")
        + (within & chosen)
        + ")"
    )


def _is_active(*, active: bool) -> Statement:
    found = active_collaborator("r")
    return found if active else Statement(f"NOT ({found.text})", found.params)
