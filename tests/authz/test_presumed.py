"""On PostgreSQL a known query checks its viewer in the statement that it reads by: never in an earlier one."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

import make
from authz import identity, presumed
from authz.grant import Grant
from authz.refusal import Unauthenticated
from client import Client
from models import database
from models.premise import Premise, Refuted, described
from models.statement import Statement
from models.vocabulary import Role

SALES = "{ account { sales(first: 5) { nodes { id } } } }"
CENTRALS = "{ viewer { id centrals { id grants } } }"


@pytest.fixture(autouse=True)
def _on_postgres(database_url: str) -> None:
    if not database.is_postgres(database_url):
        pytest.skip("SQLite has no round trip to save")


class Desk:
    """A collaborator with sales, whose query is known."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def begin(self, *, sales: int = 2) -> "Desk":
        self.account = await make.account()
        self.profile = await make.profile(self.account, [Grant.SEARCH_SALES])
        self.place = await make.collaborator(self.account, self.profile, Role.USER)
        product = await make.product(self.account)
        for _ in range(sales):
            await make.sale(self.account, product, assignee_id=self.place["id"])
        self.token = await self.client.collaborator(self.place)
        await self.answer()
        async with asyncio.timeout(10):
            while not await self.is_noted():  # noqa: ASYNC110 - another process could be what writes it
                await asyncio.sleep(0.01)
        await self.answer()
        return self

    async def is_noted(self) -> bool:
        """Whether the first request was noted, which changes the viewer's row."""
        rows = await database.read("SELECT last_seen_at FROM collaborators WHERE id = ?", (self.place["id"],))
        return rows[0][0] is not None

    async def answer(self, query: str = SALES) -> Any:
        return await self.client.post(query, token=self.token, account=self.account)

    async def change(self, table: str, row_id: str, **values: Any) -> None:
        async def work() -> None:
            for column, value in values.items():
                await database.write(f"UPDATE {table} SET {column} = ? WHERE id = ?", (value, row_id))

        await database.transact(work)


async def statements(act: Callable[[], Awaitable[Any]]) -> tuple[Any, int]:
    """What an act returns, and the round trips that it took."""
    trips = 0
    opened = database._open()
    fetch = opened.reader.fetch

    async def counted(*arguments: Any, **options: Any) -> Any:
        nonlocal trips
        trips += 1
        return await fetch(*arguments, **options)

    opened.reader.fetch = counted  # type: ignore[method-assign]
    try:
        return await act(), trips
    finally:
        del opened.reader.fetch


async def test_a_known_query_takes_one_round_trip(client: Client) -> None:
    desk = await Desk(client).begin()
    other = await Desk(client).begin()

    first, trips = await statements(lambda: client.post(SALES, token=other.token, account=other.account))
    assert (len(first.json()["data"]["account"]["sales"]["nodes"]), trips) == (2, 1)
    _, trips = await statements(lambda: desk.answer("{ viewer { name } }"))
    assert trips == 1
    _, trips = await statements(lambda: desk.answer("{ __schema { queryType { name } } }"))
    assert trips == 1


@pytest.mark.parametrize(("most", "expected"), [(0, 2), (1, 1)])
async def test_the_viewer_of_a_large_team_is_identified_first(
    client: Client, monkeypatch: pytest.MonkeyPatch, most: int, expected: int
) -> None:
    monkeypatch.setattr(presumed, "MOST_ROWS", most)
    desk = await Desk(client).begin()

    answer, trips = await statements(desk.answer)

    assert (len(answer.json()["data"]["account"]["sales"]["nodes"]), trips) == (2, expected)


def test_as_many_viewers_and_rows_are_remembered_as_memory_was_measured_for() -> None:
    assert (presumed._known.maxsize, presumed.MOST_ROWS) == (4_096, 64)


async def _end_session(desk: Desk) -> None:
    viewer = await identity.identify(desk.token, None)
    await desk.change("sessions", str(viewer.session_id), ended_at=1)


async def _expire(desk: Desk) -> None:
    async def work() -> None:
        await database.write(
            "UPDATE credentials SET expires_at = 1 WHERE digest = ?", (identity.digest(desk.token),)
        )

    await database.transact(work)


CHANGES: dict[str, Callable[[Desk], Awaitable[None]]] = {
    "session": _end_session,
    "suspension": lambda desk: desk.change("collaborators", desk.place["id"], suspended_at=1),
    "end of access": lambda desk: desk.change("collaborators", desk.place["id"], ends_at=1),
    "closed account": lambda desk: desk.change("accounts", desk.account["id"], closed_at=1),
    "grants": lambda desk: desk.change("profiles", desk.profile["id"], grants=json.dumps(["VIEW_PRODUCTS"])),
    "expiry": _expire,
}


@pytest.mark.parametrize("sales", [2, 0], ids=["rows", "no rows"])
@pytest.mark.parametrize("name", CHANGES)
async def test_the_request_after_a_change_is_judged_anew(client: Client, name: str, sales: int) -> None:
    desk = await Desk(client).begin(sales=sales)
    assert (await desk.answer()).status_code == 200

    await CHANGES[name](desk)
    answer = await desk.answer()

    assert answer.status_code in (400, 401, 404)
    assert "data" not in answer.json()


async def test_a_new_role_and_new_grants_reach_the_next_request(client: Client) -> None:
    desk = await Desk(client).begin()
    await make.sale(desk.account, await make.product(desk.account))

    await desk.change("collaborators", desk.place["id"], role=Role.ADMIN.value)

    assert len((await desk.answer()).json()["data"]["account"]["sales"]["nodes"]) == 3


async def test_a_list_of_centrals_follows_a_change(client: Client) -> None:
    desk = await Desk(client).begin()
    for _ in range(2):
        before = (await client.post(CENTRALS, token=desk.token)).json()["data"]["viewer"]["centrals"]

    await desk.change("profiles", desk.profile["id"], grants=json.dumps(["VIEW_PRODUCTS"]))
    after = (await client.post(CENTRALS, token=desk.token)).json()["data"]["viewer"]["centrals"]

    assert (before[0]["grants"], after[0]["grants"]) == (["SEARCH_SALES"], ["VIEW_PRODUCTS"])


async def test_a_wrong_premise_returns_no_rows_and_a_right_one_all(database_url: str) -> None:
    request = Statement("SELECT 1 AS one, NULL AS nothing WHERE ? = 1", (1,))
    (row,) = await database.read(described(request))
    right, wrong = Premise(request, row[-1]), Premise(request, "1")

    with database.Premised(right):
        rows = await database.read("SELECT n FROM generate_series(1, ?) n ORDER BY n DESC", (3,))
    assert [row[0] for row in rows] == [3, 2, 1]
    for count in (3, 0):
        wrong.holds = None
        with database.Premised(wrong), pytest.raises(Refuted):
            await database.read("SELECT n FROM generate_series(1, ?) n", (count,))


async def test_a_malformed_token_identifies_no_one(database_url: str) -> None:
    with pytest.raises(Unauthenticated):
        await presumed.identify_and_remember("cpat_malformed", None)
