"""The clock finds the settings of tools that it works with, and marketing e-mails can be ended."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_DUE = "CREATE INDEX tool_versions_due ON tool_versions (work_at, id) WHERE work_at IS NOT NULL"
_DONE, _UNDONE = (_DUE,), ("DROP INDEX tool_versions_due",)


class Migration(migrations.Migration):
    dependencies = [("models", "0105_subscription_turns")]

    initial = False

    operations = [
        ops.CreateModel(
            name="RefusedEmail",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("digest", fields.CharField(max_length=64)),
                ("refused_at", fields.BigIntField()),
            ],
            options={
                "table": "refused_emails",
                "app": "models",
                "unique_together": (("account_id", "digest"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="ToolVersion",
            name="work_at",
            field=fields.BigIntField(null=True),
        ),
        Statements({"sqlite": _DONE, "postgres": _DONE}, {"sqlite": _UNDONE, "postgres": _UNDONE}),
    ]
