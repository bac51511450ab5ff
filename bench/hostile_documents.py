"""Documents that cost as much as they can, and what each costs a server that never met it."""

import gc
import time
from itertools import permutations

from authz.gates import EVERYTHING
from engine.document import RejectedOperation
from engine.execute import Engine
from engine.limits import Limits
from engine.plan.planner import PreparedOperation
from graph.schema import full_schema, weights

_SALES = "account { sales(first: 1) { nodes { reference price { amount } buyer { name } } } }"

_PARTS = (
    "id",
    "reference",
    "status",
    "coupon",
    "paymentMethod",
    "price { amount currency }",
    "buyer { name }",
    "product { name ucode }",
)
_SALE = " ".join(_PARTS)


def documents() -> dict[str, str]:
    """Each within the limits of its length, or just above."""
    many = range(1_000)
    return {
        "56 aliases of the account": "{ "
        + " ".join(
            f"a{n}: account {{ name country currency timezone"
            " sales(first: 1) { totalCount nodes { reference status } } }"
            for n in many[:56]
        )
        + " }",
        "39 lists": "{ account { "
        + " ".join(f"a{n}: sales(first: 1) {{ nodes {{ id buyer {{ name }} }} }}" for n in many[:39])
        + " } }",
        "39 lists of a fragment": "{ account { "
        + " ".join(f"a{n}: sales(first: 1) {{ nodes {{ ...S }} }}" for n in many[:39])
        + f" }} }} fragment S on Sale {{ {_SALE} }}",
        "45 objects in one list": "{ account { sales(first: 1) { edges { "
        + " ".join(f"a{n}: node {{ {_SALE} }}" for n in many[:45])
        + " } } } }",
        "45 different objects in one list": "query ($a: Boolean!) { account { id @include(if: $a) "
        "sales(first: 1) { edges { "
        + " ".join(
            f"a{n}: node {{ {' '.join(parts)} }}"
            for n, parts in zip(many[:45], permutations(_PARTS), strict=False)
        )
        + " } } } }",
        "100 overlapping inline fragments": "{ account { "
        + "... on Account { sales { nodes { reference } } } " * 100
        + " } }",
        "100 fragments of a sale": "{ account { sales { nodes { "
        + "... { reference price { amount } buyer { name } } " * 100
        + " } } } }",
        "one list 19 times": "{ " + f"{_SALES} " * 19 + "}",
        "59 fragments": "{ "
        + " ".join(f"...F{n}" for n in many[:59])
        + " } "
        + " ".join(f"fragment F{n} on Query {{ account {{ name }} }}" for n in many[:59]),
        "fragments that double": "{ ...F0 } "
        + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in many[:40])
        + " fragment F40 on Query { __typename }",
        "740 misspelled fields": "{ account { " + " ".join(f"sale{n}" for n in many[:740]) + " } }",
        "360 unknown fields": "{ account { " + " ".join(f"x{n} {{ y }}" for n in many[:360]) + " } }",
        "290 unknown input fields": "{ account { sales(filter: { "
        + " ".join(f"x{n}: 1" for n in many[:290])
        + " }) { totalCount } } }",
        "290 misspelled values": "{ account { sales(filter: { status: ["
        + " ".join(f"APPROVE{n}" for n in many[:290])
        + "] }) { totalCount } } }",
        "299 arguments": "{ account { sales("
        + " ".join(f"a{n}: 1" for n in many[:299])
        + ") { totalCount } } }",
        "one argument 299 times": "{ account { sales(" + "first: 1 " * 299 + ") { totalCount } } }",
        "290 variables": "query (" + " ".join(f"$v{n}: Int" for n in many[:290]) + ") { __typename }",
        "1,490 comments": "#\n" * 1_490 + "{ __typename }",
        "a string of 32,000": '{ node(id: "' + "x" * 32_000 + '") { id } }',
        "a block of 10,000 lines": '{ node(id: """' + "\n x" * 10_000 + '""") { id } }',
        "quotes": '"\\' * 16_000,
        "55 reports": "{ account { reports { "
        + " ".join(
            f'a{n}: revenue(period: {{ from: "2026-01-01", to: "2026-12-31" }}) {{ sales }}'
            for n in many[:55]
        )
        + " } } }",
        "55 nested lists": "{ account { "
        + " ".join(f"a{n}: profiles {{ holders {{ collaboratorId name }} }}" for n in many[:55])
        + " } }",
        "the word refreshSession": "#refreshSession\n{ " + "... { __typename } " * 370 + "}",
        "55 sign-ins": "mutation { "
        + " ".join(
            f'a{n}: signIn(input: {{ email: "a@example.com", password: "b" }}) {{ expiresAt }}'
            for n in many[:55]
        )
        + " }",
        "directives": "{ " + "__typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa " * 5 + "}",
        "introspection in circles": "{ __schema { types { "
        + "fields { type { " * 3
        + "name"
        + " } }" * 3
        + " } } }",
    }


def prepare_all() -> None:
    """Print what each document costs to parse, weigh, validate and plan: the least of three tries."""
    engine = Engine(full_schema(), Limits(), weights())
    engine.prepare("{ account { sales { nodes { id } } } }", None, EVERYTHING)
    found = []
    for name, text in documents().items():
        least = float("inf")
        gc.collect()
        for attempt in range(3):
            started = time.process_time()
            result = engine.prepare(text + " " * (attempt + 1), None, EVERYTHING)
            if isinstance(result, PreparedOperation):
                result.plan(result.coerced({"a": True}))
            else:
                _ = [error.formatted for error in result.errors]
            least = min(least, time.process_time() - started)
        outcome = result.code.value if isinstance(result, RejectedOperation) else f"{result.cost.value():,}"
        found.append((least * 1000, name, outcome))
    print("| document | ms of CPU | cost, or code |\n| --- | ---: | --- |")
    for milliseconds, name, outcome in sorted(found, reverse=True):
        print(f"| {name} | {milliseconds:.1f} | {outcome} |")
