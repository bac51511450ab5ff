"""Access to the database: connecting, reading, and running transactions."""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any, TypeVar

from tortoise import Tortoise

from models.configuration import CUSTOM_PLANS, configuration, is_postgres, sqlite_file
from models.connection.closing import collected
from models.connection.opened import Opened, opened
from models.connection.outage import Outage, outage_of, timely
from models.connection.reader import TooSlow
from models.connection.writer import Writer, transaction
from models.premise import Premise, Refuted, described
from models.present import new_id, now
from models.statement import Statement
from models.storable import Unstorable, check_storable
from telemetry.figures import STATEMENTS
from telemetry.request import current_operation
from telemetry.trace import Tracing

T = TypeVar("T")

_transaction: ContextVar[Writer | None] = ContextVar("transaction", default=None)
_premise: ContextVar[Premise | None] = ContextVar("premise", default=None)
_observed: ContextVar[list[str] | None] = ContextVar("observed", default=None)
_opened: Opened | None = None
_running: set["asyncio.Task[Any]"] = set()
_reads, _writes = STATEMENTS.cell("read"), STATEMENTS.cell("write")


async def connect(
    url: str, *, pool: int = 10, statement_seconds: int = 15, synchronous: str = "FULL"
) -> None:
    """Open the database for this process; end it with `disconnect`.

    `synchronous` is SQLite's: with `FULL`, a committed transaction survives a power failure; with `NORMAL`,
    the last ones can be lost, and none is half there.
    """
    found = await opened(url, pool=pool, statement_seconds=statement_seconds, synchronous=synchronous)
    global _opened  # noqa: PLW0603 - as Tortoise, one database a process
    _opened = found


async def disconnect() -> None:
    """Let running transactions finish, then close every connection."""
    while _running:
        await asyncio.wait(_running)
    global _opened  # noqa: PLW0603
    if _opened is not None:
        for reader in {_opened.reader, _opened.custom_reader}:
            await reader.close()
        _opened = None
    await Tortoise.close_connections()


def dialect() -> str:
    """`sqlite` or `postgres`."""
    return _open().dialect


def url() -> str:
    """The address that the database was connected by."""
    return _open().url


def _open() -> Opened:
    if _opened is None:
        raise RuntimeError("No database is connected: use models.database.connect.")
    return _opened


