"""Reports that are e-mailed to people every week or month."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.tables.schedule import ReportFrequency


class Migration(migrations.Migration):
    dependencies = [("models", "0085_places_and_ends")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ReportSchedule",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("user_id", fields.UUIDField()),
                ("recipient", fields.CharField(max_length=200)),
                ("report", fields.CharField(max_length=60)),
                ("frequency", fields.CharEnumField(enum_type=ReportFrequency, max_length=10)),
                ("next_at", fields.BigIntField()),
                ("claimed_at", fields.BigIntField(null=True)),
                ("created_at", fields.BigIntField()),
                ("created_by_id", fields.UUIDField()),
                ("created_by_name", fields.CharField(max_length=200)),
            ],
            options={
                "table": "report_schedules",
                "app": "models",
                "unique_together": (("account_id", "user_id", "report", "frequency"),),
                "indexes": [
                    Index(fields=["next_at", "id"]),
                    Index(fields=["account_id", "created_at", "id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
