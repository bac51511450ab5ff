"""The clock finds the payment slips that expire; e-mails to buyers say which sale they are about."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_OUTBOX: dict[str, Any] = {
    "account_id": fields.UUIDField(null=True),
    "sale_id": fields.UUIDField(null=True),
    "reply_to": fields.CharField(null=True, max_length=254),
}
_SLIPS = (
    "CREATE INDEX sales_slips ON sales (slip_expires_at, id)"
    " WHERE status = 'WAITING_PAYMENT' AND slip_expires_at IS NOT NULL"
)
_EMAILS = (
    "CREATE INDEX outbox_messages_by_sale ON outbox_messages (sale_id, created_at) WHERE sale_id IS NOT NULL"
)
_INDEXED = (_SLIPS, _EMAILS)
_UNDONE = ("DROP INDEX sales_slips", "DROP INDEX outbox_messages_by_sale")


class Migration(migrations.Migration):
    dependencies = [("models", "0053_reveal_on_record")]

    initial = False

    operations = [
        *(
            ops.AddField(model_name="OutboxMessage", name=name, field=field)
            for name, field in _OUTBOX.items()
        ),
        Statements({"sqlite": _INDEXED, "postgres": _INDEXED}, {"sqlite": _UNDONE, "postgres": _UNDONE}),
    ]
