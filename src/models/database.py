"""The door to the database: connecting, reading, and the one way to hold a transaction."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import uuid_utils
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from models.statement import Statement, numbered

T = TypeVar("T")

_transaction: ContextVar[BaseDBAsyncClient | None] = ContextVar("transaction", default=None)
_observed: ContextVar[list[str] | None] = ContextVar("observed", default=None)
_running: set["asyncio.Task[Any]"] = set()


class Unstorable(ValueError):
    """A text that no database column can hold: with NUL, or half a surrogate pair."""


class TooSlow(Exception):
    """A statement that ran, or waited for another, longer than it may."""


def new_id() -> str:
    """A UUID, version 7: ordered by time, unique across processes and shards."""
    return str(uuid_utils.uuid7())


def now() -> int:
    """The present, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def is_postgres(url: str) -> bool:
    """Whether an address names a PostgreSQL server."""
    return url.startswith(("postgres://", "postgresql://"))


def sqlite_file(url: str) -> Path:
    """The file that `sqlite:///relative` or `sqlite:////absolute` names."""
    if not url.startswith("sqlite:///"):
        kind = url.split(":", maxsplit=1)[0]
        raise ValueError(f"A database address starts with sqlite:/// or postgres://, not {kind!r}.")
    return Path(url.removeprefix("sqlite:///"))


def configuration(url: str, *, pool: int = 10, statement_seconds: int = 15) -> dict[str, Any]:
    """Tortoise's configuration: `default` writes, `reader` reads beside running transactions."""
    if is_postgres(url):
        connection = _postgres(url, pool, statement_seconds)
        connections: dict[str, Any] = {"default": connection}
    else:
        file = str(sqlite_file(url))
        pragmas = {"journal_mode": "WAL", "synchronous": "NORMAL", "busy_timeout": 5000}
        connections = {
            "default": {
                "engine": "tortoise.backends.sqlite",
                "credentials": {"file_path": file, "foreign_keys": "ON", **pragmas},
            },
            "reader": {
                "engine": "tortoise.backends.sqlite",
                "credentials": {"file_path": file, **pragmas, "query_only": "ON"},
            },
        }
    return {
        "connections": connections,
        "apps": {
            "models": {
                "models": ["models"],
                "default_connection": "default",
                "migrations": "models.migrations",
            }
        },
    }


def _postgres(url: str, pool: int, statement_seconds: int) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    credentials: dict[str, Any] = {
        "host": options.pop("host", None) or parts.hostname or "localhost",
        "port": parts.port or 5432,
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path.lstrip("/")) or "postgres",
        "minsize": 1,
        "maxsize": pool,
        "init": _text_ids,
        "server_settings": {
            "statement_timeout": f"{statement_seconds}s",
            "lock_timeout": "5s",
            "idle_in_transaction_session_timeout": "30s",
            "jit": "off",
        },
        **options,
    }
    return {"engine": "tortoise.backends.asyncpg", "credentials": credentials}


async def _text_ids(connection: Any) -> None:
    """Let ids be text on both databases."""
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")


async def connect(url: str, *, pool: int = 10, statement_seconds: int = 15) -> None:
    """Open the database for this process; end it with `disconnect`."""
    if not is_postgres(url):
        sqlite_file(url).parent.mkdir(parents=True, exist_ok=True)
    await Tortoise.init(
        config=configuration(url, pool=pool, statement_seconds=statement_seconds),
        _enable_global_fallback=True,
    )
    if not is_postgres(url):
        await get_connection("default").execute_query("SELECT 1")  # the file exists before it is read
        await _limit_statements(statement_seconds)


async def _limit_statements(seconds: int) -> None:
    """Interrupt a read on SQLite that runs longer, as PostgreSQL's statement_timeout does."""
    reader: Any = get_connection("reader")
    await reader.execute_query("SELECT 1")
    started = 0.0

    def begin(_statement: str) -> None:
        nonlocal started
        started = time.monotonic()

    await reader._connection.set_trace_callback(begin)
    await reader._connection.set_progress_handler(lambda: int(time.monotonic() - started > seconds), 20_000)


async def disconnect() -> None:
    """Let running transactions end, then close every connection."""
    while _running:
        await asyncio.wait(_running)
    await Tortoise.close_connections()


