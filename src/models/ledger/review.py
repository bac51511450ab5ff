"""Books all sales of an account again, some at a time: after an upgrade, and after its terms changed."""

from models import database
from models.ledger.settle import settle_ledger

BATCH = 500


async def start_review(account_id: str) -> None:
    """Begin at the first sale. A review that is under way starts again."""
    await database.write(
        "INSERT INTO ledger_reviews (id, account_id, due_at, reference) VALUES (?, ?, 0, '')"
        " ON CONFLICT (account_id) DO UPDATE SET due_at = 0, reference = ''",
        (database.new_id(), account_id),
    )


async def continue_review(account_id: str, since: int) -> None:
    """Book the next sales. If there are more, the review is due again, a millisecond later than it was."""
    rows = await database.read("SELECT reference FROM ledger_reviews WHERE account_id = ?", (account_id,))
    found = await database.read(
        "SELECT id, reference FROM sales WHERE account_id = ? AND reference > ?"
        f" ORDER BY reference LIMIT {BATCH}",
        (account_id, rows[0]["reference"]),
    )
    if found:
        await settle_ledger(account_id, [str(row["id"]) for row in found])
    ended = len(found) < BATCH
    await database.write(
        "UPDATE ledger_reviews SET due_at = ?, reference = ? WHERE account_id = ?",
        (None if ended else since + 1, "" if ended else found[-1]["reference"], account_id),
    )


async def under_review(account_id: str) -> bool:
    """Whether balances may still change because of a review."""
    rows = await database.read(
        "SELECT 1 FROM ledger_reviews WHERE account_id = ? AND due_at IS NOT NULL", (account_id,)
    )
    return bool(rows)
