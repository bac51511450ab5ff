"""Backups of a PostgreSQL database, by PostgreSQL's own programs: one snapshot, while others write."""

import asyncio
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.backups.backup import (
    COUNTED,
    MIGRATIONS,
    BackupError,
    moment,
    part_of,
    put_in_place,
    require_known,
)
from models.configuration import postgres_options

_SCHEMA = "public"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


async def back_up(url: str, file: Path, environment: Mapping[str, str]) -> dict[str, int]:
    """Write a database into a file, and return the number of rows of each kind in the file."""
    program = _program("pg_dump")
    connection = await _connected(url)
    part = part_of(file)
    try:
        # the counts and the file are from the same moment
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
            counts = await _counts(connection)
            await _run(
                [program, "--format=custom", "--no-owner", "--no-acl", f"--schema={_SCHEMA}",
                 f"--snapshot={snapshot}", f"--file={part}"],
                url, environment,
            )  # fmt: skip
        put_in_place(part, file)
    finally:
        part.unlink(missing_ok=True)
        await connection.close()
    return counts


async def restore(
    file: Path, url: str, environment: Mapping[str, str], *, replace: bool
) -> tuple[dict[str, int], str | None]:
    """Replace a database with a backup. Returns its numbers of rows, and the schema of the earlier tables."""
    program = _program("pg_restore")
    connection = await _connected(url)
    try:
        earlier = await _set_aside(connection, replace=replace)
        restored = False
        try:
            await _run(
                [program, "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction",
                 f"--schema={_SCHEMA}", f"--dbname={postgres_options(url)['database']}", str(file)],
                url, environment,
            )  # fmt: skip
            restored = True
            await _require_ours(connection, file)
            return await _counts(connection), earlier
        except BaseException:
            if restored or earlier is not None:
                await _bring_back(connection, earlier)
            raise
    finally:
        await connection.close()


async def _require_ours(connection: Any, file: Path) -> None:
    if not await connection.fetchval(f"SELECT to_regclass('{_SCHEMA}.{MIGRATIONS}') IS NOT NULL"):
        raise BackupError(f"{file} is not a backup of Centrals.")
    rows = await connection.fetch(f"SELECT name FROM {_SCHEMA}.{MIGRATIONS}")
    require_known(row["name"] for row in rows)


async def _set_aside(connection: Any, *, replace: bool) -> str | None:
    """Move the earlier tables to another schema. Refuses while a server uses them."""
    tables = "SELECT count(*) FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p')"
    if not await connection.fetchval(tables, _SCHEMA):
        return None
    if not replace:
        raise BackupError("The database has tables. --replace puts the backup in their place.")
    if await connection.fetchval(_OTHERS):
        raise BackupError("The database is in use by other connections. Stop the server first.")
    earlier = f"replaced_{moment()}"
    async with connection.transaction():
        await connection.execute(f"ALTER SCHEMA {_SCHEMA} RENAME TO {earlier}")
        await connection.execute(f"CREATE SCHEMA {_SCHEMA}")
    return earlier


async def _bring_back(connection: Any, earlier: str | None) -> None:
    async with connection.transaction():
        await connection.execute(f"DROP SCHEMA {_SCHEMA} CASCADE")
        if earlier is None:
            await connection.execute(f"CREATE SCHEMA {_SCHEMA}")
        else:
            await connection.execute(f"ALTER SCHEMA {earlier} RENAME TO {_SCHEMA}")


async def _counts(connection: Any) -> dict[str, int]:
    return {table: await connection.fetchval(f"SELECT count(*) FROM {_SCHEMA}.{table}") for table in COUNTED}


async def _connected(url: str) -> Any:
    import asyncpg

    return await asyncpg.connect(**postgres_options(url))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not installed. It is part of PostgreSQL's client programs.")
    return found


async def _run(command: list[str], url: str, environment: Mapping[str, str]) -> None:
    """Run one of PostgreSQL's programs.

    The password is in its environment, which process lists do not show.
    """
    options = postgres_options(url)
    variables = {
        "PGHOST": options["host"],
        "PGPORT": str(options["port"]),
        "PGUSER": options["user"],
        "PGDATABASE": options["database"],
        **({"PGPASSWORD": options["password"]} if options["password"] else {}),
        **({"PGSSLMODE": options["ssl"]} if "ssl" in options else {}),
    }
    process = await asyncio.create_subprocess_exec(
        *command, env={**environment, **variables}, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, errors = await process.communicate()
    if process.returncode:
        lines = errors.decode(errors="replace").strip().splitlines() or [
            f"it ended with {process.returncode}"
        ]
        name = Path(command[0]).name
        raise BackupError(f"{name} failed: {lines[0].removeprefix(f'{name}: ').removeprefix('error: ')}.")
