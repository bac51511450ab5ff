"""Visitors with addresses of their own, people with passwords, and servers in processes of their own."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from starlette.applications import Starlette

import make
import zygote
from centrals.application import make_application
from centrals.settings import Settings
from client import SETTINGS, Client
from models import database

PASSWORD = "a password of enough characters"
PLAIN = "application/json"
RESPONSE = "application/graphql-response+json"
SECRET_KEY = "a key for servers, of enough characters"
COMMAND = [sys.executable, "-W", "error", "-c", "from centrals.command import main; main()"]
ANSWER_SECONDS = 90
"""How long a server can take to start. A busy machine takes long to import it."""
_fast = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_addresses = count(1)


def an_address() -> str:
    """A network address that no other visitor has: limits count by it."""
    return str(IPv4Address("198.18.0.0") + next(_addresses))


@cache
def _application(settings: Settings, _dialect: str | None) -> Starlette:
    return make_application(settings, connects=False)


def application(settings: Settings = SETTINGS) -> Starlette:
    """The application with these settings, on the database that is connected already.

    All tests share it, as all requests to a server do: it makes each scoped schema and each plan once.
    """
    dialect = None
    with contextlib.suppress(RuntimeError):  # no database is connected, and what is tested needs none
        dialect = database.dialect()
    return _application(settings, dialect)


@contextlib.asynccontextmanager
async def visiting(
    settings: Settings = SETTINGS, address: str | None = None, *, apart: bool = False
) -> AsyncIterator[Client]:
    """A client with a network address of its own.

    `apart` gives it an application of its own, too: another process, as far as its memory goes.
    """
    app = make_application(settings, connects=False) if apart else application(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address or an_address(), 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        yield Client(http)


def hashed(password: str) -> str:
    """A password as it is stored, hashed cheaply, which the hash itself tells."""
    return _fast.hash(password)


async def person(password: str | None = PASSWORD, **changed: Any) -> dict[str, Any]:
    """Someone who signs in with a password; hashed cheaply, which the hash itself tells."""
    return await make.user(password_hash=password and hashed(password), **changed)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A server process of the tests' own."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The number of its process, which is not the one that asked the zygote for it."""
        file = self.log.with_suffix(".pid")
        return int(file.read_text()) if file.exists() else self.process.pid

    @property
    def printed(self) -> str:
        """What it wrote to standard output."""
        return self.log.with_suffix(".out").read_text()

    @property
    def stderr(self) -> str:
        """What it wrote to standard error."""
        return self.log.read_text()


def inherited() -> dict[str, str]:
    """What a process of the tests' own is told of the environment: where programs and the source are."""
    return {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}


@contextlib.asynccontextmanager
async def serving(
    database_url: str, folder: Path, command: list[str] | None = None, **settings: str
) -> AsyncIterator[Server]:
    """A server process, answering; ended with the block, however that ends."""
    port = free_port()
    log = folder / f"server-{port}.log"
    environment = {
        **inherited(),
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "SECRET_KEY": SECRET_KEY,
        "COST_PER_MINUTE": "1000000000000",
        "COST_PER_OPERATION": "1000000000",
        "DATABASE_POOL": "5",
        **({} if command else {"TESTS_PID": str(log.with_suffix(".pid"))}),
        **settings,
    }
    process = _started(command or [*zygote.launcher(), "serve"], environment, folder, log)
    try:
        server = Server(process, port, log)
        await _answers(server)
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def _started(
    command: list[str], environment: dict[str, str], folder: Path, log: Path
) -> "subprocess.Popen[bytes]":
    with log.open("wb") as sink, log.with_suffix(".out").open("wb") as out:
        return subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=sink,
        )


async def _answers(server: Server) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    async with httpx.AsyncClient(verify=False) as http:  # no certificates need be read
        while time.monotonic() < deadline:
            assert server.process.poll() is None, server.stderr
            with contextlib.suppress(httpx.HTTPError):
                if (await http.get(f"{server.url}/healthz")).status_code == 200:
                    return
            await asyncio.sleep(0.05)
    raise AssertionError(f"No answer within {ANSWER_SECONDS} seconds: {server.stderr}")


@contextlib.asynccontextmanager
async def fresh_database(like: str, folder: Path) -> AsyncIterator[str]:
    """The address of an empty database of the same kind as another, gone with the block."""
    if not database.is_postgres(like):
        yield f"sqlite:///{folder}/own-{database.new_id()}.sqlite3"
        return
    import asyncpg

    server, name = like.rsplit("/", 1)[0], f"own_{database.new_id().replace('-', '')}"
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        yield f"{server}/{name}"
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        await connection.close()
