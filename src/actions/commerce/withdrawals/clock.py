"""Shares are released when their time has come, earlier sales are booked, and withdrawals expire."""

from actions.commerce.withdrawals import emails
from actions.commerce.withdrawals.step import Step
from actions.kit.clock import Due, Job
from models import database
from models.ledger.books import Books
from models.ledger.release import release_due
from models.ledger.review import continue_review
from models.tables.withdrawal import WithdrawalStatus


async def _release(due: Due, now: int) -> None:
    rows = await database.read(
        "SELECT currency FROM balances WHERE account_id = ? AND id = ?", (due.account_id, due.id)
    )
    books = await Books.open(due.account_id)
    await release_due(books, rows[0]["currency"], now)
    await books.write()


async def _review(due: Due, _now: int) -> None:
    await continue_review(due.account_id, due.since)


BALANCE_RELEASE = Job("balance_release", table="balances", since="next_release_at", work=_release)
"""Shares in a currency are due to be released."""

LEDGER_REVIEW = Job("ledger_review", table="ledger_reviews", since="due_at", work=_review)
"""Sales are booked that were there before the ledger, or whose terms changed."""


async def _expire(due: Due, _now: int) -> None:
    rows = await database.read(
        "SELECT id, amount, currency, status, requested_by_id FROM withdrawals"
        " WHERE account_id = ? AND id = ?",
        (due.account_id, due.id),
    )
    step = Step(due.account_id)
    await step.to(rows[0], WithdrawalStatus.CANCELLED, at=due.since)
    await step.tell_requester(emails.CANCELED, rows[0])


WITHDRAWAL_EXPIRY = Job(
    "withdrawal_expiry",
    table="withdrawals",
    since="expires_at",
    work=_expire,
    where="r.status = 'AWAITING_APPROVAL'",
)
"""The owner did not approve a withdrawal within 7 days."""

JOBS = (LEDGER_REVIEW, BALANCE_RELEASE, WITHDRAWAL_EXPIRY)