def _prepared(statement: Statement | str, params: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    if not isinstance(statement, str):
        params = statement.params
        statement = statement.text
    if (statements := _observed.get()) is not None:
        statements.append(statement)
    if (operation := current_operation.get()) is not None:
        operation.statements += 1
    for value in params:
        if type(value) is str and not value.isprintable():
            check_storable(value)
    return (_opened or _open()).spelled(statement), params


def _span(text: str) -> contextlib.AbstractContextManager[Any]:
    """A span around a statement, if traces are exported."""
    tracer = Tracing.tracer
    return contextlib.nullcontext() if tracer is None else tracer.statement(text, dialect())


async def read(
    statement: Statement | str, params: Sequence[Any] = (), *, named: bool = True
) -> Sequence[Any]:
    """Rows that can be read by position and by name. Inside a transaction, its own changes are visible.

    Rows that need not be `named` can be read by position only, and cost less.
    """
    text, values = _prepared(statement, params)
    _reads[0] += 1
    writer = _transaction.get()
    if writer is None or writer.reads_beside:
        if writer is not None:
            await writer.lock()
        opened = _opened or _open()
        custom = not isinstance(statement, str) and statement.custom_plan
        reader = opened.custom_reader if custom else opened.reader
        try:
            premise = _premise.get()
            if premise is not None and premise.holds is None:
                if not custom:
                    text = statement if isinstance(statement, str) else statement.text
                    if Tracing.tracer is None:
                        return await premise.read(opened.reader, text, values, named=named)
                    with _span(text):
                        return await premise.read(opened.reader, text, values, named=named)
                if not await settled(premise):
                    premise.refute()
            if Tracing.tracer is None:
                return await reader.fetch(text, values, named=named)
            with _span(text):
                return await reader.fetch(text, values, named=named)
        except Exception as error:
            if (outage := outage_of(error)) is not None:
                raise outage from error
            raise
    with timely(), _span(text):
        _, rows = await writer.run(text, values)
    return rows


async def read_parts(statement: Statement, size: int) -> AsyncGenerator[Sequence[Any], None]:
    """The rows of a long statement outside every transaction, by position, so many at a time.

    A process reads a single statement so at a time. The database keeps what it saw at the beginning until all
    rows are read, so read them without delay.
    """
    text, values = _prepared(statement, ())
    _reads[0] += 1
    with _span(text):
        async with contextlib.aclosing(_open().long_reader.parts(text, values, size)) as parts:
            async for rows in parts:
                yield rows


class Premised:
    """Reads in the block raise `Refuted` if the premise does not hold. Only for PostgreSQL."""

    __slots__ = ("_premise", "_token")

    def __init__(self, premise: Premise) -> None:
        self._premise = premise

    def __enter__(self) -> None:
        self._token = _premise.set(self._premise)

    def __exit__(self, *_: object) -> None:
        _premise.reset(self._token)


async def settled(premise: Premise) -> bool:
    """Whether a premise holds; a statement of its own checks it if no read has."""
    if premise.holds is None:
        _prepared(described(premise.statement), ())  # as the statement is noted that identifies a viewer
        _reads[0] += 1
        with timely():
            await premise.check(_open().reader)
    return bool(premise.holds)


async def write(statement: Statement | str, params: Sequence[Any] = ()) -> int:
    """Change rows and return how many. Only inside a transaction."""
    writer = _writing()
    text, values = _prepared(statement, params)
    _writes[0] += 1
    with timely(), _span(text):
        count, _ = await writer.run(text, values)
    return count


async def write_later(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Change rows, once for each of `rows`. The change is deferred until the next statement, and has no
    count.

    A failure is raised by a later statement or by the commit.
    """
    writer = _writing()
    if rows:
        text, _ = _prepared(statement, [value for row in rows for value in row])
        _writes[0] += 1
        with timely(), _span(text):
            await writer.defer(text, rows)


def _writing() -> Writer:
    writer = _transaction.get()
    if writer is None:
        raise RuntimeError("A write stands in a transaction: use models.database.transact.")
    return writer


def typed(columns: str) -> str:
    """The `?:type` of a selected list with its type written out, for a database that could not infer it."""
    if dialect() == "postgres":
        return re.sub(r"\?:(\w+)", r"CAST(? AS \1)", columns)
    return re.sub(r"\?:\w+", "?", columns)


async def insert(table: str, row: dict[str, Any]) -> None:
    """Add one row."""
    marks = ", ".join("?" * len(row))
    await write(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


async def insert_many(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, skip_known: bool = False
) -> None:
    """Add rows with one statement. `skip_known` leaves out those whose key exists already."""
    writer = _writing()
    if not rows:
        return
    tail = " ON CONFLICT DO NOTHING" if skip_known else ""
    text, _ = _prepared(insertion(table, columns) + tail, ())
    _writes[0] += 1
    with timely(), _span(text):
        await writer.run_many(text, rows)


def insertion(table: str, columns: Sequence[str]) -> str:
    """The statement that inserts a row."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def pool_sizes() -> dict[tuple[str, str], int]:
    """The size of each pool: connections in use, idle and waited for, and the maximum."""
    opened = _opened or _open()
    readers = {"default": opened.reader}
    if opened.custom_reader is not opened.reader:
        readers[CUSTOM_PLANS] = opened.custom_reader
    return {(pool, state): size for pool, reader in readers.items() for state, size in reader.sizes().items()}


async def transact(work: Callable[[], Awaitable[T]]) -> T:
    """Run the work in one transaction that its caller's cancellation cannot interrupt.

    A task that is cancelled inside Tortoise's own transaction leaves the connection unusable. So the work
    runs in a task of its own, which finishes whatever happens to the caller.
    """
    if _transaction.get() is not None:
        return await work()

    async def writer() -> T:
        with timely():
            async with transaction() as writer:
                token = _transaction.set(writer)
                try:
                    with collected() as parts:
                        result = await work()
                        for part in parts.values():
                            await part.write()
                finally:
                    _transaction.reset(token)
        for part in parts.values():
            part.committed()
        return result

    task = asyncio.get_running_loop().create_task(writer())
    _running.add(task)
    task.add_done_callback(_ended)
    return await asyncio.shield(task)


async def data_version() -> int:
    """A number that changes whenever SQLite's file was written, by any process; it costs microseconds."""
    rows = await (_opened or _open()).reader.fetch("PRAGMA data_version", ())
    return int(rows[0][0])


def _ended(task: "asyncio.Task[Any]") -> None:
    _running.discard(task)
    if not task.cancelled():
        task.exception()


@contextlib.contextmanager
def observed() -> Iterator[list[str]]:
    """Collects the text of each statement that runs inside the block, as it is sent."""
    statements: list[str] = []
    token = _observed.set(statements)
    try:
        yield statements
    finally:
        _observed.reset(token)


@contextlib.asynccontextmanager
async def connected(url: str, *, synchronous: str = "FULL") -> AsyncIterator[None]:
    """The database, open for as long as the block runs."""
    await connect(url, synchronous=synchronous)
    try:
        yield
    finally:
        await disconnect()


__all__ = [
    "Outage",
    "Premise",
    "Premised",
    "Refuted",
    "TooSlow",
    "Unstorable",
    "configuration",
    "connect",
    "connected",
    "data_version",
    "dialect",
    "disconnect",
    "insert",
    "insert_many",
    "insertion",
    "is_postgres",
    "new_id",
    "now",
    "observed",
    "pool_sizes",
    "read",
    "read_parts",
    "settled",
    "sqlite_file",
    "transact",
    "typed",
    "url",
    "write",
    "write_later",
]
