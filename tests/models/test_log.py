"""A database that lets both logs grow, and refuses whatever else is done to them."""

from typing import Any

import pytest

import make
from models import database

TABLES = ("audit_entries", "user_entries")


async def written(table: str) -> dict[str, Any]:
    """One entry of a log."""
    account = await make.account()
    row = {
        "id": database.new_id(),
        "user_id": account["owner_id"],
        "user_name": "Owner",
        "act": "assignSale",
        "object_type": None,
        "object_id": None,
        "let_by": None,
        "refusal": None,
        "changes": "[]",
        "request_id": "request",
        "address": None,
        "at": 1,
    }
    if table == "audit_entries":
        row |= {"account_id": account["id"], "sequence": 1, "digest": "d"}
    else:
        row |= {"actor_id": account["owner_id"]}
    await database.transact(lambda: database.insert(table, row))
    return row


async def stored(table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in await database.read(f"SELECT * FROM {table} ORDER BY id")]


async def refused(statement: str, *values: Any) -> None:
    with pytest.raises(Exception, match="only grows"):
        await database.transact(lambda: database.write(statement, values))


@pytest.mark.parametrize("table", TABLES)
async def test_no_entry_is_changed_or_removed(database_url: str, table: str) -> None:
    entry, other = await written(table), await make.user()
    before = await stored(table)

    await refused(f"UPDATE {table} SET act = 'x' WHERE id = ?", entry["id"])
    await refused(f"UPDATE {table} SET user_id = NULL WHERE id = ?", entry["id"])
    await refused(f"UPDATE {table} SET user_id = ? WHERE id = ?", other["id"], entry["id"])
    await refused(f"DELETE FROM {table} WHERE id = ?", entry["id"])

    assert await stored(table) == before


async def test_an_entry_of_people_gets_its_place_in_the_chain_once(database_url: str) -> None:
    entry = await written("user_entries")
    chained = "UPDATE user_entries SET sequence = ?, digest = 'd' WHERE id = ?"

    await database.transact(lambda: database.write(chained, (1 << 40, entry["id"])))

    await refused(chained, 2 << 40, entry["id"])
    await refused("UPDATE user_entries SET digest = NULL WHERE id = ?", entry["id"])
    await refused("UPDATE user_entries SET actor_id = NULL WHERE id = ?", entry["id"])


@pytest.mark.parametrize("table", TABLES)
async def test_no_entry_takes_the_place_of_another(database_url: str, table: str) -> None:
    if database.dialect() != "sqlite":
        pytest.skip("only SQLite replaces rows")
    entry = await written(table)
    before = await stored(table)
    names = ", ".join(name for name in entry if name != "user_name")
    same = f"INSERT OR REPLACE INTO {table} (user_name, {names}) SELECT 'Mallory', {names} FROM {table} WHERE id = ?"
    names = names.removeprefix("id, ")
    row = (
        f"INSERT OR REPLACE INTO {table} (rowid, id, user_name, {names})"
        f" SELECT rowid, ?, 'Mallory', {names} FROM {table} WHERE id = ?"
    )

    await refused(same, entry["id"])
    await refused(row, database.new_id(), entry["id"])

    assert await stored(table) == before


@pytest.mark.parametrize("table", [*TABLES, "accounts, users"])
async def test_no_log_is_emptied(database_url: str, table: str) -> None:
    if database.dialect() != "postgres":
        pytest.skip("only PostgreSQL truncates")
    await written("audit_entries")
    await written("user_entries")
    before = [await stored(item) for item in TABLES]

    await refused(f"TRUNCATE {table} CASCADE")

    assert [await stored(item) for item in TABLES] == before


async def test_what_someone_did_stays_under_the_name_when_the_user_goes(database_url: str) -> None:
    entry = await written("user_entries")

    async def gone() -> None:
        await database.write("DELETE FROM accounts WHERE owner_id = ?", (entry["user_id"],))
        await database.write("DELETE FROM users WHERE id = ?", (entry["user_id"],))

    await database.transact(gone)

    (row,) = await database.read("SELECT * FROM user_entries WHERE id = ?", (entry["id"],))
    assert (row["user_id"], row["user_name"], row["act"]) == (None, "Owner", "assignSale")
