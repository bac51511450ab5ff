"""What the tests of faults share. Webhooks are sent as those of the intake are."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models import database

sys.path.append(str(Path(__file__).parent.parent / "intake"))


@pytest.fixture
async def apart(database_url: str) -> AsyncIterator[str]:
    """The tests' own database is connected again afterwards; tells its address."""
    await database.disconnect()
    try:
        yield database_url
    finally:
        await database.connect(database_url)
