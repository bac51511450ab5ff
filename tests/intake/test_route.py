"""The door: one address, one method, bodies of a bounded size."""

import asyncio
import gzip
import hashlib
import json
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest
from intake_state import SECRET, account, rows
from payloads import body, webhook
from starlette.applications import Starlette
from uvicorn.config import Config
from uvicorn.server import ServerState

from centrals.server import BoundedProtocol
from doorstep import application
from intake.endpoint.route import INTAKE, LARGEST_BODY
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

    response = await client.post(
        address, content=b" " * (LARGEST_BODY + 1), headers={"X-Hotmart-Hottok": SECRET}
    )
    untold = await client.post(
        address,
        content=body(webhook()) + b" " * (LARGEST_BODY - 10),
        headers={"X-Hotmart-Hottok": SECRET, "transfer-encoding": "chunked"},
    )

    assert (response.status_code, untold.status_code) == (413, 413)
    assert await rows(seller, "intake_events") == []


async def test_an_address_says_what_it_is_for_whether_or_not_it_is_there(client: httpx.AsyncClient) -> None:
    seller = await account()
    addresses = [seller["intake_id"], database.new_id(), "nobody"]

    answers = [await client.get(f"/intake/hotmart/{address}") for address in addresses]
    heads = [await client.head(f"/intake/hotmart/{address}") for address in addresses]

    assert {answer.status_code for answer in [*answers, *heads]} == {200}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0].json()["code"] == "READY"
    put = await client.put(f"/intake/hotmart/{seller['intake_id']}", content=b"{}")
    assert (put.status_code, set(put.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "POST"})


async def test_a_slash_behind_the_address_changes_nothing(client: httpx.AsyncClient) -> None:
    seller = await account()
    headers = {"X-Hotmart-Hottok": SECRET}

    answer = await client.post(
        f"/intake/hotmart/{seller['intake_id']}/", content=body(webhook()), headers=headers
    )
    beyond = await client.post(
        f"/intake/hotmart/{seller['intake_id']}/more", content=body(webhook()), headers=headers
    )

    assert (answer.status_code, beyond.status_code) == (200, 401)


