"""Every report's rows are what plain Python makes of the same sales, opportunities and subscriptions."""

import random
from dataclasses import replace
from datetime import date, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import make
from authz.grant import Grant
from authz.identity import identify
from authz.viewer import Viewer
from extent import extent
from intake.events.facts import Share
from intake.sales.shares import insert_shares
from models import database
from models.vocabulary import UNPAID, CommissionSource, Role, SaleStatus, SoldAs
from recurring_rows import recurring
from report_twins import FACTS, GROUPS, Row, actual, expected
from reports.annual_summary import annual_summary
from reports.declarations import REPORTS
from reports.grouping import Grouping
from reports.period import Period, ReportInterval
from reports.report import Kind, Report
from reports.statement import Question, statement
from reports.sums import Choice, known_name, sums

SUMS = [name for name, report in REPORTS.items() if report.kind is Kind.SUM]
YEARS = [name for name, report in REPORTS.items() if report.kind is Kind.YEARS]
_IN_ZONES: dict[tuple[str, str], tuple[Row, dict[str, list[Row]]]] = {}


async def owner_of(account: Row) -> Viewer:
    return await identify(await make.session({"id": account["owner_id"]}), account["id"])


async def admin_with(account: Row, grant: Grant) -> Viewer:
    """An admin who has this grant and no others."""
    collaborator = await make.collaborator(account, await make.profile(account, [grant]), Role.ADMIN)
    return await identify(await make.session({"id": collaborator["user_id"]}), account["id"])


def local(zone: str, *when: int) -> int:
    """Milliseconds of a local date and time."""
    return int(datetime(*when, tzinfo=ZoneInfo(zone)).timestamp() * 1000)  # type: ignore[arg-type,misc]


async def scattered(account: Row, seed: int, first_ms: int, last_ms: int, count: int = 250) -> list[Row]:
    """Sales of all kinds, some of them a millisecond from a local midnight."""
    chance = random.Random(seed)
    role = [SoldAs.PRODUCER] * 6 + [SoldAs.AFFILIATE, SoldAs.COPRODUCER]
    products = [await make.product(account) for _ in range(3)]
    offers = [await make.offer(account, item) for item in products]
    collaborators = [await make.collaborator(account) for _ in range(3)]
    teams = [await make.team(account, members=collaborators[:2]) for _ in range(2)]
    zone = ZoneInfo(account["timezone"])

    def instant() -> int:
        at = chance.randrange(first_ms, last_ms)
        if chance.random() < 0.3:
            day = datetime.fromtimestamp(at / 1000, zone).date()
            at = local(account["timezone"], day.year, day.month, day.day) + chance.choice([-1, 0, 1])
        return at

    async def work() -> list[Row]:
        found = []
        for _ in range(count):
            values = columns()
            ended = values["status"] in UNPAID
            values |= {"approved_at": None, "ended_at": instant()} if ended else {"ended_at": None}
            sale = await make.sale(
                account, chance.choice(products), chance.choice([*collaborators, None]), **values
            )
            found.append(sale | {"shares": await shares_of(sale, chance)})
        return found

    def columns() -> Row:
        return {
            "status": chance.choice(
                [*list(SaleStatus), *([SaleStatus.APPROVED, SaleStatus.COMPLETE] * 5), *UNPAID]
            ),
            "sold_as": chance.choice(role).value,
            "price": chance.randrange(0, 10**9),
            "currency": chance.choice(["BRL", "EUR", "USD"]),
            "full_price": chance.randrange(0, 10**9),
            "full_currency": chance.choice(["BRL", "EUR"]),
            "net": chance.choice([None, chance.randrange(0, 10**9)]),
            "net_currency": chance.choice(["BRL", "MXN", None]),
            "own_amount": chance.choice([None, 7, chance.randrange(0, 10**9)]),
            "own_currency": chance.choice(["BRL", "MXN"]),
            "offer_id": chance.choice([None, *(offer["id"] for offer in offers)]),
            "origin_src": chance.choice([None, "ads", "mail"]),
            "origin_sck": chance.choice([None, "a", "it's ?"]),
            "checkout_origin": chance.choice([None, "checkout", "Checkout"]),
            "device": chance.choice([None, "MOBILE", "mobile", "Desktop", "móvil", "MÓVIL", "ß"]),
            "payment_method": chance.choice([None, "PIX", "CREDIT_CARD"]),
            "instalments": chance.choice([1, 12]),
            "buyer_email": chance.choice([None, *(f"b{number}@example.com" for number in range(40))]),
            "buyer_country": chance.choice([None, *["BR"] * 9, "PT", "ES", "ES"]),
            "affiliate_code": chance.choice([None, "A1", "A2"]),
            "ordered_at": instant(),
            "approved_at": chance.choice([None, instant(), instant()]),
            "refusal": chance.choice([None, "LIMIT", "OTHER"]),
            "buyer_state": chance.choice([None, "sp", "rj"]),
            "buyer_city": chance.choice([None, "santos", "rio", "niteroi"]),
            "marketplace_email": chance.choice([None, *(f"b{number}@example.com" for number in range(9))]),
            "warranty_until": chance.choice([None, instant()]),
            "team_id": chance.choice([None, teams[0]["id"], teams[1]["id"]]),
        }

    return [row | {"status": row["status"].value} for row in await database.transact(work)]


