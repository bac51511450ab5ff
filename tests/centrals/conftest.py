"""What the tests of the command line and of the processes share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import databases
from doorstep import fresh_database
from models import database


@pytest.fixture
async def url(tmp_path: Path, database_url: str) -> AsyncIterator[str]:
    """An empty database of the test's own; the tests' is connected again after it."""
    async with fresh_database(database_url, tmp_path) as found:
        await database.disconnect()
        try:
            yield found
        finally:
            await database.connect(database_url)


@pytest.fixture
async def migrated_url(migrated: str, tmp_path: Path, database_url: str) -> AsyncIterator[str]:
    """A migrated database of the test's own; the tests' is connected again after it."""
    name = f"own_{database.new_id().replace('-', '')}"
    place = name if database.is_postgres(migrated) else tmp_path / f"{name}.sqlite3"
    await database.disconnect()
    try:
        found = await databases.copied(migrated, place)
        yield found
        if database.is_postgres(found):
            await databases.drop_postgres(found)
    finally:
        await database.connect(database_url)
