"""What the owner adds to receipts."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0060_reports_read_an_index_alone")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Account",
            name="receipt_tax_number",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Account",
            name="receipt_address",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Account",
            name="receipt_footer",
            field=fields.CharField(max_length=500, null=True),
        ),
    ]
