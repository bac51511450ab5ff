"""A server that answers for long holds no more than when it was warm."""

import asyncio
from pathlib import Path

import httpx

import make
from client import Client
from doorstep import COMMAND, serving
from extent import extent

REQUESTS, WARM, CLIENTS = extent(800, 20_000), extent(500, 3_000), 8
DOCUMENTS = 200
"""How many documents there are: what each leaves in the caches is there once the server is warm."""
MEGABYTES = extent(12.0, 25.0)
QUERIES = (
    "{ account { sales(first: 20) { totalCount nodes { reference status price { amount } } } } }",
    '{ account { reports { revenue(period: {from: "2026-06-01", to: "2026-07-01"}) { count } } } }',
    'mutation { setTimezone(input: {timezone: "UTC"}) { errors { code } } }',
    "{ account { name } } # %d",
)


def megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def open_files(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


async def test_nothing_grows_with_the_number_of_requests(database_url: str, tmp_path: Path) -> None:
    account = await make.account()
    for _ in range(20):
        await make.sale(account)
    headers = {
        "authorization": f"Bearer {await Client.owner(account)}",
        "x-central": f"central_{account['id']}",
    }
    async with (
        serving(database_url, tmp_path, [*COMMAND, "serve"], LOG_LEVEL="error") as server,
        httpx.AsyncClient(base_url=server.url, headers=headers, timeout=30) as http,
    ):
        process, statuses = server.process.pid, set()

        async def ask(first: int, last: int) -> None:
            for number in range(first, last, CLIENTS):
                text = QUERIES[number % len(QUERIES)].replace("%d", str(number % DOCUMENTS))
                statuses.add((await http.post("/graphql", json={"query": text})).status_code)

        async def ask_all(first: int, last: int) -> None:
            await asyncio.gather(*(ask(first + client, last) for client in range(CLIENTS)))

        await ask_all(0, WARM)
        before, files = megabytes(process), open_files(process)
        await ask_all(WARM, WARM + REQUESTS)
        after = megabytes(process)
        more = open_files(process) - files

    print(f"{REQUESTS} requests: {before:.1f} MB before, {after:.1f} MB after, {more:+} files")
    assert statuses == {200}
    assert after - before < MEGABYTES
    assert more <= 16  # threads that read open the file once each
