"""The desk's lists with each filter, and what the indexes of filters cost an import."""

import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from bench.intake import _item, _seller, _spent, _unwatched
from bench.make_data import ACCOUNT, token, uid
from bench.measure import Bench, application
from bench.wire import Wire, request
from intake.files.history import import_files
from models import database

OWNER, LEAD, USER, SHARING = "p0", "p3", "p40", "p57"
_NUMBER = "CAST(SUBSTR(reference, 3) AS INTEGER)"
_VARIED = (
    f"UPDATE sales SET coupon = CASE WHEN {_NUMBER} % 100 = 7 THEN 'SAVE10' END,"
    f" in_funnel = ({_NUMBER} % 200 = 9),"
    " refunded_at = CASE status WHEN 'REFUNDED' THEN ordered_at + 86400000 END,"
    f" sold_as = CASE WHEN {_NUMBER} % 50 = 3 THEN 'AFFILIATE' ELSE 'PRODUCER' END,"
    f" status = CASE WHEN {_NUMBER} % 1000 = 5 THEN 'WAITING_PAYMENT' ELSE status END,"
    " refusal = CASE status WHEN 'EXPIRED' THEN 'EXPIRED_UNPAID' WHEN 'CANCELLED' THEN 'LIMIT' END,"
    " ended_at = CASE WHEN status IN ('CANCELLED', 'EXPIRED') THEN ordered_at END"
    " WHERE account_id = ?"
)
_PERIOD = '{from: "2025-06-01", to: "2025-06-08"}'
SALES = (
    *("", "status: [WAITING_PAYMENT]", "status: [APPROVED]", "status: [EXPIRED, REFUNDED]"),
    *("soldAs: [AFFILIATE]", "soldAs: [PRODUCER]", "refusal: [LIMIT]", 'coupon: "save10"', 'coupon: "none"'),
    *("inFunnel: true", f'product: "product_{uid(7, 3)}"', f'offer: "offer_{uid(8, 4)}"', "unassigned: true"),
    *(f"period: {_PERIOD}", f"approvedPeriod: {_PERIOD}", f"refundedPeriod: {_PERIOD}"),
    *(f"endedPeriod: {_PERIOD}", "paymentMethod: [PIX]", 'currency: "BRL", amount: {atLeast: "280.00"}'),
    *(f'text: "{text}"' for text in ("buyer 4711", "buyer", "b", "zq", "nobody here", "course")),
)
REQUESTS = ("", "status: [REQUESTED]", "reason: [DUPLICATE]", f"requestedPeriod: {_PERIOD}")
_PAGE = "nodes { id reference status } pageInfo { endCursor hasNextPage }"
_STATUSES = ("REQUESTED", "REFUNDED", "REFUSED", "EXPIRED", "EXPIRED", "WITHDRAWN", "REFUNDED", "REFUNDED")
_REASONS = ("REGRET", "REGRET", "NO_ACCESS", "REGRET", "REGRET", "TECHNICAL", "REGRET", "DUPLICATE")
INDEXES = {
    "sales_by_offer": (f'offer: "offer_{uid(8, 9_999)}"', OWNER),
    "sales_by_status": ("status: [BLOCKED]", OWNER),
    "sales_by_status_of_assignee": ("status: [DISPUTE]", SHARING),
}
"""Those of filters that are not partial, to which each arriving sale is written, and whom each serves with
a value that few rows or none have."""


async def vary() -> None:
    """Give the sales what filters are about, and a twentieth of them requests for refunds. Once."""
    if await database.read("SELECT 1 FROM refund_requests WHERE account_id = ? LIMIT 1", (ACCOUNT,)):
        return
    sales = await database.read(
        f"SELECT id, reference, price, assignee_id, ordered_at FROM sales WHERE account_id = ?"
        f" AND {_NUMBER} % 20 = 1",
        (ACCOUNT,),
    )
    columns = (
        *(
            "id",
            "account_id",
            "sale_id",
            "current_of",
            "assignee_id",
            "reference",
            "status",
            "reason",
            "amount",
        ),
        *("currency", "requested_at", "requested_by_id", "requested_by_owner", "requested_by_name"),
        *("expires_at", "own_status"),
    )
    rows = []
    for number, sale in enumerate(sales):
        status, at = _STATUSES[number % 8], sale["ordered_at"] + 3_600_000
        rows.append(
            (database.new_id(), ACCOUNT, sale["id"], sale["id"], sale["assignee_id"], sale["reference"],
             status, _REASONS[number % 8], sale["price"], "BRL", at, uid(2, 0), True, "Person 0",
             at + 10**9, status)
        )  # fmt: skip

    for part in range(20):  # each within the time that a statement has
        await database.transact(partial(database.write, f"{_VARIED} AND {_NUMBER} % 20 = ?", (ACCOUNT, part)))
    await database.transact(lambda: database.insert_many("refund_requests", columns, rows))


