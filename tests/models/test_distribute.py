"""The documented migration of keys, after which the tables can be distributed by account."""

from pathlib import Path
from typing import Any

import pytest

import make
from actions.clock import JOBS
from client import Client
from models import database

SCRIPT = Path(__file__).parents[2] / "docs" / "distribute.sql"
KEYS = """
SELECT c.conrelid::regclass::text AS child, c.contype AS kind,
       (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS columns,
       c.confrelid::regclass::text AS parent
FROM pg_constraint c WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'f', 'u')
"""
INDEXES = """
SELECT t.relname AS child, a.attname AS first FROM pg_index i
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
WHERE t.relnamespace = 'public'::regnamespace
  AND EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = t.oid AND x.attname = 'account_id' AND x.attnotnull)
"""


@pytest.fixture
def postgres_only(database_url: str) -> str:
    if not database.is_postgres(database_url):
        pytest.skip("SQLite is one machine's database")
    return database_url


async def test_the_keys_migrate_with_their_rows_and_the_api_answers_as_before(
    postgres_only: str, client: Client
) -> None:
    account = await make.account(teams_on=True)
    collaborator = await make.collaborator(account)
    await make.team(account, [collaborator])
    sale = await make.sale(account, assignee=collaborator)
    token = await Client.owner(account)
    query = "{ account { sales { nodes { reference assignee { name } product { name } } } people { nodes { name } } } }"
    before = await client.ask(query, token=token, account=account)

    await _migrate_keys(postgres_only)
    try:
        keys = await database.read(KEYS)
        tables = {row["child"] for row in keys if row["columns"].startswith("account_id")}
        after = await client.ask(query, token=token, account=account)
        await _delete(
            "DELETE FROM collaborators WHERE account_id = ? AND id = ?", account["id"], collaborator["id"]
        )
        left = await database.read("SELECT assignee_id FROM sales WHERE account_id = ?", (account["id"],))
    finally:
        await _migrate_keys_back(postgres_only)

    assert after == before
    assert sale["reference"] in str(after)
    assert [row["assignee_id"] for row in left] == [None]
    for row in keys:
        if row["child"] in tables and row["parent"] in tables | {"-"}:
            assert row["columns"].startswith("account_id"), dict(row)


async def test_every_index_of_an_accounts_rows_begins_with_the_account(postgres_only: str) -> None:
    others = {(row["child"], row["first"]) for row in await database.read(INDEXES)} - _primary_keys()

    # the clock looks for what is due in all accounts
    due = {job.since for job in JOBS} | {"slip_requested_at", "due_at"}
    due.add("at")  # notices that are old are removed in all accounts
    due.add("user_id")  # a person finds the centrals that they can enter
    assert {first for _, first in others} - due == {"account_id"}


def _primary_keys() -> set[tuple[str, str]]:
    import models
    from models import __all__ as names

    return {(getattr(models, name)._meta.db_table, "id") for name in names}


async def _delete(statement: str, *params: Any) -> None:
    await database.transact(lambda: database.write(statement, params))


async def _migrate_keys(url: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        await connection.execute(SCRIPT.read_text())
    finally:
        await connection.close()


async def _migrate_keys_back(url: str) -> None:
    """Leave the shared test database as the other tests expect it: keys of `id` alone."""
    import asyncpg

    script = (
        SCRIPT.read_text()
        .replace("ADD PRIMARY KEY (account_id, id)", "ADD PRIMARY KEY (id)")
        .replace(
            "FOREIGN KEY (account_id, %I) REFERENCES %s (account_id, id)",
            "FOREIGN KEY (%I) REFERENCES %s (id)",
        )
        .replace("a.attnum = c.conkey[1]", "a.attnum = c.conkey[2]")
    )
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(script)
    finally:
        await connection.close()
