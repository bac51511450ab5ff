"""What a report's rows say, sale by sale."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import make
from authz.identity import identify
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.vocabulary import Role, SaleStatus
from reports.annual_summary import annual_summary
from reports.columns import quotient
from reports.declarations import REPORTS
from reports.grouping import Grouping
from reports.period import Period, ReportInterval
from reports.report import Kind
from reports.sums import sums

SUMS = [name for name, report in REPORTS.items() if report.kind is Kind.SUM]
ZERO = (0, 0, 0, 0, 0, 0)
MAY = Period(date(2024, 5, 1), date(2024, 6, 1))


async def owner_of(account: dict[str, Any]) -> Viewer:
    return await identify(await make.session({"id": account["owner_id"]}), account["id"])


async def rows_of(
    name: str,
    account: dict[str, Any],
    period: Period = MAY,
    every: ReportInterval = ReportInterval.MONTH,
    by: Grouping | None = None,
) -> list[Any]:
    """What the owner reads of a report."""
    return list(await sums(await owner_of(account), REPORTS[name], period, every, by))


def local(zone: str, *when: int) -> int:
    """Milliseconds of a local date and time."""
    return int(datetime(*when, tzinfo=ZoneInfo(zone)).timestamp() * 1000)  # type: ignore[arg-type,misc]


def values(columns: Any) -> tuple[int, ...]:
    return (
        columns.count,
        columns.gross,
        columns.net,
        columns.refunded,
        columns.disputed,
        columns.charged_back,
    )


async def test_a_sale_at_the_very_end_is_out_and_one_a_millisecond_before_is_in(database_url: str) -> None:
    account = await make.account(timezone="America/Sao_Paulo")
    start, end = (local("America/Sao_Paulo", 2018, 11, 4, 1), local("America/Sao_Paulo", 2018, 11, 5))
    for at, price in ((start - 1, 1), (start, 10), (end - 1, 100), (end, 1000)):
        await make.sale(account, ordered_at=at, price=price)
        await make.sale(account, ordered_at=at, approved_at=None, price=price, status=SaleStatus.CHARGEBACK)

    [row] = await rows_of(
        "revenue", account, Period(date(2018, 11, 4), date(2018, 11, 5)), ReportInterval.DAY
    )

    assert (row.count, row.gross, row.charged_back) == (2, 110, 110)
    assert (row.bucket.end_ms - row.bucket.start_ms) == 23 * 3_600_000


async def test_revenue_lies_where_it_was_approved_and_not_where_it_was_ordered(database_url: str) -> None:
    account = await make.account()
    await make.sale(
        account, ordered_at=local("UTC", 2024, 1, 31), approved_at=local("UTC", 2024, 2, 1), price=500
    )

    january, february = await rows_of(
        "revenue", account, Period(date(2024, 1, 1), date(2024, 3, 1)), ReportInterval.MONTH
    )

    assert (january.gross, february.gross) == (0, 500)


async def test_what_was_lost_is_never_revenue(database_url: str) -> None:
    account = await make.account()
    at = local("UTC", 2024, 5, 5)
    for status, price in (("REFUNDED", 1), ("DISPUTE", 2), ("CHARGEBACK", 4), ("PARTIALLY_REFUNDED", 8)):
        await make.sale(account, ordered_at=at, status=SaleStatus(status), price=price, net=price)

    [row] = await rows_of("revenue", account)

    assert values(row) == (1, 8, 8, 1, 2, 4)


async def test_net_belongs_to_the_currency_that_it_is_paid_in(database_url: str) -> None:
    account = await make.account()
    at = local("UTC", 2024, 5, 5)
    await make.sale(account, ordered_at=at, price=1_000, currency="EUR", net=5_500, net_currency="BRL")
    await make.sale(account, ordered_at=at, price=2_000, currency="EUR", net=1_900, net_currency="EUR")

    rows = await rows_of("revenue", account)

    assert {row.currency: values(row) for row in rows} == {
        "BRL": (0, 0, 5_500, 0, 0, 0),
        "EUR": (2, 3_000, 1_900, 0, 0, 0),
    }


@pytest.mark.parametrize("name", SUMS)
async def test_a_period_without_sales_is_zeros_in_the_accounts_currency(database_url: str, name: str) -> None:
    account = await make.account(currency="COP")

    rows = await rows_of(
        name, account, Period(date(2024, 5, 1), date(2024, 5, 4)), ReportInterval.DAY, Grouping.MEMBER
    )

    assert [(row.bucket.first.day, row.currency) for row in rows] == [(1, "COP"), (2, "COP"), (3, "COP")]
    assert {getattr(row, total.name) for row in rows for total in REPORTS[name].totals} == {0}
    assert {row.group for row in rows} == {None}


async def test_net_is_unknown_where_it_is_not_known_of_every_sale(database_url: str) -> None:
    account = await make.account()
    for day, nets in ((1, [None, None]), (2, [500, None]), (3, [500, 700]), (4, [])):
        at = local("UTC", 2024, 5, day)
        for net in nets:
            await make.sale(account, ordered_at=at, net=net, net_currency=net and "BRL")
    await make.sale(account, ordered_at=local("UTC", 2024, 5, 3), status=SaleStatus.REFUNDED, net=None)

    rows = await rows_of("revenue", account, Period(date(2024, 5, 1), date(2024, 5, 5)), ReportInterval.DAY)

    results = [(row.count, row.known_net, row.unknown_net) for row in rows]
    assert results == [(2, None, 2), (2, None, 1), (2, 1_200, 0), (0, 0, 0)]


async def test_rows_stand_in_the_order_of_bucket_name_and_currency(database_url: str) -> None:
    account = await make.account()
    zoe, ann = await make.product(account, name="Zoe"), await make.product(account, name="Ann")
    at = local("UTC", 2024, 5, 1)
    for product, currency in ((zoe, "BRL"), (ann, "EUR"), (ann, "BRL")):
        await make.sale(account, product, ordered_at=at, currency=currency, net=None)

    rows = await rows_of(
        "revenueByProduct", account, Period(date(2024, 5, 1), date(2024, 5, 3)), ReportInterval.DAY
    )

    found = [(row.bucket.first.day, row.product, row.currency) for row in rows]
    assert [(day, product.name, currency) for day, product, currency in found if product] == [
        (day, *rest) for day in (1, 2) for rest in (("Ann", "BRL"), ("Ann", "EUR"), ("Zoe", "BRL"))
    ]  # fmt: skip


async def test_the_longest_report_by_day_runs(database_url: str) -> None:
    account = await make.account(timezone="Europe/Madrid")
    await make.sale(account, ordered_at=local("Europe/Madrid", 2025, 2, 3, 23, 59))

    rows = await rows_of("revenue", account, Period(date(2024, 1, 1), date(2025, 2, 4)), ReportInterval.DAY)

    assert [row.count for row in rows] == [0] * 399 + [1]


async def test_members_and_teams_come_with_their_names(database_url: str) -> None:
    account = await make.account()
    collaborator = await make.collaborator(account, role=Role.USER, name="Rosa")
    team = await make.team(account, members=[collaborator], name="North")
    at = local("UTC", 2024, 5, 5)
    await make.sale(account, assignee=collaborator, ordered_at=at, team_id=team["id"])
    await make.sale(account, ordered_at=at)

    for by, named in (
        (Grouping.MEMBER, (collaborator["id"], "Rosa")),
        (Grouping.TEAM, (team["id"], "North")),
    ):
        rows = await rows_of("revenue", account, by=by)
        assert [(row.group.id, row.group.name) for row in rows if row.group] == [named, (None, None)]


async def test_a_sale_without_an_approval_date_is_no_revenue_yet(database_url: str) -> None:
    account = await make.account()
    at = local("UTC", 2024, 5, 5)
    await make.sale(account, ordered_at=at, approved_at=None)
    await make.sale(account, ordered_at=at, status=SaleStatus.WAITING_PAYMENT)

    [row] = await rows_of("revenue", account)

    assert values(row) == ZERO


async def test_methods_tell_instalments_apart(database_url: str) -> None:
    account = await make.account()
    at = local("UTC", 2024, 5, 5)
    for instalments in (1, 2, 12):
        await make.sale(account, ordered_at=at, payment_method="CREDIT_CARD", instalments=instalments)
    await make.sale(account, ordered_at=at, payment_method=None)

    rows = await rows_of("paymentMethods", account)

    assert [(row.payment_method, row.in_installments, row.count) for row in rows] == [
        ("CREDIT_CARD", False, 1),
        ("CREDIT_CARD", True, 2),
        (None, False, 1),
    ]


async def test_devices_are_one_whatever_the_case_of_their_letters(database_url: str) -> None:
    account = await make.account()
    at = local("UTC", 2024, 5, 5)
    for device, price in (("mobile", 100), ("MOBILE", 200), ("Desktop", 25), ("móvil", 1), (None, 74)):
        await make.sale(account, ordered_at=at, device=device, price=price)

    rows = await rows_of("revenueByDevice", account)

    assert [(row.device, row.count, row.gross, str(row.share), row.average) for row in rows] == [
        ("DESKTOP", 1, 25, "0.0625", 25),
        ("MOBILE", 2, 300, "0.7500", 150),
        ("MóVIL", 1, 1, "0.0025", 1),
        (None, 1, 74, "0.1850", 74),
    ]


async def test_a_share_is_of_the_bucket_group_and_currency_and_null_where_nothing_was_sold(
    database_url: str,
) -> None:
    account = await make.account()
    collaborator = await make.collaborator(account, role=Role.USER, name="Rosa")
    for day, who, currency, device in (
        (1, collaborator, "BRL", "MOBILE"),
        (1, None, "BRL", "MOBILE"),
        (1, None, "BRL", "DESKTOP"),
        (1, None, "EUR", "DESKTOP"),
        (2, None, "BRL", "DESKTOP"),
    ):
        at = local("UTC", 2024, 5, day)
        await make.sale(account, assignee=who, ordered_at=at, currency=currency, net=None, device=device)

    rows = await rows_of(
        "revenueByDevice",
        account,
        Period(date(2024, 5, 1), date(2024, 5, 4)),
        ReportInterval.DAY,
        Grouping.MEMBER,
    )

    shares: dict[Any, list[str | None]] = {}
    for row in rows:
        cell = row.share if row.share is None else str(row.share)
        shares.setdefault((row.group.name, row.device, row.currency), []).append(cell)
    assert shares == {
        ("Rosa", "MOBILE", "BRL"): ["1.0000", None, None],
        (None, "DESKTOP", "BRL"): ["0.5000", "1.0000", None],
        (None, "DESKTOP", "EUR"): ["1.0000", None, None],
        (None, "MOBILE", "BRL"): ["0.5000", "0.0000", None],
    }
    assert {row.average for row in rows if row.count == 0} == {None}


@pytest.mark.parametrize(
    ("dividend", "divisor", "decimals", "rounded"),
    [
        (1, 2, 0, "0"),
        (3, 2, 0, "2"),
        (5, 2, 0, "2"),
        (7, 3, 0, "2"),
        (8, 3, 0, "3"),
        (1, 20_000, 4, "0.0000"),
        (3, 20_000, 4, "0.0002"),
        (2, 3, 4, "0.6667"),
        (0, 3, 4, "0.0000"),
        (10**18, 1, 4, f"{10**18}.0000"),
        (1, 0, 4, "None"),
        (1, 0, 0, "None"),
    ],
)
def test_a_ratio_is_rounded_half_to_even(dividend: int, divisor: int, decimals: int, rounded: str) -> None:
    assert str(quotient(dividend, divisor, decimals)) == rounded


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(1999, 2001, "firstYear"), (2000, 2101, "lastYear"), (2024, 2023, "lastYear"), (2000, 2033, "lastYear")],
)
async def test_years_that_no_summary_can_answer_are_refused(
    database_url: str, first: int, last: int, field: str
) -> None:
    viewer = await owner_of(await make.account())

    with database.observed() as statements, pytest.raises(Refusal) as refused:
        await annual_summary(viewer, REPORTS["annualSummary"], first, last)

    assert (refused.value.code, refused.value.field) == (ErrorCode.BAD_INPUT, (field,))
    assert statements == []


async def test_thirty_three_years_fit_into_a_summary(database_url: str) -> None:
    rows = await annual_summary(
        await owner_of(await make.account(currency="EUR")), REPORTS["annualSummary"], 2000, 2032
    )

    assert [(row.year, len(row.months), values(row.total)) for row in rows] == [
        (year, 12, ZERO) for year in range(2000, 2033)
    ]


async def test_more_rows_than_anyone_reads_are_refused(database_url: str) -> None:
    account = await make.account()
    at = local("UTC", 2024, 5, 5)

    async def work() -> None:
        for number in range(51):
            await make.sale(account, ordered_at=at, origin_src=f"ads-{number}")

    await database.transact(work)

    with pytest.raises(Refusal) as refused:
        await rows_of(
            "salesByOrigin", account, Period(date(2024, 1, 1), date(2025, 2, 4)), ReportInterval.DAY
        )

    assert (refused.value.code, refused.value.message) == (ErrorCode.BAD_INPUT, "too_many_rows")
