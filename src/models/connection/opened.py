"""An open database: how its rows are read, and how its statements are spelled."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tortoise import Tortoise
from tortoise.connection import get_connection

from models.configuration import CUSTOM_PLANS, configuration, is_postgres, sqlite_file
from models.connection.long_read import LongReader, postgres_parts, sqlite_parts
from models.connection.private_file import make_private
from models.connection.reader import PostgresReader, Reader, SqliteReader
from models.statement import numbered


@dataclass(frozen=True, slots=True)
class Opened:
    """The database of this process, and how it spells statements."""

    url: str
    dialect: str
    reader: Reader
    custom_reader: Reader
    long_reader: LongReader
    spelled: Callable[[str], str]


async def opened(url: str, *, pool: int, statement_seconds: int, synchronous: str) -> Opened:
    """Open the database of this process, which Tortoise writes."""
    if not is_postgres(url):
        make_private(sqlite_file(url))
    await Tortoise.init(
        config=configuration(url, pool=pool, statement_seconds=statement_seconds, synchronous=synchronous),
        init_connections=False,  # they are made as they are asked for, and no query of its models is prepared
        _enable_global_fallback=True,
    )
    connection: Any = get_connection("default")
    await connection.execute_query("SELECT 1")  # opens the pool, or creates the file that is read
    if not is_postgres(url):
        file = sqlite_file(url)
        reader = SqliteReader(file, statement_seconds)
        return Opened(url, "sqlite", reader, reader, LongReader(partial(sqlite_parts, file)), str)
    planned: Any = get_connection(CUSTOM_PLANS)
    await planned.execute_query("SELECT 1")
    return Opened(
        url,
        "postgres",
        PostgresReader(connection._pool, connection.pool_maxsize // 2),
        PostgresReader(planned._pool, planned.pool_maxsize - 1),  # one is left to long statements
        LongReader(partial(postgres_parts, planned._pool)),
        numbered,
    )
