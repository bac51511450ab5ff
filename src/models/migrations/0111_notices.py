"""Notices."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.tables.notice import NoticeKind


class Migration(migrations.Migration):
    dependencies = [("models", "0110_lists_by_credit")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Notice",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("user_id", fields.UUIDField()),
                ("kind", fields.CharEnumField(enum_type=NoticeKind, max_length=20)),
                ("sale_id", fields.UUIDField(null=True)),
                ("subscription_id", fields.UUIDField(null=True)),
                ("opportunity_id", fields.UUIDField(null=True)),
                ("at", fields.BigIntField()),
                ("read_at", fields.BigIntField(null=True)),
                ("by_email", fields.BooleanField(db_default=False)),
                ("digest_id", fields.UUIDField(null=True)),
            ],
            options={
                "table": "notices",
                "app": "models",
                "indexes": [Index(fields=["account_id", "user_id", "at", "id"]), Index(fields=["at", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NoticeChoice",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("user_id", fields.UUIDField()),
                ("kind", fields.CharEnumField(enum_type=NoticeKind, max_length=20)),
                ("live", fields.BooleanField()),
                ("email", fields.BooleanField()),
                ("digest_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "notice_choices",
                "app": "models",
                "unique_together": (("account_id", "user_id", "kind"),),
                "indexes": [Index(fields=["digest_at", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
