"""The commands `centrals backup` and `centrals restore`."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from centrals.commands.output import result, with_json
from centrals.commands.terminal import failures, require_usable, settings_of_environment
from centrals.settings import Settings, environment_of_programs
from models.backups import postgres, sqlite
from models.backups.backup import BackupError
from models.configuration import is_postgres, sqlite_file
from models.preflight import described

T = TypeVar("T")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
@with_json
def backup(file: Path, overwrite: bool, as_json: bool) -> None:
    """Write the whole database into FILE, as it is at one moment.

    The server can keep running. With SQLite, FILE is an SQLite database. With PostgreSQL, it is an archive
    of pg_dump, which must be installed in the server's version or a later one. The secret key is not in it:
    keep a copy of the key in another place.
    """
    settings = settings_of_environment()
    _require_new(file, overwrite=overwrite)
    require_usable(settings, creates=False)
    url = settings.database_url

    async def work() -> dict[str, int]:
        if is_postgres(url):
            return await postgres.back_up(url, file, environment_of_programs())
        return sqlite.back_up(sqlite_file(url), file)

    counts = _done(settings, work)
    values = {"file": str(file), "bytes": file.stat().st_size, "counts": counts}
    result(as_json, f"{file}: {_size(file)}, {_summary(counts)}", values)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Put the backup in the place of an existing database.")
@with_json
def restore(file: Path, replace: bool, as_json: bool) -> None:
    """Restore the database from FILE, which the command backup wrote.

    Stop the server first. With --replace, the earlier database is kept under another name, which the command
    prints. The secret key must be the one that the backup's server used.
    """
    settings = settings_of_environment()
    url = settings.database_url
    if is_postgres(url):
        require_usable(settings)

    async def work() -> tuple[dict[str, int], str | None]:
        if is_postgres(url):
            return await postgres.restore(file, url, environment_of_programs(), replace=replace)
        sqlite_file(url).absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return sqlite.restore(file, sqlite_file(url).absolute(), replace=replace)

    counts, earlier = _done(settings, work)
    lines = [f"restored {described(url)}: {_summary(counts)}"]
    if earlier is not None:
        kind = "schema" if is_postgres(url) else "file"
        lines.append(
            f"The earlier database is in the {kind} {earlier}. Delete it when you no longer need it."
        )
    lines.append("Run `centrals audit verify` to check that the log is complete.")
    result(as_json, "\n".join(lines), {"counts": counts, "earlier": earlier})


def _done(settings: Settings, work: Callable[[], Awaitable[T]]) -> T:
    async def run() -> T:
        return await work()

    try:
        with failures(settings.database_url):
            return asyncio.run(run())
    except BackupError as error:
        raise click.ClickException(str(error)) from error


def _require_new(file: Path, *, overwrite: bool) -> None:
    if file.exists() and not overwrite:
        raise click.ClickException(f"{file} exists. --overwrite replaces it.")
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"The folder {file.absolute().parent} does not exist.")


def _summary(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {table.replace('audit_', 'log ')}" for table, count in counts.items())


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1e6:.1f} MB"
