"""Subscriptions by clients as they are: Python's gql, and from npm graphql-ws and graphql-sse if they are here."""

import asyncio
import json
import shutil
from pathlib import Path

import gql
import pytest
from gql.transport.websockets import WebsocketsTransport
from intake_state import account
from moves import arrives

from client import Client
from sockets import SUBPROTOCOL

CHANGED = "subscription { saleChanged { cursor sale { reference } } }"
PACKAGES = Path(__file__).parents[1] / "clients" / "node_modules"
HERE = Path(__file__).parent


async def test_gql_follows_sales(port: int) -> None:
    seller = await account()
    payload = {
        "Authorization": f"Bearer {await Client.owner(seller)}",
        "X-Central": f"central_{seller['id']}",
    }
    transport = WebsocketsTransport(
        f"ws://127.0.0.1:{port}/graphql",
        init_payload=payload,
        subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
        ping_interval=0.1,
        pong_timeout=2,
    )
    async with gql.Client(transport=transport) as session:
        assert (await session.execute(gql.gql("{ account { name } }")))["account"]["name"] == seller["name"]
        events = session.subscribe(gql.gql(CHANGED))
        first = asyncio.create_task(anext(events))
        await asyncio.sleep(0.3)
        await arrives(seller, 1)
        async with asyncio.timeout(5):
            assert (await first)["saleChanged"]["sale"]["reference"] == "HP1"
        await events.aclose()


@pytest.mark.skipif(
    shutil.which("node") is None or not (PACKAGES / "graphql-sse").is_dir(),
    reason="Node, graphql-ws or graphql-sse is not here",
)
@pytest.mark.parametrize("client", ["graphql-ws", "graphql-sse"])
async def test_clients_from_npm_follow_sales(port: int, client: str) -> None:
    seller = await account()
    values = {
        "client": client,
        "port": port,
        "token": await Client.owner(seller),
        "central": f"central_{seller['id']}",
        "query": CHANGED,
    }
    process = await asyncio.create_subprocess_exec(
        "node",
        HERE / "clients.mjs",
        PACKAGES,
        json.dumps(values),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        assert json.loads(await process.stdout.readline()) == {"name": seller["name"]}
        await asyncio.sleep(0.5)
        for number in range(2):
            await arrives(seller, number)
            assert json.loads(await process.stdout.readline()) == {"reference": f"HP{number}"}
        out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    assert json.loads(out) == {"code": "GRAPHQL_VALIDATION_FAILED"}
