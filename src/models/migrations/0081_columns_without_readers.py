"""Offers no longer store which event named their price, since prices follow from all sales.

Limits for withdrawals had no withdrawals yet."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.migrate import DropColumn, Statements

_NO_LIMITS = ("DELETE FROM approval_limits WHERE act = 'WITHDRAWAL'",)


class Migration(migrations.Migration):
    dependencies = [("models", "0080_indexes_of_filters")]

    initial = False

    operations: list[ops.Operation] = [
        DropColumn("Offer", "priced_by", "VARCHAR(100) NOT NULL DEFAULT ''"),
        Statements({"sqlite": _NO_LIMITS, "postgres": _NO_LIMITS}, {"sqlite": (), "postgres": ()}),
    ]
