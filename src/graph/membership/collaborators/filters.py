"""How lists of collaborators and people are searched, filtered and sorted."""

from enum import Enum

import strawberry

from authz import reach
from authz.active import active
from authz.gates import AdminOnly, Standing
from engine.rows.select import Order
from graph.kit.filters import Criterion, criterion, equal, present, search
from graph.kit.node import row_ids
from graph.kit.order import OrderDirection
from graph.kit.scalars import DateTime
from graph.kit.search import holds, holds_as_written, needle_of
from graph.membership.collaborators.types import Collaborator, Person, TeamSummary
from graph.membership.profiles.types import Profile
from models.statement import Statement, either, one_of
from models.vocabulary import Role

_ADMIN = (AdminOnly(),)
_BY_NAME = Order("sort_key")


def _named(chosen: Criterion) -> Statement:
    """By name and, for the owner, who alone may see it, by e-mail address."""
    found = [holds("r.name_folded", needle_of(chosen.value))]
    if chosen.viewer.mask & Standing.OWNER:
        email = Statement("EXISTS (SELECT 1 FROM users u WHERE u.id = r.user_id AND ")
        found.append(email + holds_as_written("u.email", chosen.value) + ")")
    return either(found)


def _in_team(chosen: Criterion) -> Statement:
    within = reach.team_places(chosen.viewer).where("m")
    team = one_of("m.team_id", row_ids(TeamSummary, chosen.value))
    return Statement("EXISTS (SELECT 1 FROM team_members m WHERE m.collaborator_id = r.id AND ") + (
        (within & team) + ")"
    )


def _active(chosen: Criterion) -> Statement:
    found = active("r")
    return found if chosen.value else Statement(f"NOT ({found.text})", found.params)


def _inactive_since(chosen: Criterion) -> Statement:
    return Statement("(r.last_seen_at IS NULL OR r.last_seen_at < ?)", (chosen.value,))


@strawberry.input
class CollaboratorFilter:
    """A filter for collaborators. Only collaborators who meet all given conditions are listed."""

    text: str | None = criterion(_named)
    """Collaborators whose name contains this text; case and accents are ignored. For the owner, the e-mail
    address is searched too. At most 100 characters."""
    role: list[Role] | None = equal("role")
    """Collaborators with one of these roles."""
    profile: strawberry.ID | None = equal("profile_id", Profile)
    """Collaborators who have the profile with this id."""
    team: strawberry.ID | None = criterion(_in_team, *_ADMIN)
    """Collaborators who belong to the team with this id."""
    active: bool | None = criterion(_active)
    """True: collaborators who can enter now. False: collaborators who are suspended, or outside the dates of
    their access."""
    last_seen_before: DateTime | None = criterion(_inactive_since)
    """Collaborators who last used this central before this time, or never."""


@strawberry.input
class PersonFilter:
    """A filter for people. Only people who meet all given conditions are listed."""

    text: str | None = criterion(_named)
    """People whose name contains this text; case and accents are ignored. For the owner, the e-mail address
    is searched too. At most 100 characters."""
    role: list[Role] | None = equal("role", gates=_ADMIN)
    """People with one of these roles."""
    team: strawberry.ID | None = criterion(_in_team, *_ADMIN)
    """People who belong to the team with this id."""
    suspended: bool | None = present("suspended_at", gates=_ADMIN)
    """True: people who are suspended. False: people who are not."""


@strawberry.enum
class CollaboratorOrderField(Enum):
    """A field by which collaborators can be sorted."""

    NAME = "sort_key"
    """The name, in alphabetical order."""
    JOINED_AT = "joined_at"
    """When the collaborator joined the account."""


def _able(_filter: PersonFilter | None, _order: None) -> Statement:
    return active("r")


find_collaborators = search(
    Collaborator, CollaboratorFilter, order=CollaboratorOrderField.NAME, direction=OrderDirection.ASC
)
find_people = search(Person, PersonFilter, order=_BY_NAME, reach=reach.people)
find_assignees = search(Person, PersonFilter, order=_BY_NAME, reach=reach.assignees, also=_able)
