"""Measuring: four ways to answer a request, in turns, by the CPU time that each takes."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route
from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE

from bench import usual
from bench.baselines.served import Served
from bench.cases import Case
from bench.make_data import PEOPLE
from bench.seal import SECRET
from bench.wire import Wire
from centrals.application import make_application
from centrals.settings import Settings
from engine.plan.planner import Plan, PreparedOperation
from models import database

SAMPLE_SECONDS = 0.04
BEFOREHAND = 12
"""How often each way answers before it is measured: every statement is planned and cached by then."""
WAYS = ("plan", "hand", "usual", "standard")
SETTINGS = Settings(secret_key=SECRET, cost_per_operation=10**9, cost_per_minute=10**12)


def application() -> Starlette:
    """The product."""
    return make_application(SETTINGS, connects=False)


def beside(route: Route) -> Starlette:
    """The product's middleware around another endpoint, in the same place."""
    app = application()
    app.router.routes[0] = app._api = route  # type: ignore[attr-defined]
    return app


@contextlib.contextmanager
def planless() -> Iterator[None]:
    """Let every query run on the standard executor."""
    original = PreparedOperation.plan

    def plan(_self: PreparedOperation, _variables: Any) -> Plan:
        return Plan(None, "measured without")

    PreparedOperation.plan = plan  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        PreparedOperation.plan = original  # type: ignore[method-assign]


@dataclass
class Result:
    """Microseconds of CPU a request: of the server, and of the database's own process."""

    case: Case
    own: dict[str, float]
    backend: dict[str, float]
    ratios: dict[str, float]


@dataclass
class Bench:
    """One connected database of a size."""

    url: str
    backends: Callable[[], int]
    draw: random.Random = field(default_factory=lambda: random.Random(7))
    numbers: Iterator[int] = field(default_factory=count)

    async def ways(self, case: Case) -> dict[str, tuple[Wire, Callable[[], bytes]]]:
        """What answers a case, each way, and its requests."""
        product = Wire(application())
        asked = partial(self._request, case, case.graphql)
        for _ in range(BEFOREHAND if not case.random else 1):
            status, body = await product.call(asked())
        if status != 200 or b'"errors":[{' in body:
            raise RuntimeError(f"{case.name}: {status} {body[:300]!r}")
        found: dict[str, tuple[Wire, Callable[[], bytes]]] = {"plan": (product, asked)}
        if case.baseline is not None:
            known = body[len('{"data":') : -1]
            handler = Served(case.baseline, database._open().reader.fetch, known)
            baseline = Wire(beside(Route("/graphql", handler, methods=["POST"])))
            for _ in range(BEFOREHAND):
                same = await baseline.call(self._request(case, case.plain))
                if same != (status, body):
                    raise RuntimeError(f"{case.name}: by hand {same[1][:2000]!r}, not {body[:2000]!r}")
            found["hand"] = (baseline, partial(self._request, case, case.plain))
        if case.usual:
            found["usual"] = (Wire(beside(Route("/graphql", usual.view()))), asked)
        if not case.writes and case.baseline != "introspection":
            found["standard"] = (product, asked)
        return found

    def _request(self, case: Case, make: Callable[..., bytes]) -> bytes:
        if not case.random:
            return make()
        # each address may try a few times only
        number = next(self.numbers) % PEOPLE + 1
        return make(input=case.variables["input"] | {"email": f"p{number}@example.com"})

    async def case(self, case: Case, rounds: int) -> Result:
        """Measure every way of a case, in turns."""
        ways = await self.ways(case)
        sizes = {}
        for way, (wire, make) in ways.items():
            own, _ = await self._sample(way, wire, make, 2 if case.random else 3)
            once = max(own, 20e-6)
            sizes[way] = max(1, round(SAMPLE_SECONDS / once)) if not case.random else 2
        if database.is_postgres(self.url):
            self.backends = await backends_of(self.url)  # those that came with these first requests, too
        found: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way in self.draw.sample(list(ways), len(ways)):
                found[way].append(await self._sample(way, *ways[way], sizes[way]))
        ratios = {
            way: median(sum(one) / sum(plan) for one, plan in zip(found[way], found["plan"], strict=True))
            for way in ways
        }
        return Result(
            case,
            {way: median(one[0] for one in samples) * 1e6 for way, samples in found.items()},
            {way: median(one[1] for one in samples) * 1e6 for way, samples in found.items()},
            ratios,
        )

    async def _sample(
        self, way: str, wire: Wire, make: Callable[[], bytes], times: int
    ) -> tuple[float, float]:
        """Seconds a request, of this process and of the database's."""
        requests = [make() for _ in range(times)]
        with planless() if way == "standard" else contextlib.nullcontext():
            backend, own = self.backends(), time.process_time_ns()
            for number, request in enumerate(requests):
                wire.protocol.client = (f"10.0.{number % 200}.{self.draw.randrange(250)}", 50_000)
                status, body = await wire.call(request)
                if status != 200 or b'"errors":[{' in body:
                    raise RuntimeError(f"{way}: {status} {body[:300]!r}")
            own = time.process_time_ns() - own
        return own / times / 1e9, (self.backends() - backend) / times / 1e9


def no_backends() -> int:
    """SQLite works in this process."""
    return 0


async def backends_of(url: str) -> Callable[[], int]:
    """The nanoseconds that a database's PostgreSQL processes have run for."""
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()
    files = [Path(f"/proc/{row['pid']}/schedstat") for row in rows]
    return lambda: sum(int(file.read_text().split()[0]) for file in files)


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Bench]:
    """A connected database, ready to be measured on."""
    EXECUTOR_CACHE.clear()  # it would keep what another kind of database is asked
    async with database.connected(url):
        Tortoise._build_initial_querysets()  # for the usual way: the product runs no queries of models
        await asyncio.gather(*(database.read("SELECT 1") for _ in range(2)))
        yield Bench(url, await backends_of(url) if database.is_postgres(url) else no_backends)