async def test_a_wrong_secret_in_the_header_is_refused_before_the_body_is_sent(database_url: str) -> None:
    seller, content = await account(), body(webhook())

    async def answers(secret: str) -> list[bytes]:
        """The statuses that the server sends to someone who sends headers and, once they may, the body."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = (
            f"POST /intake/hotmart/{seller['intake_id']} HTTP/1.1\r\nhost: 127.0.0.1:8000\r\n"
            f"x-hotmart-hottok: {secret}\r\ncontent-length: {len(content)}\r\nexpect: 100-continue\r\n\r\n"
        )
        writer.write(head.encode())
        statuses = []
        async with asyncio.timeout(10):
            while statuses in ([], [b"100"]):
                statuses.append((await reader.readuntil(b"\r\n\r\n")).split(b" ")[1])
                if statuses == [b"100"]:
                    writer.write(content)
        writer.transport.abort()
        return statuses

    loop = asyncio.get_running_loop()
    config = Config(application(), lifespan="off", log_config=None, ws="none", access_log=False)
    config.load()
    state = ServerState()
    listener = await loop.create_server(lambda: BoundedProtocol(config, state, {}, loop), "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    try:
        assert await answers("wrong") == [b"401"]
        assert await rows(seller, "intake_events") == []
        assert await answers(SECRET) == [b"100", b"200"]
        assert len(await rows(seller, "intake_events")) == 1
    finally:
        listener.close()


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "raw deflate", "identity", "none told"])
async def test_a_compressed_body_is_unpacked(client: httpx.AsyncClient, encoding: str) -> None:
    seller = await account()
    packed = {
        "gzip": gzip.compress,
        "x-gzip": gzip.compress,
        "deflate": zlib.compress,
        "raw deflate": lambda plain: zlib.compress(plain, wbits=-15),
        "identity": bytes,
        "none told": gzip.compress,
    }[encoding](body(webhook()))
    headers = {"X-Hotmart-Hottok": SECRET}
    if encoding != "none told":
        headers["Content-Encoding"] = encoding.removeprefix("raw ")

    answer = await client.post(f"/intake/hotmart/{seller['intake_id']}", content=packed, headers=headers)

    assert (answer.status_code, answer.json()) == (200, {"code": "SALE"})


async def test_a_body_that_unpacks_to_too_much_or_not_at_all_is_refused(client: httpx.AsyncClient) -> None:
    seller = await account()
    bodies = {
        "bomb": gzip.compress(b" " * 50_000_000),
        "two members": gzip.compress(b" " * 600_000) * 2,
        "cut": gzip.compress(body(webhook()))[:-20],
        "broken": b"\x1f\x8b" + b"x" * 50,
        "many members": gzip.compress(body(webhook())) + gzip.compress(b"") * 5_000,
    }

    answers = {
        name: await client.post(
            f"/intake/hotmart/{seller['intake_id']}",
            content=packed,
            headers={"X-Hotmart-Hottok": SECRET, "Content-Encoding": "gzip"},
        )
        for name, packed in bodies.items()
    }

    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == {"bomb": 413, "two members": 413, "cut": 400, "broken": 400, "many members": 400}
    assert await rows(seller, "intake_events") == []
    other, few = [
        await client.post(
            f"/intake/hotmart/{seller['intake_id']}",
            content=content,
            headers={"X-Hotmart-Hottok": SECRET, "Content-Encoding": coding},
        )
        for content, coding in (
            (b"x", "br"),
            (gzip.compress(body(webhook())) + gzip.compress(b"") * 50, "gzip"),
        )
    ]
    assert (few.status_code, few.json()) == (200, {"code": "SALE"})
    assert (other.status_code, other.headers["accept-encoding"]) == (415, "gzip, deflate")


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        *(("utf-8-sig", ""), ("utf-16", ""), ("utf-16-le", ""), ("utf-16-be", ""), ("utf-32", "")),
        *(
            ("utf-16", "application/json; charset=utf-16"),
            ("utf-16-le", "application/json; charset=UTF-16LE"),
        ),
        *(
            ("cp1252", "application/json; charset=iso-8859-1"),
            ("utf-8", "application/json; charset=punycode"),
        ),
    ],
)
async def test_a_body_is_read_in_the_encoding_that_it_is_in(
    client: httpx.AsyncClient, encoding: str, content_type: str
) -> None:
    seller = await account()
    text = json.dumps(webhook(buyer__name="Zoë Conceição"), ensure_ascii=False)

    answer = await client.post(
        f"/intake/hotmart/{seller['intake_id']}",
        content=text.encode(encoding),
        headers={"X-Hotmart-Hottok": SECRET, "Content-Type": content_type},
    )

    assert answer.json() == {"code": "SALE"}
    (sale,) = await rows(seller, "sales")
    assert sale["buyer_name"] == "Zoë Conceição"


async def test_a_postback_of_version_1_is_told_to_choose_version_2(client: httpx.AsyncClient) -> None:
    seller = await account()
    address = f"/intake/hotmart/{seller['intake_id']}"
    form = {"prod": "1", "transaction": "HP1", "status": "approved", "email": "b@example.com", "cents": ""}

    right = await client.post(address, data=form | {"hottok": SECRET})
    header = await client.post(address, data=form, headers={"X-Hotmart-Hottok": SECRET})
    wrong = await client.post(address, data=form | {"hottok": "another"})

    assert (right.status_code, wrong.status_code) == (400, 401)
    assert "choose version 2.0.0" in right.json()["reason"]
    assert header.json() == right.json()
    stored = await rows(seller, "intake_events")
    assert {row["outcome"] for row in stored} == {"MALFORMED"}
    assert SECRET not in repr(stored)


async def test_a_form_of_escapes_without_end_is_no_form(client: httpx.AsyncClient) -> None:
    seller = await account()
    sent = [b"prod=1&transaction=HP1&more=" + b"%" * count for count in (200_000, 1_000)]

    many, few = [
        await client.post(
            f"/intake/hotmart/{seller['intake_id']}", content=content, headers={"X-Hotmart-Hottok": SECRET}
        )
        for content in sent
    ]

    assert "version 1.0" not in many.json()["reason"]
    assert "version 1.0" in few.json()["reason"]


async def test_half_an_emoji_in_a_name_does_not_lose_the_sale(client: httpx.AsyncClient) -> None:
    seller = await account()
    text = body(webhook(buyer__name="Ana @ \\ud83c \U0001f38b")).replace(b"@", b"\\ud83c")

    answer = await client.post(
        f"/intake/hotmart/{seller['intake_id']}", content=text, headers={"X-Hotmart-Hottok": SECRET}
    )

    assert answer.json() == {"code": "SALE"}
    (sale,) = await rows(seller, "sales")
    assert sale["buyer_name"] == "Ana \ufffd \\ud83c \U0001f38b"
