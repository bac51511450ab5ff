"""The logs from the command line: where they end, and proof that they are whole."""

import os
import sqlite3
import subprocess
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

import make
import models
from actions.commerce.sales.assign import ASSIGN_SALE
from actions.kit.call import Call
from actions.kit.chain import append_of_people, chain_key
from actions.kit.mutation import Done
from authz.identity import identify
from authz.viewer import Viewer
from client import Client
from doorstep import SECRET_KEY
from models import database
from tamper import tampered
from zygote import launcher

COMPLETE = "The log is complete and unchanged."
SOURCE = str(Path(models.__file__).parents[1])


@pytest.fixture
def url(migrated_url: str) -> str:
    """A migrated database of the test's own."""
    return migrated_url


def run(url: str, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET_KEY,
        "PYTHONPATH": SOURCE,
        **more,
    }
    return subprocess.run(
        [*launcher(), *words], capture_output=True, text=True, timeout=60, check=False, env=environment
    )


async def written(count: int) -> str:
    account = await make.account()
    viewer = await identify(await Client.owner(account), account["id"])

    async def nothing(_viewer: Viewer) -> Done:
        return Done("x")

    for number in range(count):
        call = Call(viewer, f"request-{number}", None, chain_key(SECRET_KEY.encode()))
        await ASSIGN_SALE.perform(call, nothing, "HP1")
    return str(account["id"])


async def test_heads_are_told_and_a_whole_log_is_proven(url: str) -> None:
    async with database.connected(url):
        account, empty = await written(3), await written(0)

    heads = run(url, "audit", "head")
    first = run(url, "audit", "head", "--account", f"account_{account}")
    head = first.stdout.split()[1]
    proven = run(url, "audit", "verify")
    with_head = run(url, "audit", "verify", "--account", account, "--head", head)

    assert sorted(line.split()[0] for line in heads.stdout.splitlines()) == sorted([account, empty, "people"])
    assert f"{empty} 0:-" in heads.stdout
    assert head.startswith("3:")
    assert first.stdout in heads.stdout
    assert (proven.returncode, with_head.returncode) == (0, 0), proven.stderr
    assert f"{account}: {COMPLETE} It has 3 entries. Head: {head}" in proven.stdout
    assert with_head.stdout == f"{account}: {COMPLETE} It has 3 entries. Head: {head}\n"


async def test_the_first_broken_entry_is_told_and_the_end_is_a_failure(url: str) -> None:
    async with database.connected(url):
        account, whole = await written(3), await written(1)
        stored = run(url, "audit", "head", "--account", account).stdout.split()[1]
        if database.dialect() == "postgres":
            await database.transact(
                lambda: database.write("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_only_grow")
            )
            await database.transact(
                lambda: database.write(
                    "UPDATE audit_entries SET act = 'x' WHERE account_id = ? AND sequence = 2", (account,)
                )
            )
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("DROP TRIGGER audit_entries_unchanged")
            connection.execute(
                "UPDATE audit_entries SET act = 'x' WHERE account_id = ? AND sequence = 2", (account,)
            )
            connection.commit()

    result = run(url, "audit", "verify")
    with_head = run(url, "audit", "verify", "--account", account, "--head", stored)

    for item in (result, with_head):
        assert item.returncode == 1
        assert f"{account}: Entry 2 (" in item.stdout
        assert (
            ") was changed, or something before it was removed. Verified before it: 1 entry." in item.stdout
        )
    assert f"{whole}: {COMPLETE} It has 1 entry." in result.stdout


async def test_the_lines_of_the_heads_prove_later_that_nothing_was_cut_off(url: str, tmp_path: Path) -> None:
    async with database.connected(url):
        account, other = await written(3), await written(2)
    file = tmp_path / "heads"
    file.write_text(run(url, "audit", "head").stdout)
    line = run(url, "audit", "head", "--account", account).stdout.strip()
    requests = [
        ("--heads", str(file)),
        ("--head", line),
        ("--account", account, "--head", line),
        ("--account", account, "--heads", str(file)),
        ("--account", account, "--head", line.split()[1]),
    ]

    whole = [run(url, "audit", "verify", *words) for words in requests]
    async with database.connected(url):
        await tampered(lambda: _cut_off(account))
    result = run(url, "audit", "verify")
    broken = [run(url, "audit", "verify", *words) for words in requests]

    for item in whole:
        assert item.returncode == 0, item.stderr
        assert f"{account}: {COMPLETE} It has 3 entries. Head: {line.split()[1]}" in item.stdout
    assert result.returncode == 0
    for item in broken:
        assert item.returncode == 1, item.stderr
        assert f"{account}: The log was cut off: entry 3 is missing." in item.stdout
    assert f"{other}: {COMPLETE} It has 2 entries." in broken[0].stdout


