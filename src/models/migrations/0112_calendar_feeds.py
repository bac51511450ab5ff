"""Calendar feeds."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0111_notices")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("user_id", fields.UUIDField()),
                ("digest", fields.CharField(max_length=64)),
                ("token_id", fields.UUIDField(null=True)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "calendar_feeds",
                "app": "models",
                "unique_together": (("account_id", "user_id"), ("account_id", "digest")),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
