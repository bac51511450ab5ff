"""Who can be mentioned in a note: collaborators who can see what the note is about."""

from collections.abc import Sequence

from actions.notices.notify import notify_named
from authz import reach
from authz.notices import RECORDS
from authz.people import people_in
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement, joined
from models.tables.notice import NoticeKind

MOST_MENTIONS = 10
_GRANTS = dict(RECORDS.values())


async def mention(viewer: Viewer, table: str, row_id: str, collaborator_ids: Sequence[str]) -> None:
    """Notify the collaborators whom a note about a row mentions.

    Refuses with NOT_FOUND anyone who cannot see the row, as if they did not exist.
    """
    if not collaborator_ids:
        return
    assert viewer.central is not None
    assert viewer.user_id is not None
    if len(collaborator_ids) > MOST_MENTIONS:
        raise Refusal(ErrorCode.BAD_INPUT, "too_many_mentions", ("mentions",), most=MOST_MENTIONS)
    account_id, named = viewer.central.account_id, list(dict.fromkeys(collaborator_ids))
    allowed = await _allowed(account_id, table, row_id, named)
    for number, collaborator_id in enumerate(collaborator_ids):
        if collaborator_id not in allowed:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_person", ("mentions", str(number)))
    await notify_named(account_id, NoticeKind.MENTION, table, row_id, named, viewer.user_id)


async def _allowed(account_id: str, table: str, row_id: str, named: Sequence[str]) -> set[str]:
    """Those of some collaborators who can see a row: two statements, however many they are."""
    people = await people_in(account_id, named)
    if not people:
        return set()
    grant = _GRANTS[table]
    columns = (
        Statement("CASE WHEN ") + reach.rows(person, table, grant).where("r") + " THEN 1 ELSE 0 END"
        for person in people.values()
    )
    rows = await database.read(
        Statement("SELECT ")
        + joined(columns, ", ")
        + Statement(f" FROM {table} r WHERE r.id = ?", (row_id,)),
        named=False,
    )
    return {name for name, visible in zip(people, rows[0], strict=True) if visible}
