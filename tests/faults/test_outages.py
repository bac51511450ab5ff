"""A database that goes away, fills up or turns read-only, and a clock that jumps: typed errors, and recovery."""

import asyncio
import contextlib
import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

import databases
import make
from client import Client
from doorstep import COMMAND, PASSWORD, SECRET_KEY, Server, person, serving
from extent import extent
from models import database
from models.vocabulary import Role
from postgres import cluster
from zygote import launcher

ASSIGN = "mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"
SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) { accessToken refreshToken errors { code } } }"""
REFRESH = "mutation($token: String!) { refreshSession(input: {refreshToken: $token}) { accessToken errors { code } } }"
LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
DAY = 86_400
PAUSE = extent(0.01, 0.0)
"""How long a writer waits after an act: without it, what waits for a database keeps a processor busy."""


class Writers:
    """Collaborators to whom sales are assigned without end, and what came of it."""

    def __init__(
        self, account: dict[str, Any], token: str, sales: list[Any], collaborators: list[Any]
    ) -> None:
        self.headers = {"authorization": f"Bearer {token}", "x-central": f"central_{account['id']}"}
        self.account, self.sales, self.collaborators = account, sales, collaborators
        self.acknowledged: dict[str, float] = {}
        self.codes: set[str] = set()
        self.statuses: set[int] = set()
        self.slowest = 0.0

    async def assign(self, http: httpx.AsyncClient, sale: Any, number: int) -> bool:
        """Assign a sale once; whether that was acknowledged."""
        collaborator = self.collaborators[number % len(self.collaborators)]
        chosen = {"reference": sale["reference"], "assigneeId": f"person_{collaborator['id']}"}
        start = time.monotonic()
        response = await http.post("/graphql", json={"query": ASSIGN, "variables": {"input": chosen}})
        self.slowest = max(self.slowest, time.monotonic() - start)
        answered = response.json()
        self.statuses.add(response.status_code)
        if "errors" in answered:
            self.codes |= {error["extensions"]["code"] for error in answered["errors"]}
            return False
        assert answered["data"]["assignSale"]["errors"] == []
        self.acknowledged[response.headers["x-request-id"]] = time.monotonic()
        return True

    def client(self, server: Server) -> httpx.AsyncClient:
        """A client of the server, as the account's owner."""
        return httpx.AsyncClient(base_url=server.url, headers=self.headers, timeout=15)

    @contextlib.asynccontextmanager
    async def at_work(self, server: Server) -> AsyncIterator[None]:
        """Each sale is assigned again and again beside the block."""

        async def work(sale: Any) -> None:
            async with self.client(server) as http:
                for number in range(1_000_000):
                    await asyncio.sleep(PAUSE if await self.assign(http, sale, number) else 0.01)

        tasks = [asyncio.create_task(work(sale)) for sale in self.sales]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def gain(self, count: int) -> None:
        """Wait for so many more acknowledgements."""
        enough = len(self.acknowledged) + count
        async with asyncio.timeout(30):
            while len(self.acknowledged) < enough:  # noqa: ASYNC110 - the writers add to it
                await asyncio.sleep(0.01)

    async def lost(self) -> set[str]:
        """What was acknowledged and is not in the log; the log has nothing twice."""
        entries = await database.read(
            "SELECT request_id FROM audit_entries WHERE account_id = ? AND act = 'assignSale' AND refusal IS NULL",
            (self.account["id"],),
        )
        logged = [str(entry["request_id"]) for entry in entries]
        assert len(logged) == len(set(logged))
        return set(self.acknowledged) - set(logged)


async def writers(count: int = 3) -> Writers:
    """An account with some sales and collaborators."""
    account = await make.account()
    collaborators = [await make.collaborator(account, role=Role.USER) for _ in range(5)]
    sales = [await make.sale(account) for _ in range(count)]
    return Writers(account, await Client.owner(account), sales, collaborators)


def size(folder: Path) -> int:
    """The bytes of the largest file of a database."""
    return max(file.stat().st_size for file in folder.glob("full.sqlite3*"))


def faults(log: str) -> list[str]:
    """The internal errors in a server's log."""
    return [line for line in log.splitlines() if '"fault"' in line]


