"""The log tells by which personal access token something was done."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0004_nothing_takes_an_entrys_place")]
    initial = False

    operations = [
        ops.AddField(model_name="AuditEntry", name="token_id", field=fields.UUIDField(null=True)),
        ops.AddField(
            model_name="AuditEntry", name="token_name", field=fields.CharField(null=True, max_length=100)
        ),
    ]
