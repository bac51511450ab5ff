"""What other tests left in the database that they share."""

from centrals.work.worker import JOBS
from models import database
from models.statement import Statement
from small_shop import moment


async def nothing_is_due(until: str = "12-31 12:00") -> None:
    """Take what is due until a time from the clock, as if it were done, which would take much longer."""
    now = moment(until)

    async def work() -> None:
        for job in JOBS:
            claim = Statement(f"UPDATE {job.table} AS r SET ") + job.claim(now) + " WHERE "
            await database.write(claim + job.when(now))

    await database.transact(work)
