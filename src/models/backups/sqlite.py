"""Backups of an SQLite file, by SQLite's own backup: what was committed when it began, while others write."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from models.backups.backup import (
    COUNTED,
    MIGRATIONS,
    BackupError,
    moment,
    part_of,
    put_in_place,
    require_known,
)


def back_up(database_file: Path, file: Path) -> dict[str, int]:
    """Copy a database into a file, and return the number of rows of each kind in the copy."""
    part = part_of(file)
    try:
        with closing(_opened(database_file)) as source:
            counts = _copied(source, part)
        put_in_place(part, file)
    except sqlite3.Error as error:
        raise BackupError(f"The backup of {database_file} failed: {error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return counts


def restore(file: Path, database_file: Path, *, replace: bool) -> tuple[dict[str, int], str | None]:
    """Replace a database with a backup. Returns its numbers of rows, and the path of the earlier file."""
    if database_file.exists() and database_file.stat().st_size and not replace:
        raise BackupError(f"The database {database_file} exists. --replace puts the backup in its place.")
    part = part_of(database_file)
    try:
        with closing(_opened(file)) as source:
            _require_ours(source, file)
            counts = _copied(source, part)
        earlier = _set_aside(database_file)
        put_in_place(part, database_file)
    except sqlite3.Error as error:
        raise BackupError(f"{file} cannot be restored: {error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return counts, earlier


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True, isolation_level=None)


def _copied(source: sqlite3.Connection, part: Path) -> dict[str, int]:
    """Copy in one step, which is one moment of the source, and check the copy."""
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")  # a single file, without a journal beside it
        (result,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if result != "ok":
            raise BackupError(f"The copy is damaged: {result}.")
        return {table: copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED}


def _require_ours(source: sqlite3.Connection, file: Path) -> None:
    tables = {row[0] for row in source.execute("SELECT name FROM sqlite_master")}
    if not {MIGRATIONS, *COUNTED} <= tables:
        raise BackupError(f"{file} is not a backup of Centrals.")
    require_known(row[0] for row in source.execute(f"SELECT name FROM {MIGRATIONS}"))


def _set_aside(database_file: Path) -> str | None:
    """Give the earlier database another name. Refuses while a server has it open."""
    if not database_file.exists():
        return None
    with closing(sqlite3.connect(database_file, timeout=1, isolation_level=None)) as current:
        try:
            # a database leaves this mode only if nobody else has it open
            (mode,) = current.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "wal"
        except sqlite3.DatabaseError:
            mode = "delete"  # a damaged file is put aside as it is
    if mode != "delete":
        raise BackupError(f"The database {database_file} is open in another process. Stop the server first.")
    earlier = database_file.with_name(f"{database_file.name}.replaced-{moment()}")
    database_file.rename(earlier)
    for ending in ("-wal", "-shm"):
        database_file.with_name(database_file.name + ending).unlink(missing_ok=True)
    return str(earlier)
