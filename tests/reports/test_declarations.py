"""Each report is a declaration in words that are all known: to the database, to the API and to the tests."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type

import report_twins as twins
from authz.gates import grant_bit
from engine.scope.schema import Gates
from graph.reports.words import field_classes
from graph.schema import full_schema
from reports import columns, facts, keys
from reports.columns import Ratio, Total
from reports.declarations import REPORTS
from reports.facts import Facts, Moment, Rows
from reports.keys import Key
from reports.report import Kind, Report

DECLARED = pytest.mark.parametrize("report", REPORTS.values(), ids=lambda report: report.name)


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


@DECLARED
def test_every_word_of_a_declaration_is_in_the_vocabulary(report: Report) -> None:
    assert report.facts in words(facts, Facts)
    assert report.rows in words(facts, Rows)
    assert report.at in words(facts, Moment)
    assert set(report.columns) <= set(words(columns, Total, Ratio))
    assert set(report.keys) <= set(words(keys, Key))
    names = [word.name for word in (*report.columns, *report.keys)]
    assert sorted(set(names)) == sorted(names)
    for ratio in columns.ratios(report.columns):
        assert {ratio.dividend, ratio.divisor} <= set(report.columns)


def test_every_word_of_the_vocabulary_has_a_twin_and_a_field() -> None:
    used = {word for report in REPORTS.values() for word in (*report.columns, *report.keys)}
    in_reports = [*words(columns, Total, Ratio), *words(keys, Key)]

    assert used <= set(in_reports)
    assert len(field_classes(in_reports)) == len(in_reports)
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
    assert get_named_type(field.type).name == report.row_name


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
    assert all((one.description or "").endswith(".") for one in row.fields.values())


@DECLARED
def test_a_row_has_a_field_for_each_column_and_key(report: Report) -> None:
    kind = schema_type(report.row_name if report.kind is Kind.SUM else "AnnualTotal")
    python_names = {field.extensions["strawberry-definition"].python_name for field in kind.fields.values()}

    assert {word.name for word in (*report.columns, *report.keys)} <= python_names
