"""API credentials: what machines get their tokens with."""

from typing import Any

import strawberry

from authz import reach
from authz.credentials import ApiCredentialStatus, credential_status
from authz.gates import Needs, gated
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Expression, computed
from graph.kit.changed_by import ChangedBy
from graph.kit.filters import search
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from graph.membership.profiles.types import profile_grants

strawberry.enum(ApiCredentialStatus)


def _of_account(column: str) -> Expression:
    return Expression(lambda alias: f"(SELECT a.{column} FROM accounts a WHERE a.id = {alias}.account_id)")


def _of_membership(value: str) -> Expression:
    rows = "FROM collaborators c WHERE c.account_id = {0}.account_id AND c.user_id = {0}.user_id"
    return Expression(lambda alias: f"(SELECT {value} {rows.format(alias)})")


def _status(
    ended_at: int | None, fell: Any, expires_at: int, user_id: Any, owner_id: Any, member_id: Any, *dates: Any
) -> ApiCredentialStatus:
    found = None if member_id is None else dates
    return credential_status(ended_at, fell, expires_at, str(owner_id), str(user_id), found)


def _creator(name: str) -> ChangedBy:
    return ChangedBy(name=name)


@gated(Needs(grant=Grant.MANAGE_API_CREDENTIALS))
@row_of("api_credentials", "credential")
@strawberry.type
class ApiCredential(Node):
    """A credential with which machines get access tokens, at `POST /oauth/token`. Its secret is never shown
    again."""

    id: strawberry.ID
    """The credential's id, which never changes."""
    name: str
    """The name that its creator gave it."""
    client_id: str
    """What machines send as `client_id`."""
    grants: list[Grant] = computed(profile_grants, "grants")
    """The grants that were chosen. A machine has those of them that the creator has at the time of a request,
    and reaches the rows that the creator reaches."""
    created_by: ChangedBy = computed(_creator, "created_by_name")
    """Who created the credential: machines act on their behalf."""
    created_at: DateTime
    """When the credential was created."""
    expires_at: DateTime
    """When the credential expires."""
    last_used_at: DateTime | None
    """When a machine last used it, to within about ten minutes; null if never."""
    status: ApiCredentialStatus = computed(
        _status,
        "ended_at",
        "fell",
        "expires_at",
        "user_id",
        _of_account("owner_id"),
        _of_membership("c.id"),
        _of_membership("c.suspended_at"),
        _of_membership("c.starts_at"),
        _of_membership("c.ends_at"),
    )
    """The current status of the credential."""


found_within(ApiCredential, reach.api_credentials)
find_credentials = search(ApiCredential, order=Order("created_at", descending=True))
