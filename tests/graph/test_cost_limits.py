"""What clients may spend over HTTP, what they are told of it, and what no document gets around."""

import time
from asyncio import Event, gather, timeout
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from httpx import Response

import make
from client import SETTINGS, Client
from doorstep import RESPONSE, visiting
from engine.execute import Engine
from graph.http.handler import GraphQLHandler

_USUAL = replace(SETTINGS, cost_per_operation=60_000)
_KNOWN = "{ a: __typename }"


def _error(response: Any) -> dict[str, Any]:
    (error,) = response.json()["errors"]
    return dict(error["extensions"])


async def test_new_documents_cost_by_their_length_and_known_ones_by_their_fields() -> None:
    async with visiting(replace(SETTINGS, cost_per_minute=1_000), apart=True) as visitor:
        first = await visitor.post(_KNOWN)
        results = [await visitor.post(f"{{ a{number}: __typename }}") for number in range(40)]
        again = await visitor.post(_KNOWN)

    served = [response.status_code for response in results].count(200)
    assert 10 <= served <= 25
    assert [response.status_code for response in results[served:]] == [429] * (40 - served)
    assert (first.status_code, again.status_code) == (200, 200)
    refused = results[-1]
    assert _error(refused)["code"] == "RATE_LIMITED"
    assert _error(refused)["allowed"] == {"costPerMinute": 1_000}
    assert 1 <= _error(refused)["retryAfter"] <= 60
    assert refused.headers["retry-after"] == str(_error(refused)["retryAfter"])


async def test_a_known_document_is_paid_for_each_time() -> None:
    async with visiting(replace(SETTINGS, cost_per_minute=1_000), apart=True) as visitor:
        results = [await visitor.post("{ instance { name version } }") for _ in range(400)]

    assert 200 <= [response.status_code for response in results].count(200) < 400


async def test_each_further_plan_of_a_document_costs_as_much_as_another_document() -> None:
    names = [f"v{number}" for number in range(3)]
    text = f"query ({' '.join(f'${name}: Boolean!' for name in names)}) {{ instance {{ version "
    text += " ".join(f"{name}: name @include(if: ${name})" for name in names) + " } }"
    variants = [dict(zip(names, values, strict=True)) for values in product((False, True), repeat=3)]
    async with visiting(replace(SETTINGS, cost_per_minute=10_000), apart=True) as visitor:

        async def spent(variables: dict[str, Any]) -> int:
            body = {"query": text, "variables": variables, "extensions": {"cost": True}}
            response = await visitor.http.post("/graphql", json=body, headers={"accept": RESPONSE})
            return 10_000 - int(response.json()["extensions"]["cost"]["left"])

        first = await spent(variants[0])
        planned = [await spent(variables) for variables in variants][-1]
        known = [await spent(variables) for variables in variants][-1]

    assert 400 < first < 1_000
    assert planned > 4 * first  # seven further plans, while the budget is refilled
    assert known < planned + 200


async def test_what_one_spends_is_no_one_elses(client: Client) -> None:
    async with visiting(replace(SETTINGS, cost_per_minute=1_000), apart=True) as visitor:
        token = await make.session(await make.user())
        while (await visitor.post(_KNOWN + " " * 10)).status_code == 200:
            pass
        mine = await visitor.post("{ viewer { name } }", token=token)

    assert mine.status_code == 200


async def test_the_word_refresh_session_buys_no_parsing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    parse = Engine._parse
    monkeypatch.setattr(Engine, "_parse", lambda self, text: parsed.append(text) or parse(self, text))
    filling = "__typename " * 300
    async with visiting(replace(SETTINGS, cost_per_minute=10_000), apart=True) as visitor:
        refused = [await visitor.post(f"#refreshSession {n}\n{{ {filling} }}", token="x") for n in range(20)]
        parsed_in_all = len(set(parsed))
        started = time.process_time()
        for number in range(20):
            await visitor.post(f"#refreshSession {number + 20}\n{{ {filling} }}")
        spent = (time.process_time() - started) / 20

    assert {response.status_code for response in refused} == {401}
    assert parsed_in_all <= 3
    print(f"{spent * 1000:.1f} ms for each 429")
    assert spent < 0.02


async def test_the_cost_is_shown_on_request() -> None:
    async with visiting(_USUAL, apart=True) as visitor:
        body = {"query": "{ instance { name } }", "extensions": {"cost": True}}
        shown = await visitor.http.post("/graphql", json=body, headers={"accept": RESPONSE})
        silent = await visitor.post("{ instance { name } }")

    cost = shown.json()["extensions"]["cost"]
    assert (cost["operation"], cost["limit"], cost["perMinute"]) == (2, 60_000, SETTINGS.cost_per_minute)
    assert cost["left"] < cost["perMinute"]
    assert "extensions" not in silent.json()


async def test_an_operation_too_dear_for_its_variables_is_refused_with_what_is_allowed(
    client: Client,
) -> None:
    account = await make.account()
    token = await Client.owner(account)
    lists = " ".join(
        f"a{n}: sales(first: $n) {{ nodes {{ product {{ offers {{ code name }} }} }} }}" for n in range(14)
    )
    query = f"query ($n: Int!) {{ account {{ {lists} }} }}"

    async with visiting(_USUAL, apart=True) as visitor:
        few = await visitor.post(query, {"n": 1}, token=token, account=account)
        many = await visitor.post(query, {"n": 100}, token=token, account=account)

    assert "errors" not in few.json()
    assert _error(many) == {"code": "QUERY_TOO_COMPLEX", "allowed": {"cost": 60_000}}


