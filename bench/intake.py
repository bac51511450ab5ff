"""What the intake costs: a webhook, and an item of an import beside as many bare rows."""

import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

from actions.accounts.create import Opening, create_user, register_account
from actions.accounts.operator import operator
from bench.make_data import END, PASSWORD
from bench.measure import SETTINGS, Bench, application
from bench.wire import Wire
from intake.files.history import import_files
from intake.messages.secret import digest
from models import database

_SECRET = "a secret to measure with"
_WRITTEN = ("intake_events", "sales", "sale_events", "commissions")


async def _seller() -> tuple[str, str]:
    """A new account, and the name of its intake's address."""
    email = f"{database.new_id()}@example.com"
    who = operator(SETTINGS.secret_key)
    await create_user(who, email, "Measured", PASSWORD, "en")
    account_id = await register_account(who, email, Opening("Measured", "BR", "BRL", "UTC", "en"), None)
    row = "UPDATE accounts SET intake_secret_digest = ? WHERE id = ?"
    await database.transact(lambda: database.write(row, (digest(_SECRET), account_id)))
    rows = await database.read("SELECT intake_id FROM accounts WHERE id = ?", (account_id,))
    return account_id, str(rows[0]["intake_id"])


def _item(number: int) -> dict[str, Any]:
    """An item of the sales history."""
    return {
        "product": {"id": number % 20, "name": f"Product {number % 20}"},
        "buyer": {"name": f"Ana {number}", "email": f"ana{number}@example.com"},
        "producer": {"name": "Studio Prado"},
        "commissions": [
            {"source": "MARKETPLACE", "value": 10.95, "currency_value": "BRL"},
            {"source": "PRODUCER", "value": 89.05, "currency_value": "BRL"},
        ],
        "purchase": {
            "transaction": f"HP{number:010}",
            "order_date": END - number * 1_000,
            "approved_date": END - number * 1_000 + 500,
            "status": "APPROVED",
            "recurrency_number": 1,
            "price": {"value": 100, "currency_code": "BRL"},
            "payment": {"type": "CREDIT_CARD", "installments_number": 3},
            "tracking": {"source_sck": "ad-17", "source": "spring"},
            "offer": {"code": f"offer{number % 30}"},
        },
    }


def _message(number: int, kind: str, status: str, at: int) -> dict[str, Any]:
    """A webhook's message about the same sale."""
    item = _item(number)
    item["purchase"]["status"] = status
    item["purchase"]["price"]["currency_value"] = item["purchase"]["price"].pop("currency_code")
    found = {"id": f"{kind}-{number}", "creation_date": at, "event": f"PURCHASE_{kind}", "version": "2.0.0"}
    return found | {"data": item}


def _request(intake_id: str, message: dict[str, Any]) -> bytes:
    body = json.dumps(message).encode()
    head = (
        f"POST /intake/hotmart/{intake_id} HTTP/1.1\r\nHost: localhost\r\nX-HOTMART-HOTTOK: {_SECRET}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def webhooks(bench: Bench, times: int = 200) -> dict[str, float]:
    """Microseconds of CPU, the database's too, that a message takes: by what is known of it."""
    _, intake_id = await _seller()
    wire = Wire(application())
    new = [_request(intake_id, _message(n, "APPROVED", "APPROVED", END + n)) for n in range(times)]
    later = [_request(intake_id, _message(n, "COMPLETE", "COMPLETED", END + times + n)) for n in range(times)]
    found = {}
    for name, requests in (("new sale", new), ("known sale", later), ("known message", later)):
        spent = []
        for request in requests:
            backend, own = bench.backends(), time.process_time_ns()
            status, body = await wire.call(request)
            spent.append(time.process_time_ns() - own + bench.backends() - backend)
            if status != 200:
                raise RuntimeError(f"{status} {body!r}")
        found[name] = median(spent) / 1e3
    return found


async def imports(bench: Bench, items: int = 4_000) -> tuple[float, float]:
    """Items of an import for a second of CPU, and how much cheaper a bulk load of as many bare rows is."""
    account_id, _ = await _seller()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.json"
        path.write_text(json.dumps({"items": [_item(number) for number in range(items)]}))
        spent = await _spent(bench, lambda: import_files(account_id, [path], _unwatched, as_of=END))
    bare = await _spent(bench, await _bare_rows(account_id))
    return items / spent, spent / bare


async def _bare_rows(account_id: str) -> Callable[[], Awaitable[Any]]:
    """What writes the rows of an account again, after they are gone."""
    rows = {table: await database.read(f"SELECT * FROM {table} WHERE account_id = ?", (account_id,))
            for table in _WRITTEN}  # fmt: skip

    async def delete() -> None:
        for table in reversed(_WRITTEN):
            await database.write(f"DELETE FROM {table} WHERE account_id = ?", (account_id,))

    async def write() -> None:
        for table in _WRITTEN:
            await database.insert_many(
                table, tuple(rows[table][0].keys()), [tuple(row) for row in rows[table]]
            )

    await database.transact(delete)
    return lambda: database.transact(write)


async def _spent(bench: Bench, work: Callable[[], Awaitable[Any]]) -> float:
    backend, own = bench.backends(), time.process_time_ns()
    await work()
    return (time.process_time_ns() - own + bench.backends() - backend) / 1e9


def _unwatched(_done: int, _all: int) -> None:
    """Nobody looks at the progress."""
