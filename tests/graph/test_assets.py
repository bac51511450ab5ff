"""The files of the pages: what a request for one costs, and in which coding it comes."""

import time

import pytest

from client import Client
from doorstep import visiting
from graph.http.compression import CODINGS
from graph.http.graphiql import OWN

LARGEST = max((OWN / "built").iterdir(), key=lambda file: file.stat().st_size)
URL = f"/graphiql/built/{LARGEST.name}"


async def _seconds(client: Client, times: int, accept: str) -> float:
    """The CPU that some requests for the largest file took, unread by the client."""
    started = time.process_time()
    for _ in range(times):
        async with client.http.stream("GET", URL, headers={"accept-encoding": accept}) as response:
            assert response.status_code == 200
    return time.process_time() - started


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_a_file_is_compressed_once_however_often_it_is_requested(coding: str) -> None:
    if coding not in CODINGS:
        pytest.skip(f"no package for {coding} is installed")
    content = LARGEST.read_bytes()
    started = time.process_time()
    CODINGS[coding](content)
    once = time.process_time() - started

    async with visiting(apart=True) as client:
        first = await client.http.get(URL, headers={"accept-encoding": coding})
        more = await _seconds(client, 10, coding)

    assert first.headers["content-encoding"] == coding
    assert first.num_bytes_downloaded == int(first.headers["content-length"]) < len(content) / 2
    assert first.content == content
    assert more < 5 * once  # ten compressions would cost twice as much


async def test_a_client_without_codings_gets_the_file_as_it_is_and_revalidates_it(client: Client) -> None:
    plain = await client.http.get("/graphiql/link.js", headers={"accept-encoding": "identity"})
    coded = await client.http.get("/graphiql/link.js", headers={"accept-encoding": "gzip"})
    tags = [response.headers["etag"] for response in (plain, coded)]
    again = await client.http.get(
        "/graphiql/link.js", headers={"accept-encoding": "gzip", "if-none-match": f'"x", W/{tags[1]}'}
    )
    changed = await client.http.get("/graphiql/link.js", headers={"if-none-match": '"x"'})

    assert "content-encoding" not in plain.headers
    assert plain.content == coded.content == (OWN / "link.js").read_bytes()
    assert tags[0] != tags[1]
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tags[1])
    assert changed.status_code == 200
    assert {response.headers["vary"] for response in (plain, coded, again)} == {"Accept-Encoding"}


async def test_a_file_answers_to_reading_alone(client: Client) -> None:
    head = await client.http.head("/graphiql/link.css")
    whole = await client.http.get("/graphiql/link.css")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert (await client.http.post("/graphiql/link.css")).status_code == 405
    for name in ("", "built", "built/", "nothing.js", "../graphiql.py", "built/app.js%00", "index.html"):
        assert (await client.http.get(f"/graphiql/{name}")).status_code == 404, name
