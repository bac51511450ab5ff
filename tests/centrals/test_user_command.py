"""Whoever runs the server locks a user out, lets them in again, and erases them; programs can read the results."""

import json
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import click
import pytest

import make
import models
from actions.operator.erase_user import OWN_ROWS
from calls import document, sound_calls
from center import center
from centrals.command import main
from client import SETTINGS, Client
from doorstep import PASSWORD, SECRET_KEY, person, visiting
from models import database
from models.vocabulary import Role
from tables import rows_of_all_tables
from zygote import launcher

SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) { accessToken errors { code message field } } }"""
FORGET = """mutation($email: String!) {
  requestPasswordReset(input: {email: $email}) { requested errors { code } } }"""
VIEWER = "{ viewer { email } }"
PEOPLE = "{ account { people { nodes { name suspended } } } }"
LOG = "{ account { auditLog(first: 20) { nodes { actor act objectId changes { field before after } } } } }"
REVENUE = """{ account { reports { revenue(period: {from: "2026-01-01", to: "2027-01-01"}, by: MEMBER) {
  member { name } count } } } }"""
WITHOUT_JSON = {"demo", "explain", "schema", "serve"}
ENDS_ACCESS = {
    "signOut",
    "revokeOtherSessions",
    "leaveCentral",
    "closeAccount",
    "createAccount",
    "setPrivacy",
    "disableTeams",
    "setName",
}
NOT_DONE = {"errors": [None]}


def run(url: str, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY}
    return subprocess.run(
        [*launcher(), *words],
        input=typed, capture_output=True, text=True, timeout=120, check=False, env=environment,
    )  # fmt: skip


def does(url: str, *words: str) -> dict[str, Any]:
    done = run(url, *words, "--json")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    return dict(json.loads(line))


@pytest.fixture
async def visitor(migrated_url: str) -> AsyncIterator[Client]:
    async with (
        database.connected(migrated_url),
        visiting(replace(SETTINGS, secret_key=SECRET_KEY.encode()), apart=True) as found,
    ):
        yield found


async def test_a_disabled_user_is_out_at_the_next_request_and_answered_as_with_a_wrong_password(
    visitor: Client, migrated_url: str
) -> None:
    account, other, elsewhere = await make.account(), await person(), await make.account()
    ana = await person(name="Ana Prado")
    collaborator = await make.collaborator(account, user_=ana, role=Role.ADMIN)
    # one who was suspended by a person before
    await make.collaborator(elsewhere, user_=ana, suspended_at=1)
    owner, owner_elsewhere = await Client.owner(account), await Client.owner(elsewhere)
    token, personal = (
        await Client.collaborator(collaborator),
        await make.access_token(account, collaborator, [], []),
    )

    async def sign_in(email: str, password: str = PASSWORD) -> Any:
        return (await visitor.ask(SIGN_IN, {"email": email, "password": password}))["signIn"]

    async def statuses() -> list[int]:
        return [(await visitor.post(VIEWER, token=item)).status_code for item in (token, personal)]

    async def suspended(account_: dict[str, Any], token_: str) -> bool:
        found = (await visitor.ask(PEOPLE, token=token_, account=account_))["account"]["people"]["nodes"]
        (item,) = (node for node in found if node["name"] == "Ana Prado")
        return bool(item["suspended"])

    before = await statuses()
    disabled = does(migrated_url, "user", "disable", ana["email"])
    after = await statuses()
    wrong, right = await sign_in(ana["email"], "another password"), await sign_in(ana["email"])
    forgot = [await visitor.ask(FORGET, {"email": email}) for email in (ana["email"], "nobody@example.com")]
    mails = await database.read("SELECT id FROM outbox_messages WHERE recipient = ?", (ana["email"],))
    collaborators = await suspended(account, owner), await suspended(elsewhere, owner_elsewhere)
    again = does(migrated_url, "user", "disable", f"user_{ana['id']}")
    listed = [json.loads(line) for line in run(migrated_url, "user", "list", "--json").stdout.splitlines()]
    enabled = does(migrated_url, "user", "enable", ana["id"])
    log = (await visitor.ask(LOG, token=owner, account=account))["account"]["auditLog"]["nodes"]
    people = await database.read("SELECT act FROM user_entries WHERE object_id = ? ORDER BY at", (ana["id"],))

    assert before == [200, 200]
    assert after == [401, 401]
    assert right == wrong
    assert [error["code"] for error in right["errors"]] == ["BAD_CREDENTIALS"]
    assert forgot[0] == forgot[1]
    assert not mails
    assert collaborators == (True, True)
    assert disabled == {"id": f"user_{ana['id']}", "email": ana["email"], "changed": True}
    assert (again["changed"], enabled["changed"]) == (False, True)
    assert [item["disabledAt"] is not None for item in listed if item["email"] == ana["email"]] == [True]
    assert (await suspended(account, owner), await suspended(elsewhere, owner_elsewhere)) == (False, True)
    assert await statuses() == [401, 401]
    for email in (ana["email"], other["email"]):
        assert (await sign_in(email))["accessToken"]
    assert [(entry["actor"], entry["act"], entry["objectId"]) for entry in log] == [
        ("command_line", act, f"person_{collaborator['id']}")
        for act in ("restoreCollaborator", "suspendCollaborator")
    ]
    assert [row["act"] for row in people] == ["disableUser", "enableUser"]


async def test_an_erased_user_leaves_their_sales_credited_to_nobody_by_name(
    visitor: Client, migrated_url: str
) -> None:
    account, ana = await make.account(), await person(name="Quirina Canary")
    own = await make.account(ana)
    collaborator = await make.collaborator(account, user_=ana)
    owner = await Client.owner(account)
    await make.ended_seat(await make.account(), user_id=ana["id"], name="Quirina Canary")
    sale = await make.sale(account, ordered_at=1_780_000_000_000)
    assign = "mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"
    variables = {"reference": sale["reference"], "assigneeId": f"person_{collaborator['id']}"}
    await visitor.ask(assign, {"input": variables}, token=owner, account=account)
    await visitor.ask(SIGN_IN, {"email": ana["email"], "password": PASSWORD})
    await visitor.ask(FORGET, {"email": ana["email"]})

    refused = run(migrated_url, "user", "erase", ana["email"], "--yes", "--json")
    untouched = await database.read("SELECT email, erased_at FROM users WHERE id = ?", (ana["id"],))
    hesitant = run(migrated_url, "user", "erase", ana["email"], typed="n\n")
    does(migrated_url, "account", "close", own["id"])
    erased = does(migrated_url, "user", "erase", ana["email"], "--yes")
    again = run(migrated_url, "user", "erase", ana["id"], "--yes")
    enabled = run(migrated_url, "user", "enable", ana["id"])
    signed_in = await visitor.ask(SIGN_IN, {"email": ana["email"], "password": PASSWORD})
    rows = await visitor.ask(REVENUE, token=owner, account=account)
    proven = [json.loads(line) for line in run(migrated_url, "audit", "verify", "--json").stdout.splitlines()]
    left = await rows_of_all_tables()

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: This user owns an open account; ")
    assert f"account_{own['id']}" in refused.stderr
    assert [tuple(row) for row in untouched] == [(ana["email"], None)]
    assert (hesitant.returncode, again.returncode, enabled.returncode) == (1, 1, 1)
    assert erased == {"id": f"user_{ana['id']}", "changed": True}
    assert signed_in["signIn"]["errors"][0]["code"] == "BAD_CREDENTIALS"
    (row,) = (item for item in rows["account"]["reports"]["revenue"] if item["count"])
    assert row["member"]["name"] == f"Erased user {ana['id'][-8:]}"
    for table, found in left.items():
        if table not in ("audit_entries", "user_entries"):
            assert "Quirina" not in str(found), table
            assert ana["email"] not in str(found), table
    assert {item["whole"] for item in proven} == {True}


async def test_nothing_but_the_log_names_someone_who_acted_and_was_erased(
    visitor: Client, migrated_url: str
) -> None:
    at = await center(visitor)
    quirina = await person(name="Quirina Canary")
    await make.collaborator(at.account, role=Role.ADMIN, user_=quirina, profile_=at.profiles["full"])
    at.tokens["quirina"] = await make.session(quirina)

    async def act(name: str, values: Any, fields: str = "") -> Any:
        text = document(name, values).replace("errors {", f"{fields} errors {{", 1)
        variables = {} if values is None else {"input": values}
        answer = await at.client.post(text, variables, token=at.tokens["quirina"], account=at.account)
        return (answer.json().get("data") or {}).get(name)

    calls = await sound_calls(at)
    done = [
        name
        for name, values in calls.items()
        if name not in ENDS_ACCESS and not (await act(name, values) or NOT_DONE)["errors"]
    ]
    product = calls["saveTrackingPixels"]["product"]  # type: ignore[index]
    offer = (await act("createOffer", {"product": product, "code": "CANARY"}, "offer { id }"))["offer"]["id"]
    for name, values in (
        ("setOfferPrice", {"id": offer, "price": {"amount": "10.00", "currency": "BRL"}}),
        ("setMainOffer", {"id": offer}),
        ("setName", {"name": "Quirina Renamed"}),
        ("requestEmailChange", {"email": "moved-canary@example.com", "identity": {"password": PASSWORD}}),
        ("setOfferPrice", {"id": offer, "price": {"amount": "20.00", "currency": "BRL"}}),
    ):
        assert (await act(name, values))["errors"] == [], name
    before = await rows_of_all_tables()
    does(migrated_url, "user", "erase", quirina["id"], "--yes")
    left = await rows_of_all_tables()

    assert len(done) > 30
    assert {"products", "offers", "offer_prices", "tool_versions"} <= tables_with("Quirina", before)
    assert {"email_changes", "outbox_messages"} <= tables_with("moved-canary", before)
    name = f"Erased user {quirina['id'][-8:]}"
    assert {row["by_name"] for row in left["offer_prices"]} == {name}
    naming = (
        tables_with("Quirina", left) | tables_with("moved-canary", left) | tables_with(quirina["email"], left)
    )
    # e-mails to others are emptied as they are sent
    assert naming <= {"audit_entries", "user_entries", "outbox_messages"}
    recipients = {row["recipient"] for row in left["outbox_messages"]}
    assert not recipients & {quirina["email"], "moved-canary@example.com"}


def tables_with(text: str, rows: dict[str, list[dict[str, Any]]]) -> set[str]:
    """The tables that contain a text."""
    return {table for table, found in rows.items() if text in str(found)}


def leaves(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def test_every_command_but_those_that_print_text_has_a_result_for_programs() -> None:
    without = {
        path for path, command in leaves(main) if not any(param.name == "as_json" for param in command.params)
    }

    assert without == WITHOUT_JSON


def test_every_table_with_a_users_rows_is_emptied_by_erasing_or_stays_on_purpose() -> None:
    tables = {
        getattr(models, name)._meta.db_table
        for name in models.__all__
        if "user_id" in getattr(models, name)._meta.fields_db_projection.values()
    }
    # the name in a target is replaced: the owner may have confirmed it
    stay = {"audit_entries", "user_entries", "collaborators", "ended_seats", "targets"}

    assert {
        table for table in tables - stay if not any(rows.startswith(f"{table} ") for rows in OWN_ROWS)
    } == set()


async def test_whoever_has_lost_every_factor_signs_in_by_the_password_again(
    visitor: Client, migrated_url: str
) -> None:
    user = await person(two_factor_at=1)
    sent = {"email": user["email"], "password": PASSWORD}
    before = (await visitor.ask(SIGN_IN, sent))["signIn"]

    done = does(migrated_url, "user", "reset-two-factor", user["email"])
    again = does(migrated_url, "user", "reset-two-factor", user["email"])

    after = (await visitor.ask(SIGN_IN, sent))["signIn"]
    assert (before["accessToken"], done["changed"], again["changed"]) == (None, True, False)
    assert after["accessToken"] is not None
