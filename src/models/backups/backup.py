"""What a backup contains, for either kind of database, and which backups may be restored."""

import datetime
import os
from collections.abc import Iterable
from pathlib import Path

COUNTED = ("accounts", "users", "sales", "audit_entries")
MIGRATIONS = "tortoise_migrations"


class BackupError(ValueError):
    """A backup that cannot be taken or restored. The message is one sentence, without a password."""


def require_known(applied: Iterable[str]) -> None:
    """Refuse a backup from a later version, whose tables this version cannot read."""
    folder = Path(__file__).parents[1] / "migrations"
    unknown = sorted(set(applied) - {file.stem for file in folder.glob("[0-9]*.py")})
    if unknown:
        raise BackupError(
            f"The backup is of a later version of Centrals: it has the migration {unknown[-1]}."
        )


def part_of(file: Path) -> Path:
    """The file that is written until the backup is complete. Only its owner can read it."""
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    return part


def put_in_place(part: Path, file: Path) -> None:
    """Give a file its final name once it is complete and on the disk."""
    with part.open("rb") as content:
        os.fsync(content.fileno())
    part.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def moment() -> str:
    """The current time as part of a file's name."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y%m%d%H%M%S")
