"""Commands in processes of their own that start at once: a process that has imported everything is forked.

To start the command line takes a second or two, nearly all of it for imports. `zygote.py SOCKET` imports once
for all processes of a run, and forks itself for each command; `launcher()` is what a test gives to `subprocess`
in place of `centrals`. It is a small process that hands over its environment, its folder, its umask and its three
streams, forwards signals, ends as the command ends, and takes it along when it is killed. What TESTS_FAULT holds is
run before the command: a fault that is seeded into a server of its own. The command writes the number of its process
into the file that TESTS_PID names.

A command ends without taking its interpreter apart, which would cost more than most commands. In the long run it
is taken apart, so that what is left open warns.
"""

import atexit
import contextlib
import gc
import importlib
import os
import pkgutil
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

# of the standard library it imports what is in the interpreter, for all else takes it longer than its work
_CLIENT = """
import _signal, _socket, posix, sys
link = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
link.connect(sys.argv[1])
umask = posix.umask(0o077)
arguments = [argument.encode(errors="surrogateescape") for argument in sys.argv[2:]]
environment = [b"=".join(item) for item in posix.environ.items()]
parts = [b"%d" % umask, posix.getcwdb(), b"%d" % len(arguments), *arguments, *environment]
content = b"\\0".join(parts)
streams = b"".join(number.to_bytes(4, sys.byteorder) for number in range(3))
link.sendmsg([len(content).to_bytes(4, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
for number in (_signal.SIGTERM, _signal.SIGINT):
    _signal.signal(number, lambda number, _: link.send(bytes([number])))
link.sendall(content)
status = link.recv(4)
code = int.from_bytes(status, "big", signed=True) if status else 1
if code < 0:
    _signal.signal(-code, _signal.SIG_DFL)
    posix.kill(posix.getpid(), -code)
posix._exit(code)
"""
_LEASE = b"\0\0\0\0"
"""What whoever holds a zygote sends in place of a command; without any holder it ends."""
_MODULES = (
    "asyncpg",
    "centrals.application",
    "centrals.checks",
    "centrals.demo.banner",
    "centrals.demo.seed",
    "centrals.printed",
    "centrals.socket",
    "click._textwrap",
    "encodings.idna",
    "httpcore",
    "tortoise.backends.asyncpg",
    "tortoise.backends.sqlite",
    "uvicorn.lifespan.on",
    "uvicorn.loops.uvloop",
    "uvloop",
    "zxcvbn",
)
"""What commands import as they need it."""


@cache
def launcher() -> list[str]:
    """How `centrals` is started; its arguments follow. The first call in a run of tests starts the zygote."""
    import extent
    from databases import by_one_process

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    folder = Path(tempfile.gettempdir(), f"zygote-{run}") if run else Path(tempfile.mkdtemp(prefix="zygote-"))
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "socket"
    with by_one_process(_lock(folder)):
        try:
            lease = _lease(path)
        except OSError:  # there is none yet, or the last one has ended
            folder.mkdir(mode=0o700, exist_ok=True)
            path.unlink(missing_ok=True)
            _start(path, whole=extent.ALL)
            lease = _lease(path)
    atexit.register(lease.close)
    return [sys.executable, "-I", "-S", "-c", _CLIENT, str(path)]


