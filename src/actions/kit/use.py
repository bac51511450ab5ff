"""What refers to a row while it is running: the row cannot be archived until then.

A noun whose rows refer to products or offers declares it beside its mutations:

    USE = use("offers", "SELECT f.name FROM funnels f JOIN funnel_steps s ON … "
              "WHERE f.account_id = r.account_id AND s.offer_id = r.id AND f.enabled")
"""

from dataclasses import dataclass

from actions.kit.refusals import Field, in_use
from models import database
from models.statement import Statement


@dataclass(frozen=True, slots=True)
class Use:
    """A use of the rows of a table. `names` selects the names of what uses the row `r`."""

    table: str
    names: str


USES: list[Use] = []
"""The uses, in the order of their declarations."""


def use(table: str, names: str) -> Use:
    """Declare a use of a table's rows."""
    declared = Use(table, names)
    USES.append(declared)
    return declared


async def require_unused(table: str, account_id: str | None, row_id: str, field: Field = ("id",)) -> None:
    """Refuse a row that is in use with IN_USE, naming the first use. All uses are looked up at once."""
    found = [declared for declared in USES if declared.table == table]
    if not found:
        return
    columns = ", ".join(f"({declared.names} LIMIT 1) AS use{number}" for number, declared in enumerate(found))
    statement = f"SELECT {columns} FROM {table} r WHERE r.account_id = ? AND r.id = ?"
    for row in await database.read(Statement(statement, (account_id, row_id)), named=False):
        first = next((name for name in row if name is not None), None)
        if first is not None:
            raise in_use(str(first), field)
