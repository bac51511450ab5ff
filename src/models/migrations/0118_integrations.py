"""Integrations, and the outside addresses that tools send to."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.tables.delivery import DisabledReason
from models.tables.target import IntegrationKind, TargetAuthority, TargetPurpose, TargetStatus


class Migration(migrations.Migration):
    dependencies = [("models", "0117_webhooks")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Integration",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("enabled", fields.BooleanField(default=True)),
                ("events", fields.JSONField()),
                ("products", fields.JSONField()),
                ("created_at", fields.BigIntField()),
                ("disabled_reason", fields.CharEnumField(null=True, enum_type=DisabledReason, max_length=10)),
                ("failing_since", fields.BigIntField(null=True)),
                ("last_delivery_at", fields.BigIntField(null=True)),
                ("name", fields.CharField(max_length=100)),
                ("kind", fields.CharEnumField(enum_type=IntegrationKind, max_length=20)),
                ("chosen", fields.JSONField()),
                ("template", fields.CharField(max_length=300)),
                ("headers", fields.JSONField()),
                ("version", fields.IntField(default=1)),
                ("changed_at", fields.BigIntField()),
                ("changed_by", fields.CharField(max_length=200)),
            ],
            options={
                "table": "integrations",
                "app": "models",
                "indexes": [Index(fields=["account_id", "created_at", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Target",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("purpose", fields.CharEnumField(enum_type=TargetPurpose, max_length=20)),
                ("thing_id", fields.UUIDField()),
                ("url", fields.CharField(max_length=2000)),
                ("host", fields.CharField(max_length=255)),
                ("sent", fields.JSONField()),
                ("status", fields.CharEnumField(enum_type=TargetStatus, max_length=10)),
                ("authority", fields.CharEnumField(null=True, enum_type=TargetAuthority, max_length=10)),
                ("user_id", fields.UUIDField()),
                ("user_name", fields.CharField(max_length=200)),
                ("created_at", fields.BigIntField()),
                ("confirmed_at", fields.BigIntField(null=True)),
                ("version", fields.IntField(default=1)),
            ],
            options={
                "table": "targets",
                "app": "models",
                "unique_together": (("account_id", "purpose", "thing_id"),),
                "indexes": [
                    Index(fields=["account_id", "created_at", "id"]),
                    Index(fields=["account_id", "user_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