def _lock(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _lease(path: Path) -> socket.socket:
    lease = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        lease.connect(str(path))
        lease.sendall(_LEASE)
        assert lease.recv(1) == _LEASE[:1]
    except BaseException:
        lease.close()
        raise
    return lease


def _start(path: Path, *, whole: bool) -> None:
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-W", "error", __file__, str(path), *(["--whole"] if whole else [])],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout
    with process.stdout:
        assert process.stdout.read(5) == b"ready"
    process.returncode = 0  # it ends with its last holder, and none waits for it


class _Zygote:
    """Waits for commands, and for how they end."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._holders: set[socket.socket] = set()
        self._links: dict[socket.socket, int] = {}
        self._selector = selectors.DefaultSelector()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(path)
        self._listener.listen(64)
        self._ended, self._ending = socket.socketpair()
        self._ending.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._ending.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._ended, selectors.EVENT_READ)

    def serve(self) -> tuple[bytes, list[int]]:
        """Returns in a fork, once for each command, with what it was told and its streams."""
        try:
            os.write(1, b"ready")
        except BrokenPipeError:  # whoever started it has ended meanwhile
            self._end()
        os.dup2(0, 1)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._listener:
                    if command := self._accept():
                        return command
                elif key.fileobj is self._ended:
                    self._ended.recv(4096)
                    self._reap()
                elif isinstance(key.fileobj, socket.socket):
                    self._hear(key.fileobj)

    def _accept(self) -> tuple[bytes, list[int]] | None:
        link, _ = self._listener.accept()
        head, streams, _, _ = socket.recv_fds(link, 4, 3)
        if head == _LEASE:
            self._holders.add(link)
            self._selector.register(link, selectors.EVENT_READ)
            link.sendall(_LEASE[:1])
            return None
        size, content = int.from_bytes(head, "big"), b""
        while len(content) < size and (more := link.recv(size - len(content))):
            content += more
        child = os.fork() if head and len(content) == size else None
        if child == 0:
            self._leave(link)
            return content, streams
        for stream in streams:
            os.close(stream)
        if child is None:
            link.close()
        else:
            self._links[link] = child
            self._selector.register(link, selectors.EVENT_READ)
        return None

    def _leave(self, link: socket.socket) -> None:
        """In a fork: let go of all that belongs to the zygote."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        for each in (link, self._listener, self._ended, self._ending, *self._holders, *self._links):
            each.close()
        os.setpgid(0, 0)

    def _hear(self, link: socket.socket) -> None:
        """Forward a signal to a command; without whoever asked for it, it is killed with all that it started."""
        try:
            number = link.recv(1)
        except OSError:
            number = b""
        if link in self._holders:
            self._holders.remove(link)
            self._forget(link)
            if not self._holders:
                self._end()
        elif number:
            os.kill(self._links[link], number[0])
        else:
            child = self._links.pop(link)
            self._forget(link)
            for kill in (os.killpg, os.kill):  # at first it is in no group of its own
                with contextlib.suppress(ProcessLookupError):
                    kill(child, signal.SIGKILL)

    def _end(self) -> None:
        folder = Path(self._path).parent
        shutil.rmtree(folder, ignore_errors=True)
        _lock(folder).unlink(missing_ok=True)
        os._exit(0)

    def _reap(self) -> None:
        """Tell how commands ended."""
        while True:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not child:
                return
            for link in [link for link, process in self._links.items() if process == child]:
                del self._links[link]
                with contextlib.suppress(OSError):
                    link.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))
                self._forget(link)

    def _forget(self, link: socket.socket) -> None:
        self._selector.unregister(link)
        link.close()


def _become(content: bytes, streams: list[int]) -> None:
    """Be the process that someone asked for."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    umask, folder, number_of_arguments, *rest = content.split(b"\0")
    arguments, environment = rest[: int(number_of_arguments)], rest[int(number_of_arguments) :]
    os.environ.clear()
    os.environb.update(dict(item.split(b"=", 1) for item in environment))
    os.chdir(folder)
    os.umask(int(umask))
    sys.argv = ["centrals", *map(os.fsdecode, arguments)]
    if file := os.environ.pop("TESTS_PID", ""):
        Path(file).write_text(str(os.getpid()))


def _end_with(command: Callable[[], object]) -> None:
    """Run a command, and end as the interpreter does but for what it holds."""
    status: object = 0
    try:
        command()
    except SystemExit as end:
        status = end.code
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    if isinstance(status, str):
        print(status, file=sys.stderr)
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else int(status is not None))


def _prepare() -> Callable[[], object]:
    """Import everything that a command may need, and read the schema. Returns the command line."""
    for name in _MODULES:
        importlib.import_module(name)
    import models.migrations
    from centrals.command import main
    from engine.scope import schema
    from graph.schema import full_schema

    schema.Gates = cache(schema.Gates)  # type: ignore[misc, assignment]
    schema.Scopes(full_schema())
    for module in pkgutil.iter_modules(models.migrations.__path__, "models.migrations."):
        importlib.import_module(module.name)  # each command looks whether its database lacks any
    return main


if __name__ == "__main__":
    sys.path.remove(str(Path(__file__).parent))
    command_line = _prepare()
    gc.collect()
    gc.freeze()
    _, place, *whole = sys.argv
    _become(*_Zygote(place).serve())
    exec(os.environ.pop("TESTS_FAULT", ""))
    command_line() if whole else _end_with(command_line)
