"""nginx with the configuration that is shipped, in front of a server and of what the server will speak."""

import asyncio
import contextlib
import json
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

import databases
from doorstep import free_port, serving

CONFIGURATION = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text()
HOST = "centrals.example.com"
pytestmark = [
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]


def configured(folder: Path, upstream: int, plain: int, secure: int) -> Path:
    """The shipped file in a main one, with ports of the tests' own and a certificate of the tests' own."""
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-days", "1", "-subj", f"/CN={HOST}", "-keyout", folder / "key.pem", "-out", folder / "chain.pem"),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    text = CONFIGURATION.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    text = re.sub(r"listen \[::\].*\n", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain};").replace(
        "listen 443", f"listen 127.0.0.1:{secure}"
    )
    text = text.replace("/etc/ssl/centrals/fullchain.pem", str(folder / "chain.pem"))
    text = text.replace("/etc/ssl/centrals/privkey.pem", str(folder / "key.pem"))
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        f"{user}worker_processes 1;\ndaemon off;\npid {folder}/nginx.pid;\nerror_log stderr warn;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{paths}{text}\n}}\n"
    )
    return file


def started(folder: Path, file: Path) -> "subprocess.Popen[bytes]":
    """nginx, once it has accepted its configuration."""
    command = ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(file)]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False, timeout=30)
    assert tested.returncode == 0, tested.stderr
    with (folder / "nginx.log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


@contextlib.asynccontextmanager
async def proxying(folder: Path, upstream: int) -> AsyncIterator[tuple[int, int]]:
    """nginx in front of a port; tells its ports, without and with TLS."""
    plain, secure = free_port(), free_port()
    process = started(folder, configured(folder, upstream, plain, secure))
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", secure)
                writer.close()
                break
            await asyncio.sleep(0.05)
        yield plain, secure
    finally:
        process.terminate()
        process.wait(10)


def trusting(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(folder / "chain.pem"))
    context.check_hostname = False  # the tests name the host by its address
    return context


async def test_the_server_behind_nginx_sees_its_clients_and_nothing_they_made_up(
    tmp_path: Path, shared_folder: Path
) -> None:
    url = await databases.copied(
        f"sqlite:///{await databases.migrated_file(shared_folder)}", tmp_path / "own.sqlite3"
    )
    settings = {"PUBLIC_URL": f"https://{HOST}", "TRUSTED_PROXIES": "127.0.0.1", "LOG_ADDRESS": "full",
                "METRICS_TOKEN": "a token of enough characters"}  # fmt: skip
    async with (
        serving(url, tmp_path, **settings) as server,
        proxying(tmp_path, server.port) as (plain, secure),
        httpx.AsyncClient(
            base_url=f"https://127.0.0.1:{secure}", verify=trusting(tmp_path), headers={"host": HOST}
        ) as http,
    ):
        forged = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "http"}
        answered = await http.post("/graphql", json={"query": "{ __typename }"}, headers=forged)
        redirected = await http.get(f"http://127.0.0.1:{plain}/graphql?a=1")
        endless = await http.get("/healthz", headers={"x-long": "x" * 20_000})
        known = await http.get("/healthz", headers={"x-long": "x" * 10_000})
        large = await http.post("/intake/hotmart/x", content=b"x" * (1024**2 + 1))
        allowed = await http.post("/intake/hotmart/x", content=b"x" * (1024**2 - 1))
        metrics = await http.get("/metrics", headers={"authorization": f"Bearer {settings['METRICS_TOKEN']}"})
        async with connect(
            f"wss://{HOST}/graphql", host="127.0.0.1", port=secure, ssl=trusting(tmp_path),
            subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None,
        ) as socket:  # fmt: skip
            await socket.send(json.dumps({"type": "connection_init"}))
            # who is signed out has nothing to subscribe to, and is told so by the server itself
            await asyncio.wait_for(socket.wait_closed(), 10)
        lines = [json.loads(line) for line in server.stderr.splitlines() if line.startswith("{")]

    assert (answered.status_code, answered.json()) == (200, {"data": {"__typename": "Query"}})
    assert answered.headers["strict-transport-security"] == "max-age=31536000"
    assert (redirected.status_code, redirected.headers["location"]) == (301, f"https://{HOST}/graphql?a=1")
    assert (endless.status_code, known.status_code) == (400, 200)
    assert (large.status_code, allowed.status_code) == (413, 401)
    assert metrics.status_code == 404
    assert (socket.subprotocol, socket.close_code) == ("graphql-transport-ws", 4403)
    (line,) = (line for line in lines if line.get("message") == "operation")
    assert line["address"] == "127.0.0.1"
    assert "203.0.113.9" not in server.stderr


@contextlib.asynccontextmanager
async def upstream(
    handle: Callable[[str, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """A server that handles each connection once it has read the headers."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await handle(head, reader, writer)
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_events_arrive_one_by_one_and_websockets_pass(tmp_path: Path) -> None:
    received, heads = asyncio.Event(), []

    async def handle(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        if "upgrade: websocket" in head:
            writer.write(
                b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
            )
            writer.write(await reader.readexactly(4))
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nevent: next\n\n")
        await writer.drain()
        # the second event waits for the first one to be read at the other end
        await asyncio.wait_for(received.wait(), 10)
        writer.write(b"event: complete\n\n")
        await writer.drain()

    async with upstream(handle) as port, proxying(tmp_path, port) as (_, secure):
        async with (
            httpx.AsyncClient(verify=trusting(tmp_path), headers={"host": HOST}) as http,
            http.stream("GET", f"https://127.0.0.1:{secure}/graphql?query=x") as response,
        ):
            chunks = response.aiter_text()
            first = await anext(chunks)
            received.set()
            rest = "".join([chunk async for chunk in chunks])
        reader, writer = await asyncio.open_connection("127.0.0.1", secure, ssl=trusting(tmp_path))
        writer.write(
            f"GET /graphql HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n".encode()
        )
        switched = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        writer.write(b"ping")
        echoed = await asyncio.wait_for(reader.readexactly(4), 10)
        writer.close()

    assert (first, rest) == ("event: next\n\n", "event: complete\n\n")
    assert switched.startswith(b"HTTP/1.1 101 ")
    assert echoed == b"ping"
    assert all("x-forwarded-proto: https" in head for head in heads)
