"""What reports list is found by credit in its order: canceled subscriptions, and overdue payments."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_ENDED = "subscriptions ({}, ended_at, id) WHERE ended_at IS NOT NULL"
_OVERDUE = "sales ({}, ordered_at, id) WHERE status = 'OVERDUE' AND subscription_id IS NOT NULL"
_OF_CREDIT = "account_id, credit_id"
_INDEXES = {
    "subscriptions_ended_by_credit": _ENDED.format(_OF_CREDIT),
    "sales_overdue": _OVERDUE.format("account_id"),
    "sales_overdue_by_credit": _OVERDUE.format(_OF_CREDIT),
}
_DONE = tuple(f"CREATE INDEX {name} ON {keys}" for name, keys in _INDEXES.items())
_UNDONE = tuple(f"DROP INDEX {name}" for name in _INDEXES)


class Migration(migrations.Migration):
    dependencies = [("models", "0109_billing_statements")]

    initial = False

    operations: list[ops.Operation] = [
        Statements(
            {"sqlite": _DONE, "postgres": ("SET LOCAL statement_timeout = 0", *_DONE)},
            {"sqlite": _UNDONE, "postgres": _UNDONE},
        )
    ]
