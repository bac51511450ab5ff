"""What whoever runs the server does by the command line is in the log, under an author of its own."""

import json
import os
import subprocess
from dataclasses import replace

import make
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


async def test_acts_of_the_command_line_are_in_the_accounts_log(migrated_url: str) -> None:
    user = does(migrated_url, "user", "create", "ana@example.com", "--name", "Ana", typed=f"{PASSWORD}\n")
    account = does(
        migrated_url, "account", "open", "--owner", "ana@example.com", "--name", "Studio", "--country", "BR", "--currency",
        "BRL", "--timezone", "America/Sao_Paulo",
    )  # fmt: skip
    does(migrated_url, "account", "edition", account, "EXPERT")
    does(migrated_url, "account", "edition", account, "EXPERT")
    does(migrated_url, "account", "intake-secret", account, typed="a secret of enough characters\n")
    proven = does(migrated_url, "audit", "verify")

    async with database.connected(migrated_url):
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
    assert "unchanged. It has 4 entries." in proven
    (created,) = people
    assert (created["user_id"], created["user_name"], str(created["object_id"])) == (
        None,
        "command line",
        user,
    )
    assert created["let_by"] == "COMMAND_LINE"


async def test_an_act_that_is_refused_at_the_command_line_changes_nothing_and_logs_nothing(
    migrated_url: str,
) -> None:
    does(migrated_url, "user", "create", "ana@example.com", "--name", "Ana", typed=f"{PASSWORD}\n")
    again = run(migrated_url, "user", "create", "ana@example.com", "--name", "Ana", typed=f"{PASSWORD}\n")

    async with database.connected(migrated_url):
        entries = await database.read("SELECT act FROM user_entries")

    assert again.returncode == 1
    assert [entry["act"] for entry in entries] == ["createUser"]


async def test_users_and_accounts_are_shown_and_changed_and_every_change_is_logged(migrated_url: str) -> None:
    user = does(migrated_url, "user", "create", "ana@example.com", "--name", "Ana", typed=f"{PASSWORD}\n")
    account = does(
        migrated_url, "account", "open", "--owner", "ana@example.com", "--name", "Studio", "--country", "BR",
        "--currency", "BRL",
    )  # fmt: skip
    async with database.connected(migrated_url):
        await Client.owner({"id": account, "owner_id": user})
        unverify = "UPDATE users SET email_verified_at = NULL WHERE id = ?"
        await database.transact(lambda: database.write(unverify, (user,)))
        for _ in range(2):
            member = await make.collaborator({"id": account})
        offer = {
            "id": database.new_id(), "account_id": account, "collaborator_id": member["id"], "offered_by_id": user,
            "status": "OFFERED", "created_at": database.now(), "expires_at": database.now() + 10**9,
        }  # fmt: skip
        await database.transact(lambda: database.insert("transfers", offer))
        token = await Client.collaborator(member)
        async with visiting(replace(SETTINGS, secret_key=SECRET_KEY.encode())) as visitor:
            greeted = await visitor.post("{ viewer { email } }", {}, token=token)

    listed = [json.loads(line) for line in does(migrated_url, "user", "list", "--json").splitlines()]
    before = json.loads(does(migrated_url, "user", "show", "Ana@Example.com", "--json"))
    does(migrated_url, "user", "verify", user)
    verified = json.loads(does(migrated_url, "user", "show", f"user_{user}", "--json"))
    does(migrated_url, "user", "set-password", "ana@example.com", typed="another long phrase for Ana\n")
    email = json.loads(does(migrated_url, "user", "show", member["user_id"], "--json"))["email"]
    does(migrated_url, "user", "set-password", member["user_id"], typed="another long phrase for them\n")
    short = run(migrated_url, "user", "set-password", "ana@example.com", typed="short\n")
    weak = run(migrated_url, "user", "set-password", "ana@example.com", typed="ana@example.com2026\n")
    missing = run(migrated_url, "user", "show", "nobody@example.com")
    opened = json.loads(does(migrated_url, "account", "show", account, "--json"))
    does(migrated_url, "account", "close", account)
    again = run(migrated_url, "account", "close", account)
    closed = [json.loads(line) for line in does(migrated_url, "account", "list", "--json").splitlines()]
    proven = does(migrated_url, "audit", "verify")

    async with database.connected(migrated_url):
        offers = await database.read("SELECT status, decided_at IS NULL FROM transfers")
        people = await database.read("SELECT act, let_by FROM user_entries ORDER BY at, id")
        mails = await database.read("SELECT kind, recipient FROM outbox_messages ORDER BY kind, recipient")
        hashed = await database.read("SELECT password_hash FROM users WHERE id = ?", (user,))
        async with visiting(replace(SETTINGS, secret_key=SECRET_KEY.encode())) as visitor:
            turned_away = await visitor.post("{ viewer { email } }", {}, token=token)

    assert (len(listed), listed[0]["email"]) == (3, "ana@example.com")
    assert (greeted.status_code, turned_away.status_code) == (200, 401)
    assert (before["sessions"], before["verifiedAt"], before["owns"]) == (1, None, [f"account_{account}"])
    assert (verified["sessions"], verified["hasPassword"], verified["verifiedAt"] is None) == (
        0,
        False,
        False,
    )
    assert hashed[0][0].startswith("$argon2")
    assert (opened["collaborators"], opened["sales"], opened["closedAt"]) == (2, 0, None)
    assert closed[0]["closedAt"] is not None
    assert [(item[0], bool(item[1])) for item in offers] == [("CANCELLED", False)]
    for refused in (short, weak, missing, again):
        assert refused.returncode == 1
        assert refused.stderr.startswith("Error: ")
        assert len(refused.stderr.splitlines()) == 1
    assert [(person["act"], person["let_by"]) for person in people] == [
        (act, "COMMAND_LINE") for act in ("createUser", "verifyUser", "setPassword", "setPassword")
    ]
    assert [tuple(mail) for mail in mails] == [
        ("account_closed", "ana@example.com"),
        ("password_changed", "ana@example.com"),
        ("password_changed", email),
    ]
    assert "unchanged. It has 2 entries." in proven
