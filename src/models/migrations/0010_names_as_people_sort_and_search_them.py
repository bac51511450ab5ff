"""Names get the columns that they are searched and sorted by, and all are folded by today's rules."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.naming import refill_buyers, refill_names

_BY_NAME = ("collaborators", "invitations", "profiles", "teams", "products")
_INDEXES = tuple(
    f'CREATE INDEX "idx_{table}_by_name" ON "{table}" ("account_id", "sort_key", "id")' for table in _BY_NAME
)

# `node(id:)` asks whether a sale within reach names a product or a team: alike fast where none does
_NAMED_BY_SALES = (
    'CREATE INDEX "idx_sales_by_product" ON "sales" ("account_id", "product_id", "ordered_at", "id")',
    (
        'CREATE INDEX "idx_sales_by_team" ON "sales" ("account_id", "team_id", "ordered_at", "id")'
        " WHERE team_id IS NOT NULL"
    ),
)


async def _refill(_apps: Any, editor: Any) -> None:
    client = editor.client
    postgres = client.capabilities.dialect == "postgres"

    async def run(text: str, values: Any) -> Any:
        return (await client.execute_query(text, list(values)))[1]

    def mark(place: int) -> str:
        return f"${place}" if postgres else "?"

    await refill_names(run, mark)
    await refill_buyers(run, mark)


def _added(model: str, name: str, length: int) -> ops.AddField:
    return ops.AddField(model_name=model, name=name, field=fields.CharField(max_length=length, db_default=""))


class Migration(migrations.Migration):
    dependencies = [("models", "0006_what_a_message_says")]
    initial = False

    operations = [
        *(
            _added(model, name, length)
            for model in ("Collaborator", "Invitation", "Profile", "Team")
            for name, length in (("name_folded", 600), ("sort_key", 1000))
        ),
        _added("Product", "sort_key", 1000),
        ops.RunPython(_refill),
        Statements(dict.fromkeys(("sqlite", "postgres"), (*_INDEXES, *_NAMED_BY_SALES))),
    ]
