"""Sales have the places of their addresses as reports compare them, and when they ended unpaid."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.address import refill_places
from models.migrate import Statements

# where only the sales history tells of an end, it was fetched at any time after it
_ENDS = (
    "UPDATE sales SET ended_at = COALESCE((SELECT MIN(e.happened_at) FROM sale_events e"
    " WHERE e.account_id = sales.account_id AND e.sale_id = sales.id AND e.status = sales.status"
    " AND e.source = 'WEBHOOK'), ordered_at)"
    " WHERE approved_at IS NULL AND status IN ('CANCELLED', 'EXPIRED', 'NO_FUNDS', 'BLOCKED')"
)
_INDEX = "CREATE INDEX idx_sales_by_end ON sales (account_id, ended_at, ordered_at"
_ADDED_UP = "status, currency, price, product_id, credit_id, credit_team_id, sold_as, refusal, payment_method"
_ENDED = " WHERE ended_at IS NOT NULL"
_UNDONE = ("DROP INDEX idx_sales_by_end",)


async def _refill(_apps: Any, editor: Any) -> None:
    client = editor.client
    postgres = client.capabilities.dialect == "postgres"

    async def run(text: str, values: Any) -> Any:
        return (await client.execute_query(text, list(values)))[1]

    await refill_places(run, lambda place: f"${place}" if postgres else "?")


class Migration(migrations.Migration):
    dependencies = [("models", "0081_columns_without_readers")]

    initial = False

    operations = [
        ops.AddField(model_name="Sale", name="ended_at", field=fields.BigIntField(null=True)),
        ops.AddField(
            model_name="Sale", name="buyer_state", field=fields.CharField(null=True, max_length=200)
        ),
        ops.AddField(model_name="Sale", name="buyer_city", field=fields.CharField(null=True, max_length=200)),
        ops.RunPython(_refill),
        Statements(
            {
                "sqlite": (_ENDS, f"{_INDEX}, {_ADDED_UP}){_ENDED}"),
                "postgres": (
                    "SET LOCAL statement_timeout = 0",
                    _ENDS,
                    f"{_INDEX}) INCLUDE ({_ADDED_UP}){_ENDED}",
                ),
            },
            {"sqlite": _UNDONE, "postgres": _UNDONE},
        ),
    ]