async def test_a_response_that_is_too_long_becomes_an_error() -> None:
    wide = "{ " + " ".join(f"{'a' * 100}{n}: __typename" for n in range(40)) + " }"
    async with visiting(replace(SETTINGS, response_bytes=2_000), apart=True) as visitor:
        long = await visitor.post(wide)
        short = await visitor.post("{ __typename }")

    assert _error(long) == {"code": "RESPONSE_TOO_LARGE", "allowed": {"bytes": 2_000}}
    assert long.json()["data"] is None
    assert short.json() == {"data": {"__typename": "Query"}}


async def test_an_introspection_is_charged_less_once_its_answer_is_cached() -> None:
    body = {"query": "{ __schema { queryType { name } } }", "extensions": {"cost": True}}
    async with visiting(_USUAL, apart=True) as visitor:
        shown = [await visitor.http.post("/graphql", json=body, headers={"accept": RESPONSE}) for _ in "123"]

    first, *others = (response.json()["extensions"]["cost"]["operation"] for response in shown)
    assert first >= 20_000
    assert others == [500, 500]


async def test_introspection_with_any_undeclared_variable_is_the_cached_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run: list[str] = []
    standard = Engine.run_standard

    def noted(self: Engine, prepared: Any, variables: Any, context: Any, reason: str) -> Any:
        run.append(reason)
        return standard(self, prepared, variables, context, reason)

    monkeypatch.setattr(Engine, "run_standard", noted)
    query = "query ($deep: Boolean = false) { __schema { queryType { name @skip(if: $deep) kind } } }"
    async with visiting(apart=True) as visitor:
        results = [(await visitor.post(query, {f"x{n}": n})).json() for n in range(5)]
        declared = (await visitor.post(query, {"deep": True})).json()

    assert run == ["introspection"] * 2
    assert results == [results[0]] * 5
    assert declared != results[0]


@pytest.mark.parametrize(
    ("setting", "method", "refused"),
    [
        ("introspection", "POST", "{ __schema { queryType { name } } }"),
        ("get_queries", "GET", "{ __typename }"),
        ("suggestions", "POST", "{ instanc { name } }"),
    ],
)
async def test_what_tells_of_the_schema_can_be_turned_off(setting: str, method: str, refused: str) -> None:
    answers = []
    for on in (True, False):
        async with visiting(replace(SETTINGS, **{setting: on}), apart=True) as visitor:
            if method == "GET":
                response = await visitor.http.get("/graphql", params={"query": refused})
            else:
                response = await visitor.post(refused)
            answers.append(response)
            assert (await visitor.post("{ __typename }")).json() == {"data": {"__typename": "Query"}}

    assert answers[0].text != answers[1].text
    assert "errors" in answers[1].json()
    assert "Did you mean" not in answers[1].text


async def test_batches_can_be_turned_off() -> None:
    found = []
    for on in (True, False):
        async with visiting(replace(SETTINGS, batches=on), apart=True) as visitor:
            batch = [{"query": "{ __typename }"}] * 2
            found.append((await visitor.http.post("/graphql", json=batch)).json())

    assert found[0] == [{"data": {"__typename": "Query"}}] * 2
    assert [error["message"] for error in found[1]["errors"]] == [
        "Batches are turned off. Send one operation in each request."
    ]


async def test_the_page_for_browsers_can_be_turned_off() -> None:
    for on in (True, False):
        async with visiting(replace(SETTINGS, graphiql=on), apart=True) as visitor:
            response = await visitor.http.get("/graphql", headers={"accept": "text/html"})
        assert response.headers["content-type"].startswith("text/html") is on


async def test_a_few_heavy_operations_of_one_viewer_run_at_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, refused = 0, 0, 0
    all_sent = Event()

    async def slow(self: Any, *_: Any) -> Any:
        nonlocal running, most
        running += 1
        most = max(most, running)
        async with timeout(20):
            await all_sent.wait()
        running -= 1
        raise TimeoutError

    monkeypatch.setattr(GraphQLHandler, "_run", slow)
    account = await make.account()
    token = await Client.owner(account)
    query = '{ account { sales(filter: { text: "a" }) { nodes { id } } } }'
    async with visiting(apart=True) as visitor:

        async def post() -> Response:
            nonlocal refused
            response = await visitor.post(query, token=token, account=account)
            refused += response.status_code == 429
            if refused == 17:
                all_sent.set()
            return response

        results = await gather(*(post() for _ in range(40)))

    statuses = [response.status_code for response in results]
    assert most == 3
    assert statuses.count(503) == 23  # three at once, and twenty that wait
    assert statuses.count(429) == 17
    assert {response.headers["retry-after"] for response in results if response.status_code == 429} == {"1"}


SCANS = {
    "alias overloading": "{ " + " ".join(f"a{n}: __typename" for n in range(101)) + " }",
    "field duplication": "{ " + "__typename " * 500 + "}",
    "directive overloading": "{ __typename " + "@aa" * 10 + " }",
    "circular introspection": "{ __schema { types { "
    + "fields { type { " * 4
    + "name"
    + " } }" * 4
    + " } } }",
    "a batch": [{"query": "{ __typename }"}] * 20,
}


@pytest.mark.parametrize("name", SCANS)
async def test_what_scanners_of_graphql_report_is_refused_with_few_errors(name: str) -> None:
    scan = SCANS[name]
    async with visiting(apart=True) as visitor:
        if isinstance(scan, str):
            response = await visitor.post(scan)
            usual = await visitor.post("{ a: __typename __typename @skip(if: true) }")
            assert usual.json() == {"data": {"a": "Query"}}
        else:
            response = await visitor.http.post("/graphql", json=scan)

    assert response.status_code == 400
    assert "data" not in response.json()
    assert 1 <= len(response.json()["errors"]) <= 5
