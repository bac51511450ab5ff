"""Partial indexes serve only some conditions, so that no plan for all values takes them for others."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_PARTIAL = {
    "idx_sales_approved": ("account_id, approved_at, id", "approved_at"),
    "idx_sales_approved_by_assignee": ("account_id, assignee_id, approved_at, id", "approved_at"),
    "idx_sales_by_email": ("account_id, marketplace_email", "marketplace_email"),
}
_DONE = tuple(
    f"CREATE INDEX {name} ON sales ({keys}) WHERE {column} IS NOT NULL"
    for name, (keys, column) in _PARTIAL.items()
)
_UNDONE = tuple(f"DROP INDEX {name}" for name in _PARTIAL)


class Migration(migrations.Migration):
    dependencies = [("models", "0076_catalog_pages")]

    initial = False

    operations = [
        ops.RemoveIndex("Sale", fields=["account_id", "approved_at", "id"]),
        ops.RemoveIndex("Sale", fields=["account_id", "assignee_id", "approved_at", "id"]),
        ops.RemoveIndex("Sale", fields=["account_id", "marketplace_email"]),
        Statements(
            {"sqlite": _DONE, "postgres": ("SET LOCAL statement_timeout = 0", *_DONE)},
            {"sqlite": _UNDONE, "postgres": _UNDONE},
        ),
    ]
