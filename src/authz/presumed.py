"""The viewer that a credential identified a moment ago, until the next read proves it.

On PostgreSQL, a round trip costs more than the statement that identifies a viewer. So a request presumes
that the viewer of the same credential and central is who they were, and its first read checks that in the
same statement: see `models.premise`. What a revocation, a role or a grant changed refutes it, so the very
next request is judged again. SQLite has no round trips, and no need for this.
"""

from cachetools import LRUCache

from authz.identity import digest, identify, question, viewer_in
from authz.viewer import Viewer
from models import database
from models.premise import Premise, described

MOST_VIEWERS = 4_096
MOST_ROWS = 64  # of a viewer, one for each fellow member of a team: larger ones are identified each time

_Key = tuple[str, str | None]
_known: LRUCache[_Key, tuple[Viewer, str]] = LRUCache(MOST_VIEWERS)


def presumed(token: str | None, account_id: str | None) -> tuple[Viewer, Premise] | None:
    """The viewer of an earlier request, and the premise that they are the same still; None if unknown."""
    if token is None:
        return None
    token_digest = digest(token)
    found = _known.get((token_digest, account_id))
    if found is None:
        return None
    viewer, rows_digest = found
    return viewer, Premise(question(token, account_id, token_digest), rows_digest)


def forget(token: str, account_id: str | None) -> None:
    """Presume no longer who the viewer of a credential is."""
    _known.pop((digest(token), account_id), None)


async def identify_and_remember(token: str, account_id: str | None) -> Viewer:
    """The viewer that a token and a central identify, known to the next request. Raises as `identify`."""
    if database.dialect() != "postgres":
        return await identify(token, account_id)
    rows = await database.read(described(question(token, account_id)), named=False)
    viewer = viewer_in([row[:-1] for row in rows], token, account_id)
    if len(rows) <= MOST_ROWS:
        _known[digest(token), account_id] = viewer, rows[0][-1]
    return viewer
