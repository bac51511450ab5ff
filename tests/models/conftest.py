"""Databases for migrations."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import databases
from doorstep import fresh_database
from models import database


@pytest.fixture
async def urls(database_url: str, migrated: str, tmp_path: Path) -> AsyncIterator[tuple[str, str]]:
    """An empty database and a migrated one of a kind; the tests' own is connected again after them."""
    name = f"own_{database.new_id().replace('-', '')}"
    place = name if database.is_postgres(migrated) else tmp_path / f"{name}.sqlite3"
    async with fresh_database(database_url, tmp_path) as empty:
        await database.disconnect()
        up_to_date = await databases.copied(migrated, place)
        try:
            yield empty, up_to_date
        finally:
            if database.is_postgres(up_to_date):
                await databases.drop_postgres(up_to_date)
            await database.connect(database_url)
