"""A server process of the tests' own, on a file with people in it."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

import databases
from doorstep import free_port
from zygote import launcher

PASSWORD = "correct horse battery staple"
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Served:
    """Where a server is, and the file that its rows are in."""

    address: str
    database: Path


async def seeded(shared: Path) -> Path:
    """A SQLite file with people in it, to copy; made once in a folder, whichever process comes first."""
    migrated = await databases.migrated_file(shared)
    file = shared / "seeded.sqlite3"
    with databases.by_one_process(shared / "seeded.lock"):
        if not file.exists():
            new = shared / "seeding.sqlite3"
            shutil.copyfile(migrated, new)
            command = [sys.executable, str(_HERE / "seed.py"), f"sqlite:///{new}", PASSWORD]
            await asyncio.to_thread(subprocess.run, command, env=_environment(), check=True, timeout=60)
            new.rename(file)
    return file


def _environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return inherited | {"PYTHONPATH": str(_HERE.parent / "support")}


@contextlib.contextmanager
def serving(file: Path, folder: Path) -> Iterator[Served]:
    """A server that lives as long as the block, on a copy of a file in the folder."""
    database, port = folder / "centrals.sqlite3", str(free_port())
    shutil.copyfile(file, database)
    address = f"http://localhost:{port}"
    environment = _environment() | {"DATABASE_URL": f"sqlite:///{database}", "PUBLIC_URL": address}
    serve = [*launcher(), "serve", "--host", "127.0.0.1", "--port", port]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(serve, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        _wait(address, process)
        yield Served(address, database)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended by itself"
        try:
            if httpx.get(f"{address}/readyz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("The server was not ready in 30 seconds.")
