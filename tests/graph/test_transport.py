"""GraphQL over HTTP: media types, statuses, and whatever else arrives instead of a request."""

import json
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

import make
from client import Client
from doorstep import PLAIN, RESPONSE, visiting

QUERY = "{ instance { name } }"
NAMED = {"data": {"instance": {"name": "Centrals"}}}
LARGEST = 256 * 1024
INTERNALS = ("Traceback", "msgspec", "asyncpg", "sqlite", "tortoise", ".py", "Error(", "0x", "site-packages")


@pytest.fixture
async def visitor() -> AsyncIterator[Client]:
    """Asks for what no database is read for."""
    async with visiting() as found:
        yield found


async def send(visitor: Client, content: Any, **headers: str) -> httpx.Response:
    sent = {"content-type": PLAIN, "accept": RESPONSE} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return await visitor.http.post("/graphql", content=content, headers=sent)


def body(query: str = QUERY, **parts: Any) -> bytes:
    return json.dumps({"query": query, **parts}).encode()


def refused(response: httpx.Response, status: int, code: str | None = None) -> None:
    assert response.status_code == status, response.text
    errors = response.json()["errors"]
    assert errors
    assert "data" not in response.json()
    if code is not None:
        assert {error["extensions"]["code"] for error in errors} == {code}
    assert not [word for word in INTERNALS if word in response.text], response.text
    assert response.headers["x-request-id"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (RESPONSE, RESPONSE),
        (PLAIN, PLAIN),
        (None, PLAIN),
        ("", PLAIN),
        ("*/*", PLAIN),
        ("application/*", PLAIN),
        (f"{RESPONSE}, {PLAIN}", RESPONSE),
        (f"{PLAIN}, {RESPONSE}", PLAIN),
        (f"{PLAIN};q=0.5, {RESPONSE};q=0.9", RESPONSE),
        (f"{RESPONSE};q=0.1,{PLAIN};q=0.2", PLAIN),
        (f"{RESPONSE};q=0, */*;q=0.1", PLAIN),
        (f"{PLAIN};q=0, {RESPONSE};q=0.1", RESPONSE),
        (f"  {RESPONSE.upper()} ; charset=utf-8 ", RESPONSE),
        (f"text/html;q=0.9, {RESPONSE};q=0.1", RESPONSE),
    ],
)
async def test_the_answer_has_the_media_type_that_the_client_prefers(
    visitor: Client, accept: str | None, media_type: str
) -> None:
    headers = {"content-type": PLAIN} | ({"accept": accept} if accept is not None else {})
    request = visitor.http.build_request("POST", "/graphql", content=body(), headers=headers)
    if accept is None:
        del request.headers["accept"]

    response = await visitor.http.send(request)

    assert (response.status_code, response.json()) == (200, NAMED)
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize(
    "accept",
    [
        "application/jsonx",
        "text/plain",
        "image/*",
        f"{PLAIN};q=0",
        f"{PLAIN};q=x",
        "*/*;q=nan",
        ",",
        ";;",
        "json",
    ],
)
async def test_no_acceptable_media_type_is_406(visitor: Client, accept: str) -> None:
    response = await send(visitor, body(), accept=accept)

    refused(response, 406, "BAD_REQUEST")


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "application/jsonx",
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/json;charset*=utf-8''x",
        "application",
        ";",
    ],
)
async def test_a_body_of_another_kind_is_415(visitor: Client, kind: str) -> None:
    refused(await send(visitor, body(), content_type=kind), 415, "BAD_REQUEST")


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=UTF-8",
        'application/json;charset="utf-8"',
    ],
)
async def test_json_in_utf_8_is_taken_however_it_is_spelt(visitor: Client, kind: str) -> None:
    assert (await send(visitor, body(), content_type=kind)).json() == NAMED


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (body("{"), "GRAPHQL_PARSE_FAILED"),
        (body(""), "GRAPHQL_PARSE_FAILED"),
        (body("{ nothing }"), "GRAPHQL_VALIDATION_FAILED"),
        (body("query A { __typename } query B { __typename }"), "BAD_REQUEST"),
        (body("query A { __typename }", operationName="B"), "BAD_REQUEST"),
        (body("query A { __typename }", operationName=""), "BAD_REQUEST"),
        (body("query($a: Boolean!) { __typename @skip(if: $a) }"), "BAD_INPUT"),
        (body("query($a: Boolean!) { __typename @skip(if: $a) }", variables={"a": 2**63}), "BAD_INPUT"),
        (body("{ __typename " + "a: __typename " * 100 + "}"), "QUERY_TOO_COMPLEX"),
    ],
)
async def test_a_request_error_is_400_and_in_plain_json_200(
    visitor: Client, content: bytes, code: str
) -> None:
    refused(await send(visitor, content), 400, code)
    refused(await send(visitor, content, accept=PLAIN), 200, code)


