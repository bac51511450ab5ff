"""Lists of sales as files: for whom, which rows and columns, and safe to open."""

import asyncio
import csv
import io
import json
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from graphql import GraphQLError
from openpyxl import load_workbook

import make
from authz.grant import Grant
from center import Center, center
from client import Client
from doorstep import visiting
from engine.execute import Engine, OperationResult
from extent import extent
from models import database
from models.vocabulary import Role

ADDRESS = """query($filter: SaleFilter, $columns: [String!]) { account { export {
  sales(filter: $filter, columns: $columns, format: JSON_LINES) } } }"""


@pytest.fixture
async def at(database_url: str) -> AsyncIterator[Center]:
    """Three sales, one of which has a buyer whose name is a formula."""
    async with visiting() as client:
        found = await center(client)
        for reference, price in (("S1", 100_00), ("S2", 50_50), ("S3", 7_00)):
            await make.sale(
                found.account,
                reference=reference,
                price=price,
                buyer_name='=HYPERLINK("https://example.com")' if reference == "S3" else "Maria",
                buyer_email=f"{reference.lower()}@example.com",
            )
        yield found


async def file(at: Center, who: str, path: str = "/export/rows", **parameters: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {at.tokens[who]}"}
    words = {} if "?" in path else {"list": "sales", "central": f"central_{at.account['id']}"} | parameters
    return await at.client.http.get(path, params=words or None, headers=headers)


def rows(response: httpx.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


async def test_the_owner_exports_every_column_and_row(at: Center) -> None:
    found = rows(await file(at, "owner"))

    assert sorted(row["reference"] for row in found) == ["S1", "S2", "S3"]
    (second,) = [row for row in found if row["reference"] == "S2"]
    assert second["price.amount"] == "50.50"
    assert second["buyer.email"] == "s2@example.com"
    log = (await at.log())[-1]
    assert (log["act"], log["let_by"]) == ("exportRows", "ADMIN")


async def test_no_cell_is_a_formula(at: Center) -> None:
    (third,) = [row for row in rows(await file(at, "owner")) if row["reference"] == "S3"]

    assert third["buyer.name"] == '\'=HYPERLINK("https://example.com")'


async def test_a_workbook_has_numbers_and_text(at: Center) -> None:
    response = await file(at, "owner", format="xlsx", columns="reference,price.amount,buyer.name")
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    header, *found = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]

    assert response.headers["content-disposition"].endswith('.xlsx"')
    assert header == ("reference", "price.amount", "buyer.name")
    assert sorted(found) == [
        ("S1", 100, "Maria"),
        ("S2", 50.5, "Maria"),
        ("S3", 7, '\'=HYPERLINK("https://example.com")'),
    ]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} == {"n", "s"}


