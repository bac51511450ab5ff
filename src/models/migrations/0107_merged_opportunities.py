"""Merged opportunities."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0106_subscription_rules")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Opportunity",
            name="merged_into_id",
            field=fields.UUIDField(null=True),
        ),
    ]
