"""Signing up, verifying an address, and what one changes about oneself."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

import make
from authz.identity import TOKEN_PREFIX, digest
from client import Client
from doorstep import PASSWORD, person, visiting
from models import database
from posted import an_hour_passes, letters, link, own_log

SIGN_UP = "mutation($input: SignUpInput!) { signUp(input: $input) { email errors { code message field } } }"
VERIFY = """mutation($token: String!) {
  verifyEmail(input: {token: $token}) { email errors { code message field } }
}"""
RESEND = "mutation { resendVerification { email errors { code } } }"
SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) { accessToken errors { code } }
}"""
SET_NAME = (
    "mutation($name: String!) { setName(input: {name: $name}) { viewer { name } errors { code field } } }"
)
LOCALE = """mutation($locale: String!) {
  setLocale(input: {locale: $locale}) { viewer { locale } errors { code field } }
}"""


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


def an_email() -> str:
    return f"new-{database.new_id()}@example.com"


def filled(email: str, **changed: Any) -> dict[str, Any]:
    return {"input": {"email": email, "name": "Ana Prado", "password": PASSWORD} | changed}


async def sign_up(visitor: Client, email: str, **changed: Any) -> dict[str, Any]:
    return dict((await visitor.ask(SIGN_UP, filled(email, **changed)))["signUp"])


async def verify(visitor: Client, token: str) -> dict[str, Any]:
    return dict((await visitor.ask(VERIFY, {"token": token}))["verifyEmail"])


async def signed_in(visitor: Client, email: str, password: str = PASSWORD) -> str | None:
    sign_in = (await visitor.ask(SIGN_IN, {"email": email, "password": password}))["signIn"]
    token: str | None = sign_in["accessToken"]
    return token


async def user_of(email: str) -> dict[str, Any] | None:
    rows = await database.read("SELECT * FROM users WHERE email = ?", (email,))
    return dict(rows[0]) if rows else None


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def verified(visitor: Client, token: str) -> bool:
    return bool((await visitor.ask("{ viewer { emailVerified } }", token=token))["viewer"]["emailVerified"])


async def test_who_signs_up_can_sign_in_and_is_verified_by_the_link(visitor: Client) -> None:
    email = an_email()

    verify_email = await sign_up(visitor, email.upper(), locale="pt")

    assert verify_email == {"email": email, "errors": []}
    [letter] = await letters(email)
    assert (letter["kind"], letter["locale"], sorted(letter)) == (
        "verify_email",
        "pt",
        ["kind", "locale", "token"],
    )
    token = await signed_in(visitor, email)
    assert token is not None
    assert not await verified(visitor, token)
    verify_email = (await visitor.ask(VERIFY, {"token": letter["token"]}, token=token))["verifyEmail"]
    assert verify_email == {"email": email, "errors": []}
    assert await verified(visitor, token)
    user = await user_of(email)
    assert user is not None
    assert [entry["refusal"] for entry in await own_log(str(user["id"]), "signUp")] == [None]
    [entry] = await own_log(str(user["id"]), "verifyEmail")
    assert (entry["refusal"], "emailVerified" in entry["changes"]) == (None, True)


async def test_without_a_locale_the_requests_is_taken(visitor: Client) -> None:
    email = an_email()

    await visitor.ask(SIGN_UP, filled(email), headers={"accept-language": "es-MX,es;q=0.9"})

    user = await user_of(email)
    assert user is not None
    assert user["locale"] == "es"