async def _cut_off(account: str) -> None:
    await database.write("DELETE FROM audit_entries WHERE account_id = ? AND sequence = 3", (account,))
    await database.write(
        "UPDATE accounts SET chain_sequence = 2, chain_digest = (SELECT digest FROM audit_entries"
        " WHERE account_id = accounts.id AND sequence = 2) WHERE id = ?",
        (account,),
    )


async def test_a_head_tells_of_its_own_account_alone_and_that_it_is_gone(url: str, tmp_path: Path) -> None:
    async with database.connected(url):
        account, other = await written(2), await written(1)
    file = tmp_path / "heads"
    file.write_text(run(url, "audit", "head").stdout)
    line = run(url, "audit", "head", "--account", other).stdout.strip()

    foreign = run(url, "audit", "verify", "--account", account, "--head", line)
    async with database.connected(url):
        await database.transact(lambda: database.write("DELETE FROM accounts WHERE id = ?", (other,)))
    gone = run(url, "audit", "verify", "--heads", str(file))

    assert (foreign.returncode, foreign.stdout) == (2, "")
    assert f"A head of {other} proves nothing about {account}." in foreign.stderr
    assert gone.returncode == 1
    assert f"{other}: this account is missing" in gone.stdout
    assert f"{account}: {COMPLETE} It has 2 entries." in gone.stdout


async def test_the_log_of_people_is_proven_with_those_of_accounts(url: str, tmp_path: Path) -> None:
    """Entries from before the chain are its first; keys change; an edit, a removal and an insertion are found."""
    await _signed_in(url, "an older key of the server, long enough", before=2, after=2)
    await _signed_in(url, SECRET_KEY, before=0, after=1)
    older = {"PREVIOUS_SECRET_KEYS": "an older key of the server, long enough"}
    file = tmp_path / "heads"
    file.write_text(run(url, "audit", "head", **older).stdout)

    whole = run(url, "audit", "verify", "--heads", str(file), **older)
    without_key = run(url, "audit", "verify")
    async with database.connected(url):
        await tampered(_another_name, "user_entries")
        edited = run(url, "audit", "verify", **older)
        await tampered(_cut_off_people, "user_entries")
    cut_off = run(url, "audit", "verify", "--heads", str(file), **older)

    assert (whole.returncode, whole.stdout.splitlines()[0]) == (
        0,
        f"people: {COMPLETE} It has 5 entries. Head: {file.read_text().split()[1]}",
    )
    assert without_key.returncode == edited.returncode == cut_off.returncode == 1
    assert "people: Entry 1 (" in without_key.stdout
    assert "people: Entry 3 (" in edited.stdout
    assert "people: The log was cut off: entry 2 is missing. Verified before it: 1 entry." in cut_off.stdout


async def _signed_in(url: str, key: str, *, before: int, after: int) -> None:
    """Entries of people, some of which are written as they were before there was a chain."""
    async with database.connected(url):
        user = await make.user()
        entry = {
            "user_id": user["id"], "user_name": "Ana", "act": "signIn", "object_type": None, "object_id": None,
            "let_by": None, "refusal": None, "request_id": "r", "address": None,
        }  # fmt: skip
        for at in range(before):
            row = entry | {"id": database.new_id(), "at": at, "actor_id": user["id"], "changes": "[]"}
            await database.transact(partial(database.insert, "user_entries", row))
        for at in range(after):
            row = entry | {"id": database.new_id(), "at": before + at, "changes": []}
            await database.transact(partial(append_of_people, chain_key(key.encode()), row))


async def _another_name() -> None:
    await database.write("UPDATE user_entries SET user_name = 'Eva' WHERE sequence = 3")


async def _cut_off_people() -> None:
    await database.write("DELETE FROM user_entries WHERE sequence > 1")
    await database.write(
        "UPDATE log_heads SET sequence = 1,"
        " digest = (SELECT digest FROM user_entries WHERE sequence = 1) WHERE id = 'people'"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "--head", "1:ab"),
        ("verify", "--account", "nothing"),
        ("head", "--account", "nothing"),
        ("verify", "--account", "nothing", "--head", "nonsense"),
        ("verify", "--account", "nothing", "--head", "-1:ab"),
        ("verify", "--account", "nothing", "--head", "1:"),
        ("verify", "--head", "nobody 1:ab"),
        ("verify", "--head", ""),
        ("verify", "--heads", "not-there"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(f"sqlite:///{tmp_path}/x.sqlite3", "audit", *words)

    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
