"""The shop's books: balances as the owner reads them, and whether they are the sums of their entries."""

from centrals.work.worker import Worker
from models import database
from models.ledger.books import COLUMNS
from small_shop import Shop

BALANCES = (
    "balances { currency available { amount } pending { amount } disputed { amount } held { amount }"
    " paidOut { amount } owed { amount } }"
)


async def figures(shop: Shop, currency: str = "BRL") -> dict[str, str]:
    """The amounts of a balance that are not zero, after whatever is due."""
    await Worker().work_once(shop.clock.now)
    found = next(row for row in await shop.read("owner", BALANCES) if row["currency"] == currency)
    amounts = {name: amount["amount"] for name, amount in found.items() if name != "currency"}
    return {name: amount for name, amount in amounts.items() if float(amount)}


async def require_sums(shop: Shop) -> None:
    """Require that every balance is the sum of its entries."""
    names = ", ".join(COLUMNS)
    sums = ", ".join(f"SUM(CAST({name} AS BIGINT)) AS {name}" for name in COLUMNS)
    of = (shop.account["id"],)
    found = await database.read(
        f"SELECT currency, {names} FROM balances WHERE account_id = ? ORDER BY currency", of
    )
    added = await database.read(
        f"SELECT currency, {sums} FROM ledger_entries WHERE account_id = ? GROUP BY currency ORDER BY currency",
        of,
    )
    assert [tuple(row) for row in found] == [tuple(row) for row in added]
