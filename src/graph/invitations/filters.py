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
from models.words import InvitationStatus, Role


@strawberry.input
class InvitationFilter:
    """Which invitations to list: those that meet every condition given."""

    text: str | None = None
    """Those whose name or e-mail address holds a text, whatever its case; accents of names do not count
    either. At most 100 characters."""
    status: list[InvitationStatus] | None = None
    """Those with one of these statuses."""
    role: list[Role] | None = None
    """Those that come with one of these roles."""
    profile: strawberry.ID | None = None
    """Those that come with a profile."""


@strawberry.enum
class InvitationOrderField(Enum):
    """What invitations are sorted by."""

    NAME = "sort_key"
    """The name, as in a dictionary."""
    CREATED_AT = "created_at"
    """When the invitation was sent first."""


@strawberry.input
class InvitationOrder:
    """How invitations are sorted."""

    field: InvitationOrderField
    """By what."""
    direction: OrderDirection = OrderDirection.DESC
    """Which way."""


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


def _invitations(asked: InvitationFilter) -> Iterator[Statement]:
    if asked.text is not None:
        yield either([holds("r.name_folded", needle_of(asked.text)), holds_as_written("r.email", asked.text)])
    if asked.status is not None:
        yield either(in_state("r", status) for status in asked.status)
    if asked.role is not None:
        yield one_of("r.role", [role.value for role in asked.role])
    if asked.profile is not None:
        yield one_of("r.profile_id", row_ids(Profile, asked.profile))
