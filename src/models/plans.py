"""Which plan of a subscription an offer sells: what a person chose, the plan of its code, or of its sales."""

from collections.abc import Iterable

from models import database
from models.statement import one_of

_WAYS = ("p.code = offers.hand_plan", "p.code = offers.code", "p.name = offers.marketplace_plan")


def _plan(column: str) -> str:
    """The value of a column in the first plan found."""
    opening = (
        f"SELECT {column} FROM plans p WHERE p.account_id = offers.account_id"
        " AND p.product_id = offers.product_id AND"
    )
    return ", ".join(f"({opening} {way} ORDER BY p.code LIMIT 1)" for way in _WAYS)


_LINK = (
    f"UPDATE offers SET plan_id = COALESCE({_plan('p.id')}),"
    f" plan_name = COALESCE({_plan('p.name')}, marketplace_plan) WHERE account_id = ? AND"
)


async def link_plans(account_id: str | None, products: Iterable[str]) -> None:
    """Link the offers of products to the plans that they sell."""
    chosen = one_of("product_id", sorted(products))
    await database.write_later(f"{_LINK} {chosen.text}", [(account_id, *chosen.params)])
