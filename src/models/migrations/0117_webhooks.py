"""Endpoints of webhooks, and what is sent to each receiver."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.outgoing_events import EventType
from models.tables.delivery import DeliveryStatus, DisabledReason, ReceiverKind


class Migration(migrations.Migration):
    dependencies = [("models", "0116_child_tokens")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Delivery",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("receiver_kind", fields.CharEnumField(enum_type=ReceiverKind, max_length=20)),
                ("receiver_id", fields.UUIDField()),
                ("event", fields.CharEnumField(enum_type=EventType, max_length=40)),
                ("event_id", fields.CharField(max_length=40)),
                ("object_id", fields.UUIDField(null=True)),
                ("reference", fields.CharField(null=True, max_length=100)),
                ("happened_at", fields.BigIntField()),
                ("created_at", fields.BigIntField()),
                ("status", fields.CharEnumField(enum_type=DeliveryStatus, max_length=10)),
                ("again", fields.BooleanField(default=False)),
                ("reduced", fields.BooleanField(default=False)),
                ("tries", fields.IntField(default=0)),
                ("next_at", fields.BigIntField(null=True)),
                ("attempts", fields.JSONField()),
            ],
            options={
                "table": "deliveries",
                "app": "models",
                "indexes": [
                    Index(fields=["account_id", "created_at", "id"]),
                    Index(fields=["account_id", "receiver_id", "created_at", "id"]),
                    Index(fields=["account_id", "object_id"]),
                    Index(fields=["next_at", "id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WebhookEndpoint",
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
                ("user_id", fields.UUIDField()),
                ("user_name", fields.CharField(max_length=200)),
                ("url", fields.CharField(max_length=2000)),
                ("description", fields.CharField(max_length=200)),
                ("secrets", fields.JSONField()),
                ("version", fields.IntField(default=1)),
                ("fell", fields.BooleanField(default=False)),
            ],
            options={
                "table": "webhook_endpoints",
                "app": "models",
                "indexes": [
                    Index(fields=["account_id", "created_at", "id"]),
                    Index(fields=["account_id", "user_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
