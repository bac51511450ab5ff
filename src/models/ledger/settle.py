"""Books sales: each share moves from where it is booked to where it belongs.

What is booked follows from the sale as it is now, so messages that are late, repeated or out of order end the
same. The account is locked, as for every message and mutation.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from models import database
from models.ledger.books import Books
from models.ledger.place import Posting, SaleFacts, kind_of, payout_days, place_of
from models.statement import one_of
from models.tables.ledger import LedgerAccount
from models.vocabulary import SaleStatus

_POSTING = ("place", "amount", "currency", "release_at")
_INSERT = database.insertion("sale_postings", (*_POSTING, "account_id", "id"))
_SET = ", ".join(f"{name} = ?" for name in _POSTING)
_UPDATE = f"UPDATE sale_postings SET {_SET} WHERE account_id = ? AND id = ?"
_DELETE = "DELETE FROM sale_postings WHERE account_id = ? AND id = ?"
_SALES = (
    "SELECT r.id, r.reference, r.status, r.approved_at, r.warranty_until, p.warranty_days, r.own_amount,"
    " r.own_currency, b.place, b.amount, b.currency, b.release_at FROM sales r"
    " JOIN products p ON p.account_id = r.account_id AND p.id = r.product_id"
    " LEFT JOIN sale_postings b ON b.account_id = r.account_id AND b.id = r.id"
    " WHERE r.account_id = ? AND (r.approved_at IS NOT NULL OR b.id IS NOT NULL) AND "
)


async def settle_ledger(account_id: str, sale_ids: Iterable[str], *, gone: Collection[str] = ()) -> None:
    """Book sales as they are now. Of those that are about to be `gone`, nothing stays booked."""
    chosen = one_of("r.id", sorted({*sale_ids, *gone}))
    rows = await database.read(_SALES + chosen.text, (account_id, *chosen.params), named=False)
    await book(account_id, rows, set(gone))


async def book(account_id: str, rows: Sequence[Any], gone: Collection[str] = ()) -> None:
    """Book sales as rows of `_SALES` say."""
    if not rows:
        return
    books, now = await Books.open(account_id), database.now()
    inserted: list[tuple[Any, ...]] = []
    updated: list[tuple[Any, ...]] = []
    deleted: list[tuple[str, str]] = []
    for row_id, reference, status, approved_at, until, warranty, amount, currency, *booked in rows:
        before = None if booked[0] is None else Posting(LedgerAccount(booked[0]), *booked[1:])
        sale = SaleFacts(SaleStatus(status), approved_at, until, warranty, amount, currency)
        days = payout_days(currency, books.balance(currency).payout_days) if currency else 0
        leaves = str(row_id) in gone
        after = None if leaves else place_of(sale, days, now)
        if after == before:
            continue
        _post(books, before, after, None if leaves else sale.status, reference, now)
        key = (account_id, str(row_id))
        if after is None:
            deleted.append(key)
        else:
            values = (after.place.value, after.amount, after.currency, after.release_at, *key)
            (inserted if before is None else updated).append(values)
    await database.write_later(_INSERT, inserted)
    await database.write_later(_UPDATE, updated)
    await database.write_later(_DELETE, deleted)
    await books.write()


def _post(
    books: Books,
    before: Posting | None,
    after: Posting | None,
    status: SaleStatus | None,
    reference: str,
    now: int,
) -> None:
    """Add the entry of a share that moves: one for each currency, if the currency changes."""
    kind = kind_of(before, after, status)
    moves: dict[str, dict[LedgerAccount, int]] = {}
    if before is not None:
        moves.setdefault(before.currency, {})[before.place] = -before.amount
    if after is not None:
        lines = moves.setdefault(after.currency, {})
        lines[after.place] = lines.get(after.place, 0) + after.amount
        if after.place is LedgerAccount.PENDING:
            balance = books.changed(after.currency)
            known = balance.next_release_at
            balance.next_release_at = after.release_at if known is None else min(known, after.release_at)
    for currency, lines in moves.items():
        if any(lines.values()):
            books.post(kind, currency, lines, now, reference=reference)
