"""Responses in each content coding, read by a client as it is; a coding whose package is not installed is skipped."""

import time
import zlib

import pytest

import make
from client import Client
from graph.http.compression import CODINGS

TYPES = "{ __schema { types { name description fields { name description } } } }"


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_a_client_reads_a_response_in_a_coding(client: Client, coding: str) -> None:
    if coding not in CODINGS:
        pytest.skip(f"no package for {coding} is installed: pip install centrals[compression]")
    who = {"token": await Client.owner(await make.account())}
    plain = await client.post(TYPES, headers={"accept-encoding": "identity"}, **who)

    response = await client.post(TYPES, headers={"accept-encoding": coding}, **who)

    assert "content-encoding" not in plain.headers
    assert response.headers["content-encoding"] == coding
    assert response.num_bytes_downloaded == int(response.headers["content-length"])
    assert response.num_bytes_downloaded < len(plain.content) / 3
    assert response.content == plain.content


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_a_request_in_a_coding_is_refused(client: Client, coding: str) -> None:
    sent = {"content-type": "application/json", "content-encoding": coding}
    response = await client.http.post("/graphql", content=b"\x1f\x8b", headers=sent)

    assert (response.status_code, response.headers["accept-encoding"]) == (415, "identity")


async def test_an_introspection_is_compressed_once_however_often_it_is_requested(client: Client) -> None:
    account = await make.account()
    who = {"token": await Client.owner(account), "account": account}

    async def seconds(coding: str) -> float:
        started = time.process_time()
        for _ in range(20):
            response = await client.post(TYPES, headers={"accept-encoding": coding}, **who)
            assert response.headers.get("content-encoding", "identity") == coding
        return time.process_time() - started

    content = (await client.post(TYPES, headers={"accept-encoding": "identity"}, **who)).content
    started = time.process_time()
    for _ in range(20):
        zlib.decompress(CODINGS["gzip"](content), wbits=31)
    each_time = time.process_time() - started
    await client.post(TYPES, headers={"accept-encoding": "gzip"}, **who)

    assert await seconds("gzip") - await seconds("identity") < each_time / 2
