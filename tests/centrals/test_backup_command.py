"""Backups from the command line: whole while others write, and the same after they are restored."""

import asyncio
import contextlib
import os
import re
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

import make
import postgres
from actions.kit.chain import chain_key
from actions.kit.proof import prove
from centrals.command import main
from client import Client
from doorstep import SECRET_KEY, fresh_database, serving
from extent import extent
from models import database

ASSIGN = "mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"
PROGRAMS = str(postgres._binaries())
COUNTED = ("accounts", "users", "sales", "audit_entries")


async def run(url: str, *words: str, **more: str) -> Result:
    """Run a command in a thread: it opens the database by itself."""
    path = f"{PROGRAMS}:{os.environ['PATH']}"
    environment = {"PATH": path, "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY} | more
    return await asyncio.to_thread(CliRunner().invoke, main, words, env=environment)


@contextlib.asynccontextmanager
async def empty_like(url: str, folder: Path) -> AsyncIterator[str]:
    await asyncio.to_thread(folder.mkdir)
    async with fresh_database(url, folder) as found:
        yield found


async def assigned(
    server: Any, account: dict[str, Any], sale: dict[str, Any], collaborators: list[Any]
) -> None:
    """Assign a sale again and again, until the server is gone or the task is canceled."""
    token = await Client.owner(account)
    headers = {"authorization": f"Bearer {token}", "x-central": f"central_{account['id']}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=20) as http:
        for number in range(100_000):
            chosen = {
                "reference": sale["reference"],
                "assigneeId": f"person_{collaborators[number % 2]['id']}",
            }
            response = await http.post("/graphql", json={"query": ASSIGN, "variables": {"input": chosen}})
            assert response.json() == {"data": {"assignSale": {"errors": []}}}


async def contents(url: str) -> dict[str, int]:
    async with database.connected(url):
        return {name: (await database.read(f"SELECT count(*) AS n FROM {name}"))[0]["n"] for name in COUNTED}


async def entries() -> int:
    rows = await database.read("SELECT COUNT(*) AS n FROM audit_entries")
    return int(rows[0]["n"])


async def more_entries() -> None:
    """Wait until the log has grown."""
    before = await entries()
    async with asyncio.timeout(60):
        while await entries() == before:  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(0.05)


async def test_a_backup_under_load_is_one_moment_and_is_restored_whole(
    database_url: str, migrated_url: str, tmp_path: Path
) -> None:
    url = migrated_url
    async with database.connected(url):
        account = await make.account()
        collaborators = [await make.collaborator(account) for _ in range(2)]
        sales = [await make.sale(account) for _ in range(4)]
        async with serving(url, tmp_path) as server:
            writers = [asyncio.create_task(assigned(server, account, sale, collaborators)) for sale in sales]
            await more_entries()
            backups = []
            for number in range(extent(2, 10)):
                file = tmp_path / f"backup-{number}"
                backups.append((file, await run(url, "backup", str(file))))
                await more_entries()
            assert not [writer for writer in writers if writer.done()], "writing went on meanwhile"
            for writer in writers:
                writer.cancel()
            await asyncio.gather(*writers, return_exceptions=True)
            busy = await run(url, "restore", str(backups[0][0]), "--replace")
    later = await contents(url)

    logged = []
    for file, done in backups:
        assert done.exit_code == 0, done.stderr
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        counts = {
            name: int(count)
            for count, name in re.findall(r"(\d+) (accounts|users|sales|log entries)", done.stdout)
        }
        logged.append(counts["log entries"])
        async with empty_like(url, tmp_path / f"at-{file.name}") as other:
            restored = await run(other, "restore", str(file))
            found = await contents(other)
            async with database.connected(other):
                proof = await prove(chain_key(SECRET_KEY.encode()), account["id"])
        assert restored.exit_code == 0, restored.stderr
        assert {**found, "log entries": found["audit_entries"]}.items() >= counts.items()
        assert (proof.proven, proof.broken) == (counts["log entries"], None)
    assert 0 < logged[0] < logged[-1] < later["audit_entries"]
    assert busy.exit_code == 1
    assert "Stop the server first." in busy.stderr


async def test_what_a_backup_replaces_is_kept_aside_and_what_is_none_replaces_nothing(
    database_url: str, migrated_url: str, tmp_path: Path
) -> None:
    url, file, junk = migrated_url, tmp_path / "backup", tmp_path / "junk"
    async with database.connected(url):
        await make.account()
    before = await contents(url)
    await run(url, "backup", str(file))
    async with database.connected(url):
        await make.account()
    junk.write_bytes(b"not a backup" * 1000)

    refused = [
        await run(url, "restore", str(file)),
        await run(url, "restore", str(junk), "--replace"),
        await run(url, "backup", str(file)),
        await run(url, "backup", str(tmp_path / "nowhere" / "file")),
    ]
    after_refusals = await contents(url)
    replaced = await run(url, "restore", str(file), "--replace")
    overwritten = await run(url, "backup", str(file), "--overwrite")

    words = ["--replace puts the backup in", "restore", "--overwrite replaces it", "does not exist"]
    for done, word in zip(refused, words, strict=True):
        assert done.exit_code == 1
        assert word in done.stderr
        assert "Traceback" not in done.stderr
    assert after_refusals["accounts"] == before["accounts"] + 1
    assert replaced.exit_code == 0, replaced.stderr
    assert "The earlier database is in the " in replaced.stdout
    assert await contents(url) == before
    assert overwritten.exit_code == 0
    stored = re.search(r"is in the (file|schema) (\S+)\. Delete", replaced.stdout)
    assert stored is not None
    if stored[1] == "file":
        assert await contents(f"sqlite:///{stored[2]}") == after_refusals


async def test_postgresqls_programs_are_named_where_they_are_missing(
    database_url: str, migrated_url: str, tmp_path: Path
) -> None:
    if not database.is_postgres(migrated_url):
        pytest.skip("SQLite needs no program")

    done = await run(migrated_url, "backup", str(tmp_path / "backup"), PATH=str(tmp_path))

    assert done.exit_code == 1
    assert done.stderr == "Error: pg_dump is not installed. It is part of PostgreSQL's client programs.\n"
