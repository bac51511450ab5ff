"""The centrals that a user may enter, and what he holds in each."""

from dataclasses import dataclass
from typing import Any

from authz.gates import ALL_GRANTS, mask_of
from authz.viewer import MyRole, Viewer, stored_grants
from models import database
from models.words import Role


@dataclass(frozen=True, slots=True)
class Door:
    """A central as its door shows it. `joined_at` is in milliseconds since 1970."""

    account_id: str
    account_name: str
    logo_url: str | None
    role: MyRole
    profile_name: str | None
    grants: int
    joined_at: int


_STATEMENT = """
SELECT a.id, a.name, a.logo_url, 1 AS owned, NULL AS role, NULL AS profile_name, NULL AS grants,
       a.created_at AS joined_at
FROM accounts a WHERE a.owner_id = ?
UNION ALL
SELECT a.id, a.name, a.logo_url, 0, c.role, p.name, CAST(p.grants AS TEXT), c.joined_at
FROM collaborators c
JOIN accounts a ON a.id = c.account_id AND a.closed_at IS NULL AND a.owner_id <> c.user_id
JOIN profiles p ON p.account_id = c.account_id AND p.id = c.profile_id
WHERE c.user_id = ? AND c.suspended_at IS NULL
  AND (c.starts_at IS NULL OR c.starts_at <= ?) AND (c.ends_at IS NULL OR c.ends_at > ?)
ORDER BY 4 DESC, 2, 1
"""


async def centrals(viewer: Viewer) -> list[Door]:
    """Own accounts first, then those that the user takes part in, by name: one statement."""
    if viewer.user_id is None:
        return []
    now = database.now()
    rows = await database.read(_STATEMENT, (viewer.user_id, viewer.user_id, now, now))
    return [_door(row) for row in rows]


def _door(row: Any) -> Door:
    owned = bool(row["owned"])
    return Door(
        account_id=row["id"],
        account_name=row["name"],
        logo_url=row["logo_url"],
        role=MyRole.OWNER if owned else MyRole[Role(row["role"]).name],
        profile_name=row["profile_name"],
        grants=ALL_GRANTS if owned else mask_of(stored_grants(row["grants"])),
        joined_at=row["joined_at"],
    )