async def test_a_workbook_has_any_text_and_as_many_sheets_as_it_needs(
    at: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.export.workbook._ROWS_AT_ONCE", 1)
    names = [
        "<b>&amp;</b> ",
        "a\x0b\uffffb",
        "two\nlines",
        "\u0645\u0631\u064a\u0645 \U0001f600",
        None,
        "x" * 40_000,
    ]
    for number, name in enumerate(names):
        await make.sale(at.account, reference=f"T{number}", buyer_name=name, currency="EUR")
    chosen = {"format": "xlsx", "columns": "buyer.name", "filter": '{"currency": "EUR"}'}

    async def sheets() -> list[list[Any]]:
        book = load_workbook(io.BytesIO((await file(at, "owner", **chosen)).content))
        assert all(sheet.freeze_panes == "A2" for sheet in book)
        return [[row[0].value for row in sheet.iter_rows()] for sheet in book]

    (whole,) = await sheets()
    monkeypatch.setattr("graph.export.workbook.LARGEST_SHEET", 4)
    by_rows = await sheets()
    monkeypatch.setattr("graph.export.workbook.LARGEST_PART", 40_000)
    by_size = await sheets()

    read = [names[0], "ab", *names[2:5], "x" * 32_767]
    assert sorted(whole[1:], key=str) == sorted(read, key=str)
    assert [len(sheet) for sheet in by_rows] == [5, 3]
    assert [sheet[0] for sheet in by_rows] == ["buyer.name"] * 2
    assert [name for sheet in by_rows for name in sheet[1:]] == whole[1:]
    assert len(by_size) > 1


async def test_the_address_of_a_filtered_list_answers_its_rows(at: Center) -> None:
    chosen = {"currency": "BRL", "amount": {"atLeast": "20.00"}}
    data = await at.ask("admin", ADDRESS, filter=chosen, columns=["reference", "buyer.name"])
    response = await file(at, "admin", data["account"]["export"]["sales"])

    found = [json.loads(line) for line in response.text.splitlines()]
    assert sorted(row["reference"] for row in found) == ["S1", "S2"]
    assert set(found[0]) == {"reference", "buyer.name"}


async def test_columns_pass_their_gates_and_a_mask(at: Center) -> None:
    profile = await make.profile(at.account, [Grant.SEARCH_SALES])
    at.tokens["clerk"] = await Client.collaborator(await make.collaborator(at.account, profile, Role.ADMIN))
    hidden = await file(at, "clerk", columns="reference,buyer.email")
    unknown = await file(at, "clerk", columns="reference,buyer.emaik")
    await at.outcome("owner", "setRevealOnRecord", enabled=True)
    masked = rows(await file(at, "admin", columns="buyer.email"))

    plain = rows(await file(at, "clerk"))[0]
    assert "buyer.email" not in plain
    assert (plain["buyer.emailMasked"], plain["buyer.phoneMasked"][:1]) == ("s…@e…", "…")
    assert "paymentSlip.status" not in plain
    assert (hidden.status_code, unknown.status_code) == (400, 400)
    assert hidden.text.replace("buyer.email", "") == unknown.text.replace("buyer.emaik", "")
    assert {row["buyer.email"] for row in masked} == {"s…@e…"}


async def test_the_log_says_what_was_exported_in_the_words_that_its_reader_has(at: Center) -> None:
    profile = await make.profile(at.account, [Grant.SEARCH_SALES])
    at.tokens["clerk"] = await Client.collaborator(await make.collaborator(at.account, profile, Role.ADMIN))
    chosen = {"text": "s1@example.com", "state": "SP", "status": ["APPROVED"]}
    order = {"field": "ORDERED_AT", "direction": "ASC"}
    columns = "reference,buyer.email"
    values = {"filter": json.dumps(chosen), "order": json.dumps(order), "columns": columns}
    assert (await file(at, "owner", **values)).status_code == 200
    log = "{ account { auditLog(first: 1) { nodes { changes { field after } } } } }"

    async def logged(who: str) -> list[Any]:
        (entry,) = (await at.ask(who, log))["account"]["auditLog"]["nodes"]
        return [json.loads(change["after"]) for change in entry["changes"]]

    assert await logged("owner") == [chosen, order, columns.split(",")]
    covered = {"text": "…", "status": ["APPROVED"]}
    assert await logged("clerk") == [covered, {"field": None, "direction": "ASC"}, ["reference"]]
    exported = await file(at, "clerk", "/export/audit?format=jsonl&central=central_" + at.account["id"])
    entries = [json.loads(line) for line in exported.text.splitlines()]
    (entry,) = [item for item in entries if item["act"] == "exportRows"]
    assert json.loads(entry["changes"][0]["after"]) == covered


@pytest.mark.parametrize("who", ["lead", "user", "stranger"])
async def test_for_everyone_else_there_is_no_export(at: Center, who: str) -> None:
    logged = len(await at.log())

    assert (await file(at, who)).status_code == 404
    assert (await file(at, who, list="nothing")).status_code == 404
    assert len(await at.log()) == logged


async def test_a_list_that_one_cannot_see_is_a_list_that_is_not_there(at: Center) -> None:
    profile = await make.profile(at.account, [Grant.VIEW_PRODUCTS])
    at.tokens["keeper"] = await Client.collaborator(await make.collaborator(at.account, profile, Role.ADMIN))
    sales, nothing = await file(at, "keeper"), await file(at, "keeper", list="nothing")

    assert (sales.status_code, sales.text) == (404, nothing.text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"filter": "{"},
        {"filter": '{"nothing": 1}'},
        {"format": "pdf"},
        {"order": "1"},
        {"first": "1"},
        {"filter": "[" * 9_000},
    ],
    ids=["no JSON", "an unknown field", "an unknown format", "a number", "an unknown parameter", "too deep"],
)
async def test_what_the_api_refuses_is_no_file(at: Center, wrong: dict[str, Any]) -> None:
    response = await file(at, "owner", **wrong)

    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert "exportRows" not in [entry["act"] for entry in await at.log()]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (RuntimeError("no such table: sales"), 500, "INTERNAL"),
        (database.TooSlow("canceling statement"), 503, "TIMEOUT"),
        (database.Outage("connection refused: password=secret"), 503, "UNAVAILABLE"),
    ],
)
async def test_what_fails_inside_is_not_told(
    at: Center, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, code: str
) -> None:
    async def fail(*_args: Any) -> OperationResult:
        return OperationResult(None, (GraphQLError(str(fault), path=["account"], original_error=fault),))

    monkeypatch.setattr(Engine, "run", fail)
    response = await file(at, "owner")

    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (status, code)
    assert str(fault) not in response.text
    assert "exportRows" not in [entry["act"] for entry in await at.log()]


