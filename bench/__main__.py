"""`python -m bench`: what requests cost."""

import argparse
import asyncio
import importlib.util
import logging
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TextIO, cast

import uvloop

from bench import desk, exports, grant_sets, hostile, reports, row_lists
from bench.cases import Case, cases
from bench.extras import cold, growth, loopback, memory
from bench.hostile_documents import prepare_all
from bench.intake import imports, webhooks
from bench.make_data import make_data
from bench.measure import WAYS, Result, opened
from bench.repeated import compare
from centrals.logs import configure_logs
from models import database
from models.migrate import migrate


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--sizes", default="100000", help="how many sales, as 100000,1000000")
    parser.add_argument("--full", action="store_true", help="100,000 and 1,000,000 sales")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--keep", type=Path, help="a folder to keep SQLite's data in between runs")
    parser.add_argument("--server", help="a PostgreSQL server, as postgres://user@host:port; data is kept")
    parser.add_argument(
        "--repeated", action="store_true", help="each kind of statement a dozen times, and nothing else"
    )
    parser.add_argument(
        "--reports", action="store_true", help="each report beside a statement by hand, and nothing else"
    )
    parser.add_argument(
        "--exports", action="store_true", help="files of each size from a server, and nothing else"
    )
    parser.add_argument(
        "--desk", action="store_true", help="its lists, and imports (see --only), and nothing else"
    )
    parser.add_argument(
        "--grant-sets", action="store_true", help="10,000 sets of grants beside one, and nothing else"
    )
    parser.add_argument("--hostile", action="store_true", help="what hostile clients do, and nothing else")
    parser.add_argument("--verify", action="store_true", help="compare the answers by hand, and nothing else")
    parser.add_argument("--no-extras", action="store_true", help="leave out cold texts, memory and sockets")
    found = parser.parse_args()
    if found.full:
        found.sizes = "100000,1000000"
    found.sizes = [int(one) for one in found.sizes.split(",")]
    return found


