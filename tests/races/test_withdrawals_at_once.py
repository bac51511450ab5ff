"""Two processes and one balance: of two withdrawals at once, only what is there is held."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

import make
from authz.grant import Grant
from client import Client
from doorstep import serving, visiting
from extent import extent
from models import database
from models.ledger.books import Books
from models.ledger.release import release_due
from models.ledger.settle import settle_ledger
from models.vocabulary import Role

ROUNDS = extent(4, 50)
DAY = 86_400_000
MAKE = "mutation($input: MakeWithdrawalInput!) { makeWithdrawal(input: $input) { errors { code } } }"
CANCEL = "mutation($input: CancelWithdrawalInput!) { cancelWithdrawal(input: $input) { errors { code } } }"
OPEN = "{ account { withdrawals(filter: {status: REQUESTED}) { nodes { id } } balances { available { amount } } } }"


async def _account() -> dict[str, Any]:
    """An account with 90.00 BRL that can be withdrawn, and a bank account since a month."""
    account, now = await make.account(timezone="UTC", currency="BRL"), database.now()
    at = now - 90 * DAY
    amounts = {"price": 100_00, "own_amount": 90_00, "own_currency": "BRL"}
    sale = await make.sale(account, ordered_at=at, approved_at=at, warranty_until=at + DAY, **amounts)

    async def work() -> None:
        await settle_ledger(account["id"], [sale["id"]])
        books = await Books.open(account["id"])
        await release_due(books, "BRL", now)
        await books.write()
        await database.write("DELETE FROM ledger_reviews WHERE account_id = ?", (account["id"],))

    await database.transact(work)
    return account


async def test_of_withdrawals_in_two_processes_only_what_is_there_is_held(
    database_url: str, tmp_path: Path
) -> None:
    account = await _account()
    admin = await make.collaborator(account, await make.profile(account, [Grant.MAKE_WITHDRAWAL]), Role.ADMIN)
    owner, other = await Client.owner(account), await Client.collaborator(admin)
    version = {"token": owner, "account": account}
    amount = {"input": {"amount": {"amount": "60.00", "currency": "BRL"}}}

    async with (
        visiting() as here,
        serving(database_url, tmp_path) as server,
        httpx.AsyncClient(base_url=server.url, timeout=30) as http,
    ):
        there = Client(http)
        details = (await here.ask("{ account { ownerDetails { version } } }", **version))["account"]
        bank = {"holder": "Aurora", "number": {"iban": "DE89370400440532013000"}}
        bank |= {"expectedVersion": details["ownerDetails"]["version"]}
        text = "mutation($input: SetBankDetailsInput!) { setBankDetails(input: $input) { errors { code } } }"
        assert (await here.ask(text, {"input": bank}, **version))["setBankDetails"]["errors"] == []
        await _earlier("owner_details", "bank_changed_at", account)
        codes: list[list[str | None]] = []
        for number in range(ROUNDS):
            pairs = [(here, owner), (there, other)] if number % 2 else [(there, owner), (here, other)]
            answers = await asyncio.gather(
                *(client.ask(MAKE, amount, token=token, account=account) for client, token in pairs)
            )
            found = [answer["makeWithdrawal"]["errors"] for answer in answers]
            codes.append(sorted((errors[0]["code"] if errors else "done" for errors in found), key=str))
            for client in (here, there):
                state = (await client.ask(OPEN, **version))["account"]
                assert [row["available"]["amount"] for row in state["balances"]] == ["30.00"]
            cancel = {"input": {"id": state["withdrawals"]["nodes"][0]["id"]}}
            assert (await there.ask(CANCEL, cancel, **version))["cancelWithdrawal"]["errors"] == []
            await _earlier("withdrawals", "requested_at", account)

    assert codes == [["NOT_ENOUGH", "done"]] * ROUNDS


async def _earlier(table: str, column: str, account: dict[str, Any]) -> None:
    """Move times of an account two days back."""
    moved = f"UPDATE {table} SET {column} = {column} - {2 * DAY} WHERE account_id = ?"
    await database.transact(lambda: database.write(moved, (account["id"],)))
