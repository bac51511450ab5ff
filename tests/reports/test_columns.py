"""Every report's columns are what plain Python makes of the same sales."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import make
from authz.identity import identify
from authz.viewer import Viewer
from models import database
from models.words import SaleStatus
from reports import revenue_columns
from reports.annual_summary import annual_summary
from reports.grouping import Grouping
from reports.payment_methods import in_instalments, method_of, payment_methods
from reports.period import Every, Period
from reports.revenue import revenue
from reports.revenue_by_product import product_of, revenue_by_product
from reports.sales_by_origin import sales_by_origin, sck_of, src_of

Row = dict[str, Any]
REVENUE = {"APPROVED", "COMPLETE", "PARTIALLY_REFUNDED"}
LOST = {"REFUNDED": 3, "DISPUTE": 4, "CHARGEBACK": 5}
ZERO = (0, 0, 0, 0, 0, 0)

# report, what tells its rows apart, and the same of a sale
REPORTS: dict[str, tuple[Any, Callable[[Any], Any], Callable[[Row], Any]]] = {
    "revenue": (revenue, lambda row: (), lambda sale: ()),
    "revenue_by_product": (
        revenue_by_product,
        lambda row: (found := product_of(row.keys)) and found.id,
        lambda sale: sale["product_id"],
    ),
    "sales_by_origin": (
        sales_by_origin,
        lambda row: (src_of(row.keys), sck_of(row.keys)),
        lambda sale: (sale["origin_src"], sale["origin_sck"]),
    ),
    "payment_methods": (
        payment_methods,
        lambda row: ((found := method_of(row.keys)) and found.value, in_instalments(row.keys)),
        lambda sale: (sale["payment_method"], sale["instalments"] > 1),
    ),
}
GROUPS = {None: "", Grouping.MEMBER: "assignee_id", Grouping.TEAM: "team_id"}


async def owner_of(account: Row) -> Viewer:
    return await identify(await make.session({"id": account["owner_id"]}), account["id"])


def local(zone: str, *when: int) -> int:
    """Milliseconds of a local date and time."""
    return int(datetime(*when, tzinfo=ZoneInfo(zone)).timestamp() * 1000)  # type: ignore[arg-type,misc]


def placed(sale: Row) -> int | None:
    if sale["approved_at"] is None and sale["status"] in LOST:
        return int(sale["ordered_at"])
    return sale["approved_at"]


def opening(day: date, every: Every) -> date:
    """The first day of the calendar's day, week, month or year around a day."""
    return {
        Every.DAY: day,
        Every.WEEK: day - timedelta(days=day.weekday()),
        Every.MONTH: day.replace(day=1),
        Every.YEAR: day.replace(month=1, day=1),
    }[every]


def expected(
    sales: list[Row], period: Period, every: Every, zone: str, apart: Callable[[Row], Any]
) -> dict[tuple[date, Any, str], tuple[int, ...]]:
    """Columns by first day of bucket, what tells rows apart, and currency."""
    sums: dict[tuple[date, Any, str], list[int]] = defaultdict(lambda: list(ZERO))
    for sale in sales:
        at = placed(sale)
        if at is None or sale["status"] not in REVENUE | LOST.keys():
            continue
        day = datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).date()
        if not period.first <= day < period.end:
            continue
        first = max(opening(day, every), period.first)
        row = sums[first, apart(sale), sale["currency"]]
        if sale["status"] in LOST:
            row[LOST[sale["status"]]] += sale["price"]
            continue
        row[0] += 1
        row[1] += sale["price"]
        if sale["net"] is not None and sale["net_currency"] is not None:
            sums[first, apart(sale), sale["net_currency"]][2] += sale["net"]
    firsts = {
        max(opening(period.first + timedelta(days=day), every), period.first)
        for day in range((period.end - period.first).days)
    }
    occurring = {(key, currency) for _, key, currency in sums}
    return {
        (first, key, currency): tuple(sums.get((first, key, currency), ZERO))
        for first in firsts
        for key, currency in occurring
    }


def values(columns: revenue_columns.Columns) -> tuple[int, ...]:
    return (
        columns.count,
        columns.gross,
        columns.net,
        columns.refunded,
        columns.disputed,
        columns.charged_back,
    )


