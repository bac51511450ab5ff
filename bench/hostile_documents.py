"""Documents that cost as much as they can, and what each costs a server that never met it."""

import asyncio
import gc
import random
import time

from tortoise import Tortoise

from authz.gates import EVERYTHING
from engine.document import RejectedOperation
from engine.execute import Engine
from engine.limits import Limits
from engine.plan.planner import PreparedOperation
from graph.schema import full_schema, weights
from models.database import configuration

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
_COLUMNS = (
    "id", "reference", "status", "soldAs", "coupon", "paymentMethod", "installments", "refusal", "device",
    "refusalReason", "checkoutOrigin", "orderedAt", "approvedAt", "refundedAt", "firstAccessAt", "orderBump",
)  # fmt: skip
_ENTRY = ("id", "at", "act", "actor", "userName", "objectType", "tokenName", "tokenId")


def _drawn(draw: random.Random, parts: tuple[str, ...], most: int = 99) -> str:
    """Some parts in some order, so that no two selections share their code."""
    return " ".join(draw.sample(parts, min(most, len(parts))))


def documents(seed: int = 0) -> dict[str, str]:
    """Each within the limits of its kind, or just above. Those of another seed have other names."""
    many, draw = range(1_000), random.Random(seed)
    return {
        "56 aliases of the account": "{ "
        + " ".join(
            f"a{n}: account {{ name country currency timezone"
            " sales(first: 1) { totalCount nodes { reference status } } }"
            for n in many[:56]
        )
        + " }",
        "30 lists": "{ account { "
        + " ".join(f"a{seed}_{n}: sales(first: 1) {{ nodes {{ id buyer {{ name }} }} }}" for n in many[:30])
        + " } }",
        "23 lists of a fragment": "{ account { "
        + " ".join(f"a{seed}_{n}: sales(first: 1) {{ nodes {{ ...S }} }}" for n in many[:23])
        + f" }} }} fragment S on Sale {{ {_drawn(draw, _PARTS)} }}",
        "23 lists of different objects": "{ account { "
        + " ".join(
            f"a{seed}_{n}: sales(first: 1) {{ nodes {{ {_drawn(draw, _PARTS)} }} }}" for n in many[:23]
        )
        + " } }",
        "30 lists of different columns": "{ account { "
        + " ".join(
            f"a{seed}_{n}: sales(first: 1) {{ nodes {{ {_drawn(draw, _COLUMNS)} }} }}" for n in many[:30]
        )
        + " } }",
        "30 lists of different entries": "{ account { "
        + " ".join(
            f"a{seed}_{n}: auditLog(first: 1) {{ nodes {{ {_drawn(draw, _ENTRY)} }} }}" for n in many[:30]
        )
        + " } }",
        "29 objects in one list": "{ account { sales(first: 1) { edges { "
        + " ".join(f"a{seed}_{n}: node {{ {_SALE} }}" for n in many[:29])
        + " } } } }",
        "29 different objects in one list": "query ($a: Boolean!) { account { id @include(if: $a) "
        "sales(first: 1) { edges { "
        + " ".join(f"a{seed}_{n}: node {{ {_drawn(draw, _PARTS)} }}" for n in many[:29])
        + " } } } }",
        "40 different columns in one list": "{ account { sales(first: 1) { edges { "
        + " ".join(f"a{seed}_{n}: node {{ {_drawn(draw, _COLUMNS, 12)} }}" for n in many[:40])
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
    """Print what each document costs to parse, weigh, validate and plan: the least of five tries."""
    # what models promise of columns makes plans smaller; nothing is read
    config = configuration("sqlite:///:memory:")
    asyncio.run(Tortoise.init(config=config, _enable_global_fallback=True))
    engine = Engine(full_schema(), Limits(), weights())
    engine.prepare("{ account { sales { nodes { id } } } }", None, EVERYTHING)
    found = []
    for name in documents():
        least = float("inf")
        gc.collect()
        for attempt in range(1, 6):
            text = documents(attempt)[name] + " " * attempt
            started = time.process_time()
            result = engine.prepare(text, None, EVERYTHING)
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
