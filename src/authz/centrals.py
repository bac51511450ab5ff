"""The centrals that a user can enter, and what they can do in each."""

import math
from typing import Any

import msgspec

from authz.active import active_text
from authz.gates import ALL_GRANTS
from authz.identity import ROLES, stored_mask
from authz.viewer import MyRole, Viewer
from models import database
from models.collation import sort_key


class EnterableCentral(msgspec.Struct, frozen=True):
    """A central as its owner or collaborator sees it before entering.

    Times are in milliseconds since 1970.
    """

    account_id: str
    account_name: str
    logo_url: str | None
    role: MyRole
    profile_name: str | None
    grants: int
    joined_at: int
    closed_at: int | None
    position: int | None
    entered_at: int | None
    needs_two_factor: bool
    """Whether the user has to set up a second factor before entering."""


_STATEMENT = f"""
SELECT d.id, d.name, d.logo_url, d.closed_at, d.owned, d.role, d.profile_name, d.grants, d.joined_at,
       v.position, v.entered_at,
       CASE WHEN d.two_factor_required_at IS NOT NULL THEN u.two_factor_at IS NULL END AS lacks_factor
FROM (
SELECT a.id, COALESCE(a.brand_name, a.name) AS name, a.logo_url, a.closed_at,
       a.two_factor_required_at, 1 AS owned, NULL AS role,
       NULL AS profile_name, NULL AS grants, a.created_at AS joined_at
FROM accounts a WHERE a.owner_id = ?
UNION ALL
SELECT a.id, COALESCE(a.brand_name, a.name), a.logo_url, a.closed_at,
       a.two_factor_required_at, 0, c.role, p.name, CAST(p.grants AS TEXT), c.joined_at
FROM collaborators c
JOIN accounts a ON a.id = c.account_id AND a.closed_at IS NULL AND a.owner_id <> c.user_id
JOIN profiles p ON p.account_id = c.account_id AND p.id = c.profile_id
WHERE c.user_id = ? AND {active_text("c")}
) d JOIN users u ON u.id = ?
LEFT JOIN central_visits v ON v.account_id = d.id AND v.user_id = u.id
"""


async def enterable_centrals(viewer: Viewer) -> list[EnterableCentral]:
    """The centrals of the user, in the user's own order, from one statement.

    The user can enter them, if need be after setting up a second factor.

    A personal access token lists only its own central, with the permissions that the token has there.
    """
    if viewer.user_id is None:
        return []
    user_id, now = viewer.user_id, database.now()
    rows = await database.read(_STATEMENT, (user_id, user_id, now, now, user_id), named=False)
    found = sorted([_enterable_central(*row) for row in rows], key=_place)
    if viewer.token_id is not None:
        grants = viewer.mask & ALL_GRANTS
        found = [
            msgspec.structs.replace(central, grants=grants)
            for central in found
            if central.account_id == viewer.account_id
        ]
    return found


async def enterable_central(viewer: Viewer, account_id: str) -> EnterableCentral | None:
    """One of these centrals, if the user can still enter it."""
    return next(
        (central for central in await enterable_centrals(viewer) if central.account_id == account_id), None
    )


def _place(central: EnterableCentral) -> tuple[Any, ...]:
    placed = central.position if central.position is not None else math.inf
    return (placed, central.role is not MyRole.OWNER, sort_key(central.account_name), central.account_id)


def _enterable_central(
    account_id: str,
    name: str,
    logo_url: str | None,
    closed_at: int | None,
    owned: Any,
    role: str,
    profile_name: str | None,
    grants: Any,
    joined_at: int,
    position: int | None,
    entered_at: int | None,
    lacks_factor: Any,
) -> EnterableCentral:
    """A central from the columns of its row, in their order."""
    lacks = bool(lacks_factor)
    found = ALL_GRANTS if owned else stored_mask(grants)
    return EnterableCentral(
        account_id,
        name,
        logo_url,
        MyRole.OWNER if owned else ROLES[role],
        None if lacks else profile_name,
        0 if lacks else found,
        joined_at,
        closed_at,
        position,
        entered_at,
        lacks,
    )