@pytest.mark.parametrize("is_verified", [True, False])
async def test_an_address_that_is_taken_is_answered_as_a_free_one_after_the_same_work(
    visitor: Client, is_verified: bool
) -> None:
    owner = await person(name="Marta Ruiz", email_verified_at=database.now() if is_verified else None)
    free = "x" * (len(owner["email"]) - len("@example.com")) + "@example.com"
    results, work = [], []
    await sign_up(visitor, an_email())  # the first entry of a log is followed by more work than others

    for email in (owner["email"], free):
        with database.observed() as statements:
            response = await visitor.post(SIGN_UP, filled(email, password="another password"))
        results.append((response.status_code, response.content.replace(email.encode(), b"")))
        work.append(statements)
    await database.transact(lambda: database.write("DELETE FROM user_tokens WHERE used_at IS NULL"))
    await database.transact(
        lambda: database.write("UPDATE users SET email = ? WHERE email = ?", (an_email(), free))
    )

    assert results[0] == results[1]
    assert work[0] == work[1]
    after = await user_of(owner["email"])
    assert {name: after[name] for name in owner} == owner
    kind = "already_registered" if is_verified else "verify_email"
    assert [letter["kind"] for letter in await letters(owner["email"])] == [kind]
    assert await signed_in(visitor, owner["email"], "another password") is None
    assert await signed_in(visitor, owner["email"]) is not None


async def test_signing_up_again_leaves_the_first_link_good(visitor: Client) -> None:
    email = an_email()
    await sign_up(visitor, email)
    first = await link(email, "verify_email")

    await sign_up(visitor, email, password="a stranger's password")

    assert (await verify(visitor, first))["errors"] == []
    assert await signed_in(visitor, email, "a stranger's password") is None


async def test_eight_sign_ups_of_one_address_at_once_make_one_user(database_url: str) -> None:
    email = an_email()

    async def try_once() -> dict[str, Any]:
        async with visiting() as visitor:
            return await sign_up(visitor, email)

    results = await asyncio.gather(*(try_once() for _ in range(8)))

    assert [item["errors"] for item in results] == [[]] * 8
    rows = await database.read("SELECT id FROM users WHERE email = ?", (email,))
    assert len(rows) == 1
    assert [letter["kind"] for letter in await letters(email)] == ["verify_email"]


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"email": "nobody"}, "BAD_EMAIL", "email"),
        ({"email": "a@b"}, "BAD_EMAIL", "email"),
        ({"email": "a b@example.com"}, "BAD_EMAIL", "email"),
        ({"email": "a\0@example.com"}, "BAD_EMAIL", "email"),
        ({"email": "x" * 250 + "@example.com"}, "BAD_EMAIL", "email"),
        ({"name": "  "}, "BAD_INPUT", "name"),
        ({"name": "x" * 201}, "BAD_INPUT", "name"),
        ({"name": "a\0b"}, "BAD_INPUT", "name"),
        ({"password": "x" * 9}, "BAD_INPUT", "password"),
        ({"password": "x" * 1_025}, "BAD_INPUT", "password"),
        ({"locale": "xx"}, "BAD_INPUT", "locale"),
        ({"locale": ""}, "BAD_INPUT", "locale"),
    ],
)
async def test_what_cannot_be_is_refused_and_makes_no_one(
    visitor: Client, changed: dict[str, str], code: str, field: str
) -> None:
    email = an_email()
    before = len(await own_log(None, "signUp"))

    result = await sign_up(visitor, **{"email": email, **changed})

    assert (codes(result), result["errors"][0]["field"], result["email"]) == ([code], [field], None)
    assert await user_of(email) is None
    assert await letters(email) == []
    log = await own_log(None, "signUp")
    assert [entry["refusal"] for entry in log[before:]] == [code]


async def test_a_password_is_not_the_address_however_it_is_spelt(visitor: Client) -> None:
    email = an_email()

    result = await sign_up(visitor, email, password=f" {email.upper()} ")

    assert (codes(result), result["errors"][0]["field"]) == (["BAD_INPUT"], ["password"])


@pytest.mark.parametrize(
    "password", ["mGu8kq2Lw!", "x" * 1_014 + "mGu8kq2Lw!", "ﬀuv8kq2Lwﬀ", "密" * 1_014 + "mGu8kq2Lw!"]
)
async def test_any_password_of_ten_characters_opens(visitor: Client, password: str) -> None:
    email = an_email()

    assert (await sign_up(visitor, email, password=password))["errors"] == []
    assert await signed_in(visitor, email, password) is not None


