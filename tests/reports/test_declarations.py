"""Each report is a declaration in words that are all known: to the database, to the API and to the tests."""

from datetime import date
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type

import report_twins as twins
from authz.catalog import groups
from authz.gates import grant_bit
from authz.grant import Grant
from authz.identity import identify
from engine.scope.gates import Gates
from graph.reports.field_classes import field_classes
from graph.reports.types import report_field
from graph.schema import full_schema
from reports import columns, facts, keys
from reports.columns import Ratio, Total
from reports.declarations import REPORTS
from reports.facts import Facts, Moment, Rows
from reports.keys import Key
from reports.period import Period, ReportInterval
from reports.report import Kind, Report
from reports.sums import sums
from reports.upcoming import UPCOMING, Upcoming
from small_shop import Shop

DECLARED = pytest.mark.parametrize("report", REPORTS.values(), ids=lambda report: report.name)


# in the order of the specification
NAMES = (
    "revenue",
    "revenueByProduct",
    "revenueByProductDetailed",
    "salesByOrigin",
    "salesByCheckoutOrigin",
    "paymentMethods",
    "revenueByDevice",
    "revenueByLocation",
    "annualSummary",
    "commissions",
    "coproductionRevenue",
    "selfBilling",
    "invoices",
    "customers",
    "earningsAsAffiliate",
    "promotedProducts",
    "affiliatePayments",
    "affiliatePerformance",
    "affiliateDashboard",
    "affiliateLeads",
    "capturedLeads",
    "purchaseRecovery",
    "cancellationReasons",
    "subscriptionCancellations",
    "cancelledSubscriptions",
    "cancelledSubscriptionsInDetail",
    "overdueSubscriptions",
)
NUMBERS = {name: number for number, name in enumerate(NAMES, 1)}


def words(module: Any, *kinds: type) -> list[Any]:
    """The words of a vocabulary that a module defines in capitals."""
    return [
        word
        for name, word in vars(module).items()
        if name[0].isalpha() and name.isupper() and isinstance(word, kinds)
    ]


def schema_type(name: str) -> GraphQLObjectType:
    kind = full_schema()._schema.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    return kind


def test_each_grant_opens_one_report_and_each_name_is_used_once() -> None:
    for names in (
        [report.grant for report in REPORTS.values()],
        [report.row_name for report in REPORTS.values()],
        [report.python_name for report in REPORTS.values()],
    ):
        assert sorted(set(names)) == sorted(names)
    assert {report.grant.value.partition("_")[0] for report in REPORTS.values()} == {"VIEW"}


def test_all_reports_are_declared_and_each_grant_opens_one_or_waits_for_its_facts() -> None:
    declared = {report.name: report.grant for report in (*REPORTS.values(), *UPCOMING)}
    of_reports = [grant for grant in Grant if grant in groups()["REPORTS"]]

    assert len(of_reports) == 27
    assert sorted(declared) == sorted(NAMES)
    assert sorted(declared.values()) == sorted(of_reports)
    for names in ([*REPORTS], [report.name for report in UPCOMING]):
        assert names == sorted(names, key=NUMBERS.__getitem__)


@pytest.mark.parametrize("report", UPCOMING, ids=lambda report: report.name)
def test_a_report_without_facts_is_closed_and_waits_for_words_that_do_not_exist(report: Upcoming) -> None:
    vocabulary = words(facts, Rows, Moment) + words(columns, Total, Ratio) + words(keys, Key)
    declared = (report.rows, report.at, *report.columns, *report.keys)
    names = [word for word in declared if isinstance(word, str)]
    listed = report.kind is Kind.LIST  # what its rows show of a row is no column that is added up

    assert report.name not in schema_type("Reports").fields
    assert report.asks.endswith("?")
    assert names
    assert not {word.name for word in vocabulary} & {*names} or listed
    assert {word for word in declared if not isinstance(word, str)} <= {*vocabulary}


@DECLARED
def test_every_word_of_a_declaration_is_in_the_vocabulary(report: Report) -> None:
    assert report.facts in words(facts, Facts)
    assert report.rows in words(facts, Rows)
    assert report.at in words(facts, Moment)
    assert set(report.columns) <= set(words(columns, Total, Ratio))
    assert set(report.keys) <= set(words(keys, Key))
    names = [word.name for word in (*report.columns, *report.keys)]
    assert sorted(set(names)) == sorted(names)
    assert set(report.totals) <= set(words(columns, Total))
    assert set(report.counted) <= set(words(facts, Facts))


