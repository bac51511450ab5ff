"""Work that one process does at a time, whichever comes first."""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from models.configuration import is_postgres, postgres_options, sqlite_file

# numbers that only this application uses
MIGRATING = 7_243_198_110
PRUNING = 7_243_198_111
_SUFFIXES = {MIGRATING: "-migrating", PRUNING: "-pruning"}


@contextlib.asynccontextmanager
async def exclusively(url: str, lock: int, *, waits: bool = True) -> AsyncIterator[bool]:
    """Hold a lock of the database for the block. Yields whether it is held; always true with `waits`."""
    if is_postgres(url):
        import asyncpg

        holder = await asyncpg.connect(**postgres_options(url))
        try:
            if waits:
                await holder.execute("SELECT pg_advisory_lock($1)", lock)
                yield True
            else:
                yield bool(await holder.fetchval("SELECT pg_try_advisory_lock($1)", lock))
        finally:
            await holder.close()
        return
    file = sqlite_file(url)
    # whoever can open the file can hold the lock
    with os.fdopen(_private(file.with_name(file.name + _SUFFIXES[lock])), "w") as opened:
        yield await asyncio.to_thread(_lock, opened, waits)


def _private(path: Path) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    with contextlib.suppress(PermissionError):  # it is another user's, who let this one in
        os.fchmod(descriptor, 0o600)
    return descriptor


def _lock(file: IO[str], waits: bool) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