async def shares_of(sale: Row, chance: random.Random) -> list[Row]:
    """Shares of a sale: none that is known, or some of any kind, twice of one kind or in another currency."""
    shares = [
        Share(
            chance.choice(list(CommissionSource)),
            chance.randrange(0, 10**9),
            chance.choice([sale["currency"], sale["currency"], "MXN"]),
            chance.choice([None, "Dora", "Eva"]),
        )
        for _ in range(chance.choice([0, 1, 3, 4]))
    ]
    await insert_shares(sale["account_id"], [(sale["id"], shares)])
    return [
        {"position": position, "source": share.source.value, "name": share.name}
        | {"amount": share.amount, "currency": share.currency}
        for position, share in enumerate(shares)
    ]


async def in_zone(database_url: str, zone: str, facts: str = "SALES") -> tuple[Row, list[Row]]:
    """An account in a time zone and what a report counts of it, beside another account; made once, since reports
    only read."""
    if (database_url, zone) not in _IN_ZONES:
        account, other = await make.account(timezone=zone), await make.account(timezone=zone)
        span = local(zone, 2018, 1, 25), local(zone, 2018, 4, 25)
        sales = await scattered(account, 7, *span)
        await scattered(other, 8, *span, 20)
        found = dict.fromkeys(FACTS, sales) | await recurring(account, 9, *span, sales)
        await recurring(other, 10, *span, [])
        _IN_ZONES[database_url, zone] = account, found
    account, found = _IN_ZONES[database_url, zone]
    return account, found[facts]


@pytest.mark.parametrize("name", SUMS)
async def test_columns_are_what_plain_python_makes_of_the_same_facts(database_url: str, name: str) -> None:
    chance, report = random.Random(name), REPORTS[name]
    period = Period(date(2018, 2, 3), date(2018, 4, 4))
    for every, by in chance.sample([*product(ReportInterval, GROUPS)], extent(3, 15)):
        zone = chance.choice(["America/Sao_Paulo", "Europe/Madrid"])
        account, rows_counted = await in_zone(database_url, zone, report.facts.name)

        rows = await sums(await owner_of(account), report, period, every, by)

        assert len(actual(report, rows)) == len(rows)
        assert actual(report, rows) == expected(report, rows_counted, period, every, zone, by), (every, by)
        assert [row.bucket.first for row in rows] == sorted(row.bucket.first for row in rows)


@pytest.mark.parametrize("name", [name for name in SUMS if REPORTS[name].keys])
async def test_keys_beyond_the_first_or_with_few_buyers_are_one_row(database_url: str, name: str) -> None:
    period, report = Period(date(2018, 2, 3), date(2018, 4, 4)), REPORTS[name]
    account, sales = await in_zone(database_url, "Europe/Madrid", report.facts.name)
    admin = await admin_with(account, report.grant)

    for viewer, top, small in (
        (await owner_of(account), 2, 0),
        (admin, None, report.small),
        (admin, 1, report.small),
    ):
        rows = await sums(viewer, report, period, ReportInterval.MONTH, choice=Choice(top=top))
        args: Any = {"top": top, "small": small or 0}
        wanted = expected(report, sales, period, ReportInterval.MONTH, "Europe/Madrid", **args)
        assert actual(report, rows) == wanted


