"""The clock finds the payment slips that were requested, to e-mail those that are issued and end the rest."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_REQUESTS = (
    "CREATE INDEX sales_slip_requests ON sales (slip_requested_at, id)"
    " WHERE slip_requested_at IS NOT NULL"
    " AND (slip_request_noted IS NULL OR slip_request_noted <> slip_requested_at)"
)
_DONE, _UNDONE = (_REQUESTS,), ("DROP INDEX sales_slip_requests",)


class Migration(migrations.Migration):
    dependencies = [("models", "0062_prices_by_hand")]

    initial = False

    operations = [
        ops.AddField(model_name="Sale", name="slip_request_noted", field=fields.BigIntField(null=True)),
        Statements({"sqlite": _DONE, "postgres": _DONE}, {"sqlite": _UNDONE, "postgres": _UNDONE}),
    ]
