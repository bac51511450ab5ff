"""Whether a database can be used, checked before anything is created there. One sentence says why not."""

import os
import socket
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from models.configuration import is_postgres, postgres_options, sqlite_file

CONNECT_SECONDS = 10
_MIGRATIONS = "tortoise_migrations"
_OURS = ("accounts", "collaborators", "sales", "users")
_WRITE_BITS = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class Unavailable(ValueError):
    """A database or folder that cannot be used. The message is one sentence, without a password."""


async def require_database(url: str, *, creates: bool = True, creates_folder: bool = False) -> None:
    """Raise `Unavailable` unless the database can be opened and written.

    `creates` allows for an SQLite file that is missing, `creates_folder` for its folder, too: both are
    created later.
    """
    if is_postgres(url):
        await _require_postgres(url)
        return
    file = sqlite_file(url).absolute()
    _require_sqlite(file, creates_folder=creates and creates_folder)
    if not creates and not file.exists():
        raise Unavailable(f"DATABASE_URL: the database {file} does not exist. `centrals migrate` creates it.")


def described(url: str) -> str:
    """A database by the name that its operator knows, without the password."""
    if not is_postgres(url):
        return str(sqlite_file(url).absolute())
    options = postgres_options(url)
    return f"the {_name(options)}"


def require_writable_folder(folder: Path, variable: str, *, creates: int = 0) -> None:
    """Raise `Unavailable` unless files can be created in a folder.

    Up to `creates` levels of it may be missing: they are created later.
    """
    try:
        if not folder.exists():
            if not creates:
                raise Unavailable(f"{variable}: the folder {folder} does not exist.")
            require_writable_folder(folder.parent, variable, creates=creates - 1)
        elif not folder.is_dir():
            raise Unavailable(f"{variable}: {folder} is a file, not a folder.")
        elif not _writable(folder, os.W_OK | os.X_OK):
            raise Unavailable(f"{variable}: the folder {folder} is not writable.")
    except OSError as error:
        raise Unavailable(f"{variable}: {folder}: {error.strerror}.") from error


def _writable(path: Path, how: int = os.R_OK | os.W_OK) -> bool:
    """Whether this user may write to it. A path without any write bit counts as read-only for root, too."""
    return os.access(path, how) and bool(path.stat().st_mode & _WRITE_BITS)


def _require_search() -> None:
    """Raise `Unavailable` if Python's SQLite cannot index the words by which sales are found."""
    with closing(sqlite3.connect(":memory:")) as connection:
        ((version, indexes),) = connection.execute(
            "SELECT sqlite_version(), EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'fts5')"
        )
    if not indexes:
        raise Unavailable(
            f"Python's SQLite {version} was built without FTS5, which Debian's and python.org's have."
        )


def _require_sqlite(file: Path, *, creates_folder: bool) -> None:
    _require_search()
    require_writable_folder(file.parent, "DATABASE_URL", creates=int(creates_folder))
    try:
        if file.is_symlink() and not file.exists():
            raise Unavailable(f"DATABASE_URL: {file} is a link to a missing file.")
        if not file.exists():
            return
        if file.is_dir():
            raise Unavailable(f"DATABASE_URL: {file} is a folder, not a database file.")
        if not file.is_file():
            raise Unavailable(f"DATABASE_URL: {file} is not a regular file.")
        for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            if path.exists() and not _writable(path):
                raise Unavailable(f"DATABASE_URL: {path} is read-only or not accessible.")
        if file.stat().st_size:
            _require_ours(file)
    except OSError as error:
        raise Unavailable(f"DATABASE_URL: {file}: {error.strerror}.") from error


def _require_ours(file: Path) -> None:
    try:
        connection = sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=CONNECT_SECONDS)
        try:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        raise Unavailable(f"DATABASE_URL: {file} cannot be read: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise Unavailable(f"DATABASE_URL: {file} is not an SQLite database.") from error
    if tables and _MIGRATIONS not in tables:
        raise Unavailable(f"DATABASE_URL: {file} is another application's database.")


async def _require_postgres(url: str) -> None:
    try:
        import asyncpg
    except ImportError as error:
        raise Unavailable(
            "DATABASE_URL: PostgreSQL needs the package asyncpg, which centrals[postgres] installs."
        ) from error

    options = postgres_options(url)
    try:
        connection = await asyncpg.connect(**options, timeout=CONNECT_SECONDS)
        try:
            found = await connection.fetchrow(_STATE, list(_OURS), _MIGRATIONS)
        finally:
            await connection.close(timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Unavailable(f"DATABASE_URL: {_reason(error, options)}.") from error
    name = f"DATABASE_URL: {described(url)}"
    if found["read_only"] == "on":
        raise Unavailable(f"{name} is read-only.")
    if not found["migrated"]:
        if found["taken"]:
            raise Unavailable(f"{name} belongs to another application: it has a table {found['taken']}.")
        if not found["may_create"]:
            raise Unavailable(f"{name} does not let the user {options['user']} create tables.")


_STATE = (
    "SELECT current_setting('transaction_read_only') AS read_only,"
    " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create,"
    " EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $2) AS migrated,"
    " (SELECT min(tablename) FROM pg_tables"
    " WHERE schemaname = current_schema() AND tablename = ANY($1)) AS taken"
)


def _name(options: dict[str, Any]) -> str:
    return f"database {options['database']} at {_address(options)}"


def _address(options: dict[str, Any]) -> str:
    return f"{options['host']}:{options['port']}"


def _reason(error: Exception, options: dict[str, Any]) -> str:
    """Why PostgreSQL could not be reached. The text never repeats the password."""
    import asyncpg

    server = f"PostgreSQL at {_address(options)}"
    reasons: tuple[tuple[type[Exception], str], ...] = (
        (asyncpg.InvalidCatalogNameError, f"the {_name(options)} does not exist"),
        (
            asyncpg.InvalidAuthorizationSpecificationError,
            f"{server} does not accept the user {options['user']} with this password",
        ),
        (asyncpg.PostgresError, f"{server} refuses the connection: {str(error).partition('.')[0]}"),
        (socket.gaierror, f"the host {options['host']} is unknown"),
        (TimeoutError, f"{server} does not answer within {CONNECT_SECONDS} seconds"),
        (OSError, f"{server} cannot be reached: {_of_system(error)}"),
    )
    what = next((reason for kind, reason in reasons if isinstance(error, kind)), None)
    return what or f"the service at {_address(options)} is not PostgreSQL"


def _of_system(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError) or "Connect call failed" in str(error):
        return "the connection was refused"
    if isinstance(error, FileNotFoundError):
        return "the socket does not exist"
    if isinstance(error, ConnectionError):
        return "the connection was lost"
    return (getattr(error, "strerror", None) or type(error).__name__).lower()
