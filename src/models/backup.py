"""What a backup holds, whichever database it is of, and what may be restored."""

import datetime
import os
from collections.abc import Iterable
from pathlib import Path

COUNTED = ("accounts", "users", "sales", "audit_entries")
MIGRATIONS = "tortoise_migrations"


class BackupError(ValueError):
    """A backup that cannot be taken or restored. The message is one sentence, without a password."""


def require_known(applied: Iterable[str]) -> None:
    """Refuse a backup of a later version: its tables are not the ones that this version reads."""
    folder = Path(__file__).with_name("migrations")
    unknown = sorted(set(applied) - {file.stem for file in folder.glob("[0-9]*.py")})
    if unknown:
        raise BackupError(
            f"The backup is of a later version of Centrals: it has the migration {unknown[-1]}."
        )


def part_of(file: Path) -> Path:
    """Where a file is written until it is whole: readable by its owner alone."""
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    return part


def put_in_place(part: Path, file: Path) -> None:
    """Let a file that is whole, and on the disk, take its name."""
    with part.open("rb") as content:
        os.fsync(content.fileno())
    part.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def moment() -> str:
    """The present as part of a name."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y%m%d%H%M%S")