DEEP = 9_000
ODD_BODIES = {
    "nothing": b"",
    "null": b"null",
    "a number": b"1",
    "a text": b'"x"',
    "a list": b"[]",
    "a batch of texts": b'["{ __typename }"]',
    "a batch of eleven": b"[" + b",".join([body()] * 11) + b"]",
    "no query": b"{}",
    "a query of another type": b'{"query":1}',
    "a null query": b'{"query":null}',
    "no JSON": b"{",
    "two values": b"{} {}",
    "NaN": b'{"query":"{ __typename }","variables":{"a":NaN}}',
    "invalid UTF-8": b'{"query":"\xff\xfe"}',
    "UTF-16": body().decode().encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + body(),
    "a lone surrogate": rb'{"query":"\ud800"}',
    "a lone surrogate in a variable": rb'{"query":"{ __typename }","variables":{"a":"\udfff"}}',
    "too many values": b'{"query":"{ __typename }","x":[' + b"1," * 10_000 + b"1]}",
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep variables": b'{"query":"{ __typename }","variables":{"a":' + b"[" * DEEP + b"]" * DEEP + b"}}",
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep where nothing is read": b'{"query":"{ __typename }","x":'
    + b'{"a":' * DEEP
    + b"1"
    + b"}" * DEEP
    + b"}",
    "1e400": b'{"query":"{ __typename }","variables":{"a":1e400}}',
    "variables of another type": b'{"query":"{ __typename }","variables":[1]}',
    "variables as text": b'{"query":"{ __typename }","variables":"{}"}',
    "an operation's name of another type": b'{"query":"{ __typename }","operationName":{}}',
    "extensions of another type": b'{"query":"{ __typename }","extensions":1}',
}


@pytest.mark.parametrize("name", ODD_BODIES)
async def test_a_body_that_is_no_request_is_400_in_both_media_types(visitor: Client, name: str) -> None:
    for accept in (RESPONSE, PLAIN):
        refused(await send(visitor, ODD_BODIES[name], accept=accept), 400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "content",
    [
        body() + b" \n",
        body(variables=None, operationName=None, extensions=None),
        body(variables={"unknown": 2**63}),
        b'{"query":"{ nothing }","query":' + json.dumps(QUERY).encode() + b"}",
        b'{"query":' + json.dumps(QUERY).encode() + b',"variables":{"a":' + b"9" * 400 + b"}}",
        b'{"query":' + json.dumps(QUERY).encode() + b',"variables":{"a":1,"a":{"b":"\\u0000"}}}',
        b'{"query":' + json.dumps(QUERY).encode() + b',"more":[1,2.5,null]}',
    ],
    ids=["spaces", "nulls", "2^63", "query twice", "400 digits", "NUL", "more members"],
)
async def test_what_the_operation_does_not_read_does_not_matter(visitor: Client, content: bytes) -> None:
    response = await send(visitor, content)

    assert (response.status_code, response.json()) == (200, NAMED)


