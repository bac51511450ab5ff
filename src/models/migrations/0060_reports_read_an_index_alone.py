"""Reports find everything that they add up in an index, and read no row of the wide table of sales."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_PLACED = {
    "idx_sales_by_credit": ("account_id", "credit_id", "approved_at", "ordered_at"),
    "idx_sales_by_approval": ("account_id", "approved_at", "ordered_at"),
}
_ADDED_UP = ("status", "currency", "net_currency", "price", "net", "product_id", "credit_team_id", "sold_as")


def _index(name: str, keys: tuple[str, ...], rest: str) -> str:
    return f'CREATE INDEX "{name}" ON "sales" ({", ".join(keys)}{rest})'


class Migration(migrations.Migration):
    dependencies = [("models", "0055_products_by_hand")]

    initial = False

    operations = [
        Statements(
            {
                # SQLite has no columns that an index only carries
                "sqlite": tuple(
                    _index(name, keys, f", {', '.join(_ADDED_UP)}") for name, keys in _PLACED.items()
                ),
                "postgres": (
                    "SET LOCAL statement_timeout = 0",
                    *(
                        _index(name, keys, f") INCLUDE ({', '.join(_ADDED_UP)}")
                        for name, keys in _PLACED.items()
                    ),
                ),
            }
        ),
        ops.RemoveIndex("Sale", fields=["account_id", "credit_id", "approved_at", "ordered_at"]),
    ]
