"""A server that answers for long holds no more than when it was warm."""

import asyncio
import json
from http.client import HTTPConnection
from pathlib import Path

import asyncpg

import make
from client import Client
from doorstep import serving
from extent import extent
from models import database

REQUESTS, CLIENTS = extent(800, 20_000), 8
# until each backend of PostgreSQL has met most statements several times: it keeps a plan for those it meets often
WARM = extent(500, 15_000)
DOCUMENTS = 200
"""How many documents there are: what each leaves in the caches is there once the server is warm."""
MEGABYTES = extent(12.0, 25.0)
QUERIES = (
    "{ account { sales(first: 20) { totalCount nodes { reference status price { amount } } } } }",
    '{ account { reports { revenue(period: {from: "2026-06-01", to: "2026-07-01"}) { count } } } }',
    'mutation { setTimezone(input: {timezone: "UTC"}) { errors { code } } }',
    "{ account { name } } # %d",
    "{ account { sales(first: 2) { nodes { id %s } } } }",
)
COLUMNS = ("reference", "status", "coupon", "paymentMethod", "installments", "orderedAt", "checkoutOrigin")
"""Each set of these is a statement of its own: more of them than a connection keeps prepared."""
BACKEND_MEGABYTES = 16.0


def megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def open_files(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def text_of(number: int) -> str:
    """The request with a number."""
    kind, variant = number % len(QUERIES), number // len(QUERIES)
    chosen = " ".join(name for place, name in enumerate(COLUMNS) if variant >> place & 1)
    return QUERIES[kind].replace("%d", str(variant % DOCUMENTS)).replace("%s", chosen)


async def backends(url: str) -> dict[int, float]:
    """The megabytes that each backend of a database has for itself, by its process; none for SQLite."""
    if not database.is_postgres(url):
        return {}
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()
    return {row["pid"]: own_megabytes(row["pid"]) for row in rows}


def own_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


async def test_nothing_grows_with_the_number_of_requests(database_url: str, tmp_path: Path) -> None:
    account = await make.account()
    for _ in range(20):
        await make.sale(account)
    headers = {
        "authorization": f"Bearer {await Client.owner(account)}",
        "x-central": f"central_{account['id']}",
        "content-type": "application/json",
    }
    async with serving(database_url, tmp_path, LOG_LEVEL="error") as server:
        process, statuses = server.pid, set()
        links = [HTTPConnection("127.0.0.1", server.port, timeout=30) for _ in range(CLIENTS)]

        def ask(link: HTTPConnection, first: int, last: int) -> None:
            for number in range(first, last, CLIENTS):
                link.request("POST", "/graphql", json.dumps({"query": text_of(number)}), headers)
                response = link.getresponse()
                response.read()
                statuses.add(response.status)

        async def ask_all(first: int, last: int) -> None:
            await asyncio.gather(
                *(asyncio.to_thread(ask, link, first + place, last) for place, link in enumerate(links))
            )

        await ask_all(0, WARM)
        before, files = megabytes(process), open_files(process)
        connections = await backends(database_url)
        await ask_all(WARM, WARM + REQUESTS)
        after = megabytes(process)
        more = open_files(process) - files
        later = await backends(database_url)
        for link in links:
            link.close()

    print(f"{REQUESTS} requests: {before:.1f} MB before, {after:.1f} MB after, {more:+} files")
    assert statuses == {200}
    assert after - before < MEGABYTES
    grown = {item: round(size - connections[item], 1) for item, size in later.items() if item in connections}
    print(f"{len(connections)} backends before, {len(later)} after, megabytes more by process: {grown}")
    assert len(later) <= len(connections) + 2
    assert all(size < BACKEND_MEGABYTES for size in grown.values())
    assert more <= 16  # threads that read open the file once each
