"""What a document may ask for, to the last one allowed; and that refusing costs next to nothing."""

import itertools
import time
from collections.abc import Callable

import pytest
from graphql import GraphQLSchema, execute, get_introspection_query

from authz.gates import EVERYTHING
from engine.document import RejectedOperation, RequestErrorCode
from engine.execute import Engine
from engine.limits import Limits
from graph.schema import full_schema, weights

pytestmark = pytest.mark.usefixtures("names_are_compared_anew")
SECONDS = 1.0  # generous: each takes under 0.1 s on a quiet machine


@pytest.fixture(scope="module")
def engine() -> Engine:
    created = Engine(full_schema(), Limits(), weights())
    created.prepare("{ account { sales { nodes { buyer { name } } } } }", None, EVERYTHING)
    return created


def _with(**limits: int) -> Engine:
    roomy = dict.fromkeys(Limits.__slots__, 10**9)
    return Engine(full_schema(), Limits(**roomy | limits), weights())


def _fields(count: int) -> str:
    names = itertools.cycle(["name", "version", "locales", "signInWays"])
    return "{ instance { " + " ".join(next(names) for _ in range(count - 1)) + " } }"


def _fragments(count: int) -> str:
    results = [f"fragment F{number} on Query {{ ...F{number + 1} }}" for number in range(count - 2)]
    return " ".join(["{ ...F0 }", *results, f"fragment F{count - 2} on Query {{ __typename }}"])


def _nested(depth: int) -> str:
    """A selection so deep: a type's type's type."""
    return '{ __type(name: "Sale") { ' + "ofType { " * (depth - 2) + "name" + " }" * (depth - 2) + " } }"


def _priced(cost: int) -> str:
    """An account (1), its sales (1), as many rows as it takes, and what is left in fields of the instance."""
    rows, rest = divmod(cost - 2, 2)
    assert rows <= 100
    return f"{{ account {{ sales(first: {rows}) {{ nodes {{ id }} }} }} {'__typename ' * rest}}}"


AT = {
    "tokens": lambda n: "{ " + "__typename " * (n - 2) + "}",
    "definitions": _fragments,
    "values": lambda n: "{ nodes(ids: [" + '"x" ' * (n - 1) + "]) { id } }",
    "depth": _nested,
    "fields": _fields,
    "objects": lambda n: "{ " + " ".join(f"a{x}: instance {{ name }}" for x in range(n)) + " }",
    "aliases": lambda n: "{ " + " ".join(f"a{number}: __typename" for number in range(n)) + " }",
    "directives": lambda n: "{ " + "__typename @skip(if: false) " * n + "}",
    "cost": _priced,
    "introspections": lambda n: "{ " + " ".join(f"a{x}: __schema {{ types {{ name }} }}" for x in range(n)) + " }",
    "characters": lambda n: "{ __typename }".ljust(n, " "),
    "repetitions": lambda n: "{ " + "__typename " * n + "}",
    "directivesInPlace": lambda n: "{ __typename " + " ".join(["@skip(if: false)", "@include(if: true)", "@x"][:n]) + " }",
    "lists": lambda n: "{ account { " + " ".join(f"a{x}: sales {{ nodes {{ id }} }}" for x in range(n)) + " } }",
    "mutations": lambda n: "mutation { " + " ".join(f"a{x}: signOut {{ signedOut }}" for x in range(n)) + " }",
    "alone": lambda n: "mutation { " + " ".join(f"a{x}: {_ASKS_FOR_A_LINK}" for x in range(n)) + " }",
}  # fmt: skip
_ASKS_FOR_A_LINK = 'requestPasswordReset(input: { email: "ana@example.com" }) { requested }'


SMALL = {
    "tokens": 50,
    "definitions": 10,
    "values": 20,
    "depth": 9,
    "fields": 30,
    "objects": 5,
    "aliases": 10,
    "directives": 10,
    "cost": 101,
    "introspections": 2,
    "characters": 99,
    "repetitions": 3,
    "directivesInPlace": 2,
    "lists": 3,
    "mutations": 3,
    "alone": 1,
}


@pytest.mark.parametrize("what", AT)
def test_a_document_exactly_at_a_limit_is_examined_further(what: str) -> None:
    found = _with(**{what: SMALL[what]}).prepare(AT[what](SMALL[what]), None, EVERYTHING)

    assert not isinstance(found, RejectedOperation), found


@pytest.mark.parametrize("what", AT)
def test_a_document_one_above_a_limit_is_refused_with_what_is_allowed(what: str) -> None:
    found = _with(**{what: SMALL[what]}).prepare(AT[what](SMALL[what] + 1), None, EVERYTHING)

    assert isinstance(found, RejectedOperation)
    assert found.code is RequestErrorCode.COMPLEXITY
    assert found.allowed == {what: SMALL[what]}


