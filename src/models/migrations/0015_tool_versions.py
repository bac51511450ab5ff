"""Tool versions."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0014_what_people_change")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ToolVersion",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("tool", fields.CharField(max_length=60)),
                ("scope_id", fields.CharField(max_length=36)),
                ("version", fields.IntField()),
                ("settings", fields.JSONField()),
                ("changes", fields.JSONField()),
                ("changed_at", fields.BigIntField()),
                ("changed_by", fields.CharField(max_length=200)),
            ],
            options={
                "table": "tool_versions",
                "app": "models",
                "unique_together": (("account_id", "tool", "scope_id", "version"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
