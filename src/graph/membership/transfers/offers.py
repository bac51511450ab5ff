"""The accounts that are offered to someone."""

from dataclasses import dataclass

from authz.active import active_text
from authz.viewer import Viewer
from models import database


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """An account that is offered to the viewer. `expires_at` is in milliseconds since 1970."""

    account_id: str
    account_name: str
    owner_name: str
    expires_at: int


_STATEMENT = f"""
SELECT t.account_id, COALESCE(a.brand_name, a.name) AS account_name, u.name AS owner_name, t.expires_at
FROM collaborators c
JOIN transfers t ON t.account_id = c.account_id AND t.collaborator_id = c.id
JOIN accounts a ON a.id = t.account_id AND a.owner_id = t.offered_by_id AND a.closed_at IS NULL
JOIN users u ON u.id = a.owner_id
WHERE c.user_id = ? AND {active_text("c")}
  AND t.status = 'OFFERED' AND t.expires_at > ?
ORDER BY t.expires_at, t.id
"""


async def open_offers(viewer: Viewer) -> list[OpenOffer]:
    """Those that stand, the first to end first: one statement."""
    if viewer.user_id is None:
        return []
    now = database.now()
    rows = await database.read(_STATEMENT, (viewer.user_id, now, now, now))
    return [OpenOffer(**dict(row)) for row in rows]
