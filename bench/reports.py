"""Each report beside a statement written by hand for it, over a year by month."""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from authz.identity import identify
from authz.viewer import Viewer
from bench import row_lists
from bench.baselines.reports import BY_HAND, Hand
from bench.make_data import ACCOUNT, TIMEZONE, token
from bench.measure import Bench
from models import database
from models.statement import Statement
from reports.counted import bucket_number
from reports.declarations import REPORTS
from reports.grouping import PlaceLevel
from reports.period import Bucket, Period, ReportInterval
from reports.report import Kind, Report
from reports.statement import Question, statement
from reports.sums import MAX_ROWS, sums

TIMES, OTHERS, LEAST = 12, 5, 5
PARTS = 20
MOST = 1.3
YEAR = Period(date(2025, 5, 1), date(2026, 5, 1))
_NUMBER = "CAST(SUBSTR(reference, 3) AS INTEGER)"
_VARIED = (
    f"UPDATE sales SET device = CASE {_NUMBER} % 3 WHEN 0 THEN 'mobile' WHEN 1 THEN 'DESKTOP' ELSE NULL END,"
    f" buyer_country = CASE {_NUMBER} % 9 WHEN 0 THEN 'PT' ELSE 'BR' END,"
    f" sold_as = CASE WHEN {_NUMBER} % 19 = 0 THEN 'AFFILIATE' ELSE sold_as END,"
    " own_amount = net, own_currency = net_currency, marketplace_email = buyer_email,"
    f" affiliate_code = CASE WHEN {_NUMBER} % 4 = 0 THEN 'A' || ({_NUMBER} % 7) END,"
    " ended_at = CASE WHEN status IN ('CANCELLED', 'EXPIRED') THEN ordered_at END,"
    " refusal = CASE status WHEN 'EXPIRED' THEN 'EXPIRED_UNPAID' WHEN 'CANCELLED' THEN 'LIMIT' END"
    f" WHERE account_id = ? AND {_NUMBER} % {PARTS} = ?"
)
_SHARED = ("id", "account_id", "sale_id", "position", "source", "name", "amount", "currency")


async def vary() -> None:
    """Give the sales what the newer reports are about: affiliates, coproducers, devices, ends. Once."""
    if await database.read("SELECT 1 FROM sales WHERE account_id = ? AND ended_at > 0 LIMIT 1", (ACCOUNT,)):
        return
    sales = await database.read("SELECT id, price FROM sales WHERE account_id = ? ORDER BY id", (ACCOUNT,))
    shares = [
        (database.new_id(), ACCOUNT, str(sale["id"]), 2, source, name, sale["price"] // 5, "BRL")
        for place, source, name in ((0, "AFFILIATE", None), (2, "COPRODUCER", "Dora"))
        for sale in sales[place::4]
    ]

    for part in range(PARTS):
        await database.transact(partial(database.write, _VARIED, (ACCOUNT, part)))
    await database.transact(partial(database.insert_many, "commissions", list(_SHARED), shares))
    await database.transact(partial(database.write, "ANALYZE"))  # the columns were empty before


async def compare(bench: Bench, only: str) -> None:
    """Print the least CPU time of each report, of its statement alone, and of the one by hand."""
    viewer = await identify(token("p0"), ACCOUNT)
    print("| ms | rows | report | statement | by hand | statement/hand | last/first |")
    print("| --- " + "| ---: " * 6 + "|", flush=True)
    for name, report in REPORTS.items():
        if report.kind is not Kind.SUM or only not in name or name not in BY_HAND:
            continue
        chosen = report.at_level(PlaceLevel.COUNTRY) if report.levels else report
        print(await _line(bench, viewer, chosen, BY_HAND[name]), flush=True)


async def compare_lists(bench: Bench, only: str) -> None:
    """Print the same of pages and totals of reports that list rows."""
    print("| ms | rows | own | by hand | own/hand |")
    print("| --- " + "| ---: " * 4 + "|", flush=True)
    year = YEAR.whole(TIMEZONE)
    for name in row_lists.LISTS:
        for who, viewer in (await row_lists.viewers()).items() if only in name else ():
            for what, (own, other) in row_lists.ways(name, viewer, year).items():
                here, there = await own(), await other()
                if what == "page" and [row[0] for row in here] != [row[0] for row in there]:
                    raise RuntimeError(f"{name} by hand is another list.")
                (mine, theirs), rows = await _in_turns(bench, own, other)
                ratio = min(mine) / min(theirs)
                mark = " too slow" if ratio > MOST else ""
                print(
                    f"| {name}, {what}, {who} | {rows} | {min(mine):,.2f} | {min(theirs):,.2f}"
                    f" | {ratio:.2f}{mark} |",
                    flush=True,
                )


async def _line(bench: Bench, viewer: Viewer, report: Report, hand: Hand) -> str:
    buckets = YEAR.cut(ReportInterval.MONTH, TIMEZONE)
    question = Question(report, buckets, report.keys, report.totals_for(None), MAX_ROWS + 1)
    written = by_hand(hand, buckets)

    async def whole() -> Any:
        return await sums(viewer, report, YEAR, ReportInterval.MONTH)

    async def own() -> Any:
        return await database.read(statement(viewer, question), named=False)

    async def other() -> Any:
        return await database.read(written, named=False)

    here, there = await own(), await other()
    first = len(report.keys) + 3  # after the bucket, the currency and whether it adds up others
    if _sums(here, first) != _sums(there, len(hand.keys.split(", ") if hand.keys else ())
                                  + len(hand.currencies.split(", ")) + 1):  # fmt: skip
        raise RuntimeError(f"{report.name} by hand is another report.")
    times, rows = await _in_turns(bench, whole, own, other)
    least = [min(of) for of in times]
    early, late = min(times[1][:LEAST]), min(times[1][-LEAST:])
    mark = " too slow" if least[1] > MOST * least[2] else ""
    figures = " | ".join(f"{milliseconds:,.1f}" for milliseconds in least)
    ratios = f"{least[1] / least[2]:.2f}{mark} | {late / early:.2f}"
    return f"| {report.name} | {rows} | {figures} | {ratios} |"


def _sums(rows: Sequence[Any], first: int) -> list[int]:
    """The sums of the first two columns of figures, which are the same in both statements."""
    return [sum(row[place] or 0 for row in rows) for place in (first, first + 1)]


def by_hand(hand: Hand, buckets: tuple[Bucket, ...]) -> Statement:
    """The statement by hand with its values. It is planned for them, as that of a whole account is."""
    bucket = bucket_number("at", buckets)
    span = (ACCOUNT, buckets[0].start_ms, buckets[-1].end_ms)
    now = (database.now(),) * hand.columns.count("?")
    return Statement(hand.text(bucket.text), (*bucket.params, *now, *span * hand.searches), custom_plan=True)


async def _in_turns(bench: Bench, *ways: Callable[[], Awaitable[Any]]) -> tuple[list[list[float]], int]:
    """Milliseconds of each way, a dozen times in turns, and how many rows the first returns."""
    times: list[list[float]] = [[] for _ in ways]
    rows = 0
    for turn in range(TIMES):
        for place, way in enumerate(ways if turn < OTHERS else ways[1:2], turn >= OTHERS):
            backends, own = bench.backends(), time.process_time_ns()
            found = await way()
            times[place].append((time.process_time_ns() - own + bench.backends() - backends) / 1e6)
            rows = rows or len(found)
    return times, rows
