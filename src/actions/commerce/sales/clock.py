"""What becomes of sales because time passes."""

from actions.kit.clock import Due, Job
from models.changes import ChangeKind, note
from models.statement import Statement


async def _announce(due: Due, _now: int) -> None:
    note(due.account_id, ChangeKind.SALE, [due.id])


SLIP_EXPIRY = Job(
    "slip_expiry",
    table="sales",
    since="slip_expires_at",
    when=lambda now: Statement(
        "r.status = 'WAITING_PAYMENT' AND r.slip_expires_at <= ?"
        " AND (r.slip_expiry_noted IS NULL OR r.slip_expiry_noted <> r.slip_expires_at)",
        (now,),
    ),
    claim=lambda _now: Statement("slip_expiry_noted = slip_expires_at"),
    work=_announce,
)
"""A payment slip expires without a message: those who follow sales hear of it."""

JOBS = (SLIP_EXPIRY,)
