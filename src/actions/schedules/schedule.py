"""Scheduling a report for a person, and ending that."""

from typing import NamedTuple

from actions.kit.call import Call
from actions.kit.log import Change, Entry, log_done
from actions.kit.mutation import Done, Mutation
from actions.schedules.times import next_time
from authz import reach
from authz.gates import Standing, grant_bit
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.schedules import report_schedules
from authz.viewer import Central, Viewer
from models import database
from models.statement import Statement
from models.tables.schedule import ReportFrequency
from models.vocabulary import Privacy

SCHEDULE_REPORT = Mutation(
    "scheduleReport",
    Standing.IN_CENTRAL,
    "ReportSchedule",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.TOO_MANY),
    replays=True,
    changes_access=False,
    while_closed=False,
)
CANCEL_REPORT_SCHEDULE = Mutation(
    "cancelReportSchedule",
    Standing.IN_CENTRAL,
    "ReportSchedule",
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
    while_closed=False,
)
MOST_IN_ACCOUNT = 100
MOST_FOR_PERSON = 20


class Recipient(NamedTuple):
    """Who gets a report."""

    user_id: str
    name: str


async def schedule_report(
    call: Call, report: str, grant: Grant | None, frequency: ReportFrequency, collaborator_id: str | None
) -> str:
    """Schedule a report with its grant for the caller or, by the owner and admins, for a collaborator.

    A report that there is not has no grant. What is scheduled already stays as it is.
    """

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        # an e-mail has all that its recipient reaches, and a token for some products reaches less
        narrowed = viewer.products is not None
        if grant is None or narrowed or not viewer.mask & grant_bit(grant):
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_report", ("report",))
        recipient = await _recipient(viewer, collaborator_id)
        known = await _room(viewer.central.account_id, recipient, report, frequency)
        if known is not None:
            return Done(known)
        row = {
            "id": database.new_id(),
            "account_id": viewer.central.account_id,
            "user_id": recipient.user_id,
            "recipient": recipient.name,
            "report": report,
            "frequency": frequency.value,
            "next_at": next_time(frequency, viewer.central.timezone, database.now()),
            "claimed_at": None,
            "created_at": database.now(),
            "created_by_id": viewer.user_id,
            "created_by_name": viewer.name,
        }
        await database.insert("report_schedules", row)
        return Done(str(row["id"]), _changes(report, frequency, recipient.name, ended=False))

    return await SCHEDULE_REPORT.perform(call, work)


async def _recipient(viewer: Viewer, collaborator_id: str | None) -> Recipient:
    assert viewer.user_id is not None
    if collaborator_id is None or collaborator_id == viewer.collaborator_id:
        return Recipient(viewer.user_id, viewer.name)
    rows = await database.read(
        Statement("SELECT r.user_id, r.name FROM collaborators r WHERE r.id = ? AND ", (collaborator_id,))
        + reach.collaborators(viewer).where("r")
    )
    if not rows or not viewer.mask & Standing.ADMIN:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_collaborator", ("personId",))
    return Recipient(str(rows[0]["user_id"]), rows[0]["name"])


async def _room(account_id: str, recipient: Recipient, report: str, frequency: ReportFrequency) -> str | None:
    """The same schedule, if there is one. Refuses if there is no room for another."""
    rows = await database.read(
        "SELECT id, user_id, report, frequency FROM report_schedules WHERE account_id = ?", (account_id,)
    )
    own = [row for row in rows if str(row["user_id"]) == recipient.user_id]
    for row in own:
        if (row["report"], row["frequency"]) == (report, frequency.value):
            return str(row["id"])
    for count, most in ((len(own), MOST_FOR_PERSON), (len(rows), MOST_IN_ACCOUNT)):
        if count >= most:
            raise Refusal(ErrorCode.TOO_MANY, "too_many_schedules", most=most)
    return None


async def cancel_report_schedule(call: Call, schedule_id: str) -> str:
    """End a schedule: one's own or, by the owner and admins, anyone's."""

    async def work(viewer: Viewer) -> Done:
        within = report_schedules(viewer)
        named = Statement(" FROM report_schedules AS r WHERE r.id = ? AND ", (schedule_id,))
        named = named + within.where("r")
        rows = await database.read(Statement("SELECT r.report, r.frequency, r.recipient") + named)
        if not rows:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_schedule", ("id",))
        await database.write(Statement("DELETE") + named)
        row = rows[0]
        frequency = ReportFrequency(row["frequency"])
        return Done(schedule_id, _changes(row["report"], frequency, row["recipient"], ended=True))

    return await CANCEL_REPORT_SCHEDULE.perform(call, work, schedule_id)


async def unsubscribe(call: Call, schedule_id: str) -> bool:
    """End a schedule by the link that its e-mails have. False: there is none.

    The log shows the recipient, whom the link identifies.
    """

    return await database.transact(lambda: _end_by_link(call, schedule_id))


async def _end_by_link(call: Call, schedule_id: str) -> bool:
    if database.dialect() == "postgres":
        # as mutations do, so that of two clicks the second finds no schedule; SQLite has one writer anyway
        await database.read(
            "SELECT a.id FROM accounts a WHERE a.id ="
            " (SELECT s.account_id FROM report_schedules s WHERE s.id = ?) FOR NO KEY UPDATE",
            (schedule_id,),
        )
    rows = await database.read(
        "SELECT s.report, s.frequency, s.recipient, s.user_id, a.id, a.name, a.timezone, a.currency"
        " FROM report_schedules s JOIN accounts a ON a.id = s.account_id WHERE s.id = ?",
        (schedule_id,),
    )
    if not rows:
        return False
    row = rows[0]
    await database.write("DELETE FROM report_schedules WHERE id = ?", (schedule_id,))
    central = Central(str(row["id"]), row["name"], False, Privacy.OWN, row["timezone"], row["currency"])
    viewer = Viewer(user_id=str(row["user_id"]), name=row["recipient"], central=central)
    entry = Entry(CANCEL_REPORT_SCHEDULE.name, "ReportSchedule", schedule_id, None)
    changes = _changes(row["report"], ReportFrequency(row["frequency"]), row["recipient"], ended=True)
    await log_done(call, entry, viewer, changes)
    return True


async def end_schedules(account_id: str, user_id: str) -> None:
    """End the schedules of someone whose membership ends."""
    await database.write(
        "DELETE FROM report_schedules WHERE account_id = ? AND user_id = ?", (account_id, user_id)
    )


def _changes(report: str, frequency: ReportFrequency, recipient: str, *, ended: bool) -> tuple[Change, ...]:
    values = (("report", report), ("frequency", frequency.value), ("recipient", recipient))
    return tuple(
        Change(f"ReportSchedule.{field}", *((value, None) if ended else (None, value)))
        for field, value in values
    )