async def lists(bench: Bench, times: int = 15, chosen: str = "") -> None:
    """Print the CPU of the first page of each filter, and of its second page, for three standings."""
    wire = Wire(application())
    print("| ms | owner | lead | user |\n| --- | ---: | ---: | ---: |", flush=True)
    for name, filters in (("sales", SALES), ("refundRequests", REQUESTS)):
        for one in (one for one in filters if chosen in one):
            cells = [await _page(bench, wire, name, one, who, times) for who in (OWNER, LEAD, USER)]
            print(f"| {name} {one} | {' | '.join(cells)} |", flush=True)


async def _page(bench: Bench, wire: Wire, name: str, chosen: str, who: str, times: int) -> str:
    head = (
        f"query($after: String) {{ account {{ {name}(filter: {{{chosen}}}, after: $after) {{ {_PAGE} }} }} }}"
    )
    after, found = None, []
    for _ in range(2):
        sent = request({"query": head, "variables": {"after": after}}, token(who), ACCOUNT)
        spent = []
        for _ in range(times):
            backend, own = bench.backends(), time.process_time_ns()
            status, body = await wire.call(sent)
            spent.append(time.process_time_ns() - own + bench.backends() - backend)
        answer = json.loads(body)
        if status != 200 or "errors" in answer:
            raise RuntimeError(f"{name} {chosen}: {body[:300]!r}")
        page = answer["data"]["account"][name]
        found.append(median(spent) / 1e6)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    return ", ".join(f"{milliseconds:.1f}" for milliseconds in found)


async def earnings(bench: Bench, times: int = 9) -> None:
    """Print what a page costs with each index of filters, and without it."""
    for name, (chosen, who) in INDEXES.items():
        with_it = await _page(bench, Wire(application()), "sales", chosen, who, times)
        async with _without((name,)):
            without = await _page(bench, Wire(application()), "sales", chosen, who, times)
        print(f"{name}: {chosen} as {who} takes {with_it} ms with it, {without} ms without", flush=True)


async def imports(bench: Bench, items: int = 500, rounds: int = 9) -> None:
    """Print what an import costs without each index of filters, beside the same with all, by turns."""
    numbers = count()
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        found.setdefault("all", []).append(await _import(bench, items, numbers))
        for name in (*INDEXES, "all of these"):
            async with _without(tuple(INDEXES) if name == "all of these" else (name,)):
                found.setdefault(name, []).append(await _import(bench, items, numbers))
    for name in list(found)[1:]:
        ratio, middle = (of(found["all"]) / of(found[name]) for of in (min, median))
        print(f"import with {name} / without: {ratio:.2f} of the least, {middle:.2f} of the medians")
    print(f"import: {items / min(found['all']):,.0f} items a second of CPU", flush=True)


async def _import(bench: Bench, items: int, numbers: Any) -> float:
    account_id, _ = await _seller()
    start = next(numbers) * items
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.json"
        path.write_text(json.dumps({"items": [_item(start + number) for number in range(items)]}))
        work: Callable[[], Awaitable[Any]] = lambda: import_files(account_id, [path], _unwatched)  # noqa: E731
        return await _spent(bench, work)


@asynccontextmanager
async def _without(names: Sequence[str]) -> AsyncIterator[None]:
    """A database that lacks some indexes for a while."""
    rows = await database.read(_DEFINITIONS[database.dialect()])
    texts = [row["text"] for row in rows if row["name"] in names]
    assert len(texts) == len(names)

    async def drop() -> None:
        for name in names:
            await database.write(f"DROP INDEX {name}")

    async def create() -> None:
        for text in texts:
            await database.write(text)

    await database.transact(drop)
    try:
        yield
    finally:
        await database.transact(create)


_DEFINITIONS = {
    "sqlite": "SELECT name, sql AS text FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgres": "SELECT indexname AS name, indexdef AS text FROM pg_indexes",
}


async def compare(bench: Bench, only: str) -> None:
    """Print the parts that `only` names: `lists`, `text`, `earnings` or `imports`; all by default."""
    await vary()
    if "lists" in (only or "lists"):
        await lists(bench)
    if only == "text":
        await lists(bench, chosen="text:")
    if "earnings" in (only or "earnings"):
        await earnings(bench)
    if "imports" in (only or "imports"):
        await imports(bench)
