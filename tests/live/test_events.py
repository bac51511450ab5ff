"""Subscriptions over server-sent events, each on a connection of its own."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from intake_state import account
from moves import SUSPEND, arrives, done

import make
from authz.grant import Grant
from client import Client
from sockets import CHANGED

EVENTS = "text/event-stream"


@asynccontextmanager
async def streamed(
    port: int, query: str, token: str | None, seller: dict[str, Any] | None = None, **more: Any
) -> AsyncIterator[tuple[httpx.Response, AsyncIterator[tuple[str, Any]]]]:
    headers = {"accept": EVENTS, **({"authorization": f"Bearer {token}"} if token else {})}
    if seller is not None:
        headers["x-central"] = f"central_{seller['id']}"
    url = f"http://127.0.0.1:{port}/graphql"
    method, sent = ("POST", {"json": {"query": query}}) if not more else ("GET", more)
    async with (
        httpx.AsyncClient(timeout=5) as http,
        http.stream(method, url, headers=headers, **sent) as answer,
    ):

        async def events() -> AsyncIterator[tuple[str, Any]]:
            kind = ""
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    text = line.removeprefix("data: ")
                    yield kind, json.loads(text) if text.strip() else None

        yield answer, events()


async def test_a_subscription_is_a_stream_of_events(port: int) -> None:
    seller = await account()
    async with streamed(port, CHANGED, await Client.owner(seller), seller) as (answer, events):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        await arrives(seller, 1)
        await arrives(seller, 2)
        for reference in ("HP1", "HP2"):
            kind, payload = await anext(events)
            assert (kind, payload["data"]["saleChanged"]["sale"]["reference"]) == ("next", reference)
        cursor = payload["data"]["saleChanged"]["cursor"]

    await arrives(seller, 3)
    query = CHANGED.replace("saleChanged", f'saleChanged(after: "{cursor}")')
    params = {"query": query, "central": f"central_{seller['id']}"}
    async with streamed(port, query, await Client.owner(seller), params=params) as (_, events):
        kind, payload = await anext(events)
        assert payload["data"]["saleChanged"]["sale"]["reference"] == "HP3"


async def test_a_stream_ends_with_its_reason_as_soon_as_its_ground_is_gone(port: int) -> None:
    seller = await account(privacy="SHARED")
    collaborator = await make.collaborator(seller, await make.profile(seller, [Grant.SEARCH_SALES]))
    async with streamed(port, CHANGED, await Client.collaborator(collaborator), seller) as (_, events):
        await arrives(seller, 1)
        assert (await anext(events))[0] == "next"
        await done(seller, SUSPEND, collaboratorId=f"collaborator_{collaborator['id']}")
        await arrives(seller, 2)
        kind, payload = await anext(events)
        assert (kind, payload["errors"][0]["extensions"]["code"]) == ("next", "NOT_FOUND")
        assert await anext(events) == ("complete", None)
        assert [event async for event in events] == []


async def test_queries_and_what_is_wrong_are_events_too(port: int) -> None:
    seller = await account()
    token = await Client.owner(seller)
    async with streamed(port, "{ viewer { id } }", token) as (_, events):
        found = [event async for event in events]
        assert [kind for kind, _ in found] == ["next", "complete"]
        assert found[0][1]["data"]["viewer"]["id"]
    async with streamed(port, "subscription { nothing }", token, seller) as (answer, events):
        found = [event async for event in events]
        assert answer.status_code == 200
        assert found[0][1]["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert found[1] == ("complete", None)
    async with streamed(port, CHANGED, "wrong", seller) as (answer, _):
        assert answer.status_code == 401
        assert answer.headers["content-type"].startswith("application/json")
