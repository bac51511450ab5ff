"""Notices to people, and how each person gets them."""

import strawberry

from actions.commerce.opportunities.found import opportunities
from actions.commerce.subscriptions.found import subscriptions
from authz import reach
from authz.gates import InCentral, gated, in_central, needs
from authz.grant import Grant
from authz.notices import RECORDS, notices
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import SameRow, Stamped, Within, sourced
from graph.commerce.opportunities.types import Opportunity
from graph.commerce.sales.types import Sale
from graph.commerce.subscriptions.types import ProductSubscription
from graph.kit.filters import absent, equal, search
from graph.kit.follow import followed
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from models.changes import ChangeKind
from models.tables.notice import NoticeChannel, NoticeKind

strawberry.enum(NoticeKind)
strawberry.enum(NoticeChannel)


@gated(InCentral())
@row_of("notices", "notice", carries={column: column for column in RECORDS})
@strawberry.type
class Notice(Node):
    """Something that you were notified of in this central.

    It exists while you can see what it is about, and for at most 90 days.
    """

    kind: NoticeKind
    """Why you were notified."""
    at: DateTime
    """When it happened."""
    read_at: DateTime | None
    """When you marked it as read; null if you did not."""
    sale: Sale | None = needs(Grant.SEARCH_SALES, Within("sale_id", reach.sales))
    """The sale that it is about; null if it is about something else."""
    subscription: ProductSubscription | None = needs(
        Grant.MANAGE_SUBSCRIPTIONS, Within("subscription_id", subscriptions)
    )
    """The subscription that it is about; null if it is about something else."""
    opportunity: Opportunity | None = needs(
        Grant.VIEW_PURCHASE_RECOVERY_REPORT, Within("opportunity_id", opportunities)
    )
    """The opportunity that it is about; null if it is about something else."""


found_within(Notice, notices)


@strawberry.input
class NoticeFilter:
    """A filter for notices. Only notices that meet all given conditions are listed."""

    kind: list[NoticeKind] | None = equal("kind")
    """Notices of one of these kinds."""
    unread: bool | None = absent("read_at")
    """True for notices that you did not mark as read, false for the others."""


find_notices = search(Notice, NoticeFilter, order=Order("at", descending=True))


@gated(InCentral())
@strawberry.type
class NoticeChoice:
    """How you get one kind of notices of this central."""

    kind: NoticeKind
    """The kind of notices."""
    channels: list[NoticeChannel]
    """How you get them. If empty, you get none of them, and none is listed."""


@gated(InCentral())
@row_of("notices")
@strawberry.type
class NoticeUpdate:
    """A new notice to you."""

    cursor: str = sourced(Stamped(-2))
    """The position of the event, for `after`."""
    at: DateTime = sourced(Stamped(-1))
    """When it happened."""
    notice: Notice = sourced(SameRow())
    """The notice as it is when the event is sent."""


@strawberry.type
class NoticeSubscriptions:
    """Notices as they come."""

    notice_received: NoticeUpdate = followed(NoticeUpdate, ChangeKind.NOTICE, find_notices, in_central())
    """The notices to you that you chose to get live. One of what you cannot see when the event is sent has no
    event."""
