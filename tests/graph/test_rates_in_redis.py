"""Rate limits counted in Redis, and what holds while it is away."""

import asyncio
import json
import logging
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import databases
from actions.kit import rates
from centrals.settings import read_settings
from client import Client
from doorstep import an_address, free_port, person, visiting
from models import database
from redis_process import PROGRAM, redis
from telemetry.figures import RATE_STORE_FAILURES
from zygote import launcher

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="Redis is not installed")
SIGN_IN = """mutation($email: String!) {
  signIn(input: {email: $email, password: "a wrong password"}) { errors { code } } }"""
WRONG, LIMITED = "BAD_CREDENTIALS", "RATE_LIMITED"


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A port, on which Redis counts as soon as it is there."""
    port = free_port()
    monkeypatch.setattr(rates, "RETRY_SECONDS", 0.2)
    rates.use_redis(f"redis://127.0.0.1:{port}/0")
    yield port
    await rates.rates().close()
    rates.use_redis(None)


async def tries(count: int, email: str, address: str) -> list[str]:
    async with visiting(address=address, apart=True) as visitor:
        answers = [await visitor.ask(SIGN_IN, {"email": email}) for _ in range(count)]
    return [answer["signIn"]["errors"][0]["code"] for answer in answers]


async def counted() -> int:
    return int((await database.read("SELECT COALESCE(SUM(count), 0) FROM rate_counts"))[0][0])


def failures() -> float:
    return sum(cell[0] for cell in RATE_STORE_FAILURES.values.values())


async def test_redis_counts_for_all_processes_and_without_it_the_database_does(
    client: Client, port: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    del client
    caplog.set_level(logging.INFO, "centrals")
    (first, second), address = [(await person())["email"] for _ in range(2)], an_address()
    with redis(port, tmp_path):
        before = await counted()
        in_redis = [*await tries(6, first, address), *await tries(5, first, address)]
        of_database = await counted() - before
    failed = failures()
    away = await tries(11, second, address)
    failed = failures() - failed
    rates.RETRY_SECONDS = 0.0
    await asyncio.sleep(0.3)
    with redis(port, tmp_path):
        before = await counted()
        back = await tries(1, first, an_address())
        of_database += await counted() - before

    assert in_redis == away == [WRONG] * 10 + [LIMITED]
    assert of_database == 0
    assert failed >= 1
    assert back == [WRONG]
    assert [record.getMessage() for record in caplog.records if "Redis" in record.getMessage()] == [
        "Redis is away: rate limits are counted in the database",
        "rate limits are counted in Redis again",
    ]


async def test_a_redis_that_hangs_delays_a_request_once_and_answers_none_with_an_error(
    client: Client, port: int, tmp_path: Path
) -> None:
    del client
    email, address = (await person())["email"], an_address()
    rates.RETRY_SECONDS = 60.0
    with redis(port, tmp_path) as process:
        assert await tries(1, email, address) == [WRONG]
        process.send_signal(signal.SIGSTOP)
        start = time.monotonic()
        answers = await tries(11, email, address)
        seconds = time.monotonic() - start

    assert answers == [WRONG] * 10 + [LIMITED]
    assert seconds < 5 * rates.REDIS_SECONDS


async def test_a_check_of_the_installation_looks_for_redis(
    port: int, tmp_path: Path, shared_folder: Path
) -> None:
    shutil.copyfile(await databases.migrated_file(shared_folder), tmp_path / "own.sqlite3")

    def found() -> list[tuple[str, str]]:
        environment = {
            "PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{tmp_path}/own.sqlite3",
            "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        }  # fmt: skip
        assert read_settings(environment, creates_key=False).redis_url
        done = subprocess.run(
            [*launcher(), "check", "--json"],
            env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return [(line["check"], line["level"]) for line in lines if line["check"] == "redis"]

    with redis(port, tmp_path):
        there = await asyncio.to_thread(found)

    assert there == [("redis", "ok")]
    assert await asyncio.to_thread(found) == [("redis", "error")]
