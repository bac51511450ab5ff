"""The tools of assistants: driven by the SDK's own client, against a server that listens."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

mcp = pytest.importorskip("mcp", reason="the extra mcp is not installed")

import httpx2  # noqa: E402
from mcp.client.client import Client as McpClient  # noqa: E402
from mcp.client.streamable_http import streamable_http_client  # noqa: E402
from mcp.shared.exceptions import MCPError  # noqa: E402

import make  # noqa: E402
from actions.documents.store import trust  # noqa: E402
from authz.grant import Grant  # noqa: E402
from center import Center, center  # noqa: E402
from client import Client  # noqa: E402
from doorstep import application  # noqa: E402
from models import database  # noqa: E402
from sockets import listening  # noqa: E402


@pytest.fixture
async def there(client: Client) -> AsyncIterator[tuple[Center, str]]:
    found = await center(client)
    async with listening(application()) as port:
        yield found, f"http://127.0.0.1:{port}/mcp"


async def token(there: Center, *grants: Grant, standings: list[str] | None = None) -> str:
    owner = {"user_id": there.account["owner_id"]}
    return await make.access_token(there.account, owner, list(grants), standings or [])


@contextlib.asynccontextmanager
async def connected(url: str, secret: str) -> AsyncIterator[McpClient]:
    async with (
        httpx2.AsyncClient(headers={"authorization": f"Bearer {secret}"}) as http,
        McpClient(streamable_http_client(url, http_client=http)) as session,
    ):
        yield session


async def names(session: McpClient) -> dict[str, Any]:
    found, cursor = {}, None
    while True:
        page = await session.list_tools(cursor=cursor)
        found |= {tool.name: tool for tool in page.tools}
        cursor = page.next_cursor
        if cursor is None:
            return found


async def test_a_token_has_the_tools_of_its_schema_and_no_others(there: tuple[Center, str]) -> None:
    at, url = there
    sale = await make.sale(at.account, reference="HP1")
    secret = await token(at, Grant.SEARCH_SALES, Grant.VIEW_REVENUE_REPORT)

    async with connected(url, secret) as session:
        tools = await names(session)
        sales = await session.call_tool("account_sales", {"first": 5})
        revenue = {"period": {"from": "2026-01-01", "to": "2026-02-01"}}
        report = await session.call_tool("account_reports_revenue", revenue)
        free = await session.call_tool(
            "query",
            {
                "document": "query($n: Int) { account { sales(first: $n) { totalCount } } }",
                "variables": {"n": 0},
            },
        )
        hidden = await session.call_tool("query", {"document": "{ account { balances { currency } } }"})
        with pytest.raises(MCPError):
            await session.call_tool("account_balances", {})
        with pytest.raises(MCPError):
            await session.call_tool("nothing", {})

    assert {"query", "viewer", "account", "account_sales", "account_reports_revenue"} <= set(tools)
    assert not {"account_balances", "makeWithdrawal", "account_auditLog", "account_products"} & set(tools)
    assert tools["account_sales"].input_schema["properties"]["filter"]["anyOf"][0] == {
        "$ref": "#/$defs/SaleFilter"
    }
    assert "approvedPeriod" not in str(tools["account_sales"].input_schema)
    assert sales.structured_content["data"]["account"]["sales"]["nodes"][0]["reference"] == sale["reference"]
    assert not sales.is_error
    assert not report.is_error
    assert free.structured_content["data"]["account"]["sales"]["totalCount"] == 1
    assert hidden.is_error
    assert hidden.structured_content["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_every_tool_of_the_owner_sends_a_document_that_is_valid(there: tuple[Center, str]) -> None:
    at, url = there
    secret = await token(at, *list(Grant), standings=["ADMIN", "LEAD"])
    calls = {}

    async with connected(url, secret) as session:
        tools = await names(session)
        for name, tool in tools.items():
            if tool.annotations.read_only_hint and not tool.input_schema.get("required"):
                calls[name] = await session.call_tool(name, {})
        refused = await session.call_tool(
            "requestRefund", {"input": {"reference": "none", "reason": "REGRET"}}
        )

    assert len(tools) > 100
    assert len(calls) > 30
    failed = {
        name: call.structured_content["errors"][0]["message"] for name, call in calls.items() if call.is_error
    }
    assert failed == {}
    assert refused.is_error
    assert refused.structured_content["data"]["requestRefund"]["errors"][0]["code"] == "NOT_FOUND"


async def test_a_narrowed_token_has_its_trusted_documents_as_tools(there: tuple[Center, str]) -> None:
    at, url = there
    await make.sale(at.account)
    await trust({
        "Count": "query Count($n: Int!) { account { sales(first: $n) { totalCount } balances @whenGranted { currency } } }",
        "Other": "{ viewer { name } }", "Hidden": "{ account { balances { currency } } }",
    })  # fmt: skip
    secret = await token(at, Grant.SEARCH_SALES)
    text = """mutation { createAccessToken(input: {name: "Agent", grants: [SEARCH_SALES], days: 1, callsADay: 2,
        documents: ["Count", "Hidden"]}) { secret } }"""
    agent = (await at.client.ask(text, token=secret))["createAccessToken"]["secret"]

    async with connected(url, agent) as session:
        tools = await names(session)
        found = [await session.call_tool("Count", {"n": 1}) for _ in range(3)]

    assert set(tools) == {"Count"}
    assert tools["Count"].input_schema["required"] == ["n"]
    assert found[0].structured_content["data"] == {"account": {"sales": {"totalCount": 1}}}
    assert [call.is_error for call in found] == [False, False, True]
    assert found[2].structured_content["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_a_revoked_token_and_other_pages_get_nothing(there: tuple[Center, str]) -> None:
    at, url = there
    secret = await token(at, Grant.SEARCH_SALES)
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    sent = {"authorization": f"Bearer {secret}", "accept": "application/json, text/event-stream"}

    async with httpx.AsyncClient() as http:

        async def status(method: str = "POST", **headers: str) -> int:
            body = {"json": message} if method == "POST" else {}
            return (await http.request(method, url, headers=sent | headers, **body)).status_code

        assert await status() == 200
        assert await status(origin="https://elsewhere.example.com") == 403
        assert await status(host="elsewhere.example.com") in (400, 421)
        assert await status(authorization="Bearer wrong") == 401
        assert await status(authorization="Basic x") == 401
        assert [await status("GET"), await status("DELETE")] == [405, 405]
        await database.transact(lambda: database.write("UPDATE access_tokens SET ended_at = 1"))
        assert await status() == 401
