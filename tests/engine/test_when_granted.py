"""`@whenGranted`: what is left out of a document for a schema, and what is not."""

import pytest
from graphql import build_schema, parse, print_ast, validate

from authz.gates import EVERYTHING
from engine.absent import absent_paths
from engine.document import RejectedOperation
from engine.execute import Engine
from engine.granted import is_empty_subscription, without_absent
from engine.limits import Limits
from graph.schema import full_schema, weights

SCHEMA = build_schema(
    """
    directive @whenGranted on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
    enum Order { NAME DATE }
    input Filter { name: String inner: Filter orders: [Order!] }
    interface Node { id: ID! }
    type Sale implements Node { id: ID! name: String person: Person }
    type Person implements Node { id: ID! sales(first: Int, filter: Filter, order: Order): [Sale!] }
    type Stone { weight: Int }
    union Thing = Sale | Stone
    type Query { sale: Sale thing: Thing node: Node people: [Person!] }
    type Mutation { save(name: String): Sale }
    type Subscription { sold: Sale }
    """
)


def left(text: str) -> str:
    return " ".join(print_ast(without_absent(SCHEMA, parse(text))).split())


def same(text: str) -> str:
    return " ".join(print_ast(parse(text)).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # each kind of name
        ("{ sale { id net @whenGranted { amount } } }", "{ sale { id } }"),
        ("{ sale { id x: net @whenGranted } }", "{ sale { id } }"),
        ("{ people { id sales(last: 1) @whenGranted { id } } }", "{ people { id } }"),
        ("{ people { id sales(order: NET) @whenGranted { id } } }", "{ people { id } }"),
        ("{ people { id sales(filter: {net: 1}) @whenGranted { id } } }", "{ people { id } }"),
        ("{ people { id sales(filter: {inner: {net: 1}}) @whenGranted { id } } }", "{ people { id } }"),
        ("{ people { id sales(filter: {orders: [NAME, NET]}) @whenGranted { id } } }", "{ people { id } }"),
        ("{ node { id ... on Team @whenGranted { name } } }", "{ node { id } }"),
        ("{ node { id ...T @whenGranted } } fragment T on Team { name }", "{ node { id } }"),
        # anything inside that is not marked itself
        ("{ sale { id person @whenGranted { id net } } }", "{ sale { id } }"),
        (
            "{ sale { id person @whenGranted { id net @whenGranted } } }",
            "{ sale { id person @whenGranted { id } } }",
        ),
        ("{ sale { id ...M @whenGranted } } fragment M on Sale { name net { amount } }", "{ sale { id } }"),
        ("{ sale { id ... @whenGranted { name net } } }", "{ sale { id } }"),
        (
            "{ sale { ...M } } fragment M on Sale { name net @whenGranted }",
            "{ sale { ...M } } fragment M on Sale { name }",
        ),
        (
            "{ sale { id ...A @whenGranted } } fragment A on Sale { ...B } fragment B on Sale { net }",
            "{ sale { id } }",
        ),
        # what becomes empty
        ("{ sale { net @whenGranted } }", "{ sale { __typename } }"),
        ("{ net @whenGranted }", "{ __typename }"),
        ("mutation { pay @whenGranted { id } }", "mutation { __typename }"),
        ("{ sale { ... on Sale { net @whenGranted } } }", "{ sale { ... on Sale { __typename } } }"),
        ("{ sale { ...M } } fragment M on Sale { net @whenGranted }",
         "{ sale { ...M } } fragment M on Sale { __typename }"),
        # a type that cannot be there
        ("{ thing { ... on Node @whenGranted { id } } }", "{ thing { ... on Node @whenGranted { id } } }"),
        ("{ sale { id ... on Stone @whenGranted { weight } } }", "{ sale { id } }"),
        # variables and fragments that were used only there
        ("query ($n: Int) { sale { id net(first: $n) @whenGranted } }", "{ sale { id } }"),
        ("query ($f: NetFilter) { people { id sales(filter: $f) @whenGranted { id } } }", "{ people { id } }"),
        ("query ($o: Order = NET) { people { id sales(order: $o) @whenGranted { id } } }", "{ people { id } }"),
        (
            "query ($n: Int) { a: people { sales(first: $n) { id } } b: net(first: $n) @whenGranted }",
            "query ($n: Int) { a: people { sales(first: $n) { id } } }",
        ),
        (
            """query A($n: Int) { ...F } query B($n: Int) { people { sales(first: $n) { id } } ...F }
            fragment F on Query { sale { id } net(n: $n) @whenGranted }""",
            """query A { ...F } query B($n: Int) { people { sales(first: $n) { id } } ...F }
            fragment F on Query { sale { id } }""",
        ),
    ],
)  # fmt: skip
def test_what_a_schema_lacks_is_left_out(text: str, expected: str) -> None:
    assert left(text) == same(expected)
    assert validate(SCHEMA, parse(left(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "{ sale { id @whenGranted person @whenGranted { id sales(first: 1, order: NAME) { id } } } }",
        """query ($f: Filter) { people @whenGranted { sales(filter: $f) { ...M @whenGranted } } }
        fragment M on Sale { name }""",
        "{ __schema @whenGranted { description } __typename @whenGranted }",
        # what is wrong for every viewer stays wrong
        "{ sale { id net } }",
        "{ sale { id ...Nowhere @whenGranted } }",
        "{ sale { id } } fragment Unused on Sale { name }",
        "query ($unused: Int) { sale { id } }",
        "{ sale { ...A @whenGranted } } fragment A on Sale { net ...B } fragment B on Sale { ...A }",
        "{ sale { person @whenGranted } }",
    ],
)
def test_a_document_of_which_nothing_is_absent_stays_as_it_is(text: str) -> None:
    document = parse(text)

    assert without_absent(SCHEMA, document) is document


@pytest.mark.parametrize("name", ["net", "xyz"])
def test_the_paths_that_were_left_out_are_told(name: str) -> None:
    text = """query Q($no: Boolean!) { sale { id person { id } x: %s @whenGranted { amount } ...M @whenGranted }
      people { sales { id y: %s @whenGranted skipped: %s @whenGranted @include(if: $no) } } }
      fragment M on Sale { name person { id z: %s { amount } } }""".replace("%s", name)
    written = parse(text)
    prepared = without_absent(SCHEMA, written)

    found = absent_paths(written, prepared, "Q", {"no": False})

    assert found == [["sale", "x"], ["sale", "name"], ["sale", "person", "z"], ["people", "sales", "y"]]
    assert absent_paths(written, written, "Q", {}) == []


def test_a_document_nested_too_deeply_is_rejected_and_breaks_nothing() -> None:
    engine = Engine(full_schema(), Limits(), weights())
    chain = " ".join(f"fragment F{n} on Query {{ {'... { ' * 8} ...F{n + 1} {'} ' * 8} }}" for n in range(57))
    text = f"{{ ...F0 @whenGranted }} {chain} fragment F57 on Query {{ __typename }}"

    found = engine.prepare(text, None, EVERYTHING)

    assert not isinstance(found, RejectedOperation) or found.errors


def test_a_subscription_of_which_everything_is_left_out_is_noticed() -> None:
    texts = ["subscription { sold @whenGranted { id } }", "subscription { lost @whenGranted { id } }"]
    found = [without_absent(SCHEMA, parse(text)).definitions[0] for text in texts]

    assert [is_empty_subscription(item) for item in found] == [False, True]  # type: ignore[arg-type]
