"""Prices that people set of offers."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0061_receipt_details")]

    initial = False

    operations = [
        ops.AddField(model_name="Offer", name="hand_prices", field=fields.TextField(null=True)),
    ]
