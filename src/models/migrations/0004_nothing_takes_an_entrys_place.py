"""No entry takes another's place, no log is emptied, and what people do outside accounts is kept alike."""

from tortoise import migrations

from models.migrate import Statements

_REFUSED = "BEGIN SELECT RAISE(ABORT, 'The log only grows.'); END"
# of a table's columns but the user, who may go: his entries keep his name
_COLUMNS = (
    *("id", "user_name", "act", "object_type", "object_id", "let_by", "refusal", "changes", "request_id"),
    *("address", "at"),
)
_SQLITE = (
    *(
        # INSERT OR REPLACE removes the row of a key without asking the triggers of DELETE
        f"CREATE TRIGGER {table}_added BEFORE INSERT ON {table} WHEN EXISTS"
        f" (SELECT 1 FROM {table} WHERE id = NEW.id OR rowid = NEW.rowid) {_REFUSED}"
        for table in ("audit_entries", "user_entries")
    ),
    (
        f"CREATE TRIGGER user_entries_unchanged BEFORE UPDATE OF {', '.join(_COLUMNS)}"
        f" ON user_entries {_REFUSED}"
    ),
    (
        "CREATE TRIGGER user_entries_unowned BEFORE UPDATE OF user_id ON user_entries WHEN"
        f" NEW.user_id IS NOT NULL OR EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id) {_REFUSED}"
    ),
    (
        "CREATE TRIGGER user_entries_kept BEFORE DELETE ON user_entries"
        f" WHEN EXISTS (SELECT 1 FROM users) {_REFUSED}"
    ),
)
_UNDO_SQLITE = (
    "DROP TRIGGER audit_entries_added",
    *(f"DROP TRIGGER user_entries_{name}" for name in ("added", "unchanged", "unowned", "kept")),
)
_POSTGRES = (
    (
        "CREATE FUNCTION user_entries_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'DELETE' THEN"
        " IF NOT EXISTS (SELECT 1 FROM users) THEN RETURN OLD; END IF;"
        " ELSIF NEW.user_id IS NULL AND to_jsonb(NEW) - 'user_id' = to_jsonb(OLD) - 'user_id'"
        " AND NOT EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id) THEN RETURN NEW; END IF;"
        " RAISE EXCEPTION 'The log only grows.' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER user_entries_only_grow BEFORE UPDATE OR DELETE ON user_entries"
        " FOR EACH ROW EXECUTE FUNCTION user_entries_only_grow()"
    ),
    (
        "CREATE FUNCTION entries_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'The log only grows.' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    *(
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION entries_not_emptied()"
        for table in ("audit_entries", "user_entries")
    ),
)
_UNDO_POSTGRES = (
    "DROP TRIGGER user_entries_only_grow ON user_entries",
    "DROP FUNCTION user_entries_only_grow()",
    "DROP TRIGGER audit_entries_not_emptied ON audit_entries",
    "DROP TRIGGER user_entries_not_emptied ON user_entries",
    "DROP FUNCTION entries_not_emptied()",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0003_the_log_only_grows")]
    initial = False

    operations = [
        Statements(
            {"sqlite": _SQLITE, "postgres": _POSTGRES},
            {"sqlite": _UNDO_SQLITE, "postgres": _UNDO_POSTGRES},
        ),
    ]
