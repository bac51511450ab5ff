"""Notifying people of what concerns them, in the transaction in which it happens.

Everyone chooses for each kind of notices whether they get them live, by e-mail, both, or not at all.
"""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from authz.active import active
from authz.notices import RECORDS
from models import database
from models.changes import ChangeKind, note
from models.statement import Statement, one_of
from models.tables.notice import NoticeKind

STORED_MS = 90 * 24 * 3_600_000
"""How long a notice is listed."""
_ASSIGNEE = Statement("c.id = r.assignee_id")
_COLUMNS = {table: column for column, (table, _) in RECORDS.items()}
_DIGEST_AT = time(7)


async def notify(
    account_id: str, kind: NoticeKind, table: str, chosen: Statement, caused_by: str | None = None
) -> None:
    """Notify the assignees of the rows `r` that a condition chooses, except the user who causes it.

    Who cannot enter the account now is not notified.
    """
    await _notify(account_id, kind, table, chosen & _ASSIGNEE, caused_by)


async def notify_named(
    account_id: str, kind: NoticeKind, table: str, row_id: str, collaborator_ids: list[str], caused_by: str
) -> None:
    """Notify some collaborators of a row that each of them can see, except the user who causes it."""
    chosen = Statement("r.id = ?", (row_id,)) & one_of("c.id", collaborator_ids)
    await _notify(account_id, kind, table, chosen, caused_by)


async def _notify(
    account_id: str, kind: NoticeKind, table: str, chosen: Statement, caused_by: str | None
) -> None:
    recipients = Statement(
        "SELECT r.id, c.user_id, n.live, n.email, a.timezone"
        f" FROM {table} r JOIN accounts a ON a.id = r.account_id"
        " JOIN collaborators c ON c.account_id = r.account_id"
        " LEFT JOIN notice_choices n ON n.account_id = c.account_id AND n.user_id = c.user_id AND n.kind = ?"
        " WHERE r.account_id = ? AND ",
        (kind.value, account_id),
    )
    rows = await database.read(recipients + (active("c") & chosen) + " ORDER BY r.id")
    rows = [row for row in rows if str(row["user_id"]) != caused_by]
    found = {database.new_id(): row for row in rows if _is_live(row) or row["email"]}
    if not found:
        return
    now = database.now()
    await database.insert_many(
        "notices",
        ("id", "account_id", "user_id", "kind", _COLUMNS[table], "at", "by_email"),
        [
            (row_id, account_id, str(row["user_id"]), kind.value, str(row["id"]), now, bool(row["email"]))
            for row_id, row in found.items()
        ],
    )
    live = [row_id for row_id, row in found.items() if _is_live(row)]
    if live:
        note(account_id, ChangeKind.NOTICE, live)
    by_email = {str(row["user_id"]) for row in found.values() if row["email"]}
    if by_email:
        due = next_digest(found[next(iter(found))]["timezone"], now)
        await database.write(
            Statement(
                "UPDATE notice_choices SET digest_at = ? WHERE account_id = ? AND kind = ?"
                " AND digest_at IS NULL AND ",
                (due, account_id, kind.value),
            )
            + one_of("user_id", sorted(by_email))
        )


def _is_live(row: Any) -> bool:
    return row["live"] is None or bool(row["live"])


def next_digest(timezone: str, after: int) -> int:
    """When e-mails with notices are sent next after a time, in milliseconds since 1970."""
    zone = ZoneInfo(timezone)
    day = datetime.fromtimestamp(after / 1000, zone).date()
    while (due := round(datetime.combine(day, _DIGEST_AT, zone).timestamp() * 1000)) <= after:
        day += timedelta(days=1)
    return due


async def end_notices(account_id: str, user_id: str) -> None:
    """Remove the notices and choices of someone whose membership ends."""
    for table in ("notices", "notice_choices"):
        await database.write(
            f"DELETE FROM {table} WHERE account_id = ? AND user_id = ?", (account_id, user_id)
        )
