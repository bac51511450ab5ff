"""Server processes and the deliveries of one database: each leaves once, or at least once after a kill."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import make
from actions.developers.webhooks.secret import new_secret, stored, stored_text
from actions.kit.vault import vault_of
from doorstep import SECRET_KEY, Server, serving
from models import database
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from receiver import Received, Receiver, receiver

COUNT = 40


async def _prepared(there: Receiver) -> tuple[dict[str, Any], list[str], str]:
    """An account with an endpoint, its sales, and its secret."""
    owner = await make.user()
    account = await make.account(owner)
    sales = [str((await make.sale(account))["id"]) for _ in range(COUNT)]
    endpoint_id, secret = database.new_id(), new_secret()
    content = stored(vault_of(SECRET_KEY.encode()), endpoint_id, secret)
    await make.webhook(account, owner["id"], id=endpoint_id, url=there.url, secrets=stored_text([content]))
    return account, sales, secret


async def _happen(account: dict[str, Any], sales: list[str]) -> None:
    async def work() -> None:
        note_event(account["id"], EventType.SALE_APPROVED, sales)

    await database.transact(work)


async def _sent(account: dict[str, Any], count: int = COUNT) -> list[Any]:
    for _ in range(600):
        rows = await database.read(
            "SELECT status, tries FROM deliveries WHERE account_id = ?", (account["id"],)
        )
        if sum(row["status"] == "SENT" for row in rows) >= count:
            return list(rows)
        await asyncio.sleep(0.1)
    raise AssertionError(f"Not {count} deliveries within a minute.")


@contextlib.asynccontextmanager
async def _server(url: str, folder: Path) -> AsyncIterator[Server]:
    async with serving(url, folder, ALLOW_PRIVATE_TARGETS="1") as server:
        yield server


async def test_two_processes_send_each_delivery_once(database_url: str, tmp_path: Path) -> None:
    async with receiver() as there:
        account, sales, secret = await _prepared(there)
        async with _server(database_url, tmp_path), _server(database_url, tmp_path):
            await _happen(account, sales)
            rows = await _sent(account)

    named = Counter(received.content["data"]["id"] for received in there.received)
    assert named == dict.fromkeys((f"sale_{sale_id}" for sale_id in sales), 1)
    assert [row["tries"] for row in rows] == [1] * COUNT
    assert all(received.verified(secret) for received in there.received)
    assert not there.received[0].verified(new_secret())


async def test_of_a_process_that_is_killed_no_delivery_is_lost(database_url: str, tmp_path: Path) -> None:
    """It is killed when the events are committed, while the first of them are being sent."""
    async with receiver() as there:
        account, sales, _ = await _prepared(there)
        killed = asyncio.Event()
        async with _server(database_url, tmp_path) as first:

            def kill(_received: Received) -> None:
                if first.process.poll() is None:
                    first.process.kill()
                    first.process.wait()
                    killed.set()
                    raise ConnectionError

            there.on_receipt = kill
            await _happen(account, sales)
            await killed.wait()
        left = await database.read("SELECT status FROM deliveries WHERE account_id = ?", (account["id"],))
        assert Counter(row["status"] for row in left)["SENT"] < COUNT

        there.on_receipt = lambda _received: None
        await _end_claims(account)
        async with _server(database_url, tmp_path):
            await _sent(account)

    named = Counter(received.content["data"]["id"] for received in there.received)
    assert set(named) == {f"sale_{sale_id}" for sale_id in sales}
    again = [received for received in there.received if named[received.content["data"]["id"]] > 1]
    ids = {(received.content["data"]["id"], received.headers["webhook-id"]) for received in again}
    assert len(ids) == len({name for name, _ in ids})


async def _end_claims(account: dict[str, Any]) -> None:
    """Let the claims of the killed process end, as they do after a minute."""

    async def work() -> int:
        return await database.write(
            "UPDATE deliveries SET next_at = ? WHERE account_id = ? AND next_at > ?",
            (database.now(), account["id"], database.now()),
        )

    await database.transact(work)
