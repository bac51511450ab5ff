"""Forgetting a password, changing it, and what ends with it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

import make
from authz.identity import TOKEN_PREFIX, digest
from client import Client
from doorstep import PASSWORD, person, visiting
from models import database
from posted import an_hour_passes, letters, link, own_log

REQUEST = """mutation($email: String!) {
  requestPasswordReset(input: {email: $email}) { requested errors { code message } }
}"""
RESET = """mutation($token: String!, $password: String!) {
  resetPassword(input: {token: $token, password: $password}) { changed errors { code field } }
}"""
CHANGE = """mutation($current: String!, $new: String!) {
  changePassword(input: {current: $current, new: $new}) { changed errors { code field } }
}"""
SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) { accessToken refreshToken errors { code } }
}"""
NEW = "a new password of enough characters"


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def sign_in(visitor: Client, email: str, password: str = PASSWORD) -> dict[str, Any]:
    return dict((await visitor.ask(SIGN_IN, {"email": email, "password": password}))["signIn"])


async def reset(visitor: Client, token: str, password: str = NEW) -> dict[str, Any]:
    return dict((await visitor.ask(RESET, {"token": token, "password": password}))["resetPassword"])


async def change(visitor: Client, token: str, current: str = PASSWORD, new: str = NEW) -> dict[str, Any]:
    variables = {"current": current, "new": new}
    return dict((await visitor.ask(CHANGE, variables, token=token))["changePassword"])


async def requested(visitor: Client, email: str) -> str:
    await visitor.ask(REQUEST, {"email": email})
    return await link(email, "reset_password")


async def access_token(account: dict[str, Any], user: dict[str, Any]) -> str:
    token = f"{TOKEN_PREFIX}{account['id'].replace('-', '')}_{database.new_id()}"
    row = {"id": database.new_id(), "account_id": account["id"], "user_id": user["id"], "name": "Export"}
    row |= {"grants": '["SEARCH_SALES"]', "standings": "[]", "digest": digest(token)}
    row |= {"created_at": database.now(), "expires_at": database.now() + 3_600_000}
    await database.transact(lambda: database.insert("access_tokens", row))
    return token


async def alive(visitor: Client, token: str) -> bool:
    return (await visitor.post("{ viewer { email } }", token=token)).status_code == 200


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def test_a_known_and_an_unknown_address_are_one_answer_after_the_same_work(visitor: Client) -> None:
    known = await person(locale="pt", name="Ana")
    unknown = f"nobody-{database.new_id()}@example.com"
    results, work = [], []

    for email in (known["email"], unknown):
        with database.observed() as statements:
            response = await visitor.post(REQUEST, {"email": email})
        results.append((response.status_code, response.content, sorted(set(response.headers) - {"date"})))
        work.append(statements)

    assert b'"requested":true' in results[0][1]
    assert results[0] == results[1]
    assert work[0] == work[1]
    [letter] = await letters(known["email"])
    assert (letter["kind"], letter["locale"], sorted(letter)) == (
        "reset_password",
        "pt",
        ["kind", "locale", "token"],
    )
    assert await letters(unknown) == []
    assert await database.read("SELECT id FROM users WHERE email = ?", (unknown,)) == []


async def test_a_link_sets_a_password_and_ends_all_that_the_old_one_opened(visitor: Client) -> None:
    user, other = await person(), await person()
    accounts = [await make.account(user), await make.account()]
    await make.collaborator(accounts[1], user_=user)
    opened = [await sign_in(visitor, user["email"]), await sign_in(visitor, user["email"])]
    tokens = [await access_token(account, user) for account in accounts]
    others = (await sign_in(visitor, other["email"]))["accessToken"]
    token = await requested(visitor, user["email"])

    result = await reset(visitor, token)

    assert result == {"changed": True, "errors": []}
    assert not any([await alive(visitor, item["accessToken"]) for item in opened])
    assert not any([await alive(visitor, item) for item in tokens])
    assert await alive(visitor, others)
    assert codes(await sign_in(visitor, user["email"])) == ["BAD_CREDENTIALS"]
    assert (await sign_in(visitor, user["email"], NEW))["errors"] == []
    assert [letter["kind"] for letter in await letters(user["email"])] == [
        "reset_password",
        "password_changed",
    ]
    [entry] = await own_log(user["id"], "resetPassword")
    assert (entry["refusal"], entry["user_name"]) == (None, user["name"])
    assert NEW not in entry["changes"]
    assert msgspec.json.decode(entry["changes"]) == [
        {"field": "ResetPasswordInput.password", "before": None, "after": "changed"}
    ]


async def test_who_holds_the_link_reads_the_mail_so_the_address_is_verified(visitor: Client) -> None:
    user = await person(email_verified_at=None)

    await reset(visitor, await requested(visitor, user["email"]))

    rows = await database.read("SELECT email_verified_at FROM users WHERE id = ?", (user["id"],))
    assert rows[0]["email_verified_at"] is not None


async def test_a_link_is_good_once_and_only_the_newest(visitor: Client) -> None:
    user = await person()
    older = await requested(visitor, user["email"])
    await an_hour_passes(user["email"])
    newer = await requested(visitor, user["email"])

    assert codes(await reset(visitor, older)) == ["BAD_LINK"]
    assert (await reset(visitor, newer))["changed"]
    assert codes(await reset(visitor, newer, "yet another password")) == ["BAD_LINK"]
    assert (await sign_in(visitor, user["email"], NEW))["errors"] == []


async def test_a_link_is_good_once_under_twenty_tries_at_once(visitor: Client) -> None:
    user = await person()
    token = await requested(visitor, user["email"])

    results = await asyncio.gather(*(reset(visitor, token, f"password number {n:03}") for n in range(20)))

    assert sum(item["changed"] for item in results) == 1
    assert {code for item in results for code in codes(item)} == {"BAD_LINK"}
    winner = next(n for n, item in enumerate(results) if item["changed"])
    assert (await sign_in(visitor, user["email"], f"password number {winner:03}"))["errors"] == []


