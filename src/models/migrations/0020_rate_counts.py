"""Counts of rate limits."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0015_tool_versions")]

    initial = False

    operations = [
        ops.CreateModel(
            name="RateCount",
            fields=[
                ("id", fields.CharField(max_length=64, primary_key=True)),
                ("count", fields.BigIntField()),
                ("expires_at", fields.BigIntField()),
            ],
            options={
                "table": "rate_counts",
                "app": "models",
                "indexes": (("expires_at",),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
