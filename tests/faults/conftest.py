"""What the tests of faults share."""

from collections.abc import AsyncIterator

import pytest

from models import database


@pytest.fixture
async def apart(database_url: str) -> AsyncIterator[str]:
    """The tests' own database is connected again afterwards; tells its address."""
    await database.disconnect()
    try:
        yield database_url
    finally:
        await database.connect(database_url)
