"""Tokens that other tokens create, narrower than these."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0115_ledger")]

    initial = False

    operations = [
        ops.AddField(
            model_name="AccessToken",
            name="narrowing",
            field=fields.JSONField(null=True),
        ),
        ops.AddField(
            model_name="AccessToken",
            name="parent_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name="AccessToken",
            name="spent",
            field=fields.JSONField(null=True),
        ),
    ]