async def test_a_link_is_good_for_an_hour_and_for_nothing_else(visitor: Client) -> None:
    user = await person()
    token = await requested(visitor, user["email"])
    rows = await database.read(
        "SELECT created_at, expires_at FROM user_tokens WHERE user_id = ?", (user["id"],)
    )
    assert rows[0]["expires_at"] - rows[0]["created_at"] == 3_600_000

    verify = "mutation($token: String!) { verifyEmail(input: {token: $token}) { errors { code } } }"
    assert codes((await visitor.ask(verify, {"token": token}))["verifyEmail"]) == ["BAD_LINK"]
    await database.transact(
        lambda: database.write(
            "UPDATE user_tokens SET expires_at = ? WHERE user_id = ?", (database.now() - 1, user["id"])
        )
    )
    assert codes(await reset(visitor, token)) == ["BAD_LINK"]
    assert (await sign_in(visitor, user["email"]))["errors"] == []


@pytest.mark.parametrize("password", ["short", "x" * 1_025, "{email}"])
async def test_a_password_that_cannot_be_leaves_the_link_good(visitor: Client, password: str) -> None:
    user = await person()
    token = await requested(visitor, user["email"])

    result = await reset(visitor, token, password.format(email=user["email"].upper()))

    assert result == {"changed": False, "errors": [{"code": "BAD_INPUT", "field": ["password"]}]}
    assert (await sign_in(visitor, user["email"]))["errors"] == []
    assert (await reset(visitor, token))["changed"]


async def test_ten_requests_for_an_address_are_answered_in_fifteen_minutes_and_one_letter_goes(
    visitor: Client,
) -> None:
    known, unknown = (await person())["email"], f"nobody-{database.new_id()}@example.com"
    last = {}
    for email in (known, unknown):
        for _ in range(10):
            assert (await visitor.ask(REQUEST, {"email": email}))["requestPasswordReset"]["requested"]
        last[email] = (await visitor.post(REQUEST, {"email": email})).content

    assert b"RATE_LIMITED" in last[known]
    assert last[known] == last[unknown]
    assert len(await letters(known)) == 1


async def test_changing_a_password_ends_the_other_sessions_and_open_links(visitor: Client) -> None:
    user = await person()
    here, there = await sign_in(visitor, user["email"]), await sign_in(visitor, user["email"])
    token = await access_token(await make.account(user), user)
    sent = await requested(visitor, user["email"])

    result = await change(visitor, here["accessToken"])

    assert result == {"changed": True, "errors": []}
    assert await alive(visitor, here["accessToken"])
    assert not await alive(visitor, there["accessToken"])
    assert await alive(visitor, token)
    assert codes(await reset(visitor, sent, "yet another password")) == ["BAD_LINK"]
    assert codes(await sign_in(visitor, user["email"])) == ["BAD_CREDENTIALS"]
    assert (await sign_in(visitor, user["email"], NEW))["errors"] == []
    assert (await letters(user["email"]))[-1]["kind"] == "password_changed"
    assert [entry["refusal"] for entry in await own_log(user["id"], "changePassword")] == [None]


@pytest.mark.parametrize(
    ("current", "new", "code", "field"),
    [
        ("wrong " + PASSWORD, NEW, "BAD_CREDENTIALS", "current"),
        ("", NEW, "BAD_CREDENTIALS", "current"),
        (PASSWORD, "short", "BAD_INPUT", "new"),
        (PASSWORD, "x" * 1_025, "BAD_INPUT", "new"),
        (PASSWORD, "{email}", "BAD_INPUT", "new"),
    ],
)
async def test_a_refused_change_changes_nothing(
    visitor: Client, current: str, new: str, code: str, field: str
) -> None:
    user = await person()
    here, there = await sign_in(visitor, user["email"]), await sign_in(visitor, user["email"])

    result = await change(visitor, here["accessToken"], current, new.format(email=user["email"]))

    assert result == {"changed": False, "errors": [{"code": code, "field": [field]}]}
    assert await alive(visitor, there["accessToken"])
    assert (await sign_in(visitor, user["email"]))["errors"] == []
    assert [entry["refusal"] for entry in await own_log(user["id"], "changePassword")] == [code]


async def test_who_has_no_password_takes_one_by_a_link_alone(visitor: Client) -> None:
    user = await person(None)
    session = await make.session(user)

    assert codes(await change(visitor, session, "")) == ["BAD_CREDENTIALS"]
    assert (await reset(visitor, await requested(visitor, user["email"])))["changed"]
    assert (await sign_in(visitor, user["email"], NEW))["errors"] == []


async def test_ten_wrong_current_passwords_are_allowed_in_fifteen_minutes(visitor: Client) -> None:
    user = await person()
    token = (await sign_in(visitor, user["email"]))["accessToken"]
    for _ in range(10):
        assert codes(await change(visitor, token, "wrong")) == ["BAD_CREDENTIALS"]

    assert codes(await change(visitor, token)) == ["RATE_LIMITED"]
    assert (await sign_in(visitor, user["email"]))["errors"] == []


async def test_signing_in_with_a_password_that_is_being_replaced_leaves_no_session(visitor: Client) -> None:
    user = await person()
    token = await requested(visitor, user["email"])

    tried = [asyncio.ensure_future(sign_in(visitor, user["email"])) for _ in range(5)]
    await reset(visitor, token)
    results = await asyncio.gather(*tried)

    opened = [item["accessToken"] for item in results if item["accessToken"]]
    assert not any([await alive(visitor, item) for item in opened])