def _connection(name: str) -> BaseDBAsyncClient:
    held = _transaction.get()
    if held is not None:
        return held
    if name == "reader" and dialect() == "postgres":
        name = "default"
    return get_connection(name)


def dialect() -> str:
    """`sqlite` or `postgres`."""
    return get_connection("default").capabilities.dialect


def _prepared(statement: Statement | str, params: Sequence[Any]) -> tuple[str, list[Any]]:
    if not isinstance(statement, str):
        params = statement.params
        statement = statement.text
    if (seen := _observed.get()) is not None:
        seen.append(statement)
    for value in params:
        if type(value) is str and not value.isprintable():
            _storable(value)
    return (numbered(statement) if dialect() == "postgres" else statement), list(params)


def _storable(text: str) -> None:
    """Refuse, on both databases alike, what one of them cannot hold."""
    if "\0" in text:
        raise Unstorable
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unstorable from error


async def _run(connection: BaseDBAsyncClient, text: str, values: list[Any]) -> tuple[int, Sequence[Any]]:
    with _timely():
        return await connection.execute_query(text, values)


@contextlib.contextmanager
def _timely() -> Iterator[None]:
    """Tell a statement that ran, or waited for another, too long from one that failed."""
    try:
        yield
    except OperationalError as error:
        if "interrupted" in str(error) or "database is locked" in str(error):
            raise TooSlow from error
        raise
    except Exception as error:
        # asyncpg's, which need not be installed
        if type(error).__name__ in ("QueryCanceledError", "LockNotAvailableError"):
            raise TooSlow from error
        raise


async def read(statement: Statement | str, params: Sequence[Any] = ()) -> Sequence[Any]:
    """Rows, by position and by name; inside a transaction, as it sees them."""
    text, values = _prepared(statement, params)
    _, rows = await _run(_connection("reader"), text, values)
    return rows


async def write(statement: Statement | str, params: Sequence[Any] = ()) -> int:
    """Change rows and tell how many; only inside a transaction."""
    held = _transaction.get()
    if held is None:
        raise RuntimeError("A write stands in a transaction: use models.database.transact.")
    text, values = _prepared(statement, params)
    count, _ = await _run(held, text, values)
    return count


async def insert(table: str, row: dict[str, Any]) -> None:
    """Add one row."""
    await insert_many(table, tuple(row), [tuple(row.values())])


async def insert_many(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, skip_known: bool = False
) -> None:
    """Add rows in one go; `skip_known` leaves those out whose key is there already."""
    held = _transaction.get()
    if held is None:
        raise RuntimeError("A write stands in a transaction: use models.database.transact.")
    if not rows:
        return
    names = ", ".join(columns)
    marks = ", ".join("?" * len(columns))
    tail = " ON CONFLICT DO NOTHING" if skip_known else ""
    text, _ = _prepared(f"INSERT INTO {table} ({names}) VALUES ({marks}){tail}", ())
    with _timely():
        await held.execute_many(text, [list(row) for row in rows])


async def transact(work: Callable[[], Awaitable[T]]) -> T:
    """Do the work in one transaction that its caller's cancellation cannot cut in two.

    A task that is cancelled inside Tortoise's own transaction leaves the connection unusable,
    so the work runs in a task of its own, and is finished whatever becomes of the caller.
    """
    if _transaction.get() is not None:
        return await work()

    async def held() -> T:
        async with in_transaction("default") as connection:
            token = _transaction.set(connection)
            try:
                if dialect() == "sqlite":
                    # takes the write lock now: a read first would fail later, when another process wrote
                    await _run(connection, "UPDATE accounts SET name = name WHERE 1 = 0", [])
                return await work()
            finally:
                _transaction.reset(token)

    task = asyncio.get_running_loop().create_task(held())
    _running.add(task)
    task.add_done_callback(_ended)
    return await asyncio.shield(task)


def _ended(task: "asyncio.Task[Any]") -> None:
    _running.discard(task)
    if not task.cancelled():
        task.exception()


@contextlib.contextmanager
def observed() -> Iterator[list[str]]:
    """The text of each statement that runs inside, as it is sent."""
    seen: list[str] = []
    token = _observed.set(seen)
    try:
        yield seen
    finally:
        _observed.reset(token)


@contextlib.asynccontextmanager
async def connected(url: str) -> AsyncIterator[None]:
    """The database, open for as long as the block runs."""
    await connect(url)
    try:
        yield
    finally:
        await disconnect()
