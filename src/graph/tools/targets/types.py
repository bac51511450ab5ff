"""Targets, as the API shows them."""

from typing import Any

import strawberry

from actions.tools.targets.gates import grants_of
from actions.tools.targets.target import stored_list
from authz import reach
from authz.active import is_active
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Embedded, Expression, computed, sourced
from graph.kit.changed_by import ChangedBy
from graph.kit.filters import equal, search
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from graph.membership.profiles.types import profile_grants
from models.tables.target import TargetAuthority, TargetPurpose, TargetStatus

strawberry.enum(TargetPurpose)
strawberry.enum(TargetStatus)
strawberry.enum(TargetAuthority)
_GRANTS = {TargetPurpose.INTEGRATION: Grant.MANAGE_INTEGRATIONS}


def _owner() -> Expression:
    return Expression(lambda alias: f"(SELECT a.owner_id FROM accounts a WHERE a.id = {alias}.account_id)")


def _of_membership(value: str) -> Expression:
    rows = (
        "FROM collaborators c JOIN profiles p ON p.account_id = c.account_id AND p.id = c.profile_id"
        " WHERE c.account_id = {0}.account_id AND c.user_id = {0}.user_id"
    )
    return Expression(lambda alias: f"(SELECT {value} {rows.format(alias)})")


def _last_delivery() -> Expression:
    return Expression(
        lambda alias: (
            "(SELECT i.last_delivery_at FROM integrations i"
            f" WHERE i.account_id = {alias}.account_id AND i.id = {alias}.thing_id)"
        )
    )


def _status(
    status: str,
    authority: str | None,
    purpose: str,
    sent: Any,
    user_id: Any,
    owner_id: Any,
    grants: Any,
    *dates: Any,
) -> TargetStatus:
    if (
        status != TargetStatus.CONFIRMED
        or authority == TargetAuthority.OWNER
        or str(user_id) == str(owner_id)
    ):
        return TargetStatus(status)
    needed = {_GRANTS[TargetPurpose(purpose)], *grants_of(stored_list(sent))}
    held = grants is not None and needed <= set(profile_grants(grants)) and is_active(*dates)
    return TargetStatus.CONFIRMED if held else TargetStatus.SUSPENDED


def _time(at: int | None) -> DateTime | None:
    return None if at is None else DateTime(at)


def _fields(stored: Any) -> list[str]:
    return [str(name) for name in stored_list(stored)]


@row_of("targets", "target")
@strawberry.type
class Target(Node):
    """An address outside that a tool sends data to, and whether it may.

    Whoever enters the address confirms it if they hold the grants of everything that is sent, and it is
    suspended with their access. Otherwise it waits for the owner. It waits again when the address changes or
    more is sent.
    """

    purpose: TargetPurpose
    """The tool that sends to it."""
    url: str
    """The address."""
    host: str
    """The host of the address."""
    fields: list[str] = computed(_fields, "sent")
    """What is sent, by the coordinates of fields, their types first."""
    status: TargetStatus = computed(
        _status,
        "status",
        "authority",
        "purpose",
        "sent",
        "user_id",
        _owner(),
        _of_membership("p.grants"),
        _of_membership("c.suspended_at"),
        _of_membership("c.starts_at"),
        _of_membership("c.ends_at"),
    )
    """Whether data are sent to it."""
    authority: TargetAuthority | None
    """On whose authority data are sent; null if nobody has confirmed it."""
    created_by: ChangedBy = sourced(Embedded(names={"name": "user_name"}))
    """The person who entered the address, or was the last to save it with all the grants that it takes."""
    created_at: DateTime
    """When it was created."""
    confirmed_at: DateTime | None
    """Since when it has been confirmed; null if it is not. What happened before is not sent."""
    last_delivery_at: DateTime | None = computed(_time, _last_delivery())
    """When a message was last taken there; null if never."""
    version: int
    """A number that grows with each change. A decision of the owner names it."""


found_within(Target, reach.targets)


@strawberry.input
class TargetFilter:
    """A filter for targets. Only targets that meet all given conditions are listed."""

    purpose: list[TargetPurpose] | None = equal("purpose")
    """Targets of one of these tools."""


find_targets = search(Target, TargetFilter, order=Order("created_at", descending=True))
