"""The accounts of a person, their own and those where they work, are found by indexes."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_DONE = (
    "CREATE INDEX idx_accounts_by_owner ON accounts (owner_id)",
    "CREATE INDEX idx_collaborators_by_user ON collaborators (user_id, account_id)",
)
_UNDONE = ("DROP INDEX idx_accounts_by_owner", "DROP INDEX idx_collaborators_by_user")


class Migration(migrations.Migration):
    dependencies = [("models", "0077_partial_indexes")]

    initial = False

    operations: list[ops.Operation] = [
        Statements({"sqlite": _DONE, "postgres": _DONE}, {"sqlite": _UNDONE, "postgres": _UNDONE}),
    ]
