"""Batches, compressed responses, requests without a body, and what is wrong with a body, each in its words."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

import make
from client import SETTINGS, Client
from doorstep import PASSWORD, PLAIN, RESPONSE, person, visiting
from graph.http import compression

NAME = "{ instance { name } }"
NAMED = {"data": {"instance": {"name": "Centrals"}}}
TYPES = "{ __schema { types { name } } }"


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def send(visitor: Client, body: Any, **headers: str) -> httpx.Response:
    sent = {"accept": PLAIN} | {name.replace("_", "-"): value for name, value in headers.items()}
    return await visitor.http.post("/graphql", json=body, headers=sent)


def codes(response: httpx.Response) -> list[Any]:
    return [item["errors"][0]["extensions"]["code"] if "errors" in item else None for item in response.json()]


# Batches


@pytest.mark.parametrize("accept", [PLAIN, RESPONSE])
async def test_a_batch_is_answered_in_its_order(visitor: Client, accept: str) -> None:
    batch = [{"query": NAME}, {"query": "{ nothing }"}, {"query": "query A { __typename } query B { x: __typename }",
                                                        "operationName": "B"}]  # fmt: skip
    response = await send(visitor, batch, accept=accept)

    assert response.status_code == 200
    assert [response.json()[0], response.json()[2]] == [NAMED, {"data": {"x": "Query"}}]
    assert codes(response) == [None, "GRAPHQL_VALIDATION_FAILED", None]


async def test_a_batch_of_a_viewer_with_a_bad_credential_is_401(visitor: Client) -> None:
    response = await send(visitor, [{"query": NAME}] * 2, authorization="Bearer ended")

    assert (response.status_code, codes(response)) == (401, ["UNAUTHENTICATED"] * 2)


async def test_a_batch_may_not_select_more_lists_than_an_operation(visitor: Client) -> None:
    token = await make.session(await make.user())
    lists = " ".join(f"a{number}: sessions {{ id }}" for number in range(15))
    batch = [{"query": f"{{ viewer {{ {lists} }} }}"}] * 3

    response = await send(visitor, batch, authorization=f"Bearer {token}")

    assert codes(response) == [None, None, "QUERY_TOO_COMPLEX"]


async def test_a_batch_of_new_documents_is_limited_before_each_of_them(database_url: str) -> None:
    worst = "{ account { " + "... on Account { sales { nodes { reference } } } " * 95 + "} }"
    new = [{"query": f"#{number}\n{worst}"} for number in range(10)]
    ticks = 0

    async def others() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    async with visiting(replace(SETTINGS, cost_per_minute=30_000), apart=True) as visitor:
        started = time.process_time()
        await send(visitor, new[:1])
        once, started, ticks = time.process_time() - started, time.process_time(), 0
        response = await send(visitor, new[1:])
        more = time.process_time() - started
    waiting.cancel()

    assert codes(response)[0] != "RATE_LIMITED"
    assert codes(response)[-7:] == ["RATE_LIMITED"] * 7
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert (
        more < 4 * once + 0.05
    )  # as many are prepared as the budget has room for, and nine take as long again
    assert ticks >= 9  # others have their turn between two of them


async def test_a_batch_may_not_make_more_mutations_than_an_operation(visitor: Client) -> None:
    token = await make.session(await make.user())
    rename = {"query": 'mutation { setName(input: {name: "x"}) { errors { code } } }'}
    sign_in = {
        "query": 'mutation { signIn(input: {email: "a@example.com", password: "x"}) { errors { code } } }'
    }

    renamed = await send(visitor, [rename] * 6, authorization=f"Bearer {token}")
    guessed = await send(visitor, [sign_in, sign_in])

    assert codes(renamed) == [None] * 5 + ["QUERY_TOO_COMPLEX"]
    assert codes(guessed) == [None, "QUERY_TOO_COMPLEX"]


async def test_a_batch_costs_no_more_and_answers_no_more_than_an_operation(database_url: str) -> None:
    settings = replace(SETTINGS, cost_per_operation=30_000, response_bytes=10_000)
    async with visiting(settings, apart=True) as visitor:
        cost = await send(visitor, [{"query": TYPES}, {"query": TYPES.replace("name", "kind")}])
        name = f"{{ {' '.join(f'a{number}: __typename' for number in range(60))} }}"
        long = await send(visitor, [{"query": name}] * 10)
        longer = await send(
            visitor, [{"query": "{ __schema { types { name description fields { description } } } }"}]
        )

    assert codes(cost)[1] == "QUERY_TOO_COMPLEX"
    assert len(long.content) <= 10_000
    assert codes(long)[0] is None
    assert codes(longer) == ["RESPONSE_TOO_LARGE"]


async def test_a_batch_can_sign_in_and_sets_the_cookies(visitor: Client) -> None:
    user = await person()
    query = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } } }"
    variables = {"input": {"email": user["email"], "password": PASSWORD, "cookie": True}}

    response = await send(visitor, [{"query": NAME}, {"query": query, "variables": variables}])

    assert set(response.cookies) == {"centrals_access", "centrals_refresh", "centrals_device"}


# Compression


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("gzip", "gzip"),
        ("GZIP;q=0.5, identity;q=0.1", "gzip"),
        ("*", next(iter(compression.CODINGS))),
        ("gzip, deflate, br, zstd", next(iter(compression.CODINGS))),
        ("identity", None),
        ("gzip;q=0", None),
        ("gzip;q=0.5, identity", None),
        ("gzip;q=x", None),
        ("", None),
    ],
)
def test_the_coding_is_the_best_that_the_client_reads(accept: str, coding: str | None) -> None:
    assert compression.coding_of(accept.encode()) == coding


async def test_long_answers_to_queries_are_compressed_and_no_others(visitor: Client) -> None:
    user = await person()
    sign_in = (
        f'mutation {{ signIn(input: {{email: "{user["email"]}", password: "{PASSWORD}"}}) {{ accessToken'
    )
    sign_in += " ".join(f" a{number}: accessToken" for number in range(40)) + " } }"

    long = await send(visitor, {"query": TYPES}, accept_encoding="gzip")
    plain = await send(visitor, {"query": TYPES}, accept_encoding="identity")
    short = await send(visitor, {"query": NAME}, accept_encoding="gzip")
    secret = await send(visitor, {"query": sign_in}, accept_encoding="gzip")

    assert long.headers["content-encoding"] == "gzip"
    assert int(long.headers["content-length"]) < len(plain.content) / 2
    assert long.json() == plain.json()
    assert len(secret.content) > compression.LEAST_BYTES
    assert not [item for item in (plain, short, secret) if "content-encoding" in item.headers]
    assert "Accept-Encoding" in plain.headers["vary"]


async def test_compressed_requests_are_refused_and_say_what_is_read(visitor: Client) -> None:
    headers = {"content-type": PLAIN, "content-encoding": "gzip"}
    content = gzip.compress(json.dumps({"query": NAME}).encode())

    response = await visitor.http.post("/graphql", content=content, headers=headers)

    assert (response.status_code, response.headers["accept-encoding"]) == (415, "identity")
    assert (
        response.json()["errors"][0]["message"] == "Compressed requests are not read. Send the body as it is."
    )


# HEAD


async def test_head_is_answered_as_get_is_without_the_body(visitor: Client) -> None:
    get = await visitor.http.get("/graphql", params={"query": NAME})
    head = await visitor.http.head("/graphql", params={"query": NAME})
    mutation = await visitor.http.head(
        "/graphql", params={"query": "mutation { refreshSession { expiresAt } }"}
    )

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(get.content))
    assert (mutation.status_code, mutation.headers["allow"]) == (405, "POST")


# Faults


FAULTS = {
    b"": "The body is empty. Send a JSON object with a query.",
    b"\xef\xbb\xbf{}": "The body starts with a byte order mark. Send JSON without one.",
    b'{"query":"\xff"}': "The body is not UTF-8.",
    b"{": "The body is not valid JSON.",
    b"null": "The body is not a JSON object.",
    b'"{ __typename }"': "The body is not a JSON object.",
    b"[]": "The batch is empty.",
    b"[1]": "Operation 1 of the batch is not a JSON object.",
    b"[" + b",".join([b"{}"] * 11) + b"]": "The batch has 11 operations; at most 10 are allowed.",
    b"{}": "The request has neither a query nor a documentId.",
    b'{"query":1}': "The member query must be a text.",
    b'{"query":"{ a }","variables":"{}"}': "The member variables must be an object.",
    b'{"query":"{ a }","operationName":{}}': "The member operationName must be a text.",
    b'{"query":"{ a }","extensions":[]}': "The member extensions must be an object.",
    b"[" * 9_000: "The JSON of the body is nested too deeply.",
}


@pytest.mark.parametrize(("content", "message"), FAULTS.items(), ids=lambda item: str(item[:30]))
async def test_each_fault_of_a_body_has_its_own_sentence(
    visitor: Client, content: bytes, message: str
) -> None:
    response = await visitor.http.post("/graphql", content=content, headers={"content-type": PLAIN})

    assert (response.status_code, response.json()["errors"][0]["message"]) == (400, message)


async def test_a_get_with_a_bad_parameter_names_it(visitor: Client) -> None:
    response = await visitor.http.get("/graphql", params={"query": NAME, "variables": "[1]"})

    assert response.json()["errors"][0]["message"] == "The parameter variables is not a JSON object."


# Cookies


async def test_a_sign_in_with_cookies_from_another_site_is_refused_with_the_reason(visitor: Client) -> None:
    user = await person()
    query = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } errors { code field message } } }"
    values = {"email": user["email"], "password": PASSWORD}
    results = {}
    for site, cookie in (("cross-site", True), ("same-site", True), ("cross-site", False)):
        body = {"query": query, "variables": {"input": values | {"cookie": cookie}}}
        response = await send(visitor, body, sec_fetch_site=site)
        results[site, cookie] = (response.json()["data"]["signIn"], set(response.cookies))

    payload, cookies = results["cross-site", True]
    assert (payload["viewer"], cookies) == (None, set())
    assert (payload["errors"][0]["code"], payload["errors"][0]["field"]) == ("BAD_INPUT", ["cookie"])
    assert "another site" in payload["errors"][0]["message"]
    assert (
        results["same-site", True][0]["viewer"]
        == results["cross-site", False][0]["viewer"]
        == {"id": f"user_{user['id']}"}
    )
