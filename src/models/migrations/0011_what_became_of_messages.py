"""Messages tell what of them was doubted and how they came, and are found by what became of them."""

import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.vocabulary import IntakeChannel

_PARTIAL = (
    (
        'CREATE INDEX "idx_intake_events_reference" ON "intake_events" ("account_id", "reference")'
        ' WHERE "reference" IS NOT NULL'
    ),
    (
        'CREATE INDEX "idx_intake_events_doubts" ON "intake_events" ("account_id", "received_at", "id")'
        ' WHERE "doubts" IS NOT NULL'
    ),
)
_UNDONE = ('DROP INDEX "idx_intake_events_reference"', 'DROP INDEX "idx_intake_events_doubts"')


class Migration(migrations.Migration):
    dependencies = [("models", "0010_names_as_people_sort_and_search_them")]
    initial = False

    operations = [
        ops.AddField(
            model_name="IntakeEvent",
            name="doubts",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="IntakeEvent",
            name="channel",
            field=fields.CharEnumField(IntakeChannel, max_length=10, null=True),
        ),
        ops.AddField(model_name="IntakeEvent", name="as_of", field=fields.BigIntField(null=True)),
        ops.RemoveIndex("IntakeEvent", fields=["account_id", "outcome", "received_at"]),
        ops.AddIndex("IntakeEvent", Index(fields=["account_id", "received_at", "id"])),
        ops.AddIndex("IntakeEvent", Index(fields=["account_id", "outcome", "received_at", "id"])),
        ops.AddIndex("IntakeEvent", Index(fields=["account_id", "kind", "received_at", "id"])),
        Statements({"sqlite": _PARTIAL, "postgres": _PARTIAL}, {"sqlite": _UNDONE, "postgres": _UNDONE}),
    ]
