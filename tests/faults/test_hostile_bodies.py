"""What anyone can send costs little to read: before a secret is compared, and before it is known who sends it."""

import functools
import gc
import gzip
import json
import time
from collections.abc import Iterator

import pytest
from intake_state import SECRET, account, rows
from payloads import webhook

from client import Client
from doorstep import PLAIN, visiting
from engine.execute import MOST_ERRORS
from engine.plan import variables
from graph.http import body as graphql_body
from intake.endpoint import receive
from intake.endpoint.route import LARGEST_BODY
from intake.messages.secret import MOST_VALUES as MOST_SEARCHED
from models.json_size import most_values

INTAKE, GRAPHQL = "/intake/hotmart/nobody", "/graphql"
SIZES = {INTAKE: LARGEST_BODY, GRAPHQL: 256 * 1024}
DEEP = b"[" * 50 + b"]" * 50
PARTS = (
    b"[]",
    b"{}",
    DEEP,
    b'{"a":' * 50 + b"0" + b"}" * 50,
    b"1.5e3",
    b"1." + b"1" * 17,
    b"1" * 4_000,
    b'""',
    b'["hottok",1]',
    b'{"hottok":0}',
    b'{"name":"hottok","value":0}',
)
TIMES = 4
"""How many times as much as the dearest body one costs without a limit on values; it is about 20."""


