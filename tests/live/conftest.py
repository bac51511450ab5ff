"""Lets the tests of this folder send webhooks as those of the intake do, to a server on a port of its own."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from doorstep import application
from sockets import listening

sys.path.append(str(Path(__file__).parent.parent / "intake"))
sys.path.append(str(Path(__file__).parent))


@pytest.fixture(scope="session")
async def port(database_url: str) -> AsyncIterator[int]:
    """The port of a server of this process, one for all tests on a database."""
    async with listening(application()) as found:
        yield found
