"""What is deferred runs in order, before what follows and before the commit, or not at all."""

import contextlib
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

import make
from models import database
from models.naming import name_columns

COLUMNS = ("id", "account_id", "reference", *name_columns(""), "named_by", "named_at", "created_at")
ADD = database.insertion("products", COLUMNS)
RENAME = "UPDATE products SET name = ? WHERE reference = ? AND account_id = ?"


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


def product(account_id: str, reference: str, name: str) -> tuple[Any, ...]:
    return (
        database.new_id(),
        account_id,
        reference,
        *(name_columns("x") | {"name": name}).values(),
        "",
        0,
        0,
    )


async def names(account_id: str) -> list[str]:
    found = await database.read("SELECT name FROM products WHERE account_id = ? ORDER BY name", (account_id,))
    return [row["name"] for row in found]


async def test_what_is_deferred_is_seen_by_what_follows() -> None:
    account_id = (await make.account())["id"]

    async def work() -> list[str]:
        assert await names(account_id) == []
        await database.write_later(ADD, [product(account_id, ref, ref) for ref in "ab"])
        await database.write_later(RENAME, [("c", "a", account_id)])
        return await names(account_id)

    assert await database.transact(work) == ["b", "c"]
    assert await names(account_id) == ["b", "c"]


async def test_what_is_deferred_is_committed() -> None:
    account_id = (await make.account())["id"]

    async def work() -> None:
        await database.write_later(ADD, [product(account_id, "a", "a")])

    await database.transact(work)
    assert await names(account_id) == ["a"]


async def test_a_deferred_statement_that_fails_leaves_nothing_and_ends_the_transaction() -> None:
    account_id = (await make.account())["id"]

    async def work() -> None:
        await database.write_later(ADD, [product(account_id, "a", "a")])
        await database.write_later(ADD, [product(account_id, "a", "b")])

    with pytest.raises(IntegrityError):
        await database.transact(work)
    assert await names(account_id) == []

    async def other() -> None:
        await database.write_later(ADD, [product(account_id, "b", "b")])

    await database.transact(other)
    assert await names(account_id) == ["b"]


async def test_a_transaction_whose_first_statement_fails_holds_all_the_same() -> None:
    if database.dialect() == "postgres":
        pytest.skip("PostgreSQL does nothing after a failure")
    account = await make.account()
    other = await make.account()

    async def work() -> None:
        with contextlib.suppress(IntegrityError):
            await database.insert("accounts", account)
        await database.write("UPDATE accounts SET name = 'Changed' WHERE id = ?", (other["id"],))
        raise LookupError

    with pytest.raises(LookupError):
        await database.transact(work)
    rows = await database.read("SELECT name FROM accounts WHERE id = ?", (other["id"],))
    assert rows[0]["name"] == other["name"]


async def test_an_empty_transaction_does_nothing() -> None:
    async def work() -> int:
        return 1

    assert await database.transact(work) == 1


async def test_a_transaction_that_fails_writes_nothing_that_it_deferred() -> None:
    account_id = (await make.account())["id"]

    async def work() -> None:
        await database.write_later(ADD, [product(account_id, "a", "a")])
        raise LookupError

    with pytest.raises(LookupError):
        await database.transact(work)
    assert await names(account_id) == []


async def test_nothing_is_deferred_outside_of_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        await database.write_later(ADD, [])


async def test_what_no_database_holds_is_not_deferred() -> None:
    account_id = (await make.account())["id"]

    async def work() -> None:
        await database.write_later(ADD, [product(account_id, "a", "a\0")])

    with pytest.raises(database.Unstorable):
        await database.transact(work)
