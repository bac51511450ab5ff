"""Releases shares whose time has come."""

from typing import Any

from models import database
from models.ledger.books import Books
from models.statement import one_of
from models.tables.ledger import LedgerAccount, LedgerKind

_BATCH = 1_000
_PENDING = LedgerAccount.PENDING.value


async def release_due(books: Books, currency: str, now: int) -> None:
    """Book what is due in a currency as available, and note when the next share is."""
    account_id = books.account_id
    while rows := await _due(account_id, currency, now):
        for _, amount, reference in rows:
            moves = {LedgerAccount.PENDING: -amount, LedgerAccount.AVAILABLE: amount}
            books.post(LedgerKind.RELEASE, currency, moves, now, reference=reference)
        chosen = one_of("id", sorted(str(row[0]) for row in rows))
        await database.write(
            f"UPDATE sale_postings SET place = ? WHERE account_id = ? AND {chosen.text}",
            (LedgerAccount.AVAILABLE.value, account_id, *chosen.params),
        )
    following = await database.read(
        "SELECT MIN(release_at) FROM sale_postings"
        f" WHERE account_id = ? AND currency = ? AND place = '{_PENDING}'",
        (account_id, currency),
        named=False,
    )
    books.changed(currency).next_release_at = following[0][0]


async def _due(account_id: str, currency: str, now: int) -> Any:
    return await database.read(
        "SELECT b.id, b.amount, s.reference FROM sale_postings b"
        " JOIN sales s ON s.account_id = b.account_id AND s.id = b.id"
        f" WHERE b.account_id = ? AND b.currency = ? AND b.place = '{_PENDING}' AND b.release_at <= ?"
        f" ORDER BY b.release_at LIMIT {_BATCH}",
        (account_id, currency, now),
        named=False,
    )
