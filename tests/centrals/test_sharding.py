"""What distributes accounts over machines asks of the tables, as far as PostgreSQL alone can tell."""

from pathlib import Path
from typing import Any

import asyncpg
import pytest

import make
from client import SETTINGS, Client
from doorstep import visiting
from models import database

SCRIPT = (Path(__file__).parents[2] / "docs" / "distribute.sql").read_text()
OF_ACCOUNTS = """
SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND c.column_name = 'account_id' AND c.is_nullable = 'NO' AND t.table_type = 'BASE TABLE' ORDER BY 1
"""
QUERY = """{ account { sales { totalCount nodes { reference assignee { name } product { name } } }
  people { nodes { name } } auditLog(first: 5) { nodes { act } } } }"""
ASSIGN = "mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"
PARTITIONS = 4


async def distribute(url: str) -> list[str]:
    """Give each account's rows a table in parts by the account, as a shard has them; tells the tables."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(SCRIPT)
        tables = [row["table_name"] for row in await connection.fetch(OF_ACCOUNTS)]
        for table in tables:
            parts = "".join(
                f"CREATE TABLE {table}_{part} PARTITION OF {table}"
                f" FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part});"
                for part in range(PARTITIONS)
            )
            await connection.execute(
                f"ALTER TABLE {table} RENAME TO {table}_whole;"
                f"CREATE TABLE {table} (LIKE {table}_whole INCLUDING ALL) PARTITION BY HASH (account_id);"
                f"{parts} INSERT INTO {table} SELECT * FROM {table}_whole"
            )
    finally:
        await connection.close()
    return tables


async def test_the_api_reads_and_writes_tables_that_are_parted_by_account(migrated_url: str) -> None:
    if not database.is_postgres(migrated_url):
        pytest.skip("SQLite is one machine's database")
    async with database.connected(migrated_url), visiting(SETTINGS, apart=True) as client:
        accounts = [await make.account() for _ in range(6)]
        tokens = [await Client.owner(account) for account in accounts]
        collaborators = [await make.collaborator(account) for account in accounts]
        sales = [
            await make.sale(account, assignee=collaborator)
            for account, collaborator in zip(accounts, collaborators, strict=True)
        ]

        async def answers() -> list[Any]:
            return [
                (await client.ask(QUERY, token=token, account=account))["account"]
                for token, account in zip(tokens, accounts, strict=True)
            ]

        before = await answers()
    tables = await distribute(migrated_url)
    async with database.connected(migrated_url), visiting(SETTINGS, apart=True) as client:
        after = await answers()
        for account, token, sale in zip(accounts, tokens, sales, strict=True):
            variables = {"input": {"reference": sale["reference"], "assigneeId": None}}
            done = await client.ask(ASSIGN, variables, token=token, account=account)
            assert done["assignSale"]["errors"] == []
        written = await answers()
        parts = await database.read("SELECT COUNT(DISTINCT tableoid) FROM sales")

    assert {"sales", "sale_events", "audit_entries", "intake_events", "collaborators"} <= set(tables)
    assert after == before
    for answer, sale in zip(written, sales, strict=True):
        (node,), (entry,) = answer["sales"]["nodes"], answer["auditLog"]["nodes"]
        assert (node["reference"], node["assignee"], entry["act"]) == (sale["reference"], None, "assignSale")
    assert parts[0][0] > 1