@pytest.mark.parametrize(
    "value",
    [2**31, 2**63, -(2**63), 2**64, 10**400, 1.5, 1e308, True, "1", [1, 2], {"a": 1}, None, "\0", "٣", " 1 "],
    ids=str,
)
async def test_a_wrong_variable_is_refused_alike_wherever_it_goes(client: Client, value: Any) -> None:
    account = await make.account()
    token = await Client.owner(account)
    number = "query($v: Int!) { account { sales(first: $v) { edges { cursor } } } }"
    text = "query($v: ID!) { node(id: $v) { id } }"
    reference = "query($v: String!) { account { sale(reference: $v) { id } } }"

    for query in (number, text, reference):
        response = await client.post(query, {"v": value}, token=token, account=account)

        assert response.status_code in {200, 400}, response.text
        assert not [word for word in INTERNALS if word in response.text]
        codes = {error["extensions"]["code"] for error in response.json().get("errors", [])}
        assert codes <= {"BAD_INPUT"}, response.text


async def test_a_body_holds_256_kib_and_not_a_byte_more(visitor: Client) -> None:
    fits = body().ljust(LARGEST)

    assert (await send(visitor, fits)).json() == NAMED
    refused(await send(visitor, fits + b" "), 413, "BAD_REQUEST")


async def test_a_body_of_untold_length_is_held_to_the_same_bound(visitor: Client) -> None:
    read = 0

    async def chunks(number: int) -> AsyncIterator[bytes]:
        nonlocal read
        yield body()
        for _ in range(number):
            read += 1
            yield b" " * 1024

    assert (await send(visitor, chunks(10))).json() == NAMED
    read = 0
    refused(await send(visitor, chunks(10_000)), 413, "BAD_REQUEST")
    assert read <= LARGEST // 1024


async def test_whoever_leaves_in_the_middle_of_a_body_is_told_nothing_and_nothing_is_done(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    arriving = [
        {"type": "http.request", "body": body()[:10], "more_body": True},
        {"type": "http.disconnect"},
    ]
    results: list[Any] = []

    async def receive() -> Any:
        return arriving.pop(0)

    async def sent(part: Any) -> None:
        results.append(part)

    headers = [(b"host", b"localhost"), (b"content-type", PLAIN.encode())]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
    }
    await visitor.http._transport.app(scope, receive, sent)  # type: ignore[attr-defined]

    assert (arriving, results) == ([], [])
    lines = [record for record in caplog.records if record.name.startswith("centrals")]
    assert [(line.message, line.__dict__["status"]) for line in lines] == [("request", 499)]


async def test_of_a_header_that_comes_twice_the_first_counts(visitor: Client) -> None:
    twice = [("content-type", PLAIN), ("accept", PLAIN), ("accept", RESPONSE), ("content-type", "text/plain")]

    response = await visitor.http.post("/graphql", content=body(), headers=twice)

    assert response.json() == NAMED
    assert response.headers["content-type"] == f"{PLAIN}; charset=utf-8"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_other_methods_are_405_and_told_which_are_allowed(visitor: Client, method: str) -> None:
    response = await visitor.http.request(method, "/graphql", content=body(), headers={"content-type": PLAIN})

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"


async def test_a_query_is_taken_by_get(visitor: Client) -> None:
    variables = {
        "query": "query A($s: Boolean!) { instance { name @skip(if: $s) __typename } } query B { __typename }",
        "operationName": "A",
        "variables": '{"s":true}',
        "extensions": "{}",
    }

    response = await visitor.http.get("/graphql", params=variables, headers={"accept": RESPONSE})
    bare = await visitor.http.get("/graphql", params={"query": QUERY, "variables": "", "operationName": ""})

    assert response.json() == {"data": {"instance": {"__typename": "Instance"}}}
    assert response.headers["cache-control"] == "no-store"
    assert bare.json() == NAMED


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"query": ""},
        {"query": QUERY, "variables": "["},
        {"query": QUERY, "variables": "[1]"},
        {"query": QUERY, "variables": "1"},
        {"query": QUERY, "extensions": '"x"'},
        {"query": QUERY, "variables": '{"a":"\ud800"}'.encode("utf-8", "surrogatepass")},
        {"query": QUERY, "variables": "[" * 3_000},
        {"query": b"\xff\xfe"},
        {"query": "\0"},
    ],
    ids=str,
)
async def test_a_get_that_is_no_request_is_400(visitor: Client, parameters: dict[str, Any]) -> None:
    response = await visitor.http.get(
        "/graphql", params=httpx.QueryParams(parameters), headers={"accept": RESPONSE}
    )

    refused(response, 400)


