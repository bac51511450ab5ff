"""Commands in processes of their own that start at once: a process that has imported everything is forked.

To start the command line takes a second or two, nearly all of it for imports. `zygote.py SOCKET` imports once
and forks itself for each command; `launcher()` is what a test gives to `subprocess` in place of `centrals`. It is
a small process that hands over its environment, its folder, its umask and its three streams, forwards signals, ends as the
command ends, and takes it along when it is killed. What TESTS_FAULT holds is run before the command: a fault
that is seeded into a server of its own.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

_CLIENT = """
import array, json, os, signal, socket, sys
link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
link.connect(sys.argv[1])
umask = os.umask(0o077)
request = {"args": sys.argv[2:], "environment": dict(os.environ), "folder": os.getcwd(), "umask": umask}
content = json.dumps(request).encode()
streams = array.array("i", [0, 1, 2])
link.sendmsg([len(content).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda number, _: link.send(bytes([number])))
link.sendall(content)
status = link.recv(4)
code = int.from_bytes(status, "big", signed=True) if status else 1
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
os._exit(code)
"""


@cache
def launcher() -> list[str]:
    """How `centrals` is started; its arguments follow. The first call in a process starts the zygote."""
    folder = tempfile.TemporaryDirectory(prefix="zygote-")
    path = f"{folder.name}/socket"
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-W", "error", __file__, path],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert process.stdout.read(5) == b"ready"
    atexit.register(_end, process, folder)
    return [sys.executable, "-I", "-S", "-c", _CLIENT, path]


def _end(process: "subprocess.Popen[bytes]", folder: "tempfile.TemporaryDirectory[str]") -> None:
    process.kill()
    process.wait()
    folder.cleanup()


def _serve(path: str) -> tuple[socket.socket, bytes, list[int]]:
    """Wait for commands. Returns in a fork, once for each, with what it was told and its streams."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    os.write(1, b"ready")
    while True:
        # its standard input ends with whoever started it, however that ended
        if 0 in select.select([listener, 0], [], [])[0]:
            shutil.rmtree(Path(path).parent, ignore_errors=True)
            os._exit(0)
        link, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            head, streams, _, _ = socket.recv_fds(link, 4, 3)
            size, content = int.from_bytes(head, "big"), b""
            while len(content) < size:
                content += link.recv(size - len(content))
            return link, content, list(streams)
        link.close()


def _watch(link: socket.socket, child: int) -> None:
    """Forward signals to a command, and tell how it ended; without whoever asked for it, it is killed."""
    link.setblocking(False)
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            link.setblocking(True)
            with contextlib.suppress(OSError):
                link.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))
            os._exit(0)
        try:
            signal_number = link.recv(1)
        except BlockingIOError:
            time.sleep(0.004)
            continue
        except OSError:
            signal_number = b""
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal_number[0] if signal_number else signal.SIGKILL)
        if not signal_number:
            os.waitpid(child, 0)
            os._exit(0)


def _run(path: str) -> None:
    gc.freeze()
    link, content, streams = _serve(path)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child:
        for stream in streams:
            os.close(stream)
        _watch(link, child)
    link.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    command = json.loads(content)
    os.environ.clear()
    os.environ.update(command["environment"])
    os.chdir(command["folder"])
    os.umask(command["umask"])
    sys.argv = ["centrals", *command["args"]]


if __name__ == "__main__":
    sys.path.remove(str(Path(__file__).parent))
    import uvloop  # noqa: F401

    import centrals.application
    import centrals.demo.banner
    import centrals.demo.seed  # noqa: F401
    import models.migrations
    from centrals.command import main
    from graph.schema import full_schema

    full_schema()
    for module in pkgutil.iter_modules(models.migrations.__path__, "models.migrations."):
        importlib.import_module(module.name)  # each command looks whether its database lacks any
    _run(sys.argv[1])
    exec(os.environ.pop("TESTS_FAULT", ""))
    main()
