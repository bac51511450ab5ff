"""The sessions that someone has."""

from dataclasses import dataclass

from authz.viewer import Viewer
from models import database


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session as its user sees it. Times are milliseconds since 1970."""

    session_id: str
    agent: str
    created_at: int
    last_used_at: int
    current: bool


_STATEMENT = """
SELECT s.id, s.agent, s.created_at, COALESCE(s.last_used_at, s.created_at) AS last_used_at
FROM sessions s
WHERE s.user_id = ? AND s.ended_at IS NULL
  AND EXISTS (SELECT 1 FROM credentials k WHERE k.session_id = s.id AND k.expires_at > ?)
ORDER BY 4 DESC, 1 DESC
"""


async def own_sessions(viewer: Viewer) -> list[OwnSession]:
    """The viewer's sessions that are alive, the last used first: one statement."""
    rows = await database.read(_STATEMENT, (viewer.user_id, database.now()))
    return [
        OwnSession(
            session_id=str(row["id"]),
            agent=row["agent"],
            created_at=row["created_at"],
            last_used_at=row["last_used_at"],
            current=str(row["id"]) == str(viewer.session_id),
        )
        for row in rows
    ]
