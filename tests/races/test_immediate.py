"""The request after a change is judged by the new state, in whichever process it arrives."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import make
import models
from authz.grant import Grant
from client import Client
from doorstep import serving
from extent import extent
from models import database

SOURCE = str(Path(models.__file__).parents[1])  # the servers run what is tested
TRIES = extent(100, 1_000)
LANES = 4
SALES = "{ account { sales(first: 1) { totalCount } } }"


@pytest.fixture(scope="module")
async def two(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Client, Client]]:
    """Two servers in processes of their own, on the same database."""
    if not database.is_postgres(database_url):
        pytest.skip("SQLite is for one machine; its processes read what was committed")
    folder = tmp_path_factory.mktemp("servers")
    async with (
        serving(database_url, folder, PYTHONPATH=SOURCE) as item,
        serving(database_url, folder, PYTHONPATH=SOURCE) as other,
        httpx.AsyncClient(base_url=item.url, timeout=60) as first,
        httpx.AsyncClient(base_url=other.url, timeout=60) as second,
    ):
        yield Client(first), Client(second)


class Lane:
    """A seat in an account of its own, changed through one server and used through the other."""

    def __init__(self, first: Client, second: Client) -> None:
        self.first, self.second = first, second
        self.account: dict[str, Any] = {}

    async def begin(self) -> None:
        self.account = await make.account()
        self.profile = await make.profile(self.account, [Grant.SEARCH_SALES])
        self.user = await make.user()
        self.owner = await Client.owner(self.account)
        self.token = await make.session(self.user)
        await self.seated()

    async def seated(self) -> None:
        collaborator = await make.collaborator(self.account, self.profile, user_=self.user)
        self.collaborator = f"collaborator_{collaborator['id']}"

    async def does(self, name: str, **values: Any) -> None:
        kind = name[0].upper() + name[1:]
        text = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
        data = await self.first.ask(text, {"input": values}, token=self.owner, account=self.account)
        assert data[name]["errors"] == []

    async def sees(self) -> bool:
        answer = await self.second.post(SALES, token=self.token, account=self.account)
        assert answer.status_code in (200, 400, 401, 404), answer.text
        return answer.status_code == 200

    async def suspended(self) -> None:
        await self.does("suspendCollaborator", collaboratorId=self.collaborator)

    async def restored(self) -> None:
        await self.does("restoreCollaborator", collaboratorId=self.collaborator)

    async def edited(self) -> None:
        await self.does("updateProfile", profileId=f"profile_{self.profile['id']}", grants=["VIEW_PRODUCTS"])

    async def edited_back(self) -> None:
        await self.does("updateProfile", profileId=f"profile_{self.profile['id']}", grants=["SEARCH_SALES"])

    async def ended(self) -> None:
        await self.does(
            "setAccessDates",
            collaboratorId=self.collaborator,
            startsAt="2020-01-01T00:00:00Z",
            endsAt="2020-01-02T00:00:00Z",
        )

    async def open_again(self) -> None:
        await self.does("setAccessDates", collaboratorId=self.collaborator)

    async def removed(self) -> None:
        await self.does("removeCollaborator", collaboratorId=self.collaborator)

    async def signed_out(self) -> None:
        answer = await self.first.ask("mutation { signOut { signedOut } }", token=self.token)
        assert answer == {"signOut": {"signedOut": True}}

    async def signed_in(self) -> None:
        self.token = await make.session(self.user)


WAYS = [
    (Lane.suspended, Lane.restored),
    (Lane.edited, Lane.edited_back),
    (Lane.ended, Lane.open_again),
    (Lane.removed, Lane.seated),
    (Lane.signed_out, Lane.signed_in),
]


async def test_nothing_is_answered_after_its_right_was_taken_in_another_process(
    two: tuple[Client, Client],
) -> None:
    late: list[str] = []
    tried: list[str] = []

    async def run(tries: int) -> None:
        lane = Lane(*two)
        await lane.begin()
        for number in range(tries):
            take, give = WAYS[number % len(WAYS)]
            assert await lane.sees(), f"what was given back before {take.__name__} came late"
            await take(lane)
            tried.append(take.__name__)
            if await lane.sees():
                late.append(take.__name__)
            await give(lane)

    await asyncio.gather(*(run(TRIES // LANES) for _ in range(LANES)))

    assert late == []
    assert len(tried) == TRIES