async def test_ten_sign_ups_of_an_address_are_allowed_in_fifteen_minutes_and_signing_in_stays(
    visitor: Client,
) -> None:
    user = await person()
    for _ in range(10):
        assert (await sign_up(visitor, user["email"], name=""))["errors"][0]["code"] == "BAD_INPUT"

    result = await sign_up(visitor, user["email"])

    assert codes(result) == ["RATE_LIMITED"]
    assert await letters(user["email"]) == []
    assert await signed_in(visitor, user["email"]) is not None


async def test_a_link_is_good_once_under_a_hundred_tries_at_once(database_url: str) -> None:
    async with visiting() as visitor:
        email = an_email()
        await sign_up(visitor, email)
        token = await link(email, "verify_email")

        results = await asyncio.gather(*(verify(visitor, token) for _ in range(100)))

    assert sum(item["errors"] == [] for item in results) == 1
    assert {item["errors"][0]["code"] for item in results if item["errors"]} == {"BAD_LINK"}


async def test_a_bad_link_is_refused_alike_whatever_is_wrong_with_it(visitor: Client) -> None:
    email, late = an_email(), an_email()
    await sign_up(visitor, email)
    await sign_up(visitor, late)
    spent, expired = await link(email, "verify_email"), await link(late, "verify_email")
    await verify(visitor, spent)
    user = await user_of(late)
    assert user is not None
    await database.transact(
        lambda: database.write(
            "UPDATE user_tokens SET expires_at = ? WHERE user_id = ?", (database.now() - 1, user["id"])
        )
    )
    reset = "mutation($email: String!) { requestPasswordReset(input: {email: $email}) { requested } }"
    await an_hour_passes(late)
    await visitor.ask(reset, {"email": late})
    of_another_kind = await link(late, "reset_password")

    results = [
        await visitor.post(VERIFY, {"token": token})
        for token in (spent, expired, of_another_kind, "unknown", "", "\0", "x" * 10_000)
    ]

    assert {response.content for response in results} == {results[0].content}
    assert b"BAD_LINK" in results[0].content
    after = await user_of(late)
    assert after is not None
    assert after["email_verified_at"] is None


async def test_links_are_long_and_stored_as_digests_alone(visitor: Client) -> None:
    email = an_email()
    await sign_up(visitor, email)
    token = await link(email, "verify_email")

    rows = await database.read("SELECT digest, created_at, expires_at FROM user_tokens")

    assert len(token) * 6 >= 128
    assert token not in {row["digest"] for row in rows}
    assert max(row["expires_at"] - row["created_at"] for row in rows) <= 48 * 3_600_000


async def test_another_link_ends_the_one_before(visitor: Client) -> None:
    email = an_email()
    await sign_up(visitor, email)
    first, token = await link(email, "verify_email"), await signed_in(visitor, email)
    await an_hour_passes(email)

    resend_verification = (await visitor.ask(RESEND, token=token))["resendVerification"]

    assert resend_verification == {"email": email, "errors": []}
    assert codes(await verify(visitor, first)) == ["BAD_LINK"]
    newer = {"token": await link(email, "verify_email")}
    assert (await visitor.ask(VERIFY, newer, token=token))["verifyEmail"]["errors"] == []
    again = (await visitor.ask(RESEND, token=token))["resendVerification"]
    assert codes(again) == ["ALREADY_VERIFIED"]
    assert len(await letters(email)) == 2


async def test_a_name_is_changed_for_the_next_request_and_logged(visitor: Client) -> None:
    user = await make.user("Ana Prado")
    collaborator = await make.collaborator(await make.account(), user_=user)
    token = await make.session(user)

    set_name = (await visitor.ask(SET_NAME, {"name": " Ana de Prado "}, token=token))["setName"]

    assert set_name == {"viewer": {"name": "Ana de Prado"}, "errors": []}
    assert (await visitor.ask("{ viewer { name } }", token=token))["viewer"]["name"] == "Ana de Prado"
    rows = await database.read("SELECT name FROM collaborators WHERE id = ?", (collaborator["id"],))
    assert rows[0]["name"] == "Ana Prado"
    [entry] = await own_log(user["id"], "setName")
    assert json.loads(entry["changes"]) == [
        {"field": "Viewer.name", "before": "Ana Prado", "after": "Ana de Prado"}
    ]


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\ab", "\0"])
async def test_a_name_that_cannot_be_is_refused(visitor: Client, name: str) -> None:
    user = await make.user()

    set_name = (await visitor.ask(SET_NAME, {"name": name}, token=await make.session(user)))["setName"]

    assert set_name == {"viewer": None, "errors": [{"code": "BAD_INPUT", "field": ["name"]}]}
    after = await user_of(user["email"])
    assert after is not None
    assert after["name"] == user["name"]
    assert [entry["refusal"] for entry in await own_log(user["id"], "setName")] == ["BAD_INPUT"]


