"""The log of people gets a chain: columns for it, and triggers that let it be set once.

The first entry that is written afterwards chains the entries from before: a migration has no key.
"""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.migrate import Statements

_REFUSED = "BEGIN SELECT RAISE(ABORT, 'The log only grows.'); END"
_COLUMNS = (
    *("id", "user_name", "act", "object_type", "object_id", "let_by", "refusal", "changes", "request_id"),
    *("address", "at"),
)
_FILL = "UPDATE user_entries SET actor_id = user_id"


def _unchanged(*more: str) -> str:
    return (
        f"CREATE TRIGGER user_entries_unchanged BEFORE UPDATE OF {', '.join((*_COLUMNS, *more))}"
        f" ON user_entries {_REFUSED}"
    )


_SQLITE = (
    _FILL,
    "DROP TRIGGER user_entries_unchanged",
    _unchanged("actor_id"),
    (
        "CREATE TRIGGER user_entries_chained BEFORE UPDATE OF sequence, digest ON user_entries"
        f" WHEN OLD.sequence IS NOT NULL OR OLD.digest IS NOT NULL {_REFUSED}"
    ),
)
_UNDO_SQLITE = (
    "DROP TRIGGER user_entries_chained",
    "DROP TRIGGER user_entries_unchanged",
    _unchanged(),
)


def _only_grow(chained: str) -> str:
    return (
        "CREATE OR REPLACE FUNCTION user_entries_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'DELETE' THEN"
        " IF NOT EXISTS (SELECT 1 FROM users) THEN RETURN OLD; END IF;"
        " ELSIF NEW.user_id IS NULL AND to_jsonb(NEW) - 'user_id' = to_jsonb(OLD) - 'user_id'"
        " AND NOT EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id) THEN RETURN NEW;"
        f"{chained} END IF;"
        " RAISE EXCEPTION 'The log only grows.' USING ERRCODE = 'restrict_violation'; END $$"
    )


_POSTGRES = (
    "ALTER TABLE user_entries DISABLE TRIGGER user_entries_only_grow",
    _FILL,
    "ALTER TABLE user_entries ENABLE TRIGGER user_entries_only_grow",
    _only_grow(
        " ELSIF OLD.sequence IS NULL AND OLD.digest IS NULL AND to_jsonb(NEW) - ARRAY['sequence', 'digest']"
        " = to_jsonb(OLD) - ARRAY['sequence', 'digest'] THEN RETURN NEW;"
    ),
)
_UNDO_POSTGRES = (_only_grow(""),)


class Migration(migrations.Migration):
    dependencies = [("models", "0020_rate_counts")]
    initial = False

    operations = [
        ops.AddField("UserEntry", "actor_id", fields.UUIDField(null=True)),
        ops.AddField("UserEntry", "sequence", fields.BigIntField(null=True)),
        ops.AddField("UserEntry", "digest", fields.CharField(max_length=64, null=True)),
        ops.AddIndex("UserEntry", Index(fields=["sequence", "id"])),
        ops.CreateModel(
            name="LogHead",
            fields=[
                ("id", fields.CharField(max_length=20, primary_key=True)),
                ("sequence", fields.BigIntField()),
                ("digest", fields.CharField(max_length=64, null=True)),
            ],
            options={"table": "log_heads", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        Statements(
            {"sqlite": _SQLITE, "postgres": _POSTGRES},
            {"sqlite": _UNDO_SQLITE, "postgres": _UNDO_POSTGRES},
        ),
    ]
