"""Prices that people set of offers."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0060_reports_read_an_index_alone")]

    initial = False

    operations = [
        ops.AddField(model_name="Offer", name="hand_prices", field=fields.TextField(null=True)),
    ]
