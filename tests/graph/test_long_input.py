"""Errors repeat little of what a client sends, whatever it is."""

import httpx

import make
from client import Client

MOST_BYTES = 8_000
TEXT = "A" * 240_000
NAME = "a" * 30_000
DAYS = "query($period: PeriodInput!) { account { reports { revenue(period: $period) { count } } } }"
TOKEN = """mutation($input: CreateAccessTokenInput!) {
  createAccessToken(input: $input) { errors { message } } }"""
SALES = """query($filter: SaleFilter, $first: Int, $after: String) {
  account { sales(filter: $filter, first: $first, after: $after) { totalCount } } }"""
INPUT = {"name": "x", "days": 1, "centralId": "c", "grants": []}
VALUES = (
    (TOKEN, {"input": INPUT | {"grants": [TEXT]}}),
    (TOKEN, {"input": INPUT | {"grants": ["A" * 10_000] * 24}}),
    (TOKEN, {"input": INPUT | {TEXT: 1}}),
    (TOKEN, {"input": TEXT}),
    (TOKEN, {"input": INPUT | {"days": TEXT}}),
    (TOKEN, {"input": INPUT | {"centralId": TEXT}}),
    (TOKEN, {"input": INPUT | {"name": TEXT}}),
    (DAYS, {"period": {"from": TEXT, "to": "2026-01-01"}}),
    (DAYS, {"period": {"from": {"day": TEXT}, "to": "2026-01-01"}}),
    (SALES, {"filter": {"text": TEXT}}),
    (SALES, {"filter": {"currency": TEXT}}),
    (SALES, {"filter": {"product": [TEXT]}}),
    (SALES, {"filter": {"status": [TEXT]}}),
    (SALES, {"first": TEXT}),
    (SALES, {"after": TEXT}),
)
DOCUMENTS = (
    f"{{ account {{ {NAME} }} }}",
    f"{{ account {{ sales({NAME}: 1) {{ totalCount }} }} }}",
    f"{{ account {{ sales(filter: {{ {NAME}: 1 }}) {{ totalCount }} }} }}",
    f"{{ account {{ sales(filter: {{ status: [{NAME}] }}) {{ totalCount }} }} }}",
    f'{{ account {{ sales(first: "{NAME}") {{ totalCount }} }} }}',
    f'{{ account {{ sales(after: "{NAME}") {{ totalCount }} }} }}',
    f"query(${NAME}: Int!) {{ instance {{ name }} }}",
    f"query($x: {NAME}) {{ node(id: $x) {{ id }} }}",
    f"{{ ...{NAME} }}",
    f"{{ instance {{ name @{NAME} }} }}",
    f"{{ {NAME}: instance {{ name }} {NAME}: account {{ name }} }}",
    f"{NAME} {{ instance {{ name }} }}",
    f'{{ instance {{ name }} }} "{NAME}"',
)
FILES = (
    {"list": "sales", "columns": NAME},
    {"list": "sales", "filter": f'{{"status":["{NAME}"]}}'},
    {"list": "sales", "filter": f'{{"{NAME}":1}}'},
    {"list": "sales", "order": f'{{"field":"{NAME}"}}'},
    {"list": "sales", "format": NAME},
    {NAME: "1"},
)


async def test_an_error_repeats_little_of_what_was_sent(client: Client) -> None:
    account = await make.account()
    token = await Client.owner(account)
    headers = {"authorization": f"Bearer {token}"}
    found: list[httpx.Response] = []

    for query, values in (*VALUES, *((query, None) for query in DOCUMENTS)):
        found.append(await client.post(query, values, token=token, account=account))
    for sent in FILES:
        words = {"central": f"central_{account['id']}"} | sent
        found.append(await client.http.get("/export/rows", params=words, headers=headers))

    assert [len(response.content) for response in found if len(response.content) > MOST_BYTES] == []
    assert [response.text for response in found if '"message":' not in response.text] == []
