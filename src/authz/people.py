"""The viewers that several people of a central would be, from one statement."""

from collections.abc import Iterable

from authz.identity import VIEWER_ROWS, viewer_of
from authz.viewer import Viewer
from authz.viewer_row import Row
from models import database
from models.statement import Statement, one_of

_USER = Row._fields.index("user_id")
_OF_ACCOUNT = VIEWER_ROWS.format(
    who="NULL AS session_id, NULL AS token_id, NULL AS chosen, NULL AS standings, NULL AS lineage",
    origin="users u JOIN accounts a ON a.id = ?",
    condition="u.disabled_at IS NULL AND u.id IN (SELECT k.user_id FROM collaborators k"
    " WHERE k.account_id = a.id AND ",
)


async def people_in(account_id: str, collaborator_ids: Iterable[str]) -> dict[str, Viewer]:
    """Those of some collaborators who can enter the account now, as they would be with a session, by id."""
    now = database.now()
    statement = Statement(_OF_ACCOUNT, (account_id, now, now)) + one_of("k.id", collaborator_ids) + ")"
    rows: dict[str, list[tuple[object, ...]]] = {}
    for row in await database.read(statement, named=False):
        rows.setdefault(str(row[_USER]), []).append(tuple(row))
    viewers = [viewer_of(found) for found in rows.values()]
    return {viewer.collaborator_id: viewer for viewer in viewers if viewer.collaborator_id is not None}
