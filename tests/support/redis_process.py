"""A Redis server of the tests' own, if the program is there."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

PROGRAM = shutil.which("redis-server")


@contextlib.contextmanager
def redis(port: int, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A server on a port, which stores nothing; ended with the block."""
    assert PROGRAM
    process = subprocess.Popen(
        [PROGRAM, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait(10)
