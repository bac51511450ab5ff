"""What people change of sales, written into the sales' histories beside what the marketplace tells."""

import msgspec

from authz.viewer import Viewer
from models import database
from models.person_change import Author
from models.statement import Statement
from models.vocabulary import EventSource, SaleChange

NEXT_MOMENT = "CASE WHEN assigned_at >= ? THEN assigned_at + 1 ELSE ? END"
"""When a sale is assigned, by the present, twice: later than it was before, so that acts keep their order."""

# the fields of models.person_change.PersonChange, of the row `r` as it stands now
_ASSIGNMENT = (
    "{object}('by', {by}, 'assignment', {object}('assignee_id', r.assignee_id, 'assignee_name',"
    " (SELECT c.name FROM collaborators c WHERE c.account_id = r.account_id AND c.id = r.assignee_id),"
    " 'team_id', r.team_id, 'team_name',"
    " (SELECT t.name FROM teams t WHERE t.account_id = r.account_id AND t.id = r.team_id)),"
    " 'credit', {object}('seat_id', r.credit_id, 'team_id', r.credit_team_id))"
)
_BUYER_EMAIL = (
    "{object}('by', {by}, 'buyer_email', CAST(? AS VARCHAR(254)), 'former_buyer_email', r.buyer_email)"
)
# later than any change that a person made of the sale before
_LATER = (
    "(SELECT CASE WHEN MAX(e.happened_at) >= CAST(? AS BIGINT) THEN MAX(e.happened_at) + 1"
    " ELSE CAST(? AS BIGINT) END FROM sale_events e"
    " WHERE e.account_id = r.account_id AND e.sale_id = r.id AND e.source = ?)"
)
# version 7 of one moment: its beginning is given, and its end is random
_SPELLED = {
    "sqlite": (
        (
            "? || substr('89ab', 1 + (random() & 3), 1) || substr(lower(hex(randomblob(2))), 2) || '-'"
            " || lower(hex(randomblob(6)))"
        ),
        {"object": "json_object", "by": "json(?)"},
    ),
    "postgres": (
        "CAST(CAST(? AS TEXT) || substr(CAST(gen_random_uuid() AS TEXT), 20) AS UUID)",
        {"object": "jsonb_build_object", "by": "CAST(? AS JSONB)"},
    ),
}
_BEGINNING = 19


async def record_assignments(viewer: Viewer, of: Statement) -> None:
    """Add, in one statement, how sales `r` of the account are assigned now to their histories.

    Their rows are written already, in the same transaction.
    """
    await _record(viewer, SaleChange.ASSIGNMENT, Statement("r.assigned_at"), Statement(_ASSIGNMENT), of)


async def record_buyer_email(viewer: Viewer, email: str, of: Statement) -> None:
    """Add, in one statement, the change of their buyer's e-mail address to the histories of sales `r`.

    Their rows are written afterwards, in the same transaction.
    """
    now = database.now()
    moment = Statement(_LATER, (now, now, EventSource.PERSON.value))
    await _record(viewer, SaleChange.BUYER_EMAIL, moment, Statement(_BUYER_EMAIL, (email,)), of)


async def _record(
    viewer: Viewer, kind: SaleChange, moment: Statement, change: Statement, of: Statement
) -> None:
    assert viewer.central is not None
    new_id, spelling = _SPELLED[database.dialect()]
    event_id = database.new_id()
    author = msgspec.json.encode(Author(viewer.user_id, viewer.name or None)).decode()
    await database.write(
        Statement(
            "INSERT INTO sale_events"
            " (id, account_id, sale_id, key, source, kind, status, happened_at, received_at, facts)"
            f" SELECT {new_id}, r.account_id, r.id, CAST(? AS VARCHAR(150)), '{EventSource.PERSON.value}',"
            f" '{kind.value}', NULL, ",
            (event_id[:_BEGINNING], f"person:{event_id}"),
        )
        + moment
        + Statement(", CAST(? AS BIGINT), ", (database.now(),))
        + Statement(change.text.format(**spelling), (author, *change.params))
        + Statement(" FROM sales r WHERE r.account_id = ? AND ", (viewer.central.account_id,))
        + of
    )