async def test_a_mutation_by_get_is_405_and_changes_nothing(client: Client) -> None:
    token = await make.session(await make.user())
    variables = {"query": "mutation { signOut { signedOut } }"}

    for accept in (RESPONSE, PLAIN):
        headers = {"authorization": f"Bearer {token}", "accept": accept}
        response = await client.http.get("/graphql", params=variables, headers=headers)
        refused(response, 405, "BAD_REQUEST")
        assert response.headers["allow"] == "POST"

    assert (await client.ask("{ viewer { id } }", token=token))["viewer"]["id"]


async def test_a_browser_gets_the_page_and_a_client_never_does(visitor: Client) -> None:
    html = "text/html,application/xhtml+xml,*/*;q=0.8"

    page = await visitor.http.get("/graphql", headers={"accept": html})
    link = await visitor.http.get("/graphql", params={"query": QUERY}, headers={"accept": html})
    query = await visitor.http.get("/graphql", params={"query": QUERY}, headers={"accept": f"*/*, {html}"})

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert link.headers["content-type"] == page.headers["content-type"]
    assert query.json() == NAMED


async def test_every_answer_of_the_api_is_private_and_never_guessed_at(visitor: Client) -> None:
    for response in [await send(visitor, body()), await send(visitor, b"1"), await send(visitor, body("{"))]:
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert {"Accept", "Authorization", "Cookie", "X-Central"} <= set(response.headers["vary"].split(", "))


async def test_every_answer_names_a_request_of_its_own(visitor: Client) -> None:
    responses = [await send(visitor, content) for content in [body(), body(), b"1", body("{")]]

    assert len({response.headers["x-request-id"] for response in responses}) == 4


async def test_nothing_of_a_refused_request_is_a_fault_of_ours(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for content in ODD_BODIES.values():
            await send(visitor, content)

    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cookie", 'a="' + "\\\\" * 30_000 + '"'),
        ("cookie", 'a="' + '\\"' * 30_000 + '"'),
        ("content-type", 'application/json;"' + ";" * 60_000),
        ("accept", 'a;"' + ";" * 60_000),
        ("accept", "a," * 30_000),
        ("accept-encoding", "a;q=0.5," * 7_500),
    ],
)
@pytest.mark.parametrize("path", ["/graphql", "/export/rows", "/sign-in/provider/back"])
async def test_no_header_takes_more_time_than_its_length(
    visitor: Client, path: str, name: str, value: str
) -> None:
    started = time.process_time()
    long = await visitor.http.post(path, content=body(), headers={"content-type": PLAIN, name: value})
    spent = time.process_time() - started

    assert long.status_code in {200, 401, 404, 405, 406, 415}
    assert spent < 0.5  # the standard library's parsers take 3 to 11 seconds


async def test_cookies_are_read_from_several_headers_and_among_others(client: Client) -> None:
    token = await make.session(await make.user(name="Ana"))
    headers = [("cookie", 'theme="dark"; x'), ("cookie", f"y=1;centrals_access={token} ; z=a=b")]

    response = await client.http.post("/graphql", json={"query": "{ viewer { name } }"}, headers=headers)

    assert response.json() == {"data": {"viewer": {"name": "Ana"}}}
