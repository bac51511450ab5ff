"""What whoever runs the server does by the command line is in the log, under an author of its own."""

import json
import os
import subprocess
from dataclasses import replace

from client import SETTINGS, Client
from doorstep import PASSWORD, SECRET_KEY, visiting
from models import database
from zygote import launcher

LOG = """query($filter: AuditFilter) { account { auditLog(first: 10, filter: $filter) { nodes {
  actor userName act objectType objectId letBy refusal address changes { field before after } } } } }"""


def run(url: str, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY}
    return subprocess.run(
        [*launcher(), *words],
        input=typed, capture_output=True, text=True, timeout=120, check=False, env=environment,
    )  # fmt: skip


def does(url: str, *words: str, typed: str = "") -> str:
    done = run(url, *words, typed=typed)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


async def test_acts_of_the_command_line_are_in_the_accounts_log(url: str) -> None:
    user = does(url, "user", "create", "ana@example.com", "--name", "Ana", typed=f"{PASSWORD}\n")
    account = does(
        url, "account", "open", "--owner", "ana@example.com", "--name", "Studio", "--country", "BR", "--currency",
        "BRL", "--timezone", "America/Sao_Paulo",
    )  # fmt: skip
    does(url, "account", "edition", account, "EXPERT")
    does(url, "account", "edition", account, "EXPERT")
    does(url, "account", "intake-secret", account, typed="a secret of enough characters\n")
    proven = does(url, "audit", "verify")

    async with database.connected(url):
        row = {"id": account, "owner_id": user}
        owner = await Client.owner(row)
        async with visiting(replace(SETTINGS, secret_key=SECRET_KEY.encode())) as visitor:
            log = await visitor.ask(LOG, {}, token=owner, account=row)
            await visitor.ask(
                "mutation($input: SetTimezoneInput!) { setTimezone(input: $input) { errors { code } } }",
                {"input": {"timezone": "UTC"}},
                token=owner,
                account=row,
            )
            filtered = [
                (await visitor.ask(LOG, {"filter": {"actor": actor}}, token=owner, account=row))["account"]
                for actor in ("command_line", f"user_{user}", "command_line_")
            ]
            headers = {"authorization": f"Bearer {owner}", "x-central": f"central_{account}"}
            exported = await visitor.http.get(
                "/export/audit?format=jsonl&actor=command_line", headers=headers
            )
        people = await database.read("SELECT * FROM user_entries WHERE act = 'createUser'")

    entries = log["account"]["auditLog"]["nodes"]
    common = {"actor": "command_line", "userName": "command line", "letBy": "COMMAND_LINE", "refusal": None}
    assert all({name: entry[name] for name in common} == common for entry in entries)
    assert {(entry["objectType"], entry["objectId"], entry["address"]) for entry in entries} == {
        ("Account", f"account_{account}", None)
    }
    edition = {"field": "Account.edition", "before": "STANDARD", "after": "EXPERT"}
    secret = {"field": "Account.intakeSecretSet", "before": None, "after": "changed"}
    assert [(entry["act"], entry["changes"]) for entry in entries] == [
        ("setIntakeSecret", [secret]),
        ("setEdition", []),
        ("setEdition", [edition]),
        ("createAccount", []),
    ]
    assert [[entry["act"] for entry in found["auditLog"]["nodes"]] for found in filtered] == [
        ["setIntakeSecret", "setEdition", "setEdition", "createAccount"],
        ["setTimezone"],
        [],
    ]
    lines = [json.loads(line) for line in exported.text.splitlines()]
    assert [(line["act"], line["actor"], line["userName"]) for line in lines] == [
        (entry["act"], "command_line", "command line") for entry in entries
    ]
    assert "whole: 4 entries" in proven
    (created,) = people
    assert (created["user_id"], created["user_name"], str(created["object_id"])) == (
        None,
        "command line",
        user,
    )
    assert created["let_by"] == "COMMAND_LINE"


async def test_an_act_that_is_refused_at_the_command_line_changes_nothing_and_logs_nothing(url: str) -> None:
    does(url, "user", "create", "ana@example.com", "--name", "Ana", typed=f"{PASSWORD}\n")
    again = run(url, "user", "create", "ana@example.com", "--name", "Ana", typed=f"{PASSWORD}\n")

    async with database.connected(url):
        entries = await database.read("SELECT act FROM user_entries")

    assert again.returncode == 1
    assert [entry["act"] for entry in entries] == ["createUser"]
