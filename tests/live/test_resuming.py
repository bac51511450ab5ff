"""Cursors of subscriptions: everything after one comes, in order and without a gap, for a day."""

import asyncio
import json
from pathlib import Path
from typing import Any

from intake_state import account
from moves import arrives
from payloads import APRIL, page, rest_item, unwatched

from client import Client
from extent import extent
from intake.files.history import import_files
from models import changes, database
from models.changes import ChangeKind, note
from sockets import Socket, begun, connected

AFTER = "subscription($after: String) { saleChanged(after: $after) { cursor sale { reference } } }"


async def references(socket: Socket, count: int) -> list[tuple[str, str]]:
    found = [(await socket.data())["saleChanged"] for _ in range(count)]
    return [(item["sale"]["reference"], item["cursor"]) for item in found]


async def imported(seller: dict[str, Any], folder: Path, count: int) -> None:
    items = [rest_item("APPROVED", purchase__transaction=f"HP{number:04}") for number in range(count)]
    file = folder / "page.json"
    file.write_text(json.dumps(page(*items)))
    await import_files(seller["id"], [file], unwatched, as_of=APRIL)


async def test_each_event_of_a_large_import_can_be_resumed_from(port: int, tmp_path: Path) -> None:
    seller, count = await account(), extent(130, 2_000)
    async with connected(port, await Client.owner(seller), seller) as socket:
        await begun(socket, query="subscription { saleArrived { sale { reference } } }")
        await socket.subscribe("all", AFTER)
        await asyncio.sleep(0.1)
        await imported(seller, tmp_path, count)
        found = await references(socket, count)
        assert [name for name, _ in found] == [f"HP{number:04}" for number in range(count)]
        assert await socket.silent()  # nor did anything arrive: it is history

        for place in (0, 49, 50, count - 2):
            await socket.say("complete", "all")
            await asyncio.sleep(0.05)
            await socket.subscribe("all", AFTER, {"after": found[place][1]})
            assert await references(socket, count - 1 - place) == found[place + 1 :]


async def test_a_cursor_is_good_for_its_own_subscription_and_account(port: int) -> None:
    seller, other = await account(), await account()
    async with connected(port, await Client.owner(seller), seller) as socket:
        await begun(socket)
        await arrives(seller, 1)
        cursor = (await socket.data())["saleChanged"]["cursor"]
        arrived = "subscription($after: String) { saleArrived(after: $after) { cursor } }"
        for query, after in ((arrived, cursor), (AFTER, cursor[:-1]), (AFTER, "x"), (AFTER, cursor + "=")):
            await socket.subscribe("wrong", query, {"after": after})
            error = (await socket.next())["payload"]["errors"][0]
            assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_INPUT", ["after"])
            assert (await socket.next())["type"] == "complete"
    async with connected(port, await Client.owner(other), other) as socket:
        await socket.subscribe("wrong", AFTER, {"after": cursor})
        assert (await socket.next())["payload"]["errors"][0]["extensions"]["code"] == "BAD_INPUT"


async def test_a_cursor_is_refused_once_something_after_it_is_forgotten(port: int) -> None:
    seller = await account()
    async with connected(port, await Client.owner(seller), seller) as socket:
        await begun(socket)
        for number in range(3):
            await arrives(seller, number)
        cursors = [cursor for _, cursor in await references(socket, 3)]
        await database.transact(
            lambda: database.write("DELETE FROM events WHERE scope_id = ? AND position <= 2", (seller["id"],))
        )
        await socket.subscribe("good", AFTER, {"after": cursors[2]})
        assert await socket.silent()
        await socket.subscribe("old", AFTER, {"after": cursors[0]})
        message = await socket.next()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "CURSOR_EXPIRED"


async def test_no_commit_is_missed_however_transactions_overlap(port: int) -> None:
    seller, count = await account(), extent(40, 500)
    scope, positions = seller["id"], []

    async def work(number: int) -> None:
        async def change() -> None:
            note(scope, ChangeKind.SALE, [f"{number}"])
            await asyncio.sleep((number * 7 % 5) / 1000)  # the last to begin are not the last to end

        await database.transact(change)

    async def follow() -> None:
        after = 0
        while len(positions) < count:
            rows = await changes.rows_after({scope: after})
            positions.extend(row.changes[ChangeKind.SALE][0] for row in rows)
            assert [row.position for row in rows] == list(range(after + 1, after + len(rows) + 1))
            after = rows[-1].position if rows else after
            await asyncio.sleep(0)

    async with asyncio.timeout(60):
        await asyncio.gather(follow(), *(work(number) for number in range(count)))
    assert sorted(positions, key=int) == [str(number) for number in range(count)]
