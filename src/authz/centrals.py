"""The centrals that a user may enter, and what he holds in each."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec

from authz.active import active_text
from authz.gates import ALL_GRANTS
from authz.identity import ROLES, stored_mask
from authz.viewer import MyRole, Viewer
from models import database
from models.collation import sort_key
from models.text import folded


class CentralOrder(StrEnum):
    """How a list of centrals is sorted."""

    OWN = "OWN"
    """As you put them; behind these, own accounts first, then the others, by name."""
    NAME = "NAME"
    """By the name shown, whatever its case and accents."""
    LAST_ENTERED = "LAST_ENTERED"
    """The one entered last comes first; behind them those never entered, by name."""


class Door(msgspec.Struct, frozen=True):
    """A central as its door shows it. Times are in milliseconds since 1970."""

    account_id: str
    account_name: str
    logo_url: str | None
    role: MyRole
    profile_name: str | None
    grants: int
    joined_at: int
    closed_at: int | None = None
    position: int | None = None
    entered_at: int | None = None


_STATEMENT = f"""
SELECT d.*, v.position, v.entered_at FROM (
SELECT a.id, COALESCE(a.brand_name, a.name) AS name, a.logo_url, a.closed_at, 1 AS owned, NULL AS role,
       NULL AS profile_name, NULL AS grants, a.created_at AS joined_at
FROM accounts a WHERE a.owner_id = ?
UNION ALL
SELECT a.id, COALESCE(a.brand_name, a.name), a.logo_url, a.closed_at, 0, c.role, p.name,
       CAST(p.grants AS TEXT), c.joined_at
FROM collaborators c
JOIN accounts a ON a.id = c.account_id AND a.closed_at IS NULL AND a.owner_id <> c.user_id
JOIN profiles p ON p.account_id = c.account_id AND p.id = c.profile_id
WHERE c.user_id = ? AND {active_text("c")}
) d LEFT JOIN central_visits v ON v.account_id = d.id AND v.user_id = ?
"""


def _by_name(door: Door) -> tuple[Any, ...]:
    return (sort_key(door.account_name), door.account_id)


def _by_place(door: Door) -> tuple[Any, ...]:
    placed = door.position if door.position is not None else 1 << 31
    return (placed, door.role is not MyRole.OWNER, *_by_name(door))


def _by_visit(door: Door) -> tuple[Any, ...]:
    return (-(door.entered_at or 0), *_by_name(door))


_SORTED: dict[CentralOrder, Callable[[Door], tuple[Any, ...]]] = {
    CentralOrder.OWN: _by_place,
    CentralOrder.NAME: _by_name,
    CentralOrder.LAST_ENTERED: _by_visit,
}


async def centrals(
    viewer: Viewer, search: str | None = None, order: CentralOrder = CentralOrder.OWN
) -> list[Door]:
    """Those that the user may enter, of which the name shown holds a text: one statement.

    They are few, so they are searched and sorted here, where letters fold alike on every database. A personal
    access token enters its own alone, with what it opens there.
    """
    if viewer.user_id is None:
        return []
    user_id, now = viewer.user_id, database.now()
    rows = await database.read(_STATEMENT, (user_id, user_id, now, now, user_id))
    sought = folded(search or "").strip()
    doors = [_door(row) for row in rows]
    if viewer.token_id is not None:
        here = viewer.central.account_id if viewer.central else None
        held = viewer.mask & ALL_GRANTS
        doors = [msgspec.structs.replace(door, grants=held) for door in doors if door.account_id == here]
    return sorted((door for door in doors if sought in folded(door.account_name)), key=_SORTED[order])


async def door_of(viewer: Viewer, account_id: str) -> Door | None:
    """One of them, where the user may still enter it."""
    return next((door for door in await centrals(viewer) if door.account_id == account_id), None)


def _door(row: Any) -> Door:
    owned = bool(row["owned"])
    return Door(
        account_id=row["id"],
        account_name=row["name"],
        logo_url=row["logo_url"],
        role=MyRole.OWNER if owned else ROLES[row["role"]],
        profile_name=row["profile_name"],
        grants=ALL_GRANTS if owned else stored_mask(row["grants"]),
        joined_at=row["joined_at"],
        closed_at=row["closed_at"],
        position=row["position"],
        entered_at=row["entered_at"],
    )
