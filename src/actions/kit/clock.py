"""What happens because time passes: jobs are declared here, and a worker of each server process does them.

    REMINDER = Job("reminder", table="opportunities", since="remind_at", work=remind)

A row, which conditions call `r`, is due from the time in the column `since` on, while it meets `where`. It
is claimed by an update that is made where the row is still due, so of many processes one does it. The update
removes the time, unless `writes` says what makes the row undue, or `again_ms` when it is due again. The claim
and the work are one transaction. Rows of closed accounts wait until the account is open again.
"""

from collections.abc import Awaitable, Callable

import msgspec

from models import database
from models.statement import Statement

BATCH = 100
"""How many due rows are read at a time."""


class Due(msgspec.Struct, frozen=True):
    """A row that is due."""

    account_id: str
    id: str
    since: int
    """When it became due, in milliseconds since 1970."""


class Job(msgspec.Struct, frozen=True):
    """Something that is done once for each row that becomes due."""

    name: str
    table: str
    since: str
    """The column with the time at which a row becomes due. An index begins with it."""
    work: Callable[[Due, int], Awaitable[None]]
    """What is done with a claimed row at a time, in the transaction of the claim."""
    where: str = ""
    """What a row must meet besides to be due."""
    delay_ms: int = 0
    """How long after the time in the column a row is due."""
    writes: str = ""
    """What the claim writes, if it is not another time: columns and their values, as in an update."""
    again_ms: int | None = None
    """After how long a row is due again; None: when something else writes a time."""
    account: str = "account_id"
    """The column that names the account of a row."""

    def when(self, now: int) -> Statement:
        """Which rows are due at a time."""
        besides = f" AND {self.where}" if self.where else ""
        return Statement(f"r.{self.since} <= ?{besides}", (now - self.delay_ms,))

    def claim(self, now: int) -> Statement:
        """What the claim of a row writes."""
        next_at = None if self.again_ms is None else now + self.again_ms
        return Statement(self.writes) if self.writes else Statement(f"{self.since} = ?", (next_at,))

    def key(self, due: Due) -> str:
        """The name of one piece of work, such as `slip_expiry:` and the id of a row."""
        return f"{self.name}:{due.id}"

    async def due(self, now: int, after: Due | None = None) -> list[Due]:
        """Some of the rows that are due, those that have been due the longest first."""
        condition = self.when(now)
        if after is not None:
            condition = condition & Statement(f"(r.{self.since}, r.id) > (?, ?)", (after.since, after.id))
        rows = await database.read(
            Statement(
                f"SELECT r.{self.account} AS account_id, r.id, r.{self.since} AS since"
                f" FROM {self.table} r WHERE "
            )
            + condition
            + f" AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = r.{self.account} AND a.closed_at IS NULL)"
            + f" ORDER BY r.{self.since}, r.id LIMIT {BATCH}"
        )
        return [Due(str(row["account_id"]), str(row["id"]), row["since"]) for row in rows]

    async def do(self, due: Due, now: int) -> bool:
        """Do a piece of work. False: it is not due any more, or the account was closed."""

        async def work() -> bool:
            if not await _is_open(due.account_id):
                return False
            where = Statement(f" WHERE r.{self.account} = ? AND r.id = ? AND ", (due.account_id, due.id))
            claim = Statement(f"UPDATE {self.table} AS r SET ") + self.claim(now) + where + self.when(now)
            if not await database.write(claim):
                return False
            await self.work(due, now)
            return True

        return await database.transact(work)


async def _is_open(account_id: str) -> bool:
    """Whether the account is open; it cannot be closed before the commit."""
    lock = " FOR NO KEY UPDATE" if database.dialect() == "postgres" else ""
    rows = await database.read(f"SELECT closed_at FROM accounts WHERE id = ?{lock}", (account_id,))
    return bool(rows) and rows[0]["closed_at"] is None