async def test_a_file_has_as_many_pages_as_it_needs(at: Center) -> None:
    for number in range(230):
        await make.sale(at.account, reference=f"P{number}")
    found = rows(await file(at, "owner", columns="reference"))

    assert len({row["reference"] for row in found}) == 233


FEW, MANY = extent((100, 1_000), (2_000, 20_000))
"""The rows of two files. What grows with them by less than `ROOM` keeps none of them."""
ROOM = extent(400_000, 600_000)


async def _sell_more(at: Center) -> None:
    """Copies of two sales: a few in a currency, and many in another."""
    for currency, number in (("EUR", FEW), ("USD", MANY)):
        sale = await make.sale(at.account, currency=currency, reference=f"{currency}0")
        rows = await database.read("SELECT * FROM sales WHERE id = ?", (sale["id"],))
        values = {name: rows[0][name] for name in rows[0].keys() if name not in ("id", "reference")}  # noqa: SIM118
        copies = [(database.new_id(), f"{currency}{copy}", *values.values()) for copy in range(1, number)]
        await database.transact(
            lambda values=values, copies=copies: database.insert_many(
                "sales", ("id", "reference", *values), copies
            )
        )


async def _most(at: Center, who: str, file_format: str, currency: str) -> tuple[int, int]:
    """The bytes of a file that nobody keeps, and the most memory that it took meanwhile."""
    length = 0
    requests = asyncio.Queue[dict[str, Any]]()
    requests.put_nowait({"type": "http.request", "body": b"", "more_body": False})

    async def send(sent: Any) -> None:
        nonlocal length
        assert sent.get("status", 200) == 200
        length += len(sent.get("body", b""))

    columns = "reference,status,orderedAt,product.name,price.amount,buyer.name,buyer.email,origin.src"
    parameters = {"list": "sales", "format": file_format, "columns": columns}
    parameters["filter"] = json.dumps({"currency": currency})
    headers = {"authorization": f"Bearer {at.tokens[who]}", "x-central": f"central_{at.account['id']}"}
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": "/export/rows", "raw_path": b"/export/rows", "root_path": "",
        "query_string": urlencode(parameters).encode(),
        "headers": [(b"host", b"127.0.0.1:8000"), *((name.encode(), value.encode()) for name, value in headers.items())],
        "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 40_000),
    }  # fmt: skip
    transport = at.client.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    tracemalloc.start()
    try:
        async with asyncio.timeout(120):
            await transport.app(scope, requests.get, send)  # type: ignore[arg-type]
        return length, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def test_ten_times_the_rows_take_no_more_memory(at: Center) -> None:
    await _sell_more(at)
    for who in ("second", "third"):  # nobody exports more than a few times a minute
        collaborator = await make.collaborator(at.account, at.profiles["full"], Role.ADMIN)
        at.tokens[who] = await Client.collaborator(collaborator)

    for file_format in ("csv", "jsonl", "xlsx"):
        await _most(at, "second", file_format, "EUR")  # the first of a kind is planned
        short, most_of_few = await _most(at, "third", file_format, "EUR")
        long, most_of_many = await _most(at, "admin", file_format, "USD")

        assert long > (1.5 if file_format == "xlsx" else 3) * short, file_format  # copies are compressed
        assert most_of_many - most_of_few < ROOM, (file_format, most_of_few, most_of_many)
