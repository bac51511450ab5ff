"""Reads everything that is stored of an account again, and computes its sales and subscriptions from it.

After an upgrade, accounts that ran before gain what messages were not read for then. Each batch is one
transaction that locks the account as an arriving message does, so a server can run meanwhile, and what is
repeated changes nothing.
"""

from collections.abc import Sequence

from intake.messages.store import lock_clause
from intake.reprocessing.reprocess import Progress, Reprocessed, reprocess
from intake.sales.fold import describes_sale
from intake.sales.sale import fold_again, read_sales
from intake.subscriptions.settle import settle_subscriptions
from models import database
from models.vocabulary import IntakeOutcome

BATCH = 200


class Refolded(Reprocessed):
    """What reading again did, and how many sales were computed again."""

    sales: int = 0

    def summary_text(self) -> str:
        """The totals in one line."""
        return f"{super().summary_text()} {self.sales} sales computed again."


async def refold(account_id: str, progress: Progress) -> Refolded:
    """Read every stored message again, and fold every sale again, even if its messages read as before."""
    read = await reprocess(account_id, list(IntakeOutcome), progress)
    summary = Refolded(read.read, read.changed, read.repeated, read.outcomes)
    after: str | None = None
    while batch := await _batch(account_id, after):
        after = batch[-1]
        summary.sales += len(batch)
    return summary


async def _batch(account_id: str, after: str | None) -> Sequence[str]:
    """Fold some sales again, and return their ids."""

    async def work() -> list[str]:
        if clause := lock_clause():
            await database.read(f"SELECT id FROM accounts WHERE id = ?{clause}", (account_id,))
        beyond = "" if after is None else " AND id > ?"
        rows = await database.read(
            f"SELECT id, reference FROM sales WHERE account_id = ?{beyond} ORDER BY id LIMIT {BATCH}",
            (account_id,) if after is None else (account_id, after),
        )
        if rows:
            known = (await read_sales(account_id, [row["reference"] for row in rows])).sales
            described = {name: sale for name, sale in known.items() if describes_sale(sale.history)}
            await settle_subscriptions(account_id, await fold_again(account_id, described))
        return [str(row["id"]) for row in rows]

    return await database.transact(work)
