"""The clock writes the statements of what accounts received: after each month, and when one has changed.

A month is due when it has ended, and at night if its sales changed since. Then what they add up to is
compared with the newest revision of its statements; a statement that differs gets another revision. Each
piece of work is one month of one account, however long their history is.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from actions.kit.clock import Due, Job
from models import database
from models.sales.billed_months import compare, first_night, month_after, month_of
from reports.billing import Line, current_lines
from reports.period import EARLIEST, LATEST

_DAY_MS = 86_400_000
_LINE = Line._fields


async def _end_months(due: Due, now: int) -> None:
    """Let the months be compared that have ended: of an account that had none yet, all since its first
    sale."""
    rows = await database.read(
        "SELECT a.timezone, (SELECT MIN(s.ordered_at) FROM sales s WHERE s.account_id = a.id) AS ordered_at"
        " FROM accounts a WHERE a.id = ?",
        (due.account_id,),
    )
    zone, first = ZoneInfo(rows[0]["timezone"]), rows[0]["ordered_at"]
    present = month_of(now, zone)
    await database.write(
        "UPDATE accounts SET statements_due_at = ? WHERE id = ?",
        (first_night(present, zone), due.account_id),
    )
    if due.since:
        month = month_of(due.since - 27 * _DAY_MS, zone)
    else:
        month = present if first is None else max(month_of(first, zone), EARLIEST)
    months = []
    while month < present:
        months.append(month)
        month = month_after(month)
    await compare(due.account_id, months, now)


async def _revise(due: Due, now: int) -> None:
    """Compare a month's sales with its statements."""
    rows = await database.read(
        "SELECT m.month, a.timezone FROM billing_months m JOIN accounts a ON a.id = m.account_id"
        " WHERE m.account_id = ? AND m.id = ?",
        (due.account_id, due.id),
    )
    month, timezone = date.fromisoformat(f"{rows[0]['month']}-01"), rows[0]["timezone"]
    if not EARLIEST <= month <= LATEST - timedelta(days=31):
        return
    ends = first_night(month, ZoneInfo(timezone))
    if ends > now:  # in a time zone that was changed since, it can end later
        await database.write(
            "UPDATE billing_months SET due_at = ? WHERE account_id = ? AND id = ?",
            (ends, due.account_id, due.id),
        )
        return
    found = await current_lines(due.account_id, month, timezone)
    written = await _written(due.account_id, rows[0]["month"])
    for currency in sorted(found.keys() | written.keys()):
        statement = _Statement(due.account_id, rows[0]["month"], currency)
        await statement.revise(written.get(currency, {}), found.get(currency, ()), now)


async def _written(account_id: str, month: str) -> dict[str, dict[Line, str]]:
    """The lines of the newest revisions of a month's statements, with their ids, by currency."""
    rows = await database.read(
        f"SELECT currency, id, {', '.join(_LINE)} FROM billing_lines"
        " WHERE account_id = ? AND month = ? AND last_revision IS NULL",
        (account_id, month),
        named=False,
    )
    found: dict[str, dict[Line, str]] = {}
    for currency, row_id, sold_as, product_id, *figures in rows:
        found.setdefault(currency, {})[Line(sold_as, str(product_id), *figures)] = str(row_id)
    return found


class _Statement:
    """The statement of a month in one currency."""

    def __init__(self, account_id: str, month: str, currency: str) -> None:
        self._named = (account_id, month, currency)

    async def revise(self, written: dict[Line, str], found: Iterable[Line], now: int) -> None:
        """Write another revision if lines differ: only those that do are written."""
        lines = set(found)
        ended = [row_id for line, row_id in written.items() if line not in lines]
        begun = [line for line in lines if line not in written]
        if not ended and not begun:
            return
        revision = await self._newest() + 1
        await database.write_later(
            "UPDATE billing_lines SET last_revision = ? WHERE account_id = ? AND id = ?",
            [(revision - 1, self._named[0], row_id) for row_id in ended],
        )
        await database.insert_many(
            "billing_lines",
            ("id", "account_id", "month", "currency", "first_revision", *_LINE),
            [(database.new_id(), *self._named, revision, *line) for line in begun],
        )
        await database.insert_many(
            "billing_statements",
            (
                *("id", "account_id", "month", "currency", "revision", "revised_at"),
                *("sales", "unknown", "received", "reversed"),
            ),
            [
                (
                    *(database.new_id(), *self._named, revision, now),
                    *(sum(getattr(line, name) for line in lines) for name in _LINE[3:]),
                )
            ],
        )

    async def _newest(self) -> int:
        rows = await database.read(
            "SELECT MAX(revision) AS newest FROM billing_statements"
            " WHERE account_id = ? AND month = ? AND currency = ?",
            self._named,
        )
        return rows[0]["newest"] or 0


MONTH_END = Job(
    "month_end",
    table="accounts",
    since="statements_due_at",
    work=_end_months,
    again_ms=_DAY_MS,
    account="id",
)
"""A month has ended in an account's time zone."""

REVISION = Job("billing_statement", table="billing_months", since="due_at", work=_revise)
"""The statements of a month may differ from its sales."""

JOBS = (MONTH_END, REVISION)
