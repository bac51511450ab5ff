"""Requests for refunds, which follow the assignee of their sale, and the owner's limits."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.tables.refund import ApprovalAct, RefundReason, RefundRequestStatus

_OPEN = "status IN ('AWAITING_APPROVAL', 'REQUESTED')"
_INDEXED = (
    f"CREATE UNIQUE INDEX refund_requests_open ON refund_requests (account_id, sale_id) WHERE {_OPEN}",
    f"CREATE INDEX refund_requests_due ON refund_requests (expires_at, id) WHERE {_OPEN}",
)
_FOLLOW = (
    "UPDATE refund_requests SET assignee_id = NEW.assignee_id"
    " WHERE account_id = NEW.account_id AND sale_id = NEW.id"
)
_SQLITE = (
    *_INDEXED,
    (
        "CREATE TRIGGER sales_refund_requests AFTER UPDATE OF assignee_id ON sales"
        f" WHEN OLD.assignee_id IS NOT NEW.assignee_id BEGIN {_FOLLOW}; END"
    ),
)
_POSTGRES = (
    *_INDEXED,
    (
        "CREATE FUNCTION refund_requests_follow_sale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" {_FOLLOW}; RETURN NULL; END $$"
    ),
    (
        "CREATE TRIGGER sales_refund_requests AFTER UPDATE OF assignee_id ON sales FOR EACH ROW"
        " WHEN (OLD.assignee_id IS DISTINCT FROM NEW.assignee_id)"
        " EXECUTE FUNCTION refund_requests_follow_sale()"
    ),
)
_UNDONE = ("DROP INDEX refund_requests_open", "DROP INDEX refund_requests_due")
_NOT_FOLLOWED = {
    "sqlite": ("DROP TRIGGER sales_refund_requests", *_UNDONE),
    "postgres": (
        "DROP TRIGGER sales_refund_requests ON sales",
        "DROP FUNCTION refund_requests_follow_sale()",
        *_UNDONE,
    ),
}


class Migration(migrations.Migration):
    dependencies = [("models", "0070_requested_slips")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ApprovalLimit",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("act", fields.CharEnumField(enum_type=ApprovalAct, max_length=12)),
                ("currency", fields.CharField(max_length=3)),
                ("amount", fields.BigIntField()),
            ],
            options={
                "table": "approval_limits",
                "app": "models",
                "unique_together": (("account_id", "act", "currency"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RefundRequest",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                (
                    "sale",
                    fields.ForeignKeyField(
                        "models.Sale", source_field="sale_id", to_field="id", related_name=False
                    ),
                ),
                ("current_of", fields.UUIDField(null=True)),
                ("assignee_id", fields.UUIDField(null=True)),
                ("reference", fields.CharField(max_length=64)),
                ("status", fields.CharEnumField(enum_type=RefundRequestStatus, max_length=20)),
                ("reason", fields.CharEnumField(enum_type=RefundReason, max_length=20)),
                ("note", fields.CharField(null=True, max_length=500)),
                ("amount", fields.BigIntField()),
                ("currency", fields.CharField(max_length=3)),
                ("requested_at", fields.BigIntField()),
                ("requested_by_id", fields.UUIDField()),
                ("requested_by_owner", fields.BooleanField()),
                ("requested_by_name", fields.CharField(max_length=200)),
                ("decided_by_id", fields.UUIDField(null=True)),
                ("decided_by_name", fields.CharField(null=True, max_length=200)),
                ("refusal_reason", fields.CharField(null=True, max_length=500)),
                ("expires_at", fields.BigIntField()),
                ("closed_at", fields.BigIntField(null=True)),
                ("own_status", fields.CharEnumField(enum_type=RefundRequestStatus, max_length=20)),
                ("own_closed_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "refund_requests",
                "app": "models",
                "unique_together": (("account_id", "current_of"),),
                "indexes": [
                    Index(fields=["account_id", "requested_at", "id"]),
                    Index(fields=["account_id", "assignee_id", "requested_at", "id"]),
                    Index(fields=["account_id", "requested_by_id", "requested_at"]),
                    Index(fields=["account_id", "sale_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        Statements({"sqlite": _SQLITE, "postgres": _POSTGRES}, _NOT_FOLLOWED),
    ]
