"""Writes in a transaction, for each kind of database."""

import contextlib
import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from functools import lru_cache
from typing import Any, Protocol

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.transactions import in_transaction

Rows = Sequence[Sequence[Any]]
MANY_VALUES = 8
"""The number of values above which a transaction's statement with a list of keys is planned for its values.
"""
_ONE_ROW = re.compile(r"\br\.(?:id|reference) = \$")


class Writer(Protocol):
    """An open transaction."""

    @property
    def reads_beside(self) -> bool:
        """Whether a read outside the transaction sees the same as one inside it, once it has the lock."""
        ...

    async def lock(self) -> None:
        """Take the lock of the database, where a transaction has one, unless it is taken."""
        ...

    async def run(self, text: str, values: Sequence[Any]) -> tuple[int, Sequence[Any]]:
        """Run a statement. Returns the number of rows that it changed or found, and the rows."""
        ...

    async def run_many(self, text: str, rows: Rows) -> None:
        """Run a statement for each of the rows."""
        ...

    async def defer(self, text: str, rows: Rows) -> None:
        """Run a statement for each of the rows, at the latest before the next statement or the commit."""
        ...


class _PostgresWriter:
    reads_beside = False

    def __init__(self, connection: BaseDBAsyncClient) -> None:
        self._connection = connection
        self.plans_anew = False

    async def lock(self) -> None:
        pass

    async def run(self, text: str, values: Sequence[Any]) -> tuple[int, Sequence[Any]]:
        if len(values) > MANY_VALUES and not self.plans_anew and _depends_on_values(text):
            # this one and all that follow: planning them costs less than changing the setting back
            await self._connection.execute_query("SET LOCAL plan_cache_mode = force_custom_plan")
            self.plans_anew = True
        return await self._connection.execute_query(text, list(values))

    async def run_many(self, text: str, rows: Rows) -> None:
        await self._connection.execute_many(text, [list(row) for row in rows])

    defer = run_many


@lru_cache(maxsize=1_024)
def _depends_on_values(text: str) -> bool:
    """Whether a statement with many values has a list of keys to look up.

    Planned for any values, it would scan the account as if it were small. One row of its own is found by its
    key, whatever list its reach is.
    """
    return " IN (" in text and _ONE_ROW.search(text) is None


class _SqliteWriter(SqliteTransactionWrapper):
    """A transaction that holds SQLite's lock from its first statement.

    Each call to the connection's thread costs more than most statements, so deferred statements share a call
    with the next one, and the first statement with the one that takes the lock. Until something is written,
    reads on other connections see the same and cost less, because no other process can commit meanwhile.
    """

    def __init__(self, client: SqliteClient) -> None:
        super().__init__(client)
        self._deferred: list[tuple[str, Rows]] = []
        self.reads_beside = True
        self._locked = False

    async def begin(self) -> None:
        """Do nothing yet: a failure in here would leave the connection locked."""

    async def lock(self) -> None:
        """Take the lock before a read beside.

        If a read came first, the lock would fail later when another process has written.
        """
        if not self._locked:
            await self._call(None, ())

    async def run(self, text: str, values: Sequence[Any]) -> tuple[int, Sequence[Any]]:
        self.reads_beside = False
        return await self._call(text, values)

    async def run_many(self, text: str, rows: Rows) -> None:
        await self.defer(text, rows)
        await self._call(None, ())

    async def defer(self, text: str, rows: Rows) -> None:
        self.reads_beside = False
        self._deferred.append((text, rows))

    async def commit(self) -> None:
        """End with every deferred statement done, or with none."""
        try:
            if self._locked or self._deferred:
                await self._call("COMMIT", ())
        except BaseException:
            await self.rollback()
            raise
        self._finalized = True

    async def _call(self, text: str | None, values: Sequence[Any]) -> tuple[int, Sequence[Any]]:
        deferred, self._deferred = self._deferred, []
        connection: Any = self._connection
        try:
            # aiosqlite has no public way to do several things in one call to its thread
            return await connection._execute(  # type: ignore[no-any-return]
                _run, connection._conn, self._locked, deferred, text, values
            )
        finally:
            self._locked = self._locked or connection.in_transaction


def _run(
    connection: sqlite3.Connection,
    locked: bool,
    deferred: list[tuple[str, Rows]],
    text: str | None,
    values: Sequence[Any],
) -> tuple[int, Sequence[Any]]:
    try:
        if not locked:
            connection.execute("BEGIN IMMEDIATE")
        for statement, rows in deferred:
            connection.executemany(statement, rows)
        if text is None:
            return 0, []
        before = connection.total_changes
        cursor = connection.execute(text, values)
        found = cursor.fetchall()
    except sqlite3.OperationalError as error:
        raise OperationalError(error) from error
    except sqlite3.IntegrityError as error:
        raise IntegrityError(error) from error
    # without the rows that triggers changed, which the total includes
    changed = cursor.rowcount if cursor.rowcount >= 0 else connection.total_changes - before
    return changed or len(found), found


@contextlib.asynccontextmanager
async def transaction() -> AsyncIterator[Writer]:
    """A transaction of the connected database: committed at its end, or rolled back."""
    client: Any = get_connection("default")
    if not isinstance(client, SqliteClient):
        async with in_transaction("default") as connection:
            yield _PostgresWriter(connection)
        return
    writer = _SqliteWriter(client)
    async with SqliteTransactionContext(writer, client._lock):
        yield writer
