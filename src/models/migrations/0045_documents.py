"""Documents that requests name instead of sending them."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0040_events")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Document",
            fields=[
                ("id", fields.CharField(max_length=64, primary_key=True)),
                ("kind", fields.CharField(max_length=10)),
                ("name", fields.CharField(max_length=200)),
                ("digest", fields.CharField(max_length=64)),
                ("text", fields.TextField()),
                ("size", fields.IntField()),
                ("used_at", fields.BigIntField()),
            ],
            options={
                "table": "documents",
                "app": "models",
                "indexes": (("kind", "used_at"), ("digest",)),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
