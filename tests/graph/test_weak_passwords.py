"""Passwords that are easily guessed, on every road by which one is chosen."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from actions.kit.new_password import check_new_password
from authz.refusal import ErrorCode, Refusal
from client import Client
from doorstep import PASSWORD, person, visiting
from models import database
from posted import letters, link

SIGN_UP = "mutation($input: SignUpInput!) { signUp(input: $input) { email errors { code message field } } }"
REQUEST = "mutation($email: String!) { requestPasswordReset(input: {email: $email}) { errors { code } } }"
RESET = """mutation($token: String!, $password: String!) {
  resetPassword(input: {token: $token, password: $password}) { changed errors { code field message } } }"""
CHANGE = """mutation($current: String!, $new: String!) {
  changePassword(input: {current: $current, new: $new}) { changed errors { code field } } }"""
SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) { accessToken errors { code } } }"""


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def weakness(password: str, *about: str) -> str | None:
    try:
        await check_new_password(password, *about)
    except Refusal as refusal:
        return refusal.message if refusal.code is ErrorCode.WEAK_PASSWORD else None
    return None


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("password123", "weak_common"),
        ("P@ssw0rd2026", "weak_common"),
        ("1234567890", "weak_common"),
        ("motdepasse1", "weak_common"),
        ("abcdefghijklmnop", "weak_sequence"),
        ("x" * 1_000, "weak_repeat"),
        ("05.12.1990", "weak_date"),
        ("c.souza@seller.example.com1", "weak_personal"),
        ("CarolinaSouza1", "weak_personal"),
    ],
)
async def test_what_is_guessed_first_is_refused_with_the_reason(password: str, message: str) -> None:
    assert await weakness(password, "c.souza@seller.example.com", "Carolina Souza") == message


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "centrals-demo",
        "correct horse battery",
        "mGu8#kq2Lw!x",
        "a" * 40 + "mGu8kq2Lwx",
        "Élise et la pluie",
        "كلمة سر طويلة جدا",
    ],
)
async def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    assert await weakness(password, "c.souza@seller.example.com", "Carolina Souza") is None


async def test_no_password_takes_long_to_judge() -> None:
    await weakness("the word lists are read once")
    worst = [
        "4@8({[<e36g9 1!i|7l0o$5+t%x2z" * 20,
        "".join(map(chr, range(33, 123))),
        "70e25713712913" * 70,
        "1990" * 256,
    ]

    for password in worst:
        started = time.process_time()
        await weakness(password)
        assert time.process_time() - started < 1  # some of these took minutes


async def test_signing_up_needs_a_strong_password(visitor: Client) -> None:
    email = f"ana.prado-{database.new_id()}@example.com"
    filled = {"email": email, "name": "Ana Prado", "password": "AnaPrado2026"}

    weak = (await visitor.ask(SIGN_UP, {"input": filled | {"locale": "pt"}}))["signUp"]
    strong = (await visitor.ask(SIGN_UP, {"input": filled | {"password": PASSWORD}}))["signUp"]

    (error,) = weak["errors"]
    assert (error["code"], error["field"]) == ("WEAK_PASSWORD", ["password"])
    assert "because it contains your name or e-mail address. Use several uncommon words" in error["message"]
    assert strong["errors"] == []
    assert len(await letters(email)) == 1


async def test_a_weak_password_leaves_the_old_one_and_the_link_good(visitor: Client) -> None:
    user = await person(name="Ana Prado")
    await visitor.ask(REQUEST, {"email": user["email"]})
    sent = await link(user["email"], "reset_password")
    signed_in = (await visitor.ask(SIGN_IN, {"email": user["email"], "password": PASSWORD}))["signIn"]
    token = signed_in["accessToken"]

    async def reset(password: str) -> Any:
        return (await visitor.ask(RESET, {"token": sent, "password": password}))["resetPassword"]

    changed = await visitor.ask(CHANGE, {"current": PASSWORD, "new": "qwertyuiop1"}, token=token)
    weak = await reset("anaprado2026")
    again = (await visitor.ask(SIGN_IN, {"email": user["email"], "password": PASSWORD}))["signIn"]
    strong = await reset("a new password of enough characters")

    assert changed["changePassword"] == {
        "changed": False,
        "errors": [{"code": "WEAK_PASSWORD", "field": ["new"]}],
    }
    assert [(error["code"], error["field"]) for error in weak["errors"]] == [("WEAK_PASSWORD", ["password"])]
    assert (again["errors"], strong["errors"]) == ([], [])
