"""The money of the demo: shares booked month by month, and what finance withdrew of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal

from actions.accounts.owner_details import set_bank_details
from actions.commerce.refunds.limits import set_approval_rules
from actions.commerce.withdrawals.decide import settle_withdrawal
from actions.commerce.withdrawals.request import make_withdrawal
from actions.commerce.withdrawals.terms import open_balance
from actions.kit.call import Call
from centrals.demo.chance import DAY, END, HOUR, START, moment
from centrals.demo.people import FAR
from models import database
from models.ledger.books import Books
from models.ledger.release import release_due
from models.ledger.settle import settle_ledger
from models.tables.refund import ApprovalAct
from models.vocabulary import BankKind

_CURRENCY = "BRL"
_FIRST = moment(2025, 1, 1)
"""When earlier payouts are entered. A month later is the first of the monthly withdrawals."""
_FAILED = moment(2025, 10, 1)
_LIMIT = 5_000
_BATCH = 500

At = Callable[[str, int], Awaitable[Call]]


async def withdraw(account_id: str, at: At, owner: str, finance: str) -> None:
    """Seventeen monthly withdrawals, of which one failed, and one that waits for the owner's approval."""
    await _set_bank(await at(owner, _FIRST - 30 * DAY))
    before = START
    for now in _months():
        await at(owner, now)
        await book(account_id, before, now)
        before = now
        if now == _FIRST:
            paid_out = Decimal(await _available(account_id, now)).scaleb(-2)
            await open_balance(await at(owner, now), paid_out, _CURRENCY)
        elif now > _FIRST:
            await _withdraw_most(account_id, at, owner, finance, now)
    await at(owner, END)
    await book(account_id, before, END + 1)
    await _wait(account_id, at, owner, finance)


async def book(account_id: str, since: int, until: int) -> None:
    """Book the sales that were approved in a period; so the review that the catalog asked for has nothing to
    do."""
    await database.write("DELETE FROM ledger_reviews WHERE account_id = ?", (account_id,))
    rows = await database.read(
        "SELECT id FROM sales WHERE account_id = ? AND approved_at >= ? AND approved_at < ? ORDER BY id",
        (account_id, since, until),
    )
    ids = [str(row["id"]) for row in rows]
    for start in range(0, len(ids), _BATCH):
        await settle_ledger(account_id, ids[start : start + _BATCH])


def _months() -> list[int]:
    """The first days of the months of the demo's time."""
    start, end = (datetime.fromtimestamp(at / 1000, UTC) for at in (START, END))
    first, last = start.year * 12 + start.month, end.year * 12 + end.month - 1
    return [moment(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]


async def _set_bank(call: Call) -> None:
    parts = ("341", "1234", "567890-1")
    await set_bank_details(call, "Aurora Cursos Ltda", BankKind.BRAZIL, parts, 0)


async def _available(account_id: str, now: int) -> int:
    books = await Books.open(account_id)
    await release_due(books, _CURRENCY, now)
    await books.write()
    return books.balance(_CURRENCY).available


async def _withdraw_most(account_id: str, at: At, owner: str, finance: str, now: int) -> None:
    """Withdraw what is there, in hundreds, and settle it two days later."""
    call = await at(finance, now + 9 * HOUR)
    hundreds = await _available(account_id, now + 9 * HOUR) // 10_000
    if not hundreds:
        return
    withdrawal = await make_withdrawal(call, Decimal(hundreds * 100), _CURRENCY)
    later = await at(owner, now + 2 * DAY)
    if now == _FAILED:
        await settle_withdrawal(later, withdrawal, failed="A conta estava bloqueada.")
    else:
        month = datetime.fromtimestamp(now / 1000, UTC)
        await settle_withdrawal(later, withdrawal, paid=f"TED {month:%Y%m}")


async def _wait(account_id: str, at: At, owner: str, finance: str) -> None:
    rows = await database.read("SELECT version FROM accounts WHERE id = ?", (account_id,))
    rules = {ApprovalAct.WITHDRAWAL: [(Decimal(_LIMIT), _CURRENCY)]}
    await set_approval_rules(await at(owner, END - 2 * DAY), rules, rows[0]["version"])
    call = await at(finance, END - HOUR)
    available = await _available(account_id, END - HOUR)
    await make_withdrawal(call, Decimal(min(available // 10_000, 60) * 100), _CURRENCY)
    await database.write(
        "UPDATE withdrawals SET expires_at = ? WHERE account_id = ? AND expires_at IS NOT NULL",
        (FAR, account_id),
    )
