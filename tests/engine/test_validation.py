"""The validator finds what graphql-core's own one finds."""

import random
import re
from pathlib import Path

import pytest
from graphql import GraphQLSyntaxError, get_introspection_query, parse, validate

from engine.limits import Limits
from engine.rules import ALL_FEATURES, Features, validation_rules
from engine.validation import ValidationAborted, Validator
from extent import extent
from graph.schema import full_schema

DOCS = Path(__file__).parents[2]
TEXTS = [
    *re.findall(r"```graphql\n(.*?)\n```", (DOCS / "docs" / "clients.md").read_text(), re.DOTALL),
    *re.findall(r"```graphql\n(.*?)\n```", (DOCS / "README.md").read_text(), re.DOTALL),
    get_introspection_query(),
    """query Q($first: Int = 5, $of: [SaleStatus!], $unused: ID, $with: Boolean!) {
      account { ...A @include(if: $with) ... on Account { sales(first: $first, filter: {status: $of}) { nodes { ...S } } } }
      node(id: "x") { __typename ... on Sale { ...S } ... on Product { name: id } ... on Buyer { email } } }
    fragment A on Account { name @skip(if: true) name reports { revenue(period: {from: "2026-01-01", to: 3}) { sales } } }
    fragment S on Sale { id x: reference x: status buyer { name nothing } price { amount(in: 1) } ...S }
    fragment Unused on Nothing { id @deprecated @skip }""",
    """mutation M($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } }
      other: assignSale(input: {reference: "S", reference: "T", unknown: null, assigneeId: [1]}) { sale } }""",
    "subscription { saleChanged { sale { id } } saleArrived { sale { id } } }",
]
NAMES = ["account", "name", "sales", "Sale", "Account", "id", "first", "Int", "input", "x", "$first", "null"]


def _mutilated(draw: random.Random, text: str) -> str:
    """The text with some words replaced, left out or doubled."""
    words = re.findall(r"\$?\w+|\"[^\"]*\"|\.\.\.|\s+|.", text)
    for _ in range(draw.randrange(3)):
        at = draw.randrange(len(words))
        words[at] = draw.choice([draw.choice(NAMES), "", words[at] + " " + words[at], draw.choice(words)])
    return "".join(words)


@pytest.mark.parametrize("features", [ALL_FEATURES, Features(introspection=False, suggestions=False)])
def test_every_error_is_the_one_that_graphql_core_reports(features: Features) -> None:
    schema, rules = full_schema()._schema, validation_rules(Limits(), features)
    validator, draw = Validator(rules, 1_000, suggests=features.suggestions), random.Random(11)
    valid = invalid = 0
    for number in range(extent(150, 300)):
        text = TEXTS[number % len(TEXTS)]
        try:
            document = parse(text if number < len(TEXTS) else _mutilated(draw, text))
        except GraphQLSyntaxError:
            continue
        expected = validate(
            schema, document, rules, max_errors=1_000, hide_suggestions=not features.suggestions
        )
        found = validator.errors(schema, document)
        assert [error.formatted for error in found] == [error.formatted for error in expected], text
        valid += not found
        invalid += bool(found)

    assert valid > extent(10, 20)
    assert invalid > extent(40, 80)


def test_errors_end_at_the_most_that_are_reported() -> None:
    document = parse("{ " + " ".join(f"x{number}" for number in range(30)) + " }")
    validator = Validator(validation_rules(Limits(), ALL_FEATURES), 5, suggests=True)

    found = [error.message for error in validator.errors(full_schema()._schema, document)]

    assert len(found) == 6
    assert found[5] == "There are more than 5 errors."


@pytest.mark.parametrize(
    "text",
    [
        "{ account { " + "... on Account { name } " * 60 + "} }",
        "{ ...F0 } "
        + " ".join(f"fragment F{n} on Query {{ {'... {' * 40} ...F{n + 1} {'}' * 40} }}" for n in range(50)),
    ],
    ids=["too many comparisons", "fragments too deep for a stack"],
)
def test_a_document_that_is_too_complex_to_be_examined_is_not_called_valid(text: str) -> None:
    validator = Validator(validation_rules(Limits(comparisons=100), ALL_FEATURES), 5, suggests=True)

    with pytest.raises(ValidationAborted):
        validator.errors(full_schema()._schema, parse(text, no_location=False))
