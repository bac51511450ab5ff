"""Data that has served its purpose goes after the days of the settings, and what waits for something never does."""

import json
import os
import subprocess
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import pytest

import make
from actions.identity.users import emails
from actions.kit.outbox import post
from centrals.mail import queue
from centrals.retention import prune as pruning
from centrals.retention_settings import Retention
from client import SETTINGS, Client
from doorstep import PASSWORD, SECRET_KEY, person, visiting
from models import database
from models.connection.exclusive import PRUNING, exclusively
from zygote import launcher

DAY = 24 * 3_600_000
AT = 1_780_000_000_000
SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) { accessToken } }"""
SALES = "{ account { sales { totalCount } intake { totalCount } } }"
SECRET = "a secret of enough characters"


def message(reference: str, event: str, *, whole: bool) -> dict[str, Any]:
    """A webhook; one that is not whole says too little of a sale that is not known."""
    purchase: dict[str, Any] = {
        "transaction": reference,
        "status": "APPROVED",
        "order_date": AT,
        "approved_date": AT,
    }
    data: dict[str, Any] = {"purchase": purchase}
    if whole:
        purchase |= {"price": {"value": 99, "currency_value": "BRL"}, "offer": {"code": "one"}}
        data |= {"product": {"id": 1, "name": "Course"}, "buyer": {"name": "Ana", "email": "ana@example.com"}}
    return {"id": event, "event": "PURCHASE_APPROVED", "version": "2.0.0", "creation_date": AT, "data": data}


@pytest.fixture
async def visitor(migrated_url: str) -> AsyncIterator[Client]:
    async with database.connected(migrated_url), visiting(SETTINGS, apart=True) as found:
        yield found


async def age(statement: str, days: int, *params: Any) -> None:
    at = database.now() - days * DAY
    await database.transact(lambda: database.write(statement, (at, *params)))


def prune(url: str, *words: str, **settings: str) -> dict[str, int]:
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, **settings}
    done = subprocess.run(
        [*launcher(), "prune", "--json", *words],
        env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout)["removed"])


async def test_messages_go_once_they_took_effect_and_count_once_when_they_come_again(
    visitor: Client, migrated_url: str
) -> None:
    account = await make.account(intake_secret_digest=sha256(SECRET.encode()).hexdigest())
    owner = await Client.owner(account)

    async def send(body: object) -> int:
        headers = {"x-hotmart-hottok": SECRET}
        path = f"/intake/hotmart/{account['intake_id']}"
        return (await visitor.http.post(path, json=body, headers=headers)).status_code

    async def counts() -> tuple[int, int]:
        found = (await visitor.ask(SALES, token=owner, account=account))["account"]
        return found["sales"]["totalCount"], found["intake"]["totalCount"]

    whole, waiting = message("HP1", "one", whole=True), message("HP2", "two", whole=False)
    sent = [await send(body) for body in (whole, waiting, {"event": "PURCHASE_APPROVED", "data": 1})]
    before = await counts()
    await age("UPDATE intake_events SET received_at = ?", 8)
    young = prune(migrated_url, RETAIN_INTAKE_DAYS="9")
    forever = prune(migrated_url)
    counted = prune(migrated_url, "--dry-run", RETAIN_INTAKE_DAYS="7")
    removed = prune(migrated_url, RETAIN_INTAKE_DAYS="7")
    after = await counts()
    outcomes = await database.read("SELECT outcome FROM intake_events ORDER BY outcome")
    again = await send(whole)

    assert sent == [200, 200, 400]
    assert before == (1, 3)
    assert young == forever == {}
    assert counted == removed == {"intake_events": 1}
    assert after == (1, 2)
    assert [str(row["outcome"]) for row in outcomes] == ["MALFORMED", "WAITING"]
    assert again == 200
    assert await counts() == (1, 3)
    events = await database.read("SELECT key FROM sale_events WHERE source = 'WEBHOOK'")
    assert len(events) == 1


async def test_mails_sessions_tokens_and_keys_go_and_what_is_alive_stays(
    visitor: Client, migrated_url: str
) -> None:
    ana, account = await person(), await make.account()
    signed_in = {"email": ana["email"], "password": PASSWORD}
    token, idle, ended = [(await visitor.ask(SIGN_IN, signed_in))["signIn"]["accessToken"] for _ in range(3)]
    sessions = [str(row["id"]) for row in await database.read("SELECT id FROM sessions ORDER BY id")]
    await age(
        "UPDATE sessions SET last_used_at = ?, created_at = last_used_at WHERE id = ?", 121, sessions[1]
    )
    await age("UPDATE sessions SET ended_at = ? WHERE id = ?", 91, sessions[2])
    collaborator = await make.collaborator(account)
    old, current = [await make.access_token(account, collaborator, [], []) for _ in range(2)]
    tokens = [str(row["id"]) for row in await database.read("SELECT id FROM access_tokens ORDER BY id")]
    await age("UPDATE access_tokens SET expires_at = ? WHERE id = ?", 91, tokens[0])
    for _ in range(3):
        await database.transact(lambda: post(emails.PASSWORD_CHANGED, ana["email"], "en", {}))
    mails = [str(row["id"]) for row in await database.read("SELECT id FROM outbox_messages ORDER BY id")]
    await queue.sent(mails[0])
    await age("UPDATE outbox_messages SET sent_at = ? WHERE id = ?", 31, mails[0])
    await queue.failed(mails[1], "refused", for_good=True)
    await age("UPDATE outbox_messages SET dead_at = ? WHERE id = ?", 31, mails[1])
    await age("UPDATE outbox_messages SET created_at = ?, next_at = created_at WHERE id = ?", 400, mails[2])
    log = await database.read("SELECT COUNT(*) FROM user_entries")

    removed = prune(migrated_url)

    assert removed == {"sessions": 2, "access_tokens": 1, "outbox_messages": 2}
    assert [str(row["id"]) for row in await database.read("SELECT id FROM outbox_messages")] == [mails[2]]
    assert await database.read("SELECT COUNT(*) FROM user_entries") == log
    viewer = "{ viewer { email } }"
    statuses = [(await visitor.post(viewer, token=item)).status_code for item in (token, ended, old, current)]
    assert statuses == [200, 401, 401, 200]
    assert len(await database.read("SELECT DISTINCT session_id FROM credentials")) == 1
    assert idle


async def test_batches_are_bounded_and_one_process_works_at_a_time(
    visitor: Client, migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    for _ in range(5):
        await database.transact(lambda: post(emails.PASSWORD_CHANGED, "a@example.com", "en", {}))
    await age("UPDATE outbox_messages SET sent_at = ?", 40)

    async with exclusively(migrated_url, PRUNING) as alone:
        meanwhile = await pruning.prune(migrated_url, Retention())
    with database.observed() as statements:
        removed = await pruning.prune(migrated_url, Retention())

    assert alone
    assert meanwhile is None
    assert removed == {"outbox_messages": 5}
    assert (
        len([statement for statement in statements if statement.startswith("DELETE FROM outbox_messages")])
        == 3
    )