def proven(url: str) -> bool:
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY}
    done = subprocess.run(
        [*launcher(), "audit", "verify", "--json"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return bool(lines) and done.returncode == 0 and all(line["whole"] for line in lines)


async def _turn(url: str, read_only: str) -> None:
    """Let a database accept writes or not, and end its connections."""
    server, name = url.rsplit("/", 1)
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {read_only}")
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
        )
    finally:
        await connection.close()


async def test_postgresql_is_restarted_and_turned_read_only_under_load_and_nothing_is_lost(
    apart: str, tmp_path: Path, shared_folder: Path
) -> None:
    if database.is_postgres(apart):
        pytest.skip("the server is the test's own in any case")
    gaps, restarts = [], extent(2, 10)
    with cluster() as postgres:
        url = await databases.migrated_postgres(postgres.url, shared_folder)
        async with database.connected(url):
            found = await writers()
        async with serving(url, tmp_path) as server, found.at_work(server):
            for number in (signal.SIGINT, signal.SIGQUIT) * (restarts // 2):
                await found.gain(20)
                await asyncio.to_thread(postgres.stop, number)
                await asyncio.sleep(0.3)
                await asyncio.to_thread(postgres.start)
                back = time.monotonic()
                await found.gain(20)
                gaps.append(min(at for at in found.acknowledged.values() if at > back) - back)
            await _turn(url, "on")
            await asyncio.sleep(0.3)
            before = len(found.acknowledged)
            await asyncio.sleep(0.3)
            meanwhile = len(found.acknowledged) - before
            await _turn(url, "off")
            await found.gain(20)
            async with found.client(server) as http:
                ready = await http.get("/readyz")
        log = server.stderr
        async with database.connected(url):
            lost = await found.lost()
        whole = await asyncio.to_thread(proven, url)

    print(f"back after {', '.join(f'{gap:.2f} s' for gap in gaps)}; {len(found.acknowledged)} acknowledged")
    assert max(gaps) < 2
    assert meanwhile == 0
    assert lost == set()
    assert faults(log) == []
    assert found.codes == {"UNAVAILABLE"}
    assert found.statuses <= {200, 503}
    assert ready.status_code == 200
    assert whole


async def test_a_disk_that_is_full_refuses_writes_until_there_is_room_again(
    apart: str, tmp_path: Path, migrated: str
) -> None:
    if database.is_postgres(apart):
        pytest.skip("a file of SQLite is bounded")
    url = await databases.copied(migrated, tmp_path / "full.sqlite3")
    async with database.connected(url):
        found = await writers(1)
    async with (
        serving(url, tmp_path) as server,
        found.client(server) as http,
    ):
        assert await found.assign(http, found.sales[0], 0)
        largest = size(tmp_path)
        process, unlimited = server.pid, (resource.RLIM_INFINITY,) * 2
        resource.prlimit(process, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
        for number in range(3_000):
            if not await found.assign(http, found.sales[0], number):
                break
        refused = [await found.assign(http, found.sales[0], number) for number in range(3)]
        read = await http.post("/graphql", json={"query": "{ account { sales { totalCount } } }"})
        resource.prlimit(process, resource.RLIMIT_FSIZE, unlimited)
        again = [await found.assign(http, found.sales[0], number) for number in range(3)]
        log = server.stderr
    async with database.connected(url):
        lost = await found.lost()

    assert not any(refused)
    assert found.codes == {"UNAVAILABLE"}
    assert read.json()["data"]["account"]["sales"]["totalCount"] == 1
    assert all(again)
    assert lost == set()
    assert faults(log) == []
    assert await asyncio.to_thread(proven, url)


# takes CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH away, with which root reads and writes everything
BOUND_BY_MODES = """
import ctypes
library, head, sets = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(0x20080522), (ctypes.c_uint32 * 6)()
assert library.capget(head, sets) == 0
for place in range(3):
    sets[place] &= ~0b110
assert library.capset(head, sets) == 0
"""


def _set_modes(folder: Path, of_folder: int, of_files: int) -> None:
    for file in folder.iterdir():
        file.chmod(of_files)
    folder.chmod(of_folder)


async def test_a_file_that_turns_read_only_stays_readable_and_whole_until_it_is_writable_again(
    apart: str, tmp_path: Path, migrated: str
) -> None:
    if database.is_postgres(apart):
        pytest.skip("a file of SQLite has modes")
    bound, folder = {"TESTS_FAULT": "" if os.getuid() else BOUND_BY_MODES}, tmp_path / "data"
    folder.mkdir()
    url = await databases.copied(migrated, folder / "centrals.sqlite3")
    async with database.connected(url):
        found = await writers(1)
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, **bound}

    async def opened() -> "subprocess.CompletedProcess[str]":
        return await asyncio.to_thread(
            subprocess.run, [*launcher(), "migrate"],
            env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    try:
        async with (
            serving(url, tmp_path, METRICS_TOKEN="x" * 16, **bound) as server,
            found.client(server) as http,
        ):
            assert await found.assign(http, found.sales[0], 0)
            _set_modes(folder, 0o555, 0o444)
            query = {"query": "{ account { sales { totalCount } } }"}
            meanwhile = await asyncio.gather(
                *(http.post("/graphql", json=query) for _ in range(12)),
                *(found.assign(http, found.sales[0], number) for number in range(6)),
            )
            metrics = await http.get("/metrics", headers={"authorization": "Bearer " + "x" * 16})
            another = await opened()
            _set_modes(folder, 0o755, 0o644)
            again = [await found.assign(http, found.sales[0], number) for number in range(3)]
            later = await opened()
            log = server.stderr
    finally:
        _set_modes(folder, 0o755, 0o644)
    async with database.connected(url):
        lost = await found.lost()

    assert [item.json()["data"]["account"]["sales"]["totalCount"] for item in meanwhile[:12]] == [1] * 12
    assert found.codes <= {"UNAVAILABLE"}  # what has the file open may go on to write
    assert found.statuses <= {200, 503}
    assert metrics.status_code == 200
    assert another.returncode == 1
    assert another.stderr.startswith("Error: ")
    assert "Traceback" not in another.stderr
    assert all(again)
    assert later.returncode == 0
    assert lost == set()
    assert faults(log) == []
    assert await asyncio.to_thread(proven, url)


@pytest.mark.skipif(not LIBRARIES, reason="libfaketime is not installed")
@pytest.mark.skipif(not extent(False, True), reason="a part of the long run")
async def test_a_clock_that_jumps_by_a_day_ends_tokens_and_breaks_nothing(
    apart: str, tmp_path: Path, migrated: str
) -> None:
    if database.is_postgres(apart):
        pytest.skip("the clock is the server process's")
    url = await databases.copied(migrated, tmp_path / "clock.sqlite3")
    async with database.connected(url):
        found = await writers(1)
        owner = await person()
        change = "UPDATE accounts SET owner_id = ? WHERE id = ?"
        await database.transact(lambda: database.write(change, (owner["id"], found.account["id"])))
    clock = tmp_path / "clock"
    clock.write_text("+0\n")
    faked = {
        "LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip

    async with serving(url, tmp_path, [*COMMAND, "serve"], **faked) as server, found.client(server) as http:

        async def ask(query: str, **variables: Any) -> dict[str, Any]:
            async with httpx.AsyncClient(base_url=server.url, timeout=30) as signed_out:
                arguments = {"query": query, "variables": variables}
                answer = (await signed_out.post("/graphql", json=arguments)).json()
            return dict(next(iter(answer["data"].values())))

        async def sign_in() -> dict[str, Any]:
            return await ask(SIGN_IN, email=owner["email"], password=PASSWORD)

        async def writes(token: str) -> bool:
            http.headers["authorization"] = f"Bearer {token}"
            return await found.assign(http, found.sales[0], len(found.acknowledged))

        outcomes = []
        first = await sign_in()
        outcomes.append(await writes(first["accessToken"]))
        clock.write_text(f"+{DAY}\n")
        outcomes.append(await writes(first["accessToken"]))
        later = await ask(REFRESH, token=first["refreshToken"])
        outcomes.append(await writes(later["accessToken"]))
        clock.write_text(f"-{DAY}\n")
        outcomes.append(await writes(later["accessToken"]))
        outcomes.append(await writes((await sign_in())["accessToken"]))
        clock.write_text("+0\n")
        outcomes.append(await writes((await sign_in())["accessToken"]))
        log = server.stderr

    assert outcomes == [True, False, True, True, True, True]
    assert found.codes == {"UNAUTHENTICATED"}
    assert faults(log) == []
    async with database.connected(url):
        assert await found.lost() == set()
    assert await asyncio.to_thread(proven, url)
