"""What every test may ask for: a database of each kind, connected and migrated."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

import postgres
from client import Client, connected_client
from models import database
from models.migrate import migrate


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server, without a database name."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        yield named.rsplit("/", 1)[0]
        return
    with postgres.server() as address:
        yield address


async def _fresh_database(address: str, name: str) -> str:
    import asyncpg

    connection = await asyncpg.connect(f"{address}/postgres")
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return f"{address}/{name}"


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
async def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """The address of a connected, migrated database; every test that asks runs on both kinds."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('database')}/centrals.sqlite3"
    else:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        address = request.getfixturevalue("postgres_server")
        url = await _fresh_database(address, f"centrals_test_{worker}")
    async with database.connected(url):
        await migrate(url)
        yield url


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[Client]:
    """The API on a connected database of each kind."""
    async with connected_client() as found:
        yield found