async def test_a_language_is_chosen_and_messages_come_in_it(visitor: Client) -> None:
    token = await make.session(await make.user())

    set_locale = (await visitor.ask(LOCALE, {"locale": "fr"}, token=token))["setLocale"]
    refused = (await visitor.ask(LOCALE, {"locale": "tlh"}, token=token))["setLocale"]

    assert set_locale == {"viewer": {"locale": "fr"}, "errors": []}
    assert refused["errors"] == [{"code": "BAD_INPUT", "field": ["locale"]}]
    assert (await visitor.ask("{ viewer { locale } }", token=token))["viewer"]["locale"] == "fr"


async def test_what_people_do_to_themselves_is_in_no_accounts_log(visitor: Client) -> None:
    user = await make.user()
    account = await make.account(user)
    token = await make.session(user)

    await visitor.ask(SET_NAME, {"name": "Ana"}, token=token, account=account)

    rows = await database.read("SELECT id FROM audit_entries WHERE account_id = ?", (account["id"],))
    assert rows == []
    assert len(await own_log(user["id"], "setName")) == 1


@pytest.mark.parametrize(
    "field",
    [
        'setName(input: {name: "x"}) { errors { code } }',
        'setLocale(input: {locale: "es"}) { errors { code } }',
        "resendVerification { errors { code } }",
        'changePassword(input: {current: "x", new: "y"}) { errors { code } }',
        'revokeSession(input: {id: "x"}) { errors { code } }',
        "revokeOtherSessions { errors { code } }",
    ],
)
async def test_these_exist_for_who_signed_in_and_neither_for_tokens_nor_the_signed_out(
    visitor: Client, field: str
) -> None:
    account = await make.account()
    secret = f"{TOKEN_PREFIX}{account['id'].replace('-', '')}_{database.new_id()}"
    row = {"id": database.new_id(), "account_id": account["id"], "user_id": account["owner_id"], "name": "x"}
    row |= {"grants": "[]", "standings": '["ADMIN"]', "digest": digest(secret), "created_at": 1}
    await database.transact(
        lambda: database.insert("access_tokens", row | {"expires_at": database.now() * 2})
    )
    name = field.split("(", maxsplit=1)[0].split(" ", maxsplit=1)[0]

    for token in (secret, None):
        [error] = await visitor.errors(f"mutation {{ {field} }}", token=token)
        assert error["message"].startswith(f"Cannot query field '{name}' on type 'Mutation'.")


async def test_no_log_line_holds_an_address_a_name_or_a_link(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    email, name = an_email(), "Canary Castafiore"
    caplog.set_level(0)

    await sign_up(visitor, email, name=name)
    await sign_up(visitor, email, name=name)
    await sign_up(visitor, email, name="")
    reset = "mutation($email: String!) { requestPasswordReset(input: {email: $email}) { requested } }"
    await an_hour_passes(email)
    await visitor.ask(reset, {"email": email})
    links = [letter["token"] for letter in await letters(email) if "token" in letter]
    for token in links:
        await verify(visitor, token)

    ours = [record for record in caplog.records if record.name.startswith("centrals")]
    result = "\n".join(str(record.__dict__) for record in ours)
    assert len(ours) >= 6
    assert len(links) == 2
    assert not [canary for canary in (email, name, PASSWORD, *links) if canary in result]
