"""Statements of what an account received are written after each month, and again when it changes."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.vocabulary import SoldAs

_DUE = "CREATE INDEX billing_months_due ON billing_months (due_at, id) WHERE due_at IS NOT NULL"
_DONE, _UNDONE = (_DUE,), ("DROP INDEX billing_months_due",)


class Migration(migrations.Migration):
    dependencies = [("models", "0108_distribution")]

    initial = False

    operations = [
        ops.CreateModel(
            name="BillingLine",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("month", fields.CharField(max_length=7)),
                ("currency", fields.CharField(max_length=3)),
                ("first_revision", fields.IntField()),
                ("last_revision", fields.IntField(null=True)),
                ("sold_as", fields.CharEnumField(enum_type=SoldAs, max_length=20)),
                ("product_id", fields.UUIDField()),
                ("unit", fields.BigIntField(null=True)),
                ("sales", fields.IntField()),
                ("unknown", fields.IntField()),
                ("received", fields.BigIntField()),
                ("reversed", fields.BigIntField()),
            ],
            options={
                "table": "billing_lines",
                "app": "models",
                "indexes": [Index(fields=["account_id", "month", "currency", "first_revision"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BillingMonth",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("month", fields.CharField(max_length=7)),
                ("due_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "billing_months",
                "app": "models",
                "unique_together": (("account_id", "month"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BillingStatement",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("month", fields.CharField(max_length=7)),
                ("currency", fields.CharField(max_length=3)),
                ("revision", fields.IntField()),
                ("revised_at", fields.BigIntField()),
                ("sales", fields.IntField()),
                ("unknown", fields.IntField()),
                ("received", fields.BigIntField()),
                ("reversed", fields.BigIntField()),
            ],
            options={
                "table": "billing_statements",
                "app": "models",
                "unique_together": (("account_id", "month", "currency", "revision"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Account",
            name="statements_due_at",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddIndex(
            model_name="Account",
            index=Index(fields=["statements_due_at", "id"]),
        ),
        Statements({"sqlite": _DONE, "postgres": _DONE}, {"sqlite": _UNDONE, "postgres": _UNDONE}),
    ]