@pytest.fixture
def garbage_as_in_a_server() -> Iterator[None]:
    """The garbage collector as Python sets it: other tests run it less often."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def _list(part: bytes, size: int, values: int) -> bytes:
    """A list of as many of a part as two limits allow."""
    count = min((size - 2) // (len(part) + 1), (values - 1) // most_values(part))
    return b"[" + b",".join([part] * count) + b"]"


def _bodies(size: int, values: int) -> Iterator[bytes]:
    for part in PARTS:
        content = _list(part, size, values)
        yield content[:-1]
        yield b'{"query":"{ __typename }","variables":{"a":%b}}' % (content[:-60].rpartition(b",")[0] + b"]")
    yield _list(DEEP, size, 10**9)
    yield b'{"a":"' + b"\\\\" * (size // 2 - 20) + b'\\ud800"}'
    yield b'{"a":"' + b"\\\\" * 20_000 + b"\\ud800" * 3_000 + b'"}'
    yield b'{"a":"' + b"\\ud800" * (size // 6 - 20) + b'"}'
    yield b"prod=" + b"%41" * 19_999
    yield b"prod=" + b"%41" * (size // 3 - 5)
    yield b"a=b&" * (size // 4)
    yield b" " * size
    yield b"[" + b"1" * (size - 2) + b"]"
    yield b"{" + b",".join(b'"%x":0' % number for number in range(values - 10)) + b"}"
    yield b"\xff\xfe" + _list(DEEP, size // 2 - 2, 10**9).decode().encode("utf-16-le")
    yield gzip.compress(_list(DEEP, size, values))


async def _cost(
    visitor: Client, path: str, content: bytes, more_headers: dict[str, str] | None = None
) -> float:
    """The least processor time of two requests."""
    headers = {"content-type": PLAIN, **(more_headers or {})} | (
        {"content-encoding": "gzip"} if content[:1] == b"\x1f" else {}
    )
    spent = []
    for _ in range(2):
        started = time.process_time()
        response = await visitor.http.post(path, content=content, headers=headers)
        spent.append(time.process_time() - started)
        assert response.status_code in ({401} if path == INTAKE else {200, 400, 415})
    return min(spent)


@pytest.mark.usefixtures("garbage_as_in_a_server")
@pytest.mark.parametrize(("path", "module"), [(INTAKE, receive), (GRAPHQL, graphql_body)])
async def test_no_body_of_a_stranger_costs_much(
    database_url: str, monkeypatch: pytest.MonkeyPatch, path: str, module: object
) -> None:
    size, values = SIZES[path], module.MOST_VALUES  # type: ignore[attr-defined]
    async with visiting() as visitor:
        costs = {content: await _cost(visitor, path, content) for content in _bodies(size, values)}
        monkeypatch.setattr(module, "MOST_VALUES", 10**9)
        boundless = await _cost(visitor, path, _list(DEEP, size, 10**9))

    dearest = max(costs, key=lambda content: costs[content])
    assert costs[dearest] * TIMES < boundless, (dearest[:80], len(dearest))


async def test_a_request_has_room_for_all_its_messages_and_their_secret(database_url: str) -> None:
    seller = await account()
    messages = [webhook(id=f"message {number}") for number in range(receive.MOST_MESSAGES)]
    wrapped = [{"headers": {"x-hotmart-hottok": SECRET}, "body": message} for message in messages]
    content = json.dumps(wrapped).encode()

    assert MOST_SEARCHED < most_values(content) < receive.MOST_VALUES
    async with visiting() as visitor:
        answer = await visitor.http.post(f"/intake/hotmart/{seller['intake_id']}", content=content)

    assert answer.status_code == 200
    assert len(await rows(seller, "intake_events")) == receive.MOST_MESSAGES


async def test_too_many_values_are_refused_whoever_sends_them(database_url: str) -> None:
    seller = await account()
    content = _list(b"0", LARGEST_BODY, receive.MOST_VALUES + 1)
    address, secret = f"/intake/hotmart/{seller['intake_id']}", {"x-hotmart-hottok": SECRET}

    async with visiting() as visitor:
        many = await visitor.http.post(address, content=content, headers=secret)
        graphql = await visitor.http.post(GRAPHQL, content=content, headers={"content-type": PLAIN})
        got = await visitor.http.get(GRAPHQL, params={"query": "{ a }", "variables": "[" * 10_001})

    assert (many.status_code, many.json()["reason"]) == (400, "A request holds at most 50,000 values.")
    for refused in (graphql, got):
        (error,) = refused.json()["errors"]
        assert error["message"] == "The JSON has more than 10,000 commas and opening brackets."


async def test_wrong_variables_cost_no_more_than_their_length(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller = await account()
    headers = {
        "authorization": f"Bearer {await Client.owner(seller)}",
        "x-central": f"central_{seller['id']}",
    }
    unknown = {f"x{number}": 0 for number in range(2_000)}
    query = "query($filter: SaleFilter) { account { sales(filter: $filter) { totalCount } } }"
    content = json.dumps({"query": query, "variables": {"filter": unknown}}).encode()

    cost = await _cost(client, GRAPHQL, content, headers)
    of_all = functools.partial(variables.get_variable_values, max_errors=None)
    monkeypatch.setattr(variables, "get_variable_values", lambda *arguments, **_: of_all(*arguments))
    of_each = await _cost(client, GRAPHQL, content, headers)

    assert cost * TIMES < of_each


async def test_a_few_errors_of_variables_are_reported_with_what_they_suggest(client: Client) -> None:
    seller = await account()
    query = """mutation($input: CreateAccessTokenInput!) {
      createAccessToken(input: $input) { errors { code } } }"""
    wrong = {"name": "Export", "days": 1, "centralId": "x", "grants": ["SEARCH_SALE"] * 5_000}
    token = await Client.owner(seller)

    errors = await client.errors(query, {"input": wrong}, token=token, account=seller)

    assert len(errors) == MOST_ERRORS + 1
    assert "Did you mean the enum value 'SEARCH_SALES'" in errors[0]["message"]
    assert errors[-1]["message"].startswith("Too many errors")


@pytest.mark.parametrize(
    "field", ["signUp.email", "signUp.name", "signUp.password", "signIn.email", "signIn.password"]
)
async def test_a_text_of_marks_takes_no_longer_than_one_of_letters(database_url: str, field: str) -> None:
    mutation, name = field.split(".")
    kind = mutation[0].upper() + mutation[1:]
    query = f"mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ errors {{ code }} }} }}"
    sound = {"email": "someone@example.com", "password": "a password of enough characters"}
    sound |= {"name": "Someone"} if mutation == "signUp" else {}

    async def cost(text: str) -> float:
        content = {"query": query, "variables": {"input": sound | {name: text}}}
        async with visiting() as visitor:
            return await _cost(visitor, GRAPHQL, json.dumps(content, ensure_ascii=False).encode())

    assert await cost("a" + "\u0301\u0316" * 60_000) < 3 * await cost("é" * 120_000) + 0.5
