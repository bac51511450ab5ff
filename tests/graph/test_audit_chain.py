"""The log's chain: whatever is changed, removed, moved, cut off or slipped in is found."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

import make
from actions.kit.chain import append, chain_key, link
from actions.kit.proof import BrokenEntry, Fault, Head, Proof, head_of, prove, read_head
from client import SETTINGS, Client
from doorstep import visiting
from extent import extent
from models import database
from models.vocabulary import Role
from tamper import tampered

ASSIGN = "mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"
KEY = chain_key(SETTINGS.secret_key)
Tamper = Callable[[list[dict[str, Any]]], Awaitable[Any]]


def an_entry(account: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {
        "id": database.new_id(),
        "account_id": account["id"],
        "user_id": account["owner_id"],
        "user_name": "José “Zé” 🦊",
        "act": "assignSale",
        "object_type": "Sale",
        "object_id": "HP1",
        "let_by": "LEAD",
        "refusal": None,
        "changes": [{"field": "Sale.assignee", "before": None, "after": "Ana"}],
        "request_id": "request",
        "address": None,
        "at": database.now(),
    } | changed


async def written(account: dict[str, Any], count: int, key: bytes = KEY) -> list[dict[str, Any]]:
    async def work() -> None:
        for _ in range(count):
            await append(key, an_entry(account))

    await database.transact(work)
    return await entries(account)


async def entries(account: dict[str, Any]) -> list[dict[str, Any]]:
    rows = await database.read(
        "SELECT * FROM audit_entries WHERE account_id = ? ORDER BY sequence", (account["id"],)
    )
    return [dict(row) for row in rows]


def changed(column: str, value: Any) -> Tamper:
    async def work(rows: list[dict[str, Any]]) -> None:
        statement = f"UPDATE audit_entries SET {column} = ? WHERE id = ?"
        await database.write(statement, (value, rows[4]["id"]))

    return work


async def _removed(rows: list[dict[str, Any]]) -> None:
    await database.write("DELETE FROM audit_entries WHERE id = ?", (rows[4]["id"],))


async def _removed_and_renumbered(rows: list[dict[str, Any]]) -> None:
    await _removed(rows)
    for row in rows[5:]:
        await database.write(
            "UPDATE audit_entries SET sequence = ? WHERE id = ?", (row["sequence"] - 1, row["id"])
        )


async def _swapped(rows: list[dict[str, Any]]) -> None:
    for item, other in ((rows[4], rows[5]), (rows[5], rows[4])):
        await database.write(
            "UPDATE audit_entries SET sequence = ? WHERE id = ?", (other["sequence"], item["id"])
        )


async def _first_removed(rows: list[dict[str, Any]]) -> None:
    await database.write("DELETE FROM audit_entries WHERE id = ?", (rows[0]["id"],))


async def _cut_off(rows: list[dict[str, Any]]) -> None:
    for row in rows[7:]:
        await database.write("DELETE FROM audit_entries WHERE id = ?", (row["id"],))


async def _inserted(rows: list[dict[str, Any]], *, number: int | None, at: int | None = None) -> None:
    row = rows[-1] | {"id": database.new_id(), "sequence": number, "at": at or database.now()}
    row["digest"] = link(b"another key", rows[-1]["digest"], row) if number else None
    if not isinstance(row["changes"], str):
        row["changes"] = "[]"
    await database.insert("audit_entries", row)


async def _appended_with_another_key(rows: list[dict[str, Any]]) -> None:
    await append(b"another key", an_entry({"id": rows[0]["account_id"], "owner_id": rows[0]["user_id"]}))


@pytest.mark.parametrize(
    ("tamper", "at", "fault"),
    [
        (changed("user_name", "Someone else"), 5, Fault.ALTERED),
        (changed("user_id", None), 5, Fault.ALTERED),
        (changed("act", "signOut"), 5, Fault.ALTERED),
        (changed("object_id", "HP2"), 5, Fault.ALTERED),
        (changed("let_by", None), 5, Fault.ALTERED),
        (changed("refusal", "FORBIDDEN"), 5, Fault.ALTERED),
        (changed("changes", "[]"), 5, Fault.ALTERED),
        (changed("at", 1), 5, Fault.ALTERED),
        (changed("address", "198.51.100.1"), 5, Fault.ALTERED),
        (changed("token_id", "00000000-0000-7000-8000-000000000001"), 5, Fault.ALTERED),
        (changed("token_name", "Nightly export"), 5, Fault.ALTERED),
        (changed("digest", "0" * 64), 5, Fault.ALTERED),
        (changed("sequence", None), 5, Fault.MISSING),
        (_removed, 5, Fault.MISSING),
        (_first_removed, 1, Fault.MISSING),
        (_removed_and_renumbered, 5, Fault.ALTERED),
        (_swapped, 5, Fault.ALTERED),
        (_cut_off, 8, Fault.TRUNCATED),
        (lambda rows: _inserted(rows, number=5), 5, Fault.DUPLICATE),
        (lambda rows: _inserted(rows, number=11), 11, Fault.ALTERED),
        (lambda rows: _inserted(rows, number=None), None, Fault.INSERTED),
        (lambda rows: _inserted(rows, number=None, at=1), None, Fault.INSERTED),
        (_appended_with_another_key, 11, Fault.ALTERED),
    ],
)
async def test_the_first_entry_that_does_not_fit_is_told(
    database_url: str, tamper: Tamper, at: int | None, fault: Fault
) -> None:
    account = await make.account()
    rows = await written(account, 10)
    whole = await prove(KEY, account["id"])

    await tampered(lambda: tamper(rows))

    proof = await prove(KEY, account["id"])
    assert (whole.broken, whole.proven) == (None, 10)
    assert proof.broken is not None
    # of two with one number, either is met first
    assert (proof.broken.sequence, proof.broken.fault) in {(at, fault), (at, Fault.ALTERED)}
    assert proof.broken.fault is fault or fault is Fault.DUPLICATE


@pytest.mark.parametrize("column", ["token_id", "token_name"])
async def test_an_entry_that_loses_its_token_is_told(database_url: str, column: str) -> None:
    account = await make.account()
    token = {"token_id": database.new_id(), "token_name": "Nightly export"}
    await database.transact(lambda: append(KEY, an_entry(account, **token)))
    whole = await prove(KEY, account["id"])
    statement = f"UPDATE audit_entries SET {column} = NULL WHERE account_id = ?"

    await tampered(lambda: database.write(statement, (account["id"],)))

    assert (whole.broken, whole.proven) == (None, 1)
    broken = (await prove(KEY, account["id"])).broken
    assert broken is not None
    assert (broken.sequence, broken.fault) == (1, Fault.ALTERED)


async def test_a_log_cut_off_together_with_its_head_is_found_by_a_head_kept_elsewhere(
    database_url: str,
) -> None:
    account = await make.account()
    rows = await written(account, 10)
    stored = read_head(str(await head_of(account["id"])))

    async def cut() -> None:
        await _cut_off(rows)
        await database.write(
            "UPDATE accounts SET chain_sequence = 7, chain_digest = ? WHERE id = ?",
            (rows[6]["digest"], account["id"]),
        )

    await tampered(cut)

    assert (await prove(KEY, account["id"])).broken is None
    broken = (await prove(KEY, account["id"], [stored])).broken
    assert broken is not None
    assert (broken.sequence, broken.fault) == (8, Fault.TRUNCATED)
    await written(account, 5)
    broken = (await prove(KEY, account["id"], [stored])).broken
    assert broken is not None
    assert (broken.sequence, broken.fault) == (10, Fault.OTHER_HEAD)


async def test_a_head_set_back_is_found_by_the_entries_behind_it(database_url: str) -> None:
    account = await make.account()
    rows = await written(account, 10)
    statement = "UPDATE accounts SET chain_sequence = 7, chain_digest = ? WHERE id = ?"

    await database.transact(lambda: database.write(statement, (rows[6]["digest"], account["id"])))

    broken = (await prove(KEY, account["id"])).broken
    assert broken is not None
    assert (broken.sequence, broken.fault) == (8, Fault.PAST_THE_HEAD)


async def test_a_key_of_another_server_proves_nothing(database_url: str) -> None:
    account = await make.account()
    await written(account, 3)

    broken = (await prove(chain_key(b"another secret"), account["id"])).broken

    assert broken is not None
    assert (broken.sequence, broken.fault) == (1, Fault.ALTERED)


async def test_an_entry_without_a_number_is_found_in_an_empty_log_too(database_url: str) -> None:
    account = await make.account()
    forged = an_entry(account, at=1) | {"sequence": None, "digest": None, "changes": "[]"}
    whole = await prove(KEY, account["id"])

    await database.transact(lambda: database.insert("audit_entries", forged))

    assert whole == Proof(Head(0, None), 0)
    assert (await prove(KEY, account["id"])).broken == BrokenEntry(None, forged["id"], Fault.INSERTED)


async def test_the_database_refuses_to_change_and_to_remove_an_entry(database_url: str) -> None:
    account = await make.account()
    rows = await written(account, 2)

    for statement in (
        "UPDATE audit_entries SET act = 'x' WHERE id = ?",
        "DELETE FROM audit_entries WHERE id = ?",
    ):
        with pytest.raises(Exception, match="only grows"):
            await database.transact(lambda text=statement: database.write(text, (rows[0]["id"],)))

    assert await entries(account) == rows


async def test_entries_go_with_their_account(database_url: str) -> None:
    account, other = await make.account(), await make.account()
    await written(account, 2)
    rows = await written(other, 2)

    await database.transact(lambda: database.write("DELETE FROM accounts WHERE id = ?", (account["id"],)))

    assert await entries(account) == []
    assert await entries(other) == rows


async def test_fifty_acts_at_once_leave_one_unbroken_chain(client: Client) -> None:
    account = await make.account()
    token, collaborator = await Client.owner(account), await make.collaborator(account, role=Role.ADMIN)
    other = await Client.collaborator(collaborator)
    sales = [await make.sale(account) for _ in range(25)]

    async def assign(reference: str, who: str) -> None:
        chosen = {"reference": reference, "assigneeId": f"person_{collaborator['id']}"}
        await client.ask(ASSIGN, {"input": chosen}, token=who, account=account)

    await asyncio.gather(
        *(assign(sale["reference"], token) for sale in sales),
        *(assign("HP404", other) for _ in range(25)),
    )

    rows = await entries(account)
    assert [row["sequence"] for row in rows] == list(range(1, 51))
    proof = await prove(KEY, account["id"])
    assert (proof.broken, proof.proven) == (None, 50)
    assert proof.head == Head(50, rows[-1]["digest"])


MANY = extent(20_000, 100_000)


async def test_many_entries_are_proven_in_seconds(database_url: str) -> None:
    account = await make.account()
    names = (*an_entry(account), "sequence", "digest")
    rows, previous = [], None
    for number in range(1, MANY + 1):
        entry = an_entry(account) | {"sequence": number, "changes": []}
        previous = link(KEY, previous, entry)
        rows.append(tuple((entry | {"changes": "[]", "digest": previous}).values()))
    statement = f"UPDATE accounts SET chain_sequence = {MANY}, chain_digest = ? WHERE id = ?"

    async def work() -> None:
        await database.insert_many("audit_entries", names, rows)
        await database.write(statement, (previous, account["id"]))

    await database.transact(work)

    began = time.monotonic()
    proof = await prove(KEY, account["id"])

    assert (proof.broken, proof.proven) == (None, MANY)
    assert time.monotonic() - began < 20
    await database.transact(lambda: database.write("DELETE FROM accounts WHERE id = ?", (account["id"],)))


OLDEST, OLD = chain_key(b"the oldest secret"), chain_key(b"the old secret")


async def test_a_log_that_was_signed_with_three_keys_in_turn_is_whole(database_url: str) -> None:
    account = await make.account()
    for key in (OLDEST, OLD, KEY):
        await written(account, 3, key)

    whole = await prove(KEY, account["id"], previous_keys=[OLD, OLDEST])
    without = (await prove(KEY, account["id"], previous_keys=[OLD])).broken

    assert (whole.proven, whole.broken) == (9, None)
    assert without is not None
    assert (without.sequence, without.fault) == (1, Fault.ALTERED)


async def test_a_key_that_was_replaced_signs_nothing_more(database_url: str) -> None:
    account = await make.account()
    for key in (OLD, KEY, OLD):
        await written(account, 2, key)

    proof = await prove(KEY, account["id"], previous_keys=[OLD])

    assert proof.proven == 4
    assert proof.broken is not None
    assert (proof.broken.sequence, proof.broken.fault) == (5, Fault.RETIRED_KEY)


async def test_after_a_change_of_keys_cursors_and_repeated_calls_mean_what_they_did(
    database_url: str,
) -> None:
    account = await make.account()
    collaborator = await make.collaborator(account)
    sales = [await make.sale(account) for _ in range(3)]
    token = await Client.owner(account)
    values = {
        "reference": sales[0]["reference"],
        "assigneeId": f"person_{collaborator['id']}",
        "idempotencyKey": "once",
    }
    pages = "query($after: String) { account { sales(first: 1, after: $after) { nodes { reference } pageInfo { endCursor } } } }"
    at = {"token": token, "account": account}
    old = replace(SETTINGS, secret_key=b"the key before, of enough characters")
    new = replace(SETTINGS, previous_keys=(old.secret_key,))

    async with visiting(old) as before:
        first = (await before.ask(pages, **at))["account"]["sales"]
        await before.ask(ASSIGN, {"input": values}, **at)
    async with visiting(new) as after, visiting() as careless:
        cursor = {"after": first["pageInfo"]["endCursor"]}
        second = (await after.ask(pages, cursor, **at))["account"]["sales"]
        again = (await after.ask(ASSIGN, {"input": values}, **at))["assignSale"]["errors"]
        other = (await after.ask(ASSIGN, {"input": values | {"assigneeId": None}}, **at))["assignSale"][
            "errors"
        ]
        [refused] = await careless.errors(pages, cursor, **at)
        [conflict] = (await careless.ask(ASSIGN, {"input": values}, **at))["assignSale"]["errors"]

    assert second["nodes"] != first["nodes"]
    assert again == []
    assert [item["code"] for item in other] == ["IDEMPOTENCY_CONFLICT"]
    assert refused["extensions"]["code"] == "BAD_INPUT"
    assert conflict["code"] == "IDEMPOTENCY_CONFLICT"
    keys = [chain_key(key) for key in new.previous_keys]
    assert (await prove(KEY, account["id"], previous_keys=keys)).broken is None
    assert len(await entries(account)) >= 1
