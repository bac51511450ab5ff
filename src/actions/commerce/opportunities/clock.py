"""What becomes of opportunities because time passes."""

from actions.commerce.opportunities.events import OpportunityReminder
from actions.kit.clock import Due, Job
from actions.kit.event import record_by_clock
from actions.notices.notify import notify
from models.changes import ChangeKind, note
from models.recovery.settle import settle_opportunities
from models.statement import Statement
from models.tables.notice import NoticeKind


async def _open(due: Due, now: int) -> None:
    await settle_opportunities(due.account_id, [due.id], now=now)


async def _remind(due: Due, _now: int) -> None:
    await record_by_clock(due.account_id, OpportunityReminder(), due.id, due.since)
    note(due.account_id, ChangeKind.OPPORTUNITY, [due.id])
    chosen = Statement("r.id = ?", (due.id,))
    await notify(due.account_id, NoticeKind.REMINDER, "opportunities", chosen)


UNPAID_SALE = Job("unpaid_sale", table="sales", since="recovery_due_at", work=_open)
"""A sale has stayed unpaid long enough to be an opportunity, which counts from its order on."""

REMINDER = Job(
    "opportunity_reminder",
    table="opportunities",
    since="remind_at",
    work=_remind,
    where="r.status = 'STANDBY'",
    writes="status = 'TODO', own_status = 'TODO', remind_at = NULL, version = version + 1,"
    " touched_at = CASE WHEN touched_at > remind_at THEN touched_at ELSE remind_at END",
)
"""A postponed opportunity is to be done again."""

JOBS = (UNPAID_SALE, REMINDER)
