"""What tests of the doorstep share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from doorstep import fresh_database
from models import database


@pytest.fixture
async def url(tmp_path: Path, database_url: str) -> AsyncIterator[str]:
    """A database of the test's own; the tests' is connected again after it."""
    async with fresh_database(database_url, tmp_path) as found:
        await database.disconnect()
        try:
            yield found
        finally:
            await database.connect(database_url)
