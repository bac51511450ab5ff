"""The server's secret key: from the environment, or created once beside an SQLite database."""

import os
import secrets
from pathlib import Path

from models.configuration import is_postgres, sqlite_file

SHORTEST_KEY = 32


def read_key(value: str | None, database_url: str, *, creates: bool) -> bytes:
    """The key. Raises `ValueError` with the name of the invalid variable or file.

    Without `creates`, nothing is written, and a key that does not exist yet is empty.
    """
    if value:
        if len(value) < SHORTEST_KEY:
            raise ValueError(f"SECRET_KEY must have at least {SHORTEST_KEY} characters.")
        return value.encode()
    if is_postgres(database_url):
        raise ValueError("SECRET_KEY is required with PostgreSQL. Use the same key for every process.")
    database_file = sqlite_file(database_url)
    file = database_file.with_name(f"{database_file.name}-key")
    try:
        if creates and not file.exists():
            _create(file)
        key = file.read_bytes() if file.exists() else b""
    except OSError as error:
        if not creates:
            return b""  # reported only when the key is needed: the database's own path can be wrong
        raise ValueError(f"SECRET_KEY: the key file {file.absolute()}: {error.strerror}.") from error
    if (key or creates) and len(key) < SHORTEST_KEY:
        raise ValueError(
            f"SECRET_KEY: the key file {file.absolute()} has fewer than {SHORTEST_KEY} characters."
        )
    return key


def read_previous_keys(value: str) -> tuple[bytes, ...]:
    """The previous keys, the newest first: one per line or, in a single line, separated by commas."""
    keys = [line.strip().encode() for line in value.splitlines() if line.strip()]
    parts = [part.strip().encode() for part in value.split(",") if part.strip()]
    if len(keys) == 1 and all(len(part) >= SHORTEST_KEY for part in parts):
        keys = parts  # a key can contain commas
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise ValueError(f"PREVIOUS_SECRET_KEYS must be keys of at least {SHORTEST_KEY} characters.")
    return tuple(keys)


def _create(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    new.touch(mode=0o600)
    new.write_text(secrets.token_urlsafe(48))
    try:
        # another process was first: its key stays
        os.link(new, file)
    except FileExistsError:
        pass
    finally:
        new.unlink()
