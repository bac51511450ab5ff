"""Apollo Client, urql and Relay follow sales: cut off, they resume without a gap, and a revocation ends them."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from moves import SUSPEND, arrives, done
from scene import HERE, Scene, needs_node

from actions.documents import store
from graph.http import running
from models import database

SOCKETS = ["apollo3", "apollo4", "relay", "urql"]
FOLLOWERS = sorted([*SOCKETS, "events"])
CUT, REVOKED = 4499, 4403  # the first is the client's own code


@needs_node
async def test_clients_follow_sales_resume_without_a_gap_and_end_with_their_access(
    scene: Scene, compiled: Path
) -> None:
    await store.trust(json.loads((compiled / "relay-documents.json").read_text()))
    process = await asyncio.create_subprocess_exec(
        "node",
        HERE / "follow.mjs",
        env={
            "PATH": os.environ["PATH"],
            "URL": scene.url,
            "TOKEN": scene.member,
            "CENTRAL": scene.central,
            "RELAY": str(compiled / "relay" / "__generated__"),
        },
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None

    async def lines(count: int) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for _ in range(count):
            assert process.stdout is not None
            line = json.loads(await process.stdout.readline())
            found.setdefault(line.pop("client"), []).extend(line.values())
        return found

    async def streams(count: int) -> None:
        while sum(running.OPEN.values()) != count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.1)

    try:
        async with asyncio.timeout(60):
            await streams(len(FOLLOWERS))
            await arrives(scene.account, 1)
            assert await lines(len(FOLLOWERS)) == {name: ["HP1"] for name in FOLLOWERS}

            process.stdin.write(b"cut\n")
            await streams(0)
            assert await lines(len(SOCKETS)) == {name: [CUT] for name in SOCKETS}
            await arrives(scene.account, 2)
            await arrives(scene.account, 3)
            process.stdin.write(b"connect\n")
            assert await lines(2 * len(FOLLOWERS)) == {name: ["HP2", "HP3"] for name in FOLLOWERS}

            await done(scene.account, SUSPEND, collaboratorId=f"collaborator_{scene.collaborator['id']}")
            await arrives(scene.account, 4)
            ended = await lines(2 * len(SOCKETS) + 1)
            await streams(0)
            process.stdin.write(b"end\n")
            assert await process.stdout.read() == b""  # nothing came after the revocation
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await database.transact(lambda: database.write("DELETE FROM documents"))
    assert ended == {name: [REVOKED, REVOKED] for name in SOCKETS} | {"events": ["NOT_FOUND"]}
