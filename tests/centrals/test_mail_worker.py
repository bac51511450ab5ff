"""The worker: what is in the outbox leaves through a real server, at least once, and by one worker."""

import asyncio
import dataclasses
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from actions.emails import EMAILS
from actions.kit import outbox
from centrals.mail import queue
from centrals.mail.worker import Worker, working
from centrals.mail_settings import MailSettings
from doorstep import SECRET_KEY, free_port, inherited
from models import database
from post_office import Mailbox, certificate, mailbox, token_in
from zygote import launcher

URL = "https://centrals.example.com"
DATA = {"name": "Nora", "inviter": "Olga", "account": "Aurora", "token": "a-token"}


@pytest.fixture(autouse=True)
async def _empty(database_url: str) -> None:
    await database.transact(lambda: database.write("DELETE FROM outbox_messages"))


def settings(box: Mailbox | int, **changed: Any) -> MailSettings:
    port = box if isinstance(box, int) else box.port
    result = MailSettings(host="127.0.0.1", port=port, tls="none", sender="centrals@example.com")
    return dataclasses.replace(result, **changed)


async def post(address: str = "nora@example.com", kind: str = "invitation") -> None:
    data = {name: DATA[name] for name in EMAILS[kind].data}
    await database.transact(lambda: outbox.post(EMAILS[kind], address, "en", data))


async def rows() -> list[dict[str, Any]]:
    found = await database.read("SELECT * FROM outbox_messages ORDER BY id")
    return [
        dict(row)
        | {"data": msgspec.json.decode(row["data"]) if isinstance(row["data"], str) else row["data"]}
        for row in found
    ]


async def due_now() -> None:
    await database.transact(lambda: database.write("UPDATE outbox_messages SET next_at = 1"))


async def test_what_is_posted_is_sent_once_and_its_data_is_emptied() -> None:
    await post()

    with mailbox() as box:
        worker = Worker(settings(box), URL)
        first, second = await worker.send_due(), await worker.send_due()

    (row,), (message,) = await rows(), box.taken
    assert (first, second) == (1, 0)
    assert row["data"] == {}
    assert row["sent_at"] is not None
    assert token_in(message) == "a-token"
    assert (message["From"], message["To"]) == ("Centrals <centrals@example.com>", "nora@example.com")
    assert message["Message-ID"] == f"<{row['id']}@centrals.example.com>"


async def test_it_encrypts_and_signs_in_where_the_settings_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, context = certificate(tmp_path)
    await post()

    with mailbox(tls=context, user="centrals") as box:
        result = settings(box, tls="starttls", user="centrals", password="secret")
        unknown = await Worker(result, URL).send_due()
        (distrusted,) = await rows()
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        await due_now()
        wrong = await Worker(dataclasses.replace(result, password="wrong"), URL).send_due()
        (refused,) = await rows()
        await due_now()
        right = await Worker(result, URL).send_due()

    assert (unknown, wrong, right) == (0, 0, 1)
    assert (box.secure, box.users) == ([True], ["centrals"])
    assert "secret" not in str(refused) + str(distrusted)
    assert refused["error"] == "SMTPAuthenticationError 535"
    assert (refused["dead_at"], distrusted["dead_at"]) == (None, None)


async def test_a_server_without_encryption_is_sent_nothing_where_it_is_asked_for() -> None:
    await post()

    with mailbox() as box:
        assert await Worker(settings(box, tls="starttls"), URL).send_due() == 0

    assert box.taken == []
    assert (await rows())[0]["sent_at"] is None


