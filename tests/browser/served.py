"""A server process of the tests' own, on a file with people in it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from zygote import launcher

PASSWORD = "correct horse battery staple"
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Served:
    """Where a server is, and the file that its rows are in."""

    address: str
    database: Path


@contextlib.contextmanager
def serving(folder: Path, host: str = "localhost") -> Iterator[Served]:
    """A server that lives as long as the block, its SQLite file in the folder; browsers know it by the host."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    database = folder / "centrals.sqlite3"
    url = f"sqlite:///{database}"
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = inherited | {"DATABASE_URL": url, "PORT": port, "PYTHONPATH": str(_HERE.parent / "support")}
    furnish = [sys.executable, str(_HERE / "furnish.py"), url, PASSWORD]
    subprocess.run(furnish, env=environment, check=True, timeout=60)
    environment["PUBLIC_URL"] = f"http://{host}:{port}"
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*launcher(), "serve"], env=environment, cwd=folder, stdout=log, stderr=log
        )
    try:
        address = f"http://{host}:{port}"
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
