"""The door: one address, one method, bodies of a bounded size."""

import hashlib
from collections.abc import AsyncIterator

import httpx
import pytest
from intake_state import SECRET, account, rows
from payloads import body, webhook
from starlette.applications import Starlette

from intake.route import INTAKE, LARGEST_BODY
from models import database


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[INTAKE])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://seller.example.com") as client:
        yield client


async def test_a_message_is_taken_in(client: httpx.AsyncClient) -> None:
    seller = await account()
    address = f"/intake/hotmart/{seller['intake_id']}"

    first = await client.post(address, content=body(webhook(id="one")), headers={"X-Hotmart-Hottok": SECRET})
    again = await client.post(address, content=body(webhook(id="one")), headers={"X-Hotmart-Hottok": SECRET})
    wrong = await client.post(address, content=b"{", headers={"X-Hotmart-Hottok": SECRET})

    assert (first.status_code, first.json()) == (200, {"code": "SALE"})
    assert (again.status_code, again.json()) == (200, {"code": "KNOWN"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "MALFORMED")
    assert first.headers["content-type"] == "application/json"


async def test_unknown_addresses_and_wrong_secrets_answer_the_same_bytes(client: httpx.AsyncClient) -> None:
    seller, mute = await account(), await account(intake_secret_digest=None)
    answers = [
        await client.post(f"/intake/hotmart/{address}", content=body(webhook()), headers=headers)
        for address in [seller["intake_id"], mute["intake_id"], database.new_id(), "nobody", "%00"]
        for headers in [{}, {"X-Hotmart-Hottok": "wrong"}, {"X-Hotmart-Hottok": b"\xff\xc3\xbc"}]
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(answer.headers.items()) for answer in answers}) == 1


async def test_a_secret_beyond_ascii_is_compared_as_utf_8(client: httpx.AsyncClient) -> None:
    seller = await account(intake_secret_digest=hashlib.sha256("çã-secret".encode()).hexdigest())
    headers = {"X-Hotmart-Hottok": "çã-secret".encode()}

    answer = await client.post(
        f"/intake/hotmart/{seller['intake_id']}", content=body(webhook()), headers=headers
    )

    assert answer.status_code == 200


async def test_a_body_that_is_too_large_is_refused_unread(client: httpx.AsyncClient) -> None:
    seller = await account()
    address = f"/intake/hotmart/{seller['intake_id']}"

    told = await client.post(address, content=b" " * (LARGEST_BODY + 1), headers={"X-Hotmart-Hottok": SECRET})
    untold = await client.post(
        address,
        content=body(webhook()) + b" " * (LARGEST_BODY - 10),
        headers={"X-Hotmart-Hottok": SECRET, "transfer-encoding": "chunked"},
    )

    assert (told.status_code, untold.status_code) == (413, 413)
    assert await rows(seller, "intake_events") == []


async def test_only_posts_are_taken(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/intake/hotmart/{database.new_id()}")).status_code == 405
