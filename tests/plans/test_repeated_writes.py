"""What runs inside of a transaction reads no more by being planned once, either: acts, messages, e-mails."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import asyncpg

from calls import document, sound_calls
from center import center
from centrals.mail import queue
from centrals.retention.prune import expired
from centrals.retention_settings import Retention
from client import Client
from doorstep import visiting
from effort import ANEW, ONCE, Read, efforts, grew
from intake.endpoint.receive import take
from intake.reprocessing.reprocess import reprocess
from models import database
from models.connection.writer import _PostgresWriter
from models.vocabulary import IntakeOutcome

START = 1_735_689_600_000  # 2025-01-01


@contextlib.contextmanager
def observed_transactions() -> Iterator[dict[Read, None]]:
    """What runs inside of transactions; what adds rows would add them twice, and has no plan to choose."""
    found: dict[Read, None] = {}
    run, run_many = _PostgresWriter.run, _PostgresWriter.run_many

    def note(text: str, values: Any, *, anew: bool) -> None:
        if "INSERT INTO" not in text:
            frozen = tuple(tuple(value) if isinstance(value, list) else value for value in values)
            found[text, frozen, ANEW if anew else ONCE] = None

    async def noted(self: _PostgresWriter, text: str, values: Any) -> Any:
        rows = await run(self, text, values)
        note(text, values, anew=self.plans_anew)
        return rows

    async def noted_many(self: _PostgresWriter, text: str, rows: Any) -> None:
        note(text, rows[-1], anew=False)
        await run_many(self, text, rows)

    def patch(single: Any, many: Any) -> None:
        _PostgresWriter.run = single  # type: ignore[method-assign]
        _PostgresWriter.run_many = many  # type: ignore[method-assign]
        _PostgresWriter.defer = many  # type: ignore[method-assign]

    patch(noted, noted_many)
    try:
        yield found
    finally:
        patch(run, run_many)


def message(number: int, event: str = "PURCHASE_APPROVED", status: str = "APPROVED") -> dict[str, Any]:
    at = START + number * 1_000
    purchase = {
        "transaction": f"R{number}", "status": status, "order_date": at, "approved_date": at,
        "price": {"value": 100, "currency_value": "BRL"}, "payment": {"type": "PIX", "installments_number": 1},
    }  # fmt: skip
    data = {"product": {"id": 7, "name": "Watercolors"}, "buyer": {"name": "Ana"}, "purchase": purchase}
    return {"id": f"{event}-{number}", "creation_date": at, "event": event, "data": data}


async def messages(account: dict[str, Any]) -> None:
    """New sales, known ones, a page of both, and a second reading of what the first did not settle."""
    pages = [
        message(2), message(SALE_BEYOND), message(SALE_BEYOND, "PURCHASE_REFUNDED", "REFUNDED"),
        message(SALE_BEYOND), {"event": "SWITCH_PLAN", "data": {}}, {"malformed": True},
        {"items": [message(number)["data"] for number in range(3, 40)]},
    ]  # fmt: skip
    for page in pages:
        await take(account["id"], "secret", json.dumps(page).encode())
    await reprocess(account["id"], [IntakeOutcome.OTHER, IntakeOutcome.MALFORMED], lambda *_: None)


SALE_BEYOND = 50_000


async def acts(client: Client, account: dict[str, Any], lead: str) -> None:
    """Each mutation in a small account, those that touch many sales in the large one, and there an act of the
    lead of ten people, whose reach is a list."""
    at = await center(client)
    done = 0
    for name, values in (await sound_calls(at)).items():
        owner, variables = await Client.owner(at.account), {"input": values} if values else None
        # some end the session, and some are refused for what they name, after they read
        response = await client.post(document(name, values), variables, token=owner, account=at.account)
        done += "errors" not in response.json() and not response.json()["data"][name]["errors"]
    assert done > 30
    token = await Client.owner(account)
    collaborators = await database.read(
        "SELECT id FROM collaborators WHERE account_id = ? ORDER BY id", (account["id"],)
    )
    team = await database.read("SELECT id FROM teams WHERE account_id = ?", (account["id"],))
    first, second, third = (row["id"] for row in collaborators[2:5])
    members = await database.read(
        "SELECT m.collaborator_id AS id, MIN(s.reference) AS reference FROM team_members m"
        " JOIN sales s ON s.account_id = m.account_id AND s.assignee_id = m.collaborator_id"
        " WHERE m.account_id = ? GROUP BY m.collaborator_id ORDER BY m.collaborator_id",
        (account["id"],),
    )
    led = {"reference": members[0]["reference"], "assigneeId": f"person_{members[1]['id']}"}
    response = await client.ask(document("assignSale", led), {"input": led}, token=lead, account=account)
    assert response["assignSale"]["errors"] == [], response
    references = [f"R{number}" for number in range(100, 180)]
    for name, values in {
        "assignSale": {"reference": "R77", "assigneeId": f"person_{first}"},
        "assignSales": {"references": references, "assigneeId": f"person_{second}"},
        "removeCollaborator": {
            "collaboratorId": f"collaborator_{first}",
            "reassignTo": f"collaborator_{second}",
        },
        "setTeamMembers": {"teamId": f"team_{team[0]['id']}", "memberIds": [f"collaborator_{third}"]},
        "deleteTeam": {"teamId": f"team_{team[0]['id']}"},
    }.items():
        response = await client.ask(document(name, values), {"input": values}, token=token, account=account)
        assert response[name]["errors"] == [], response


async def test_no_statement_of_a_transaction_reads_more_by_being_planned_once(
    connection: asyncpg.Connection, asking: dict[str, dict[str, Any]]
) -> None:
    account = asking["owner"]["account"]
    with observed_transactions() as found:
        async with visiting() as client:
            await acts(client, account, asking["lead"]["token"])
        await messages(account)
        while (posted := await queue.claim()) is not None:
            await queue.sent(posted.id)
        for rows in await expired(Retention(1, 1, 1)):
            await rows.remove_batch()

    grown = []
    for read in found:
        if read[2] == ONCE:
            anew, once = await efforts(connection, read)
            if grew(anew, once):
                grown.append((anew, once, *read[:2]))

    assert grown == []
    assert len({text for text, *_ in found}) > 110
