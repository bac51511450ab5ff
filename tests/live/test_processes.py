"""Several server processes on one database: what one does, the others' subscribers hear of, and a server ends well."""

import asyncio
import signal
from pathlib import Path

import httpx
from intake_state import SECRET, account
from moves import SUSPEND, all_end_within, ended_while
from payloads import APRIL, body, webhook

import make
from authz.grant import Grant
from client import Client
from doorstep import serving
from extent import extent
from sockets import CHANGED, begun, connected
from versions import with_version


async def test_processes_hear_of_each_other_and_end_their_streams(database_url: str, tmp_path: Path) -> None:
    async with (
        serving(database_url, tmp_path, SQLITE_SYNCHRONOUS="NORMAL") as here,
        serving(database_url, tmp_path, SQLITE_SYNCHRONOUS="NORMAL") as there,
        httpx.AsyncClient() as http,
    ):
        seller = await account(privacy="SHARED")
        owner = await Client.owner(seller)

        async def arrives(number: int) -> None:
            message = webhook(creation_date=APRIL + number, purchase__transaction=f"HP{number}")
            url = f"{there.url}/intake/hotmart/{seller['intake_id']}"
            answer = await http.post(url, content=body(message), headers={"x-hotmart-hottok": SECRET})
            assert answer.status_code == 200

        taken = []
        for number in range(extent(3, 100)):
            collaborator = await make.collaborator(seller, await make.profile(seller, [Grant.SEARCH_SALES]))
            async with connected(here.port, await Client.collaborator(collaborator), seller) as socket:
                await begun(socket)
                await arrives(2 * number)
                assert (await socket.data(2))["saleChanged"]["sale"]["reference"] == f"HP{2 * number}"
                values = {"input": {"collaboratorId": f"collaborator_{collaborator['id']}"}}
                answer = await http.post(
                    f"{there.url}/graphql",
                    json={"query": SUSPEND, "variables": await with_version(SUSPEND, values, seller)},
                    headers={"authorization": f"Bearer {owner}", "x-central": f"central_{seller['id']}"},
                )
                assert answer.json()["data"]["suspendCollaborator"]["errors"] == []
                closed, seconds = await ended_while(socket.closed(), arrives(2 * number + 1))
                assert closed[0] == 4403
                taken.append(seconds)
                assert (
                    len([item for item in socket.received if item["type"] == "next"]) == 2
                )  # the check's too
        all_end_within(1.0, taken)

        headers = {
            "accept": "text/event-stream",
            "authorization": f"Bearer {owner}",
            "x-central": f"central_{seller['id']}",
        }
        request = http.stream("POST", f"{here.url}/graphql", json={"query": CHANGED}, headers=headers)
        async with connected(here.port, owner, seller) as socket, request as events:
            await begun(socket)
            lines = events.aiter_lines()
            assert await anext(lines) == ":"
            here.process.send_signal(signal.SIGTERM)
            assert (await socket.closed())[0] == 1012
            async with asyncio.timeout(5):
                assert "event: complete" not in [line async for line in lines]
        assert await asyncio.to_thread(here.process.wait, 5) == 0
        assert '"outcome":"server"' in here.stderr, here.stderr
