"""Reveal on record."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0047_what_the_desk_reads")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Account",
            name="reveal_on_record",
            field=fields.BooleanField(db_default=False),
        ),
    ]
