"""What operations cost, before they are validated: rows, reports, searches and mutations."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, OperationDefinitionNode, get_named_type, is_leaf_type, parse

from authz.gates import EVERYTHING
from engine.cost import HEAVY
from engine.document import RejectedOperation, RequestErrorCode
from engine.execute import Engine
from engine.limits import Limits
from engine.scope.schema import exists
from engine.weigher import cost_of
from graph.schema import full_schema, weights


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(full_schema(), Limits(), weights())


def cost(text: str, variables: dict[str, Any] | None = None) -> int:
    """The cost of a document's first operation, for whoever sees everything."""
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return cost_of(full_schema()._schema, document, operation, weights()).value(variables)


def test_a_field_costs_one() -> None:
    assert cost("{ instance { name version } }") == 3


def test_a_page_counts_its_fields_once_for_each_row_and_what_it_has_once_only_once() -> None:
    assert cost("{ account { products(first: 7) { nodes { id name } } } }") == 2 + 7 * 3
    assert cost("{ account { products(first: 7) { totalCount pageInfo { hasNextPage } } } }") == 2 + 3
    assert cost("{ account { products(last: 7) { edges { cursor node { id } } } } }") == 2 + 7 * 4


def test_a_connection_without_first_counts_its_default_page() -> None:
    assert cost("{ account { products { nodes { id } } } }") == 2 + 20 * 2


@pytest.mark.parametrize(
    ("variables", "rows"),
    [({"n": 5}, 5), ({}, 20), ({"n": None}, 20), ({"n": 10**9}, 100), ({"n": -4}, 1), ({"n": "x"}, 100)],
)
def test_a_variable_counts_the_rows_that_it_asks_for(variables: dict[str, Any], rows: int) -> None:
    text = "query ($n: Int) { account { products(first: $n) { nodes { id } } } }"

    assert cost(text, variables) == 2 + rows * 2


def test_the_default_of_a_variable_counts_where_none_is_sent() -> None:
    text = "query ($n: Int = 3) { account { products(first: $n) { nodes { id } } } }"

    assert cost(text) == 2 + 3 * 2
    assert cost(text, {"n": 4}) == 2 + 4 * 2


def test_rows_below_rows_are_multiplied() -> None:
    text = "query ($n: Int) { account { sales(first: $n) { nodes { product { offers { code } } } } } }"
    offers = weights().lists["Product.offers"]

    assert cost(text, {"n": 10}) == 2 + 10 * (1 + 1 + 1 + offers)


def test_a_list_without_pages_counts_with_its_assumed_length() -> None:
    holders = weights().lists["Profile.holders"]
    profiles = weights().lists["Account.profiles"]

    assert cost("{ account { profiles { holders { name } } } }") == 2 + profiles * (1 + holders)


def test_every_list_of_objects_without_pages_has_an_assumed_length() -> None:
    schema, sizes = full_schema()._schema, weights().lists
    missing = [
        f"{kind.name}.{name}"
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, definition in kind.fields.items()
        if str(definition.type).startswith("[")
        and not is_leaf_type(get_named_type(definition.type))
        and "pageInfo" not in kind.fields
        and "ids" not in definition.args
    ]

    assert [name for name in missing if name not in sizes] == []
    assert [name for name in sizes if not exists(schema, name)] == []
    assert [name for name in weights().elements if not exists(schema, name)] == []


def test_nodes_by_id_count_the_ids() -> None:
    assert cost('{ nodes(ids: ["a" "b" "c"]) { id } }') == 1 + 3
    assert cost("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a"] * 9}) == 1 + 9


def test_a_report_and_a_search_are_heavy_and_a_filter_without_text_is_not() -> None:
    report = '{ account { reports { revenue(period: { from: "2026-01-01", to: "2026-01-31" }) { revenue { amount } } } } }'
    search = "query ($f: SaleFilter) { account { sales(filter: $f, first: 1) { nodes { id } } } }"
    written = '{ account { sales(filter: { text: "ana" }, first: 1) { nodes { id } } } }'

    assert cost(report) >= HEAVY
    assert cost(search, {"f": {"text": "ana"}}) >= HEAVY
    assert cost(written) >= HEAVY
    assert cost(search, {"f": {"text": None, "inReports": True}}) < HEAVY
    assert cost(search, {}) < HEAVY


def test_a_fragment_costs_as_much_as_its_fields_wherever_it_is_spread() -> None:
    whole = "{ account { products(first: 9) { nodes { id } } sales(first: 2) { nodes { id } } } }"
    parts = """{ account { ...P sales(first: 2) { ...S } } }
        fragment P on Account { products(first: 9) { ... on ProductConnection { nodes { ...I } } } }
        fragment S on SaleConnection { nodes { id } } fragment I on Product { id }"""

    assert cost(parts) == cost(whole)


def test_sums_stay_cheap_however_many_variables_there_are() -> None:
    names = [f"$v{number}" for number in range(50)]
    lists = " ".join(
        f"a{number}: products(first: {name}) {{ nodes {{ id }} }}" for number, name in enumerate(names)
    )
    text = f"query ({' '.join(f'{name}: Int' for name in names)}) {{ account {{ {lists} }} }}"

    assert 50 * 3 < cost(text, {f"v{number}": 1 for number in range(50)}) <= 2 + 50 * 201


def test_what_costs_too_much_is_refused_before_it_is_validated(engine: Engine) -> None:
    text = (
        "{ " + " ".join(f"a{x}: account {{ profiles {{ holders {{ nothing }} }} }}" for x in range(15)) + " }"
    )

    found = engine.prepare(text, None, EVERYTHING)

    assert isinstance(found, RejectedOperation)
    assert found.code is RequestErrorCode.COMPLEXITY
    assert found.allowed == {"cost": engine.limits.cost}
    assert f"at most {engine.limits.cost:,}" in found.errors[0].message


def test_a_hidden_field_costs_what_an_unknown_one_costs(engine: Engine) -> None:
    texts = [f"{{ account {{ {name} {{ holders {{ name }} }} }} }}" for name in ("profiles", "unknowns")]
    schema = engine.scopes.scoped(0)._schema
    costs = []
    for text in texts:
        document = parse(text)
        operation = document.definitions[0]
        assert isinstance(operation, OperationDefinitionNode)
        costs.append(cost_of(schema, document, operation, weights()))

    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("root", "allowed"),
    [
        ("signOut { signedOut }", 5),
        ('signIn(input: { email: "a", password: "b" }) { expiresAt }', 1),
        ('requestPasswordReset(input: { email: "a" }) { requested }', 1),
    ],
)
def test_few_mutations_come_together_and_those_that_hash_or_send_alone(
    engine: Engine, root: str, allowed: int
) -> None:
    def code(count: int) -> Any:
        roots = " ".join(f"a{x}: {root}" for x in range(count))
        text = f"mutation {{ ...F }} fragment F on Mutation {{ {roots} }}"
        found = engine.prepare(text, None, EVERYTHING)
        return found.code if isinstance(found, RejectedOperation) else None

    assert code(allowed) is None
    assert code(allowed + 1) is RequestErrorCode.COMPLEXITY
