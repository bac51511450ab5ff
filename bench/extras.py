"""What else is measured: a new text's first time, memory, growth with the number of sales, a real socket."""

import asyncio
import gc
import socket
import time
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import uvicorn

from bench.cases import Case
from bench.measure import Bench, application
from bench.wire import Wire, config_of, request

_numbers = count()


def changed(case: Case) -> bytes:
    """The request with a text that was never seen before."""
    text = f"{case.query}\n# {next(_numbers)}"
    return request({"query": text, "variables": case.variables}, case.token, case.account_id)


async def cold(case: Case, times: int = 20) -> tuple[float, float]:
    """Milliseconds of CPU that a text takes the first time, and once it is known."""
    wire = Wire(application())
    await wire.call(case.graphql())
    found = []
    for _ in range(times):
        sent = changed(case)
        started = time.process_time_ns()
        await wire.call(sent)
        found.append(time.process_time_ns() - started)
    started = time.process_time_ns()
    for _ in range(times):
        await wire.call(case.graphql())
    return median(found) / 1e6, (time.process_time_ns() - started) / times / 1e6


def resident() -> float:
    """Megabytes of memory that this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


async def memory(case: Case, documents: int = 2_000) -> tuple[float, float]:
    """Megabytes before and after so many distinct documents."""
    wire = Wire(application())
    await wire.call(case.graphql())
    before = resident()
    for _ in range(documents):
        await wire.call(changed(case))
    return before, resident()


async def growth(urls: list[str], cases: list[list[Case]], opened: Any, rounds: int = 9) -> dict[str, float]:
    """How much more a page costs in the larger database, by turns: a ratio for each case."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        costs = []
        for url, asked in zip(urls, cases, strict=True):
            async with opened(url) as bench:
                costs.append(await _costs(bench, asked))
        for name, small in costs[0].items():
            found.setdefault(name, []).append(costs[1][name] / small)
    return {name: median(ratios) for name, ratios in found.items()}


async def _costs(bench: Bench, asked: list[Case], times: int = 60) -> dict[str, float]:
    wire = Wire(application())
    costs = {}
    for case in asked:
        sent = case.graphql()
        for _ in range(8):
            await wire.call(sent)
        backend, own = bench.backends(), time.process_time_ns()
        for _ in range(times):
            await wire.call(sent)
        costs[case.name] = (time.process_time_ns() - own + bench.backends() - backend) / times
    return costs


class _Server(uvicorn.Server):
    """Tells when it has started."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.began = asyncio.Event()

    async def startup(self, *given: Any, **named: Any) -> None:
        await super().startup(*given, **named)
        self.began.set()


async def loopback(case: Case, times: int = 300) -> float:
    """Microseconds of the server's thread for a request over a real socket."""
    server = _Server(config_of(application(), port=0))
    serving = asyncio.ensure_future(server.serve())
    await server.began.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    await asyncio.to_thread(_client, port, case.graphql(), 50)
    started = time.thread_time_ns()
    await asyncio.to_thread(_client, port, case.graphql(), times)
    spent = time.thread_time_ns() - started
    server.should_exit = True
    await serving
    return spent / times / 1e3


def _client(port: int, sent: bytes, times: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for _ in range(times):
            connection.sendall(sent)
            content = b""
            while b"\r\n\r\n" not in content:
                content += connection.recv(65_536)
            head, _, body = content.partition(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            while len(body) < length:
                body += connection.recv(65_536)
