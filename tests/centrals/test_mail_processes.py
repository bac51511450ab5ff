"""Two server processes and one outbox: each e-mail leaves once, or at least once where a process is killed."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from actions.kit import outbox
from actions.membership.invitations.emails import INVITATION
from doorstep import Server, serving
from models import database
from post_office import Mailbox, mailbox

COUNT = 60
ADDRESSES = [f"person-{number}@example.com" for number in range(COUNT)]
FIRST, SECOND = "first@example.com", "second@example.com"
DATA = {"name": "Nora", "inviter": "Olga", "account": "Aurora", "token": "a-token"}


class Killed(Exception):
    """The process that the mail server was talking with is no more."""


@pytest.fixture(autouse=True)
async def _empty(database_url: str) -> AsyncIterator[None]:
    await _change("DELETE FROM outbox_messages")
    yield
    await _change("DELETE FROM outbox_messages")


async def _change(statement: str) -> None:
    await database.transact(lambda: database.write(statement))


@contextlib.asynccontextmanager
async def two_servers(url: str, folder: Path, box: Mailbox) -> AsyncIterator[tuple[Server, Server]]:
    """Two processes on one database, each with a sender of its own."""
    values = {"MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(box.port), "MAIL_TLS": "none"}
    async with (
        serving(url, folder, MAIL_FROM=FIRST, **values) as first,
        serving(url, folder, MAIL_FROM=SECOND, **values) as second,
    ):
        yield first, second


async def post_all() -> None:
    async def work() -> None:
        for address in ADDRESSES:
            await outbox.post(INVITATION, address, "en", DATA)

    await database.transact(work)


async def sent(count: int) -> list[dict[str, Any]]:
    """The outbox, once that many of it are known to have left."""
    for _ in range(600):
        rows = [dict(row) for row in await database.read("SELECT * FROM outbox_messages")]
        if sum(row["sent_at"] is not None for row in rows) >= count:
            return rows
        await asyncio.sleep(0.1)
    raise AssertionError(f"Not {count} e-mails within a minute: {rows}")


def senders(box: Mailbox) -> set[str]:
    return {message["From"].addresses[0].addr_spec for message in box.taken}


async def test_two_processes_send_each_email_once(database_url: str, tmp_path: Path) -> None:
    with mailbox() as box:
        box.slow = 0.05
        async with two_servers(database_url, tmp_path, box):
            await post_all()
            rows = await sent(COUNT)

    assert Counter(message["To"] for message in box.taken) == dict.fromkeys(ADDRESSES, 1)
    assert senders(box) == {FIRST, SECOND}
    assert [row["attempts"] for row in rows] == [1] * COUNT


@pytest.mark.parametrize(("moment", "times"), [("before", 1), ("after", 2)])
async def test_of_a_process_that_is_killed_no_email_is_lost_and_only_the_one_under_way_may_leave_twice(
    database_url: str, tmp_path: Path, moment: str, times: int
) -> None:
    under_way: list[EmailMessage] = []
    found: list[EmailMessage] = []

    with mailbox() as box:
        box.slow = 0.05
        async with two_servers(database_url, tmp_path, box) as (first, _second):

            def kill_at_its_third(message: EmailMessage) -> None:
                if message["From"].addresses[0].addr_spec == FIRST:
                    found.append(message)
                    if len(found) == 3:
                        under_way.append(message)
                        first.process.kill()
                        first.process.wait()
                        raise Killed

            setattr(box, moment, kill_at_its_third)
            await post_all()
            await sent(COUNT - 1)
            await _change("UPDATE outbox_messages SET next_at = 1 WHERE sent_at IS NULL")
            rows = await sent(COUNT)

    (killed_with,) = under_way
    left = Counter(message["To"] for message in box.taken)
    ids = {message["Message-ID"] for message in box.taken if message["To"] == killed_with["To"]}
    assert left == dict.fromkeys(ADDRESSES, 1) | {killed_with["To"]: times}
    assert ids == {killed_with["Message-ID"]}
    tries = {row["recipient"]: row["attempts"] for row in rows}
    assert tries == dict.fromkeys(ADDRESSES, 1) | {killed_with["To"]: 2}
    assert {row["dead_at"] for row in rows} == {None}
