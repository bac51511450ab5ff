"""What every test may ask for: a database of each kind, connected and migrated."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Generator, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from graphql.pyutils.suggestion_list import LexicalDistance
from httpx._transports import asgi, default
from rapidfuzz.distance import OSA

import judges  # first, for it ends a measurement

# isort: split
import databases
import extent
import postgres
from actions.identity.sessions import session
from client import Client
from doorstep import visiting
from models import database
from small_shop import Clock, Shop, small_shop

_databases = count(1)
# they wait for each other more than they work, so that the others fill their time
PROCESSES = ("tests/browser/", "tests/centrals/", "tests/deploy/", "tests/faults/", "tests/races/")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--all` is the long run; `--postgres` tries what differs there."""
    parser.addoption(
        "--postgres", action="store_true", help="what is listed in support/databases.py, and it alone"
    )
    parser.addoption("--all", action="store_true", help="every case on both databases, which takes long")


def pytest_configure(config: pytest.Config) -> None:
    """Tell before any test is read how much of them is wanted."""
    extent.ALL = config.getoption("--all")
    gc.set_threshold(50_000, 20, 50)  # schemas and plans stay, and to look through them all takes long


@pytest.hookimpl(trylast=True)  # pytest itself puts together what shares a database
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose the databases, and begin with the tests of processes."""
    items.sort(key=lambda item: not item.nodeid.startswith(PROCESSES))
    if extent.ALL or "postgres" in config.option.keyword:
        return
    there = config.getoption("--postgres")
    elsewhere = {
        item
        for item in items
        if (there and _kind(item) != "postgres")
        or (_kind(item) == "postgres" and not databases.runs_on_postgres(item.nodeid, daily=not there))
    }
    config.hook.pytest_deselected(items=list(elsewhere))
    items[:] = [item for item in items if item not in elsewhere]


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end, and is looked through no more."""
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """`authz` is imported by now; to collect the tests runs none of it, and leaves nearly everything it makes."""
    judges.measure(session.config, wanted=False)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure those alone in which every branch of `authz` runs."""
    judges.measure(item.config, wanted=judges.is_measured(item.nodeid))
    return (yield)


def _worker() -> str:
    """The name of this process among those of a run."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def _kind(item: pytest.Item) -> str | None:
    """The database of a test."""
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("migrated") if callspec else None


@pytest.fixture(scope="session", autouse=True)
def passwords_are_hashed_cheaply() -> None:
    """With the least that argon2id takes. Servers in processes of their own hash as the library says."""
    session._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


_measure = LexicalDistance.measure


def _distance(self: Any, option: str, threshold: int) -> int | None:
    if self._input == option:
        return 0
    own, other = self._input_lower_case, option.lower()
    if own == other:
        return 1
    found = int(OSA.distance(own, other, score_cutoff=threshold))
    return found if found <= threshold else None


@pytest.fixture(scope="session", autouse=True)
def names_are_compared_fast() -> None:
    """How far names are from each other, for "Did you mean": in C, since tests name thousands of hidden things."""
    LexicalDistance.measure = _distance  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def certificates_are_read_once() -> None:
    """What each new client of httpx trusts is the same, and takes longer to read than most requests."""
    default.create_ssl_context = cache(default.create_ssl_context)


@pytest.fixture(scope="session", autouse=True)
def no_request_looks_for_trio() -> None:
    """Each request to an application looks for a library that is not installed, in every folder of the path."""
    asgi.create_event = asyncio.Event


@pytest.fixture
def names_are_compared_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what a document costs."""
    monkeypatch.setattr(LexicalDistance, "measure", _measure)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run share, or several runs."""
    if named := os.environ.get("TESTS_SHARED_FOLDER"):
        return Path(named)
    return _folder_of_the_run(tmp_path_factory)


def _folder_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = tmp_path_factory.getbasetemp()
    return own if _worker() == "main" else own.parent


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server, without a database name."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        yield named.rsplit("/", 1)[0]
        return
    with postgres.shared_server(_folder_of_the_run(tmp_path_factory)) as address:
        yield address


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
async def migrated(request: pytest.FixtureRequest, shared_folder: Path) -> str:
    """The address of a migrated database that no one is connected to: others are made like it."""
    if request.param == "sqlite":
        return f"sqlite:///{await databases.migrated_file(shared_folder)}"
    return await databases.migrated_postgres(request.getfixturevalue("postgres_server"), shared_folder)


@pytest.fixture(scope="session")
async def database_url(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a connected, migrated database; every test that asks is written for both kinds."""
    # a name of its own each time: what tests keep by address must not outlive its rows
    place: Path | str = f"centrals_test_{_worker()}_{next(_databases)}"
    if not database.is_postgres(migrated):
        place = tmp_path_factory.mktemp("database") / "centrals.sqlite3"
    url = await databases.copied(migrated, place)
    async with database.connected(url, synchronous="OFF"):
        yield url


@pytest.fixture(autouse=True)
def undeclared_codes(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails the test in which a mutation was refused with a code that it does not declare."""
    yield
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    undeclared = [
        (record.mutation, record.code)  # type: ignore[attr-defined]
        for record in records
        if record.getMessage() == "undeclared error code"
    ]
    assert undeclared == []


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[Client]:
    """The API on a connected database of each kind."""
    async with visiting() as found:
        yield found


@pytest.fixture
async def shop(client: Client, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A small shop with fourteen sales, at noon of July 25, 2026."""
    return await small_shop(client, Clock(monkeypatch))
