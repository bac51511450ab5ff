"""The log in the order of its chain, and a database that refuses to change or remove its entries."""

from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.migrate import Statements

_SQLITE = (
    (
        "CREATE TRIGGER audit_entries_unchanged BEFORE UPDATE ON audit_entries"
        " BEGIN SELECT RAISE(ABORT, 'The log only grows.'); END"
    ),
    # the entries of an account go with it: its row is gone by then
    (
        "CREATE TRIGGER audit_entries_kept BEFORE DELETE ON audit_entries"
        " WHEN EXISTS (SELECT 1 FROM accounts WHERE id = OLD.account_id)"
        " BEGIN SELECT RAISE(ABORT, 'The log only grows.'); END"
    ),
)
_POSTGRES = (
    (
        "CREATE FUNCTION audit_entries_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = OLD.account_id)"
        " THEN RETURN OLD; END IF;"
        " RAISE EXCEPTION 'The log only grows.' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER audit_entries_only_grow BEFORE UPDATE OR DELETE ON audit_entries"
        " FOR EACH ROW EXECUTE FUNCTION audit_entries_only_grow()"
    ),
)
_UNDO_SQLITE = ("DROP TRIGGER audit_entries_unchanged", "DROP TRIGGER audit_entries_kept")
_UNDO_POSTGRES = (
    "DROP TRIGGER audit_entries_only_grow ON audit_entries",
    "DROP FUNCTION audit_entries_only_grow()",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0002_the_collaborators_centre")]
    initial = False

    operations = [
        ops.AddIndex("AuditEntry", Index(fields=["account_id", "sequence"])),
        Statements(
            {"sqlite": _SQLITE, "postgres": _POSTGRES},
            {"sqlite": _UNDO_SQLITE, "postgres": _UNDO_POSTGRES},
        ),
    ]
