"""The distribution of new sales and opportunities counts what it gives to each person on a day."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0107_merged_opportunities")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DistributionCount",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("collaborator_id", fields.UUIDField()),
                ("day", fields.CharField(max_length=10)),
                ("number", fields.IntField()),
                ("last_at", fields.BigIntField()),
            ],
            options={
                "table": "distribution_counts",
                "app": "models",
                "unique_together": (("account_id", "collaborator_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
