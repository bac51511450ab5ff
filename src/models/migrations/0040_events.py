"""Events of subscriptions, and the newest position of each scope."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0030_disabled_users")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Event",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("scope_id", fields.UUIDField()),
                ("position", fields.BigIntField()),
                ("at", fields.BigIntField()),
                ("changes", fields.TextField()),
            ],
            options={
                "table": "events",
                "app": "models",
                "unique_together": (("scope_id", "position"),),
                "indexes": (("at",),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="EventCounter",
            fields=[
                ("scope_id", fields.UUIDField(primary_key=True)),
                ("newest", fields.BigIntField()),
            ],
            options={
                "table": "event_counters",
                "app": "models",
                "pk_attr": "scope_id",
            },
            bases=["Model"],
        ),
    ]
