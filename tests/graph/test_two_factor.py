"""Two-factor sign-in: authenticator apps, recovery codes, and the second step of a sign-in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pyotp
import pytest

import make
from actions.kit.vault import DecryptionError, Vault
from client import SETTINGS, Client
from doorstep import PASSWORD, person, visiting
from models import database
from posted import letters, link, own_log

SIGN_IN = """mutation($email: String!, $password: String!) { signIn(input: {email: $email, password: $password}) {
  accessToken deviceToken viewer { id } secondFactor { token methods passkeyOptions } errors { code } } }"""
COMPLETE = """mutation($input: CompleteSignInInput!) { completeSignIn(input: $input) {
  accessToken refreshToken viewer { email } errors { code field } } }"""
SET_UP = """mutation($identity: IdentityInput) {
  setUpTwoFactor(input: {identity: $identity}) { secret uri errors { code field } } }"""
CONFIRM = """mutation($code: String!) { confirmTwoFactor(input: {code: $code}) {
  recoveryCodes twoFactor { enabled recoveryCodesLeft } errors { code field } } }"""
DISABLE = """mutation($identity: IdentityInput) {
  disableTwoFactor(input: {identity: $identity}) { twoFactor { enabled } errors { code field } } }"""
RENEW = """mutation($identity: IdentityInput) {
  renewRecoveryCodes(input: {identity: $identity}) { recoveryCodes errors { code } } }"""
STATE = "{ viewer { twoFactor { enabled authenticatorAppSince recoveryCodesLeft passkeys { id } } } }"
MINE = {"password": PASSWORD}


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


@dataclass
class Someone:
    """A user with an authenticator app, and a session."""

    visitor: Client
    user: dict[str, Any]
    token: str
    totp: pyotp.TOTP
    recovery: list[str]

    def code(self, periods: int = 0) -> str:
        """What the app shows, now or some periods away."""
        return self.totp.generate_otp(database.now() // 30_000 + periods)

    async def call(self, document: str, **variables: Any) -> Any:
        (payload,) = (await self.visitor.ask(document, variables, token=self.token)).values()
        return payload

    async def first_step(self, password: str = PASSWORD) -> Any:
        sent = {"email": self.user["email"], "password": password}
        return (await self.visitor.ask(SIGN_IN, sent))["signIn"]

    async def second_step(self, token: str, **answer: Any) -> Any:
        return (await self.visitor.ask(COMPLETE, {"input": {"token": token} | answer}))["completeSignIn"]


async def someone(visitor: Client) -> Someone:
    user = await person()
    token = await make.session(user)
    secret = (await visitor.ask(SET_UP, {"identity": MINE}, token=token))["setUpTwoFactor"]["secret"]
    at = Someone(visitor, user, token, pyotp.TOTP(secret), [])
    confirmed = await at.call(CONFIRM, code=at.code(-1))
    assert confirmed["errors"] == []
    at.recovery = confirmed["recoveryCodes"]
    return at


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def test_signing_in_takes_a_code_once_it_is_set_up(visitor: Client) -> None:
    at = await someone(visitor)

    first = await at.first_step()
    wrong = await at.second_step(first["secondFactor"]["token"], code="000000")
    done = await at.second_step(first["secondFactor"]["token"], code=f" {at.code()[:3]} {at.code()[3:]}")
    again = await at.second_step(first["secondFactor"]["token"], code=at.code(1))

    assert (first["accessToken"], first["deviceToken"], first["viewer"], codes(first)) == (
        None,
        None,
        None,
        [],
    )
    assert first["secondFactor"]["methods"] == ["AUTHENTICATOR_APP", "RECOVERY_CODE"]
    assert (codes(wrong), wrong["accessToken"]) == (["BAD_CODE"], None)
    assert done["viewer"] == {"email": at.user["email"]}
    assert (await visitor.ask(STATE, token=done["accessToken"]))["viewer"]["twoFactor"]["enabled"]
    assert codes(again) == ["CHALLENGE_ENDED"]
    assert [(item["act"], item["refusal"]) for item in await own_log(at.user["id"], "completeSignIn")] == [
        ("completeSignIn", None)
    ]


async def test_neither_a_challenge_nor_a_wrong_password_opens_anything(visitor: Client) -> None:
    at = await someone(visitor)

    token = (await at.first_step())["secondFactor"]["token"]
    wrong = await at.first_step("wrong")
    bare = await visitor.post(STATE, {}, token=token)
    sessions = await database.read("SELECT id FROM sessions WHERE user_id = ?", (at.user["id"],))

    assert (bare.status_code, len(sessions)) == (401, 1)
    assert (codes(wrong), wrong["secondFactor"]) == (["BAD_CREDENTIALS"], None)
    for other in ("", token + "x", at.token):
        assert codes(await at.second_step(other, code=at.code())) == ["CHALLENGE_ENDED"]


async def test_a_code_is_good_once_and_so_is_a_recovery_code(visitor: Client) -> None:
    at = await someone(visitor)

    async def tries(code: str, count: int = 8) -> list[list[str]]:
        tokens = [(await at.first_step())["secondFactor"]["token"] for _ in range(count)]
        return [
            codes(item)
            for item in await asyncio.gather(*(at.second_step(token, code=code) for token in tokens))
        ]

    for code in (at.code(), at.recovery[0].upper().replace("-", " "), at.recovery[1]):
        assert sorted(await tries(code, 4)) == [[], *[["BAD_CODE"]] * 3]
    assert await tries(at.code(-1), 1) == [["BAD_CODE"]]  # older than the one that was used
    assert (await at.call(STATE))["twoFactor"]["recoveryCodesLeft"] == 8


async def test_ten_wrong_codes_are_allowed_in_fifteen_minutes(visitor: Client) -> None:
    at = await someone(visitor)
    token = (await at.first_step())["secondFactor"]["token"]

    wrong = [codes(await at.second_step(token, code="000000")) for _ in range(11)]
    right = codes(await at.second_step(token, code=at.code()))

    assert wrong == [["BAD_CODE"]] * 10 + [["RATE_LIMITED"]]
    assert right == ["RATE_LIMITED"]
    other = await someone(visitor)
    started = (await other.first_step())["secondFactor"]["token"]
    assert codes(await other.second_step(started, code=other.code())) == []


async def test_setting_up_ends_other_sessions_and_nothing_changes_before_the_first_code(
    visitor: Client,
) -> None:
    user = await person()
    here, there = await make.session(user), await make.session(user)

    secret = (await visitor.ask(SET_UP, {"identity": MINE}, token=here))["setUpTwoFactor"]
    signed_in = (await visitor.ask(SIGN_IN, {"email": user["email"], "password": PASSWORD}))["signIn"]
    wrong = (await visitor.ask(CONFIRM, {"code": "123456"}, token=here))["confirmTwoFactor"]
    right = pyotp.TOTP(secret["secret"]).at(database.now() // 1000)
    confirmed = (await visitor.ask(CONFIRM, {"code": right}, token=here))["confirmTwoFactor"]

    assert secret["uri"].startswith("otpauth://totp/Centrals:")
    assert signed_in["accessToken"] is not None
    assert (codes(wrong), codes(confirmed)) == (["BAD_CODE"], [])
    assert len(set(confirmed["recoveryCodes"])) == 10 == confirmed["twoFactor"]["recoveryCodesLeft"]
    assert (await visitor.post(STATE, {}, token=there)).status_code == 401
    assert [letter["kind"] for letter in await letters(user["email"])] == ["two_factor_enabled"]
    stored = await database.read("SELECT secret FROM authenticator_apps WHERE user_id = ?", (user["id"],))
    assert secret["secret"] not in stored[0]["secret"]
    rows = await database.read("SELECT digest FROM recovery_codes WHERE user_id = ?", (user["id"],))
    assert not {item["digest"] for item in rows} & set(confirmed["recoveryCodes"])


@pytest.mark.parametrize("identity", [None, {"password": "wrong"}, {"code": "000000"}, {"code": ""}])
async def test_a_stolen_session_changes_no_factor(visitor: Client, identity: Any) -> None:
    at = await someone(visitor)
    bare = await person()
    token = await make.session(bare)

    refused = [await at.call(DISABLE, identity=identity), await at.call(RENEW, identity=identity)]
    refused.append((await visitor.ask(SET_UP, {"identity": identity}, token=token))["setUpTwoFactor"])

    assert {code for item in refused for code in codes(item)} <= {"BAD_CREDENTIALS", "BAD_CODE"}
    assert all(codes(item) for item in refused)
    assert (await at.call(STATE))["twoFactor"]["recoveryCodesLeft"] == 10
    assert (await at.first_step())["secondFactor"] is not None


async def test_it_is_turned_off_by_the_password_or_a_code_and_codes_are_renewed(visitor: Client) -> None:
    at = await someone(visitor)

    renewed = await at.call(RENEW, identity={"code": at.recovery[0]})
    old = await at.second_step((await at.first_step())["secondFactor"]["token"], code=at.recovery[1])
    off = await at.call(DISABLE, identity=MINE)
    again = await at.call(DISABLE, identity=MINE)
    plain = await at.first_step()

    assert (len(renewed["recoveryCodes"]), codes(old)) == (10, ["BAD_CODE"])
    assert (codes(off), off["twoFactor"]["enabled"], codes(again)) == ([], False, ["TWO_FACTOR_OFF"])
    assert (plain["secondFactor"], codes(plain)) == (None, [])
    assert plain["accessToken"] is not None
    kinds = [letter["kind"] for letter in await letters(at.user["email"])]
    assert kinds == ["two_factor_enabled", "recovery_codes_renewed", "two_factor_disabled"]


async def test_a_new_password_leaves_the_second_factor_on(visitor: Client) -> None:
    at = await someone(visitor)
    request = "mutation($e: String!) { requestPasswordReset(input: {email: $e}) { errors { code } } }"
    reset = """mutation($t: String!, $p: String!) {
      resetPassword(input: {token: $t, password: $p}) { errors { code } } }"""

    await visitor.ask(request, {"e": at.user["email"]})
    new = "a new password of enough characters"
    sent = await link(at.user["email"], "reset_password")
    assert codes((await visitor.ask(reset, {"t": sent, "p": new}))["resetPassword"]) == []

    first = await at.first_step(new)
    assert (first["accessToken"], first["secondFactor"] is None) == (None, False)


async def test_a_first_proof_of_the_mailbox_ends_a_strangers_factor(visitor: Client) -> None:
    user = await person(email_verified_at=None)
    token = await make.session(user)
    secret = (await visitor.ask(SET_UP, {"identity": MINE}, token=token))["setUpTwoFactor"]["secret"]
    code = pyotp.TOTP(secret).at(database.now() // 1000)
    await visitor.ask(CONFIRM, {"code": code}, token=token)
    request = "mutation($e: String!) { requestPasswordReset(input: {email: $e}) { errors { code } } }"
    reset = """mutation($t: String!, $p: String!) {
      resetPassword(input: {token: $t, password: $p}) { errors { code } } }"""
    new = "a new password of enough characters"

    await visitor.ask(request, {"e": user["email"]})
    await visitor.ask(reset, {"t": await link(user["email"], "reset_password"), "p": new})
    signed_in = (await visitor.ask(SIGN_IN, {"email": user["email"], "password": new}))["signIn"]

    assert (signed_in["secondFactor"], codes(signed_in)) == (None, [])


async def test_codes_are_read_in_another_process_and_after_the_key_is_replaced(visitor: Client) -> None:
    at = await someone(visitor)
    key = b"another key, of enough characters"
    newer = replace(SETTINGS, secret_key=key, previous_keys=(SETTINGS.secret_key,))

    token = (await at.first_step())["secondFactor"]["token"]
    async with visiting(newer, apart=True) as elsewhere:
        done = (await elsewhere.ask(COMPLETE, {"input": {"token": token, "code": at.code()}}))[
            "completeSignIn"
        ]

    assert codes(done) == []
    (row,) = await database.read("SELECT secret FROM authenticator_apps WHERE user_id = ?", (at.user["id"],))
    assert Vault(key).open(at.user["id"], row["secret"]) == at.totp.secret  # it was sealed anew
    for vault, owner in ((Vault(SETTINGS.secret_key), at.user["id"]), (Vault(key), database.new_id())):
        with pytest.raises(DecryptionError):
            vault.open(owner, row["secret"])


async def test_in_a_browser_the_second_step_sets_the_cookies(visitor: Client) -> None:
    at = await someone(visitor)
    document = """mutation($email: String!, $password: String!) { signIn(input: {
      email: $email, password: $password, cookie: true}) { accessToken secondFactor { token } } }"""

    first = await visitor.post(document, {"email": at.user["email"], "password": PASSWORD})
    token = first.json()["data"]["signIn"]["secondFactor"]["token"]
    done = await visitor.post(COMPLETE, {"input": {"token": token, "code": at.code(), "cookie": True}})

    elsewhere = await visitor.post(
        COMPLETE,
        {"input": {"token": token, "code": at.code(), "cookie": True}},
        headers={"sec-fetch-site": "cross-site"},
    )

    assert first.headers.get_list("set-cookie") == elsewhere.headers.get_list("set-cookie") == []
    names = [item.split("=")[0] for item in done.headers.get_list("set-cookie")]
    assert names == ["centrals_access", "centrals_refresh", "centrals_device"]
    assert done.json()["data"]["completeSignIn"]["accessToken"] is None