@pytest.mark.parametrize("name", SUMS)
async def test_keys_and_groups_add_up_to_the_row_without_them(database_url: str, name: str) -> None:
    account, _ = await in_zone(database_url, "Europe/Madrid")
    viewer, report = await owner_of(account), REPORTS[name]
    period = Period(date(2018, 2, 3), date(2018, 4, 4))
    totals = [total.name for total in report.totals if not total.distinct]

    async def added(
        report: Report, by: Grouping | None = None, top: int | None = None
    ) -> dict[Any, list[int]]:
        found: dict[Any, list[int]] = {}
        for row in await sums(viewer, report, period, ReportInterval.MONTH, by, Choice(top=top)):
            cell = found.setdefault((row.bucket.first, row.currency), [0] * len(totals))
            for place, total in enumerate(totals):
                cell[place] += getattr(row, total)
        return {place: cell for place, cell in found.items() if any(cell)}

    whole = await added(replace(report, keys=()))
    assert len(whole) > 3
    for by, top in ((None, None), (Grouping.MEMBER, None), (Grouping.TEAM, 2)):
        assert await added(report, by, top if report.keys else None) == whole, by


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("name", YEARS)
async def test_a_summary_of_years_has_twelve_months_and_their_total(
    database_url: str, name: str, by: Grouping | None
) -> None:
    zone = "America/Sao_Paulo"
    account = await make.account(timezone=zone)
    sales = await scattered(account, 9, local(zone, 2016, 11, 1), local(zone, 2019, 3, 1))
    period = Period(date(2017, 1, 1), date(2019, 1, 1))
    report = REPORTS[name]

    rows = await annual_summary(await owner_of(account), report, 2017, 2018, by)

    totals = [row.total for row in rows]
    months = [month for row in rows for month in row.months]
    assert {len(row.months) for row in rows} == {12}
    assert actual(report, totals) == expected(report, sales, period, ReportInterval.YEAR, zone, by)
    assert actual(report, months) == expected(report, sales, period, ReportInterval.MONTH, zone, by)
    assert [row.year for row in rows] == [total.bucket.first.year for total in totals]


@pytest.mark.parametrize("name", SUMS)
async def test_some_columns_are_those_of_all_columns_in_the_same_rows(database_url: str, name: str) -> None:
    account, _ = await in_zone(database_url, "Europe/Madrid")
    viewer, report, chance = await owner_of(account), REPORTS[name], random.Random(name)
    period = Period(date(2018, 2, 3), date(2018, 4, 4))
    columns = [column.name for column in report.columns]
    known = [known_name(column) for column in report.columns]
    always = ["bucket", "currency", "group", *(key.name for key in report.keys)]

    whole = await sums(viewer, report, period, ReportInterval.MONTH)

    assert len(whole) > 4
    for some in (
        [],
        *([column] for column in {*columns, *known}),
        chance.sample(columns, 3),
    ):
        rows = await sums(
            viewer, report, period, ReportInterval.MONTH, attributes=frozenset([*some, "bucket"])
        )
        read = [[getattr(row, column) for column in (*always, *some)] for row in rows]
        assert read == [[getattr(row, column) for column in (*always, *some)] for row in whole]


async def test_a_row_lacks_the_columns_that_nobody_needs(database_url: str) -> None:
    account, _ = await in_zone(database_url, "Europe/Madrid")
    period = Period(date(2018, 2, 3), date(2018, 4, 4))

    row, *_ = await sums(
        await owner_of(account),
        REPORTS["revenue"],
        period,
        ReportInterval.WHOLE,
        attributes=frozenset(["gross"]),
    )

    assert not hasattr(row, "count")


async def test_what_a_report_adds_up_is_read_from_an_index_alone(database_url: str) -> None:
    if database.dialect() != "sqlite":
        pytest.skip("PostgreSQL chooses by its statistics")
    account, _ = await in_zone(database_url, "Europe/Madrid")
    profile = await make.profile(account, [REPORTS["revenueByProduct"].grant])
    owner, collaborator = await owner_of(account), await make.collaborator(account, profile)
    user = await identify(await make.session({"id": collaborator["user_id"]}), account["id"])
    report = REPORTS["revenueByProduct"]
    (bucket,) = Period(date(2018, 2, 3), date(2018, 4, 4)).cut(ReportInterval.WHOLE, "Europe/Madrid")

    for viewer, index in ((owner, "idx_sales_by_approval"), (user, "idx_sales_by_credit")):
        total = statement(viewer, Question(report, [bucket], report.keys, report.totals_for(None), 10))
        plan = await database.read("EXPLAIN QUERY PLAN " + total.text, total.params)
        reads = [row["detail"] for row in plan if " s USING" in row["detail"]]
        assert len(reads) == 2
        assert [f"COVERING INDEX {index}" in read for read in reads] == [True, True], reads
