"""What people change is an event of the sale's history, without a status; past assignments get theirs."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.vocabulary import SaleStatus

_STATUS = '"status" VARCHAR(20)'
_COLUMNS = "id, account_id, sale_id, key, source, kind, status, happened_at, received_at, facts"
_FACTS = (
    "{object}('assignment', {object}('assignee_id', s.assignee_id, 'assignee_name',"
    " (SELECT c.name FROM collaborators c WHERE c.account_id = s.account_id AND c.id = s.assignee_id),"
    " 'team_id', s.team_id, 'team_name',"
    " (SELECT t.name FROM teams t WHERE t.account_id = s.account_id AND t.id = s.team_id)),"
    " 'credit', {object}('seat_id', s.credit_id, 'team_id', s.credit_team_id))"
)
_IDS = {
    "sqlite": (
        "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)"
        " || '-' || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2)"
        " || '-' || hex(randomblob(6)))"
    ),
    "postgres": "gen_random_uuid()",
}


def _assigned(dialect: str) -> str:
    """The event of each sale that was assigned by hand; who did it is in the log alone."""
    facts = _FACTS.format(object="json_object" if dialect == "sqlite" else "jsonb_build_object")
    return (
        f"INSERT INTO sale_events ({_COLUMNS})"
        f" SELECT {_IDS[dialect]}, s.account_id, s.id, 'person:' || s.id, 'PERSON', 'ASSIGNMENT', NULL,"
        f" s.assigned_at, s.assigned_at, {facts} FROM sales s WHERE s.assigned_at IS NOT NULL"
    )


class _Nullable(ops.AlterField):
    """The column without its NOT NULL. SQLite makes the table anew for it; nothing refers to the table."""

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        if state_editor:
            await _make(state_editor.client, "DROP", (f"{_STATUS} NOT NULL", _STATUS))

    async def database_backward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        if state_editor:
            await _make(state_editor.client, "SET", (_STATUS, f"{_STATUS} NOT NULL"))


async def _make(client: Any, change: str, column: tuple[str, str]) -> None:
    if client.capabilities.dialect == "postgres":
        await client.execute_query(f'ALTER TABLE "sale_events" ALTER COLUMN "status" {change} NOT NULL')
        return
    _, rows = await client.execute_query("SELECT sql FROM sqlite_master WHERE name = 'sale_events'")
    made, table = rows[0]["sql"], 'CREATE TABLE "sale_events"'
    if made.count(table) != 1 or made.count(column[0]) != 1:
        raise RuntimeError(f"The table sale_events is not as the migrations make it: {made}")
    for statement in (
        made.replace(table, 'CREATE TABLE "sale_events_anew"').replace(*column),
        "INSERT INTO sale_events_anew SELECT * FROM sale_events",
        "DROP TABLE sale_events",
        "ALTER TABLE sale_events_anew RENAME TO sale_events",
    ):
        await client.execute_query(statement)


class Migration(migrations.Migration):
    dependencies = [("models", "0013_proof_states_versions")]
    initial = False

    operations = [
        Statements(
            # however many there are, they are written once
            {"sqlite": (), "postgres": ("SET LOCAL statement_timeout = 0",)},
            {"sqlite": (), "postgres": ()},
        ),
        _Nullable(
            model_name="SaleEvent",
            name="status",
            field=fields.CharEnumField(enum_type=SaleStatus, max_length=20, null=True),
        ),
        Statements(
            {dialect: (_assigned(dialect),) for dialect in _IDS},
            dict.fromkeys(_IDS, ("DELETE FROM sale_events WHERE source = 'PERSON' AND status IS NULL",)),
        ),
    ]
