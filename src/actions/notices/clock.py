"""E-mails with what is new become due: one goes into the outbox, and its notices are read as it is sent."""

from actions.kit.clock import Due, Job
from actions.kit.outbox import post
from actions.notices.emails import NOTICE_DIGEST
from actions.notices.notify import end_notices
from models import database


async def _post(due: Due, _now: int) -> None:
    """Post one e-mail with all kinds of notices that wait for it. The choices of a former member end."""
    rows = await database.read(
        "SELECT n.user_id, u.name, u.email, u.locale, u.disabled_at, a.owner_id, a.name AS account,"
        " (SELECT COUNT(*) FROM collaborators c WHERE c.account_id = n.account_id"
        " AND c.user_id = n.user_id) AS memberships FROM notice_choices n"
        " JOIN accounts a ON a.id = n.account_id LEFT JOIN users u ON u.id = n.user_id"
        " WHERE n.account_id = ? AND n.id = ?",
        (due.account_id, due.id),
    )
    row, user_id = rows[0], str(rows[0]["user_id"])
    if row["email"] is None or not (row["memberships"] or str(row["owner_id"]) == user_id):
        await end_notices(due.account_id, user_id)
        return
    digest_id, of_person = database.new_id(), (due.account_id, user_id)
    await database.write(
        "UPDATE notice_choices SET digest_at = NULL WHERE account_id = ? AND user_id = ?", of_person
    )
    named = await database.write(
        "UPDATE notices SET digest_id = ? WHERE account_id = ? AND user_id = ? AND by_email"
        " AND digest_id IS NULL",
        (digest_id, *of_person),
    )
    if not named or row["disabled_at"] is not None:
        return
    data = {
        "name": row["name"],
        "account": row["account"],
        "digest_id": digest_id,
        "account_id": due.account_id,
    }
    await post(NOTICE_DIGEST, row["email"], row["locale"], data)


DIGESTS = Job("notice_digest", table="notice_choices", since="digest_at", work=_post)

JOBS = (DIGESTS,)
