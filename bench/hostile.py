"""What hostile clients do to a server in a process of its own, and to everyone else meanwhile."""

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import string
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench.hostile_documents import documents
from centrals.server import raise_file_limit

_GET = b"GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: 127.0.0.1\r\n"
_BODY = (
    b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
    b"content-length: 200\r\n\r\n{"
)
_QUERY = (
    b"GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n\r\n"
)
SMALL_BUDGET = 1_000
_INTERNALS = (b"Traceback", b"sqlite", b"asyncpg", b"tortoise", b'.py"', b"site-packages", b"Error(")


@dataclass
class Server:
    """A process that serves an empty database."""

    process: "subprocess.Popen[bytes]"
    port: int

    def megabytes(self) -> float:
        """What it has in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def cpu(self) -> float:
        """The seconds of CPU that it took."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Others:
    """A client that behaves: it asks for `__typename` on a new connection each time."""

    port: int
    seconds: list[float] = field(default_factory=list)

    async def run(self, pause: float = 0.02) -> None:
        """Ask until canceled."""
        while True:
            await self.once()
            await asyncio.sleep(pause)

    async def once(self) -> None:
        """Ask once."""
        started = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(_QUERY)
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(head)
        self.seconds.append(time.perf_counter() - started)
        writer.close()

    @property
    def text(self) -> str:
        """The 50th and the 99th percentile, in milliseconds."""
        found = sorted(self.seconds)
        half, last = found[len(found) // 2], found[min(len(found) - 1, len(found) * 99 // 100)]
        return f"others: {len(found)} requests, p50 {half * 1000:.1f} ms, p99 {last * 1000:.1f} ms"


@contextlib.contextmanager
def _served(**settings: str) -> Iterator[Server]:
    with socket.socket() as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"sqlite:///{folder}/hostile.sqlite3",
            "PORT": str(port),
            "LOG_LEVEL": "error",
            **settings,
        }
        command = [sys.executable, "-c", "from centrals.command import main; main()", "serve"]
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait(port)
            yield Server(process, port)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def _wait(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("The server does not answer.")


@contextlib.asynccontextmanager
async def _beside(server: Server, name: str) -> AsyncIterator[Others]:
    others = Others(server.port)
    await others.once()  # the first request reads what later ones find
    others.seconds.clear()
    before, cpu = server.megabytes(), server.cpu()
    task = asyncio.create_task(others.run())
    try:
        yield others
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    memory = f"memory {server.megabytes() - before:+.1f} MB"
    print(f"{name}: {memory}, CPU {server.cpu() - cpu:.1f} s; {others.text}", flush=True)


_ENDLESS = """
import socket, sys, threading
start, port, taken = sys.stdin.buffer.read(), int(sys.argv[1]), [0] * 6
def client(number):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        try:
            connection.sendall(start)
            for taken[number] in range(1, 61):
                connection.sendall(b"y" * 1_000_000)
        except OSError:
            pass
threads = [threading.Thread(target=client, args=[number]) for number in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(taken)
"""


async def headers(server: Server) -> None:
    """Six times 60 MB of headers, from a process of its own, so that only the server delays the others."""
    async with _beside(server, "6 x 60 MB of headers, six times"):
        for _ in range(6):
            attack = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-c", _ENDLESS, str(server.port)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            taken, _ = await attack.communicate(_GET + b"x: ")
    print(f"  megabytes begun before the connection ended: {taken.decode().strip()}")


async def slow(server: Server) -> None:
    """500 slow clients and 2,000 idle ones; each is closed in time."""

    async def client(kind: int, number: int) -> float:
        # one address has at most 1,000 connections
        local = (f"127.0.0.{number % 4 + 2}", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, local_addr=local)
        started = time.monotonic()
        if kind == 1:
            writer.write(_GET)
        if kind == 2:
            writer.write(_BODY)
        if kind == 3:
            writer.write(_QUERY)

        async def dribble() -> None:
            while True:
                await asyncio.sleep(1)
                writer.write(b"x: y\r\n" if kind == 1 else b" ")

        task = asyncio.create_task(dribble()) if kind in (1, 2) else None
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(100):
                while await reader.read(4096):
                    pass
        seconds = time.monotonic() - started
        if task:
            task.cancel()
        writer.transport.abort()
        return seconds

    kinds = [1] * 250 + [2] * 250 + [0] * 1_000 + [3] * 1_000
    random.Random(7).shuffle(kinds)
    async with _beside(server, "500 slow and 2,000 idle clients"):
        found = []
        for start in range(0, len(kinds), 250):
            several = enumerate(kinds[start : start + 250])
            found += [asyncio.create_task(client(kind, number)) for number, kind in several]
            await asyncio.sleep(0.2)
        seconds = await asyncio.gather(*found)
    for kind, name in enumerate(("without a byte", "slow headers", "slow bodies", "idle after a response")):
        of_kind = [one for one, other in zip(seconds, kinds, strict=True) if other == kind]
        print(f"  {name}: {len(of_kind)} clients closed after {min(of_kind):.1f} to {max(of_kind):.1f} s")


def _bodies(draw: random.Random, texts: list[str]) -> Iterator[bytes]:
    """Requests without end: hostile documents, mutilated ones, and bytes."""
    while True:
        kind = draw.randrange(4)
        text = draw.choice(texts)
        if kind == 0:
            yield json.dumps({"query": f"#{draw.random()}\n{text}"}).encode()
        elif kind == 1:
            at = draw.randrange(len(text))
            cut = text[:at] + draw.choice(string.punctuation) + text[at + draw.randrange(9) :]
            yield json.dumps({"query": cut[:30_000], "variables": {"a": draw.random()}}).encode()
        elif kind == 2:
            yield json.dumps({"query": text, "operationName": draw.choice(["A", "", None])}).encode()
        else:
            yield draw.randbytes(draw.randrange(400))


async def requests(server: Server, count: int, name: str) -> None:
    """Hostile requests one after the other on four connections."""
    draw = random.Random(7)
    bodies = _bodies(draw, list(documents().values()))
    statuses: Counter[int] = Counter()
    leaks = 0

    async def client() -> None:
        nonlocal leaks
        headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
        transport = httpx.AsyncHTTPTransport(local_address="127.0.0.9")  # others have a budget of their own
        url = f"http://127.0.0.1:{server.port}"
        async with httpx.AsyncClient(base_url=url, headers=headers, transport=transport) as http:
            for _ in range(count // 4):
                response = await http.post("/graphql", content=next(bodies), timeout=30)
                statuses[response.status_code] += 1
                leaks += any(word in response.content for word in _INTERNALS)

    async with _beside(server, f"{count:,} {name}"):
        await asyncio.gather(*(client() for _ in range(4)))
    print(f"  statuses {dict(sorted(statuses.items()))}, with internals {leaks}")


async def refusals(server: Server) -> None:
    """What a 429 costs, on a server whose budget no document fits, so that the minute does not matter."""
    text = json.dumps({"query": "{ " + "a: __typename " * 300 + "}"}).encode()
    headers, count, statuses = {"content-type": "application/json"}, 1_000, Counter[int]()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", headers=headers) as http:
        for number in range(-100, count):
            if number == 0:
                statuses.clear()
                started = server.cpu()
            content = text.replace(b"{ ", b"{ #%d\\n" % number, 1)
            statuses[(await http.post("/graphql", content=content)).status_code] += 1
        spent = (server.cpu() - started) / count
    print(f"statuses {dict(statuses)}: {spent * 1000:.2f} ms of CPU each")


def run() -> None:
    """Do all of it, each on a server of its own."""
    raise_file_limit(4_000)
    unlimited = {"COST_PER_MINUTE": str(10**12)}
    with _served() as server:
        asyncio.run(headers(server))
    with _served() as server:
        asyncio.run(slow(server))
    with _served(COST_PER_MINUTE=str(SMALL_BUDGET)) as server:
        asyncio.run(refusals(server))
    with _served() as server:
        asyncio.run(requests(server, 10_000, "hostile requests"))
        asyncio.run(requests(server, 20_000, "more"))
    with _served(**unlimited) as server:
        asyncio.run(requests(server, 2_000, "hostile requests without a budget"))
