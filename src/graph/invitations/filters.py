"""How a list of invitations is searched, filtered and sorted."""

from collections.abc import Iterator
from enum import Enum

import strawberry

from authz import reach
from authz.invitations import in_state
from authz.viewer import Viewer
from engine.rows.lists import Rows
from engine.rows.select import Order
from graph.invitations.types import Invitation
from graph.kit.node import row_ids
from graph.kit.order import OrderDirection
from graph.kit.search import holds, holds_as_written, needle_of
from graph.profiles.types import Profile
from models.statement import Statement, all_of, either, one_of
from models.vocabulary import InvitationStatus, Role


@strawberry.input
class InvitationFilter:
    """A filter for invitations. Only invitations that meet all given conditions are listed."""

    text: str | None = None
    """Invitations whose name or e-mail address contains this text; case and, in names, accents are ignored.
    At most 100 characters."""
    status: list[InvitationStatus] | None = None
    """Invitations with one of these statuses."""
    role: list[Role] | None = None
    """Invitations to one of these roles."""
    profile: strawberry.ID | None = None
    """Invitations with the profile with this id."""


@strawberry.enum
class InvitationOrderField(Enum):
    """A field by which invitations can be sorted."""

    NAME = "sort_key"
    """The name, in alphabetical order."""
    CREATED_AT = "created_at"
    """When the invitation was first sent."""


@strawberry.input
class InvitationOrder:
    """The sort order of a list of invitations."""

    field: InvitationOrderField
    """The field to sort by."""
    direction: OrderDirection = OrderDirection.DESC
    """The direction of the order."""


def found_invitations(
    viewer: Viewer,
    filter: InvitationFilter | None,  # noqa: A002
    order: InvitationOrder | None,
) -> Rows[Invitation]:
    """The invitations that a filter leaves, in an order."""
    where = all_of(_invitations(filter)) if filter else None
    column, descending = ("created_at", True)
    if order is not None:
        column, descending = order.field.value, order.direction is OrderDirection.DESC
    return Rows(Invitation, reach.invitations(viewer), where, (Order(column, descending),))


def _invitations(criteria: InvitationFilter) -> Iterator[Statement]:
    if criteria.text is not None:
        yield either(
            [holds("r.name_folded", needle_of(criteria.text)), holds_as_written("r.email", criteria.text)]
        )
    if criteria.status is not None:
        yield either(in_state("r", status) for status in criteria.status)
    if criteria.role is not None:
        yield one_of("r.role", [role.value for role in criteria.role])
    if criteria.profile is not None:
        yield one_of("r.profile_id", row_ids(Profile, criteria.profile))
