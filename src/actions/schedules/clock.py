"""Scheduled reports become due: the e-mail is put into the outbox, and its figures are read as it is sent."""

from datetime import timedelta

from actions.kit.clock import Due, Job
from actions.kit.outbox import post
from actions.schedules.emails import SCHEDULED_REPORT
from actions.schedules.times import days_before, next_time
from models import database
from models.tables.schedule import ReportFrequency


async def _post(due: Due, now: int) -> None:
    """Post the e-mail of the last full period, even if earlier ones were missed.

    The schedule of a former member ends.
    """
    rows = await database.read(
        "SELECT s.report, s.frequency, u.name, u.email, u.locale, u.disabled_at, a.owner_id, a.timezone,"
        " s.user_id, a.name AS account, (SELECT COUNT(*) FROM collaborators c"
        " WHERE c.account_id = s.account_id AND c.user_id = s.user_id) AS memberships"
        " FROM report_schedules s JOIN accounts a ON a.id = s.account_id"
        " LEFT JOIN users u ON u.id = s.user_id WHERE s.account_id = ? AND s.id = ?",
        (due.account_id, due.id),
    )
    row = rows[0]
    if row["email"] is None or not (row["memberships"] or str(row["owner_id"]) == str(row["user_id"])):
        await database.write(
            "DELETE FROM report_schedules WHERE account_id = ? AND id = ?", (due.account_id, due.id)
        )
        return
    frequency = ReportFrequency(row["frequency"])
    # in a time zone that was changed since, it can be due later
    expected = next_time(frequency, row["timezone"], due.since - 1)
    await database.write(
        "UPDATE report_schedules SET next_at = ? WHERE account_id = ? AND id = ?",
        (max(expected, next_time(frequency, row["timezone"], now)), due.account_id, due.id),
    )
    if expected > now or row["disabled_at"] is not None:
        return
    first, end = days_before(frequency, row["timezone"], now)
    data = {
        "name": row["name"],
        "account": row["account"],
        "report": row["report"],
        "first": first.isoformat(),
        "last": (end - timedelta(days=1)).isoformat(),
        "end": end.isoformat(),
        "schedule_id": due.id,
        "account_id": due.account_id,
    }
    await post(SCHEDULED_REPORT, row["email"], row["locale"], data)


SCHEDULED_REPORTS = Job(
    "scheduled_report",
    table="report_schedules",
    since="next_at",
    work=_post,
    where="(r.claimed_at IS NULL OR r.claimed_at <> r.next_at)",
    writes="claimed_at = next_at",
)

JOBS = (SCHEDULED_REPORTS,)
