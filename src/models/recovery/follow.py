"""What people do with a sale, as far as the opportunity follows that the sale made."""

from collections.abc import Iterable

from models import database
from models.changes import ChangeKind, note
from models.statement import one_of

_ASSIGNED = "assignee_id, team_id, credit_id, credit_team_id"
_OF_SALE = "s.assignee_id, s.team_id, s.credit_id, s.credit_team_id"
_SALE = "FROM sales s WHERE s.account_id = opportunities.account_id AND s.id = opportunities.sale_id"


async def follow_sales(account_id: str, sale_ids: Iterable[str]) -> None:
    """Give opportunities their sale's buyer's address and, unless a person assigned them, the assignee."""
    sales = one_of("sale_id", sorted(set(sale_ids)))
    within = f"account_id = ? AND {sales.text}"
    values = (account_id, *sales.params)
    rows = await database.read(f"SELECT id FROM opportunities WHERE {within}", values)
    if not rows:
        return
    await database.write(
        f"UPDATE opportunities SET ({_ASSIGNED}) = (SELECT {_OF_SALE} {_SALE})"
        f" WHERE {within} AND assigned_at IS NULL",
        values,
    )
    await database.write(
        f"UPDATE opportunities SET contact_email = (SELECT s.buyer_email {_SALE}) WHERE {within}", values
    )
    note(account_id, ChangeKind.OPPORTUNITY, [str(row["id"]) for row in rows])
