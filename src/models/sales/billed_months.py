"""The months whose statements may change with a sale, noted in the transaction that changes it.

The statement of a month is written when it has ended. A sale of the present month is part of it then, so that
only sales of earlier months are noted: a new sale usually costs nothing.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models import database
from models.connection.closing import closing

_NIGHT = time(23)
_FIRST = time(2)
_EASTERNMOST_MS = 14 * 3_600_000
_MARK = (
    "INSERT INTO billing_months (id, account_id, month, due_at) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (account_id, month) DO UPDATE SET due_at = excluded.due_at"
    " WHERE billing_months.due_at IS NULL"
)


def month_of(moment: int, zone: ZoneInfo) -> date:
    """The first day of the local month of a time."""
    return datetime.fromtimestamp(moment / 1000, zone).date().replace(day=1)


def month_after(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def first_night(month: date, zone: ZoneInfo) -> int:
    """When the statements of a month are written first: at 02:00 on the day after it."""
    return _milliseconds(month_after(month), _FIRST, zone)


def next_night(now: int, zone: ZoneInfo) -> int:
    """When what changes now is compared: at 23:00."""
    day = datetime.fromtimestamp(now / 1000, zone).date()
    tonight = _milliseconds(day, _NIGHT, zone)
    return tonight if tonight > now else _milliseconds(day + timedelta(days=1), _NIGHT, zone)


def _milliseconds(day: date, at: time, zone: ZoneInfo) -> int:
    return round(datetime.combine(day, at, zone).timestamp() * 1000)


def note_billed(account_id: str, moments: Iterable[int]) -> None:
    """Note sales by the times at which they count. The transaction writes their months at its end."""
    this_month = datetime.fromtimestamp(database.now() / 1000, UTC).date().replace(day=1)
    latest = _milliseconds(this_month, time(), ZoneInfo("UTC")) + _EASTERNMOST_MS
    early = [moment for moment in moments if moment < latest]
    if early:
        closing(_Noted).add(account_id, early)


async def compare(account_id: str, months: Iterable[date], at: int) -> None:
    """Let statements of months be compared at a time, or before it if they are to be compared already."""
    rows = [(database.new_id(), account_id, month.isoformat()[:7], at) for month in months]
    await database.write_later(_MARK, rows)


async def compare_all(account_id: str, at: int) -> None:
    """Let all statements of an account be compared at a time."""
    await database.write(
        "UPDATE billing_months SET due_at = ? WHERE account_id = ? AND due_at IS NULL", (at, account_id)
    )


class _Noted:
    """The times of sales by account."""

    def __init__(self) -> None:
        self._moments: dict[str, set[int]] = {}

    def add(self, account_id: str, moments: Iterable[int]) -> None:
        self._moments.setdefault(account_id, set()).update(moments)

    async def write(self) -> None:
        """Note the months that have ended, once each."""
        now = database.now()
        for account_id, moments in sorted(self._moments.items()):
            rows = await database.read("SELECT timezone FROM accounts WHERE id = ?", (account_id,))
            zone = ZoneInfo(rows[0]["timezone"])
            months = {month_of(moment, zone) for moment in moments}
            ended = sorted(month for month in months if month < month_of(now, zone))
            await compare(account_id, ended, next_night(now, zone))

    def committed(self) -> None:
        """Nothing follows from the commit."""