@pytest.mark.parametrize(
    "what",
    [
        "definitions",
        "values",
        "aliases",
        "introspections",
        "characters",
        "repetitions",
        "lists",
        "mutations",
        "alone",
    ],
)
def test_the_usual_limits_hold_too(engine: Engine, what: str) -> None:
    most = getattr(engine.limits, what)

    assert not isinstance(engine.prepare(AT[what](most), None, EVERYTHING), RejectedOperation)
    assert isinstance(engine.prepare(AT[what](most + 1), None, EVERYTHING), RejectedOperation)


def test_every_limit_is_tried() -> None:
    assert set(AT) | {"comparisons"} == set(Limits.__slots__)


def test_a_fragment_counts_at_each_of_its_spreads() -> None:
    text = "{ ...F ...F ...F } fragment F on Query { instance { name version } }"

    assert not isinstance(_with(fields=9).parse(text), RejectedOperation)
    assert isinstance(_with(fields=8).parse(text), RejectedOperation)


def test_a_fragment_that_nothing_spreads_counts_too() -> None:
    text = "{ __typename } fragment F on Query { instance { name version } }"

    assert isinstance(_with(fields=2).parse(text), RejectedOperation)


def test_values_are_counted_in_variables_and_directives_too() -> None:
    text = (
        "query ($a: [Int] = [1 2], $b: Int) { __typename @skip(if: true) instance @include(if: $b) { name } }"
    )

    assert not isinstance(_with(values=6).parse(text), RejectedOperation)
    assert isinstance(_with(values=5).parse(text), RejectedOperation)


def test_fields_of_one_name_are_compared_within_a_budget() -> None:
    text = "{ instance { " + "... { name } " * 100 + "} }"

    assert not isinstance(_with(comparisons=100_000).prepare(text, None, EVERYTHING), RejectedOperation)
    found = _with(comparisons=100).prepare(text, None, EVERYTHING)
    assert isinstance(found, RejectedOperation)
    assert found.code is RequestErrorCode.COMPLEXITY


def _introspections() -> list[str]:
    every = {
        "descriptions": True,
        "specified_by_url": True,
        "directive_is_repeatable": True,
        "schema_description": True,
        "input_value_deprecation": True,
        "one_of": True,
    }
    return [get_introspection_query(), get_introspection_query(**every)]


@pytest.mark.parametrize("query", _introspections(), ids=["usual", "with every option"])
def test_the_introspection_that_tools_send_is_within_the_limits(engine: Engine, query: str) -> None:
    assert not isinstance(engine.prepare(query, None, EVERYTHING), RejectedOperation)


# Hostile documents: whatever becomes of them, it is soon.


def _exponential(levels: int, own: str = "") -> str:
    results = [
        f"fragment F{level} on Query {{ {own.format(level)} ...F{level + 1} ...F{level + 1} }}"
        for level in range(levels)
    ]
    return "{ ...F0 } " + " ".join(results) + f" fragment F{levels} on Query {{ instance {{ name }} }}"


def _complete(count: int, last: str, *, used: bool = True) -> str:
    """Each fragment spreads all that come after it."""
    results = []
    for number in range(count):
        spreads = " ".join(f"...F{later}" for later in range(number + 1, count))
        results.append(f"fragment F{number} on Query {{ {spreads} {last} }}")
    return ("{ ...F0 } " if used else "{ __typename } ") + " ".join(results)


def _ring(count: int, *steps: int) -> str:
    results = []
    for number in range(count):
        spreads = " ".join(f"...F{(number + step) % count}" for step in steps)
        results.append(f"fragment F{number} on Query {{ {spreads} }}")
    return "{ ...F0 } " + " ".join(results)


def _flat(count: int, body: str) -> str:
    spreads = " ".join(f"...F{number}" for number in range(count))
    return f"{{ {spreads} }} " + " ".join(f"fragment F{n} on Query {{ {body} }}" for n in range(count))