@pytest.mark.parametrize("answer", ["550 no such user", "450 try later"])
async def test_a_refusal_for_good_is_given_up_and_one_for_now_is_not(
    answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    await post("gone@example.com")
    await post("there@example.com")

    with mailbox() as box:
        box.answers["gone@example.com"] = answer
        left = await Worker(settings(box), URL).send_due()

    gone, there = await rows()
    assert left == 1
    assert (gone["dead_at"] is not None) == answer.startswith("550")
    assert answer[:3] in gone["error"] or "SMTPRecipientsRefused" in gone["error"]
    assert there["sent_at"] is not None
    assert "example.com" not in gone["error"]
    assert "gone@" not in caplog.text + str([record.__dict__ for record in caplog.records])


@pytest.mark.parametrize("answer", ["554 no", "451 later"])
async def test_a_message_that_is_refused_for_good_is_given_up(answer: str) -> None:
    await post()

    with mailbox() as box:
        box.data_answer = answer
        await Worker(settings(box), URL).send_due()

    (row,) = await rows()
    assert (row["dead_at"] is not None) == answer.startswith("554")
    assert row["data"]["token"] == "a-token"  # for whoever lets it be tried anew


async def test_a_server_that_was_away_gets_it_when_it_is_back() -> None:
    port = free_port()
    await post()
    at = database.now()

    away = await Worker(settings(port), URL).send_due()
    (row,) = await rows()
    early = await Worker(settings(port), URL).send_due()
    await due_now()
    with mailbox(port=port) as box:
        back = await Worker(settings(port), URL).send_due()

    assert (away, early, back) == (0, 0, 1)
    assert (row["attempts"], row["error"]) == (1, "SMTPConnectError")
    assert row["next_at"] - at >= 60_000 - 1_000
    assert len(box.taken) == 1


async def test_eight_tries_with_longer_and_longer_pauses_then_it_is_given_up() -> None:
    port = free_port()
    await post()
    pauses = []

    for _ in range(queue.TRIES):
        await due_now()
        at = database.now()
        await Worker(settings(port), URL).send_due()
        pauses.append(((await rows())[0]["next_at"] - at) // 60_000)
    await due_now()
    (row,) = await rows()

    assert pauses[:7] == [1, 5, 15, 60, 180, 360, 720]
    assert (row["attempts"], row["dead_at"] is not None, row["sent_at"]) == (8, True, None)
    assert await Worker(settings(port), URL).send_due() == 0
    assert await queue.retry(None) == 1
    with mailbox(port=port):
        assert await Worker(settings(port), URL).send_due() == 1


async def test_what_a_worker_that_died_had_claimed_is_tried_again_and_given_up_in_the_end() -> None:
    await post()

    claimed = await queue.claim()
    current = await queue.claim()
    await due_now()
    again = await queue.claim()
    await database.transact(
        lambda: database.write("UPDATE outbox_messages SET next_at = 1, attempts = ?", (queue.TRIES,))
    )
    last = await queue.claim()

    assert claimed == again
    assert claimed is not None
    assert (current, last) == (None, None)
    assert (await rows())[0]["dead_at"] is not None


async def test_many_workers_send_each_email_once() -> None:
    for number in range(30):
        await post(f"person-{number}@example.com")

    with mailbox() as box:
        workers = [Worker(settings(box), URL) for _ in range(6)]
        left = await asyncio.gather(*(worker.send_due() for worker in workers))

    assert sum(left) == 30
    assert Counter(item["To"] for item in box.taken) == {
        f"person-{number}@example.com": 1 for number in range(30)
    }


async def test_it_runs_beside_the_server_and_ends_with_the_email_under_way() -> None:
    with mailbox() as box:
        box.slow = 0.5
        async with working(settings(box), URL):
            await post()
            for _ in range(250):
                if (await rows())[0]["attempts"]:
                    break
                await asyncio.sleep(0.02)

    assert len(box.taken) == 1
    assert (await rows())[0]["sent_at"] is not None


async def test_without_a_server_emails_are_files_that_only_their_owner_reads(tmp_path: Path) -> None:
    await post()

    assert await Worker(MailSettings(folder=tmp_path / "mail"), URL).send_due() == 1

    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == f"{(await rows())[0]['id']}.eml"
    assert file.stat().st_mode & 0o077 == 0
    assert b"a-token" in _decoded(file)


def _decoded(file: Path) -> bytes:
    from email import message_from_bytes
    from email.policy import default

    read = message_from_bytes(file.read_bytes(), policy=default)
    return str(read.get_body(("plain",)).get_content()).encode()  # type: ignore[attr-defined]


async def test_the_command_line_lists_retries_and_sends(database_url: str, tmp_path: Path) -> None:
    await post("dead@example.com")
    await post("waits@example.com")
    dead, waits = [row["id"] for row in await rows()]
    await queue.failed(dead, "recipient refused: 550", for_good=True)

    async def run(*words: str) -> str:
        return await asyncio.to_thread(_in_a_process, database_url, *words, MAIL_FOLDER=str(tmp_path))

    listed = (await run("list")).splitlines()
    retried = await run("retry", dead)
    sent = await run("send")

    assert [line.split()[0] for line in listed] == [dead, waits]
    assert listed[0].split()[1:] == [
        "invitation",
        "0",
        "failed",
        "dead@example.com",
        "recipient",
        "refused:",
        "550",
    ]
    assert (retried, sent) == ("1 to be retried\n", "2 sent\n")
    assert await asyncio.to_thread(_files, tmp_path) == {dead, waits}
    with pytest.raises(subprocess.CalledProcessError):
        await run("retry", dead)
    with pytest.raises(subprocess.CalledProcessError):
        await run("retry", "x")


def _files(folder: Path) -> set[str]:
    return {file.stem for file in folder.glob("*.eml")}


def _in_a_process(url: str, *words: str, **variables: str) -> str:
    done = subprocess.run(
        [*launcher(), "mail", *words],
        env={**inherited(), "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