def _tests_postgres() -> ModuleType:
    """The tests' own server, which is no package of the product."""
    path = Path(__file__).parents[1] / "tests" / "support" / "postgres.py"
    spec = importlib.util.spec_from_file_location("tests_postgres", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def _servers(options: argparse.Namespace) -> Iterator[dict[str, str]]:
    """Addresses by kind of database, with `{}` for the size."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="centrals-bench-") as folder:
        kept = options.keep or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        if options.database != "postgres":
            found["SQLite"] = f"sqlite:///{kept.absolute()}/sales-{{}}.sqlite3"
        if options.database == "sqlite":
            yield found
        elif options.server:
            yield found | {"PostgreSQL": f"{options.server}/bench_{{}}"}
        else:
            with _tests_postgres().server() as address:
                yield found | {"PostgreSQL": f"{address}/bench_{{}}"}


async def _make(url: str, sales: int) -> None:
    """The data of a size, unless it is there already."""
    if database.is_postgres(url):
        import asyncpg

        server, _, name = url.rpartition("/")
        connection = await asyncpg.connect(f"{server}/postgres")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f"CREATE DATABASE {name}")
        # what parallel workers take is in no process that is measured
        await connection.execute(f"ALTER DATABASE {name} SET max_parallel_workers_per_gather = 0")
        await connection.close()
    async with database.connected(url):
        await migrate(url)
        if not await database.read("SELECT 1 FROM users LIMIT 1"):
            print(f"Making {sales:,} sales in {url.rpartition('/')[2]} …", flush=True)
            await make_data(sales)
            await _settle(url)


async def _settle(url: str) -> None:
    """What a database does by itself in time: statistics, and on PostgreSQL the map of what all may see."""
    if not database.is_postgres(url):
        await database.transact(lambda: database.write("ANALYZE"))
        return
    import asyncpg

    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


SALES_BESIDE_SETS = 20_000
_HEAD = ("µs", *WAYS, "plan/hand", "usual/plan", "standard/plan")


def _line(result: Result) -> str:
    def cost(way: str) -> str:
        if way not in result.own:
            return "–"
        backend = result.backend[way]
        return f"{result.own[way]:,.0f}" + (f" + {backend:,.0f}" if backend else "")

    def times(way: str, *, inverse: bool = False) -> str:
        if way not in result.ratios:
            return "–"
        ratio = result.ratios[way]
        return f"{1 / ratio if inverse else ratio:.2f}"

    cells = [
        result.case.name,
        *(cost(way) for way in WAYS),
        times("hand", inverse=True),
        times("usual"),
        times("standard"),
    ]
    return "| " + " | ".join(cells) + " |"


def _among(options: argparse.Namespace, sales: int) -> list[Case]:
    return [case for case in cases(sales) if options.only in case.name]


async def _measure(options: argparse.Namespace, servers: dict[str, str]) -> None:
    for kind, pattern in servers.items():
        if options.grant_sets:
            await _compare_grant_sets(kind, pattern.format("of_sets"))
            continue
        for sales in options.sizes:
            await _make(pattern.format(sales), sales)
            if options.reports:
                print(f"\n## {kind}, {sales:,} sales, each report and its statement by hand\n")
                async with database.connected(pattern.format(sales)):
                    await row_lists.vary()
                    await reports.vary()  # connections of SQLite read its statistics when they are opened
                async with opened(pattern.format(sales)) as bench:
                    await reports.compare(bench, options.only)
                    await reports.compare_lists(bench, options.only)
                continue
            if options.exports:
                print(f"\n## {kind}, {sales:,} sales, as files\n")
                await asyncio.to_thread(exports.stream, pattern.format(sales), options.only)
                continue
            if options.desk:
                print(f"\n## {kind}, {sales:,} sales, the desk\n")
                async with opened(pattern.format(sales)) as bench:
                    await desk.compare(bench, options.only)
                continue
            if options.repeated:
                print(f"\n## {kind}, {sales:,} sales, a dozen times\n")
                await compare(pattern.format(sales), options.only)
                continue
            if options.verify:
                async with opened(pattern.format(sales)) as bench:
                    for case in _among(options, sales):
                        ways = await bench.ways(case)
                        print(
                            f"{kind}: {case.name}: {'the same' if 'hand' in ways else 'not by hand'}",
                            flush=True,
                        )
                continue
            async with opened(pattern.format(sales)) as bench:
                print(f"\n## {kind}, {sales:,} sales\n\n| {' | '.join(_HEAD)} |")
                print("| --- " + "| ---: " * (len(_HEAD) - 1) + "|", flush=True)
                for case in _among(options, sales):
                    print(_line(await bench.case(case, options.rounds)), flush=True)
        await _extras(options, kind, pattern)


async def _compare_grant_sets(kind: str, url: str) -> None:
    """Compare sets of grants on data of their own."""
    await _make(url, SALES_BESIDE_SETS)
    print(f"\n## {kind}, {grant_sets.SETS:,} sets of grants\n", flush=True)
    async with opened(url) as bench:
        await grant_sets.add_people()
        await _settle(url)
        await grant_sets.compare(bench)


async def _extras(options: argparse.Namespace, kind: str, pattern: str) -> None:
    only = (options.repeated, options.reports, options.exports, options.desk, options.verify)
    if options.no_extras or any(only):
        return
    page = next(case for case in cases(options.sizes[0]) if case.name == "page, admin")
    async with opened(pattern.format(options.sizes[0])) as bench:
        first, known = await cold(page)
        print(f"\n{kind}: a new text {first:.1f} ms, known {known:.2f} ms")
        print(f"{kind}: the page over a socket, server's thread {await loopback(page):,.0f} µs", flush=True)
        for name, spent in (await webhooks(bench)).items():
            print(f"{kind}: a webhook, {name}, {spent:,.0f} µs", flush=True)
        speed, ratio = await imports(bench)
        print(f"{kind}: an import, {speed:,.0f} items a second, {ratio:.1f} times its bare rows", flush=True)
        if kind == "SQLite":
            before, after = await memory(page)
            print(f"Memory: {before:,.0f} MB, after 2,000 distinct documents {after:,.0f} MB", flush=True)
    if len(options.sizes) > 1:
        sizes = [options.sizes[0], options.sizes[-1]]
        asked = [[case for case in cases(size) if case.name.startswith("page")] for size in sizes]
        found = await growth([pattern.format(size) for size in sizes], asked, opened)
        print(f"\n{kind}, {sizes[1]:,} sales / {sizes[0]:,}:")
        for name, ratio in found.items():
            print(f"- {name}: {ratio:.2f}", flush=True)


def main() -> None:
    """Measure and print."""
    options = _arguments()
    if options.hostile:
        prepare_all()
        hostile.run()
        return
    configure_logs(log_format="json")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with (
        Path(os.devnull).open("w") as nowhere,
        _servers(options) as servers,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        for handler in logging.getLogger().handlers:
            cast("logging.StreamHandler[TextIO]", handler).setStream(nowhere)
        runner.run(_measure(options, servers))
        logging.shutdown()  # lines that wait would be written to a closed file


if __name__ == "__main__":
    main()