_LIST = "account { sales { nodes { id buyer { name } } } }"
HOSTILE: dict[str, Callable[[], str]] = {
    "fragments that double, 30 levels": lambda: _exponential(30),
    "fragments that double, with fields": lambda: _exponential(30, "a{0}: instance {{ name }}"),
    "fragments that spread all others": lambda: _complete(59, "__typename"),
    "fragments that spread all others, unused": lambda: _complete(59, "", used=False)[:-1] + "__typename }",
    "fragments that spread all others and nothing": lambda: _complete(59, "...Nothing"),
    "5,000 aliases": lambda: "{ " + " ".join(f"a{n}: __typename" for n in range(5_000)) + " }",
    "1,600 aliases": lambda: "{ " + " ".join(f"a{n}: __typename" for n in range(1_600)) + " }",
    "10,000 braces": lambda: "{ a " * 10_000 + "}" * 10_000,
    "1,600 braces": lambda: "{ a " * 1_600 + "}" * 1_600,
    "60 braces": lambda: "{ a " * 60 + "}" * 60,
    "10,000 brackets": lambda: "{ a(x: " + "[" * 10_000 + "]" * 10_000 + ") }",
    "1,200 nested objects": lambda: "{ a(x: " + "{ a: " * 1_200 + "1" + "}" * 1_200 + ") }",
    "1,000 nested inline fragments": lambda: "{ " + "... { " * 1_000 + "a" + " }" * 1_000 + " }",
    "a cycle of two": lambda: _ring(2, 1),
    "a cycle of 59, twice": lambda: _ring(59, 1, 7),
    "59 that all spread all": lambda: _ring(59, *range(59)),
    "a fragment within itself": lambda: "{ ...F } fragment F on Query { ...F ...F }",
    "1,200 arguments": lambda: "{ account { sales(" + " ".join(f"a{n}: 1" for n in range(1_200)) + ") { totalCount } } }",
    "299 arguments": lambda: "{ account { sales(" + " ".join(f"a{n}: 1" for n in range(299)) + ") { totalCount } } }",
    "one argument 299 times": lambda: "{ account { sales(" + "first: 1 " * 299 + ") { totalCount } } }",
    "290 unknown input fields": lambda: "{ account { sales(filter: { " + " ".join(f"x{n}: 1" for n in range(290)) + " }) { totalCount } } }",
    "290 unknown enum values": lambda: "{ account { sales(filter: { status: [" + "APPROVEX " * 290 + "] }) { totalCount } } }",
    "4,000 enum values": lambda: "{ account { sales(filter: { status: [" + "APPROVED " * 4_000 + "] }) { totalCount } } }",
    "290 variables": lambda: "query (" + " ".join(f"$v{n}: Int" for n in range(290)) + ") { __typename }",
    "950 unknown fields": lambda: "{ " + " ".join(f"instancex{n}" for n in range(950)) + " }",
    "one field 900 times": lambda: "{ instance { " + "name " * 900 + "} }",
    "one field 900 times, unused": lambda: "{ __typename } fragment F on Instance { " + "name " * 900 + "}",
    "one field 4,900 times, unused": lambda: "{ __typename } fragment F on Instance { " + "name " * 4_900 + "}",
    "one list 100 times": lambda: "{ " + _LIST * 100 + " }",
    "one list in 59 fragments": lambda: _flat(59, _LIST),
    "59 fragments": lambda: _flat(59, "__typename instance { name }"),
    "330 fragments": lambda: _flat(330, "__typename"),
    "59 operations on one fragment": lambda: " ".join(f"query Q{n} {{ ...F }}" for n in range(59)) + " fragment F on Query { " + "instance { name } " * 100 + "}",
    "800 operations": lambda: " ".join(f"query Q{n} {{ __typename }}" for n in range(800)),
    "700 directives": lambda: "{ instance " + "@skip(if: true) " * 700 + "{ name } }",
    "introspection 59 times": lambda: "{ " + " ".join(f"a{n}: __schema {{ types {{ fields {{ args {{ type {{ name }} }} }} }} }}" for n in range(59)) + " }",
    "introspection in circles": lambda: "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
    "introspection with 59 aliases inside": lambda: "{ __schema { types { fields { args { " + " ".join(f"a{n}: type {{ ofType {{ name }} }}" for n in range(59)) + " } } } } }",
    "a name of 200,000 letters": lambda: "{ " + "x" * 200_000 + " }",
    "a string of 200,000 letters": lambda: '{ node(id: "' + "x" * 200_000 + '") { id } }',
    "a block of 60,000 lines": lambda: '{ node(id: """' + "\n x" * 60_000 + '""") { id } }',
    "a comment of 200,000 letters": lambda: "#" + "x" * 200_000 + "\n{ __typename }",
    "conflicts without end": lambda: "{ " + " ".join(f"x: instance {{ y: {'name' if n % 2 else 'version'} }}" for n in range(59)) + " }",
}  # fmt: skip


def _cpu(engine: Engine, schema: GraphQLSchema, text: str, enough: float = 0.0) -> float:
    """The least of three tries, in seconds of CPU; introspection is answered too, for it needs no database.

    A try that takes less than is enough is the last.
    """
    least = float("inf")
    for attempt in range(3):
        request = text + " " * (attempt + 1)  # a text of its own, so that nothing of the last try is kept
        started = time.process_time()
        found = engine.prepare(request, None, EVERYTHING)
        if not isinstance(found, RejectedOperation) and "__schema" in text:
            execute(schema, found.document)
        least = min(least, time.process_time() - started)
        if least < enough:
            break
    return least


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_or_prepared_soon(engine: Engine, name: str) -> None:
    seconds = _cpu(engine, full_schema()._schema, HOSTILE[name](), SECONDS)

    print(f"{seconds * 1000:.1f} ms")
    assert seconds < SECONDS


@pytest.mark.parametrize("levels", [10, 20, 28])
def test_doubling_fragments_cost_no_more_than_their_length(engine: Engine, levels: int) -> None:
    small = _cpu(engine, full_schema()._schema, _exponential(5))

    assert _cpu(engine, full_schema()._schema, _exponential(levels)) < 40 * small + 0.01


def test_a_document_that_asks_for_too_much_is_not_kept(engine: Engine) -> None:
    text = _exponential(29)

    assert isinstance(engine.prepare(text, None, EVERYTHING), RejectedOperation)
    assert engine.cached(text, None, EVERYTHING) is None