async def scattered(account: Row, seed: int, first_ms: int, last_ms: int, count: int = 250) -> list[Row]:
    """Sales of all kinds, some of them a millisecond from a local midnight."""
    chance = random.Random(seed)
    products = [await make.product(account) for _ in range(3)]
    seats = [await make.collaborator(account) for _ in range(3)]
    teams = [await make.team(account, members=seats[:2]) for _ in range(2)]
    zone = ZoneInfo(account["timezone"])

    def instant() -> int:
        at = chance.randrange(first_ms, last_ms)
        if chance.random() < 0.3:
            day = datetime.fromtimestamp(at / 1000, zone).date()
            at = local(account["timezone"], day.year, day.month, day.day) + chance.choice([-1, 0, 1])
        return at

    async def work() -> list[Row]:
        return [
            await make.sale(
                account,
                chance.choice(products),
                chance.choice([*seats, None]),
                status=chance.choice([*list(SaleStatus), *([SaleStatus.APPROVED, SaleStatus.COMPLETE] * 5)]),
                price=chance.randrange(0, 10**9),
                currency=chance.choice(["BRL", "EUR", "USD"]),
                net=chance.choice([None, chance.randrange(0, 10**9)]),
                net_currency=chance.choice(["BRL", "MXN", None]),
                origin_src=chance.choice([None, "ads", "mail"]),
                origin_sck=chance.choice([None, "a", "it's ?"]),
                payment_method=chance.choice([None, "PIX", "CREDIT_CARD"]),
                instalments=chance.choice([1, 12]),
                ordered_at=instant(),
                approved_at=chance.choice([None, instant(), instant()]),
                team_id=chance.choice([None, teams[0]["id"], teams[1]["id"]]),
            )
            for _ in range(count)
        ]

    return [row | {"status": row["status"].value} for row in await database.transact(work)]


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("every", Every)
@pytest.mark.parametrize("report", REPORTS)
async def test_columns_are_what_plain_python_makes_of_the_same_sales(
    database_url: str, report: str, every: Every, by: Grouping | None
) -> None:
    zone = random.Random(f"{report}{every}{by}").choice(["America/Sao_Paulo", "Europe/Madrid", "UTC"])
    account = await make.account(timezone=zone)
    sales = await scattered(account, 7, local(zone, 2018, 1, 25), local(zone, 2018, 4, 25))
    other = await make.account(timezone=zone)
    await scattered(other, 8, local(zone, 2018, 1, 25), local(zone, 2018, 4, 25), 20)
    period = Period(date(2018, 2, 3), date(2018, 4, 4))
    run, row_key, sale_key = REPORTS[report]

    rows = await run(await owner_of(account), period, every, by)

    column = GROUPS[by]
    found = {
        (row.bucket.first, (row.group.id if row.group else None, row_key(row)), row.currency): values(row)
        for row in rows
    }
    assert len(found) == len(rows)
    assert found == expected(
        sales, period, every, zone, lambda sale: (sale[column] if column else None, sale_key(sale))
    )
    assert [row.bucket.first for row in rows] == sorted(row.bucket.first for row in rows)


@pytest.mark.parametrize("by", GROUPS)
async def test_an_annual_summary_has_twelve_months_and_their_total(
    database_url: str, by: Grouping | None
) -> None:
    zone = "America/Sao_Paulo"
    account = await make.account(timezone=zone)
    sales = await scattered(account, 9, local(zone, 2016, 11, 1), local(zone, 2019, 3, 1))
    period = Period(date(2017, 1, 1), date(2019, 1, 1))

    rows = await annual_summary(await owner_of(account), 2017, 2018, by)

    column = GROUPS[by]

    def group(sale: Row) -> Any:
        return sale[column] if column else None

    months = expected(sales, period, Every.MONTH, zone, group)
    years = expected(sales, period, Every.YEAR, zone, group)
    assert len(rows) == len(years)
    for row in rows:
        key = (row.group.id if row.group else None, row.total.currency)
        assert values(row.total) == years[(date(row.year, 1, 1), *key)]
        assert [values(month) for month in row.months] == [
            months[(date(row.year, number, 1), *key)] for number in range(1, 13)
        ]
        assert {month.currency for month in row.months} == {row.total.currency}