def test_every_word_of_the_vocabulary_has_a_twin_and_a_field() -> None:
    shown = {word for report in REPORTS.values() for word in (*report.columns, *report.keys)}
    parts = {total for report in REPORTS.values() for total in report.totals}

    assert shown | parts == {*words(columns, Total, Ratio), *words(keys, Key)}
    assert len(field_classes(shown)) == len(shown)
    assert {word.name for word in words(columns, Total)} == twins.TOTALS.keys()
    assert {word.name for word in words(columns, Ratio)} == twins.RATIOS.keys()
    assert {word.name for word in words(keys, Key)} == twins.KEYS.keys()
    assert {word.name for word in words(facts, Facts)} == twins.FACTS.keys()
    assert {word.name for word in words(facts, Rows)} == twins.ROWS.keys()
    assert {word.name for word in words(facts, Moment)} == twins.MOMENTS.keys()


@DECLARED
def test_a_report_and_its_rows_exist_behind_its_grant(report: Report) -> None:
    gates = Gates(full_schema()._schema)
    field = schema_type("Reports").fields[report.name]

    assert gates.members["Reports", report.name] == grant_bit(report.grant)
    assert gates.types[report.row_name] == grant_bit(report.grant)
    row = get_named_type(field.type)
    if report.kind is Kind.LIST:
        row = get_named_type(schema_type(row.name).fields["nodes"].type)
    assert row.name == report.row_name


@DECLARED
def test_a_reports_description_says_what_it_asks_and_what_it_counts(report: Report) -> None:
    field, row = schema_type("Reports").fields[report.name], schema_type(report.row_name)
    described = field.description or ""

    assert report.asks.endswith("?")
    assert described.startswith(report.asks)
    for part in (report.rows.says, report.at.says, *(key.label for key in report.keys)):
        assert part in described
    assert all((argument.description or "").endswith(".") for argument in field.args.values())
    for name in (report.name, *(key.label for key in report.keys)):
        assert name in (row.description or "")
    assert all((item.description or "").endswith(".") for item in row.fields.values())


@DECLARED
def test_a_row_has_a_field_for_each_column_and_key(report: Report) -> None:
    kind = schema_type("AnnualTotal" if report.kind is Kind.YEARS else report.row_name)
    python_names = {field.extensions["strawberry-definition"].python_name for field in kind.fields.values()}

    assert {word.name for word in (*report.columns, *report.keys)} <= python_names


async def test_another_report_is_a_declaration_of_eight_lines(shop: Shop) -> None:
    report = Report(
        "revenueByCheckoutAndDevice",
        Grant.VIEW_REVENUE_BY_DEVICE_REPORT,
        asks="With which devices do buyers reach each checkout?",
        facts=facts.SALES, rows=facts.SOLD, at=facts.PLACED,
        keys=(keys.CHECKOUT, keys.DEVICE),
        columns=(*columns.BASE, columns.ATTEMPTED, columns.LOST_RATE),
    )  # fmt: skip
    period = Period(date(2026, 6, 1), date(2026, 7, 1))
    viewer = await identify(await shop.token("owner"), shop.account["id"])

    rows = await sums(viewer, report, period, ReportInterval.MONTH)
    field = report_field(report)

    assert [(row.checkout_origin, row.device, row.currency, row.count, row.attempts) for row in rows] == [
        (None, "DESKTOP", "BRL", 2, 3),
        (None, "MOBILE", "BRL", 2, 6),
        (None, "TABLET", "EUR", 1, 1),
    ]
    described = field.base_resolver.wrapped_func.__doc__
    assert described.startswith(report.asks)
    row = field.type.of_type.of_type.__strawberry_definition__
    assert row.name == "RevenueByCheckoutAndDeviceRow"
    assert {"checkout_origin", "device", "attempts", "lost_rate"} <= {item.python_name for item in row.fields}
    assert {argument.python_name for argument in field.arguments} == {
        "period",
        "every",
        "by",
        "filter",
        "order",
        "top",
    }
