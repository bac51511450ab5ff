"""Users who are disabled or erased."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0021_the_log_of_people_is_chained")]

    initial = False

    operations = [
        ops.AddField("User", "disabled_at", fields.BigIntField(null=True)),
        ops.AddField("User", "erased_at", fields.BigIntField(null=True)),
    ]
