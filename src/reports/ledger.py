"""The ledger by day and kind: what the account's entries add up to."""

import msgspec

from authz.reach import Reach
from models import database
from models.ledger.books import COLUMNS
from models.statement import Statement
from models.tables.ledger import LedgerAccount, LedgerKind
from reports.counted import bucket_number
from reports.period import Bucket


class LedgerTotal(msgspec.Struct, frozen=True, gc=False):
    """The entries of one kind and currency on a day."""

    bucket: Bucket
    kind: LedgerKind
    currency: str
    entries: int
    lines: tuple[tuple[LedgerAccount, int], ...]


async def ledger_totals(
    within: Reach, buckets: tuple[Bucket, ...], currency: str | None, kind: LedgerKind | None
) -> list[LedgerTotal]:
    """The totals of each day, kind and currency with entries, the newest day first: one statement."""
    sums = "".join(f", SUM(CAST(r.{name} AS BIGINT))" for name in COLUMNS)
    statement = Statement("SELECT ") + bucket_number("r.at", buckets)
    statement += Statement(
        f" AS bucket, r.kind, r.currency, COUNT(*){sums} FROM ledger_entries r"
        " WHERE r.at >= ? AND r.at < ? AND ",
        (buckets[0].start_ms, buckets[-1].end_ms),
    ) + within.where("r")
    if currency is not None:
        statement &= Statement("r.currency = ?", (currency,))
    if kind is not None:
        statement &= Statement("r.kind = ?", (kind.value,))
    rows = await database.read(statement + " GROUP BY 1, 2, 3 ORDER BY 1 DESC, 3, 2", named=False)
    return [
        LedgerTotal(buckets[number], LedgerKind(name), of, entries, lines_of(amounts))
        for number, name, of, entries, *amounts in rows
    ]


def lines_of(amounts: list[int] | tuple[int, ...]) -> tuple[tuple[LedgerAccount, int], ...]:
    """The accounts that amounts in the order of `COLUMNS` change."""
    return tuple(
        (account, int(amount)) for account, amount in zip(LedgerAccount, amounts, strict=True) if amount
    )
