"""Changing one's e-mail address: confirmed from the new mailbox, stopped and undone from the old."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

import make
from client import Client
from doorstep import PASSWORD, person, visiting
from models import database
from posted import an_hour_passes, letters, link, own_log

REQUEST = """mutation($email: String!, $identity: IdentityInput) {
  requestEmailChange(input: {email: $email, identity: $identity}) { email errors { code field } } }"""
CONFIRM = "mutation($token: String!) { confirmEmailChange(input: {token: $token}) { email errors { code } } }"
UNDO = "mutation($token: String!) { undoEmailChange(input: {token: $token}) { email errors { code } } }"
SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) { accessToken errors { code } } }"""
ME = "{ viewer { email emailVerified } }"
MINE = {"password": PASSWORD}


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


def an_email() -> str:
    return f"moved-{database.new_id()}@example.com"


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def call(visitor: Client, document: str, session: str | None = None, /, **variables: Any) -> Any:
    (payload,) = (await visitor.ask(document, variables, token=session)).values()
    return payload


async def signs_in(visitor: Client, email: str) -> bool:
    return (await call(visitor, SIGN_IN, email=email, password=PASSWORD))["accessToken"] is not None


async def kinds(email: str) -> list[str]:
    return [letter["kind"] for letter in await letters(email)]


async def test_an_address_changes_once_the_new_mailbox_confirms_it(visitor: Client) -> None:
    user, new = await person(), an_email()
    here, there = await make.session(user), await make.session(user)

    requested = await call(visitor, REQUEST, here, email=new.upper(), identity=MINE)
    before = (await visitor.ask(ME, token=here))["viewer"]["email"]
    token = await link(new, "confirm_new_address")
    confirmed = await call(visitor, CONFIRM, here, token=token)
    again = await call(visitor, CONFIRM, here, token=token)

    assert (requested, before) == ({"email": new, "errors": []}, user["email"])
    assert (confirmed, codes(again)) == ({"email": new, "errors": []}, ["BAD_LINK"])
    assert (await visitor.ask(ME, token=here))["viewer"] == {"email": new, "emailVerified": True}
    assert (await visitor.post(ME, {}, token=there)).status_code == 401
    assert (await signs_in(visitor, new), await signs_in(visitor, user["email"])) == (True, False)
    assert await kinds(new) == ["confirm_new_address", "address_changed_to"]
    assert await kinds(user["email"]) == ["address_change_requested", "address_changed_from"]
    (entry,) = await own_log(user["id"], "confirmEmailChange")
    assert entry["refusal"] is None


@pytest.mark.parametrize("identity", [None, {"password": "wrong"}, {"code": "123456"}])
async def test_a_stolen_session_cannot_begin_a_change(visitor: Client, identity: Any) -> None:
    user, new = await person(), an_email()

    refused = await call(visitor, REQUEST, await make.session(user), email=new, identity=identity)

    assert codes(refused) in (["BAD_CREDENTIALS"], ["BAD_CODE"])
    assert (await kinds(new), await kinds(user["email"])) == ([], [])


async def test_an_address_that_has_a_user_is_answered_alike_and_gets_nothing(visitor: Client) -> None:
    user, other, new = await person(), await person(), an_email()
    token = await make.session(user)

    taken = await call(visitor, REQUEST, token, email=other["email"], identity=MINE)
    free = await call(visitor, REQUEST, token, email=new, identity=MINE)
    twice = await call(visitor, REQUEST, token, email=new, identity=MINE)

    assert (taken["email"], free["email"], twice["email"]) == (other["email"], new, new)
    assert codes(taken) == codes(free) == codes(twice) == []
    assert (await kinds(other["email"]), await kinds(new)) == ([], ["confirm_new_address"])
    await an_hour_passes(new)
    await call(visitor, REQUEST, token, email=new, identity=MINE)
    assert await kinds(new) == ["confirm_new_address"] * 2


async def test_two_users_who_want_an_address_at_once_do_not_both_get_it(visitor: Client) -> None:
    first, other, new = await person(), await person(), an_email()
    tokens = []
    for user in (first, other):
        await call(visitor, REQUEST, await make.session(user), email=new, identity=MINE)
        tokens.append(await link(new, "confirm_new_address"))
        await an_hour_passes(new)

    results = await asyncio.gather(*(call(visitor, CONFIRM, token=token) for token in tokens))

    assert sorted(codes(payload) for payload in results) == [[], ["ADDRESS_TAKEN"]]


async def test_the_old_mailbox_stops_a_change(visitor: Client) -> None:
    user, new = await person(), an_email()
    await call(visitor, REQUEST, await make.session(user), email=new, identity=MINE)

    stopped = await call(visitor, UNDO, token=await link(user["email"], "address_change_requested"))
    late = await call(visitor, CONFIRM, token=await link(new, "confirm_new_address"))

    assert (stopped["email"], codes(late)) == (user["email"], ["BAD_LINK"])
    assert await signs_in(visitor, user["email"])


async def test_the_old_mailbox_undoes_a_change_and_shuts_out_whoever_made_it(visitor: Client) -> None:
    user, new = await person(), an_email()
    thief = await make.session(user)
    await call(visitor, REQUEST, thief, email=new, identity=MINE)
    early = await link(user["email"], "address_change_requested")
    await call(visitor, CONFIRM, thief, token=await link(new, "confirm_new_address"))

    replaced = await call(visitor, UNDO, token=early)
    undone = await call(visitor, UNDO, token=await link(user["email"], "address_changed_from"))

    assert (codes(replaced), undone) == (["BAD_LINK"], {"email": user["email"], "errors": []})
    assert (await visitor.post(ME, {}, token=thief)).status_code == 401
    assert not await signs_in(visitor, user["email"])  # the thief knows the password
    assert not await signs_in(visitor, new)
    rows = await database.read("SELECT email FROM users WHERE id = ?", (user["id"],))
    assert rows[0]["email"] == user["email"]


async def test_links_of_the_old_mailbox_end_with_the_change(visitor: Client) -> None:
    user, new = await person(), an_email()
    forgotten = "mutation($e: String!) { requestPasswordReset(input: {email: $e}) { errors { code } } }"
    reset = """mutation($t: String!) {
      resetPassword(input: {token: $t, password: "a new password of enough"}) { errors { code } } }"""
    await visitor.ask(forgotten, {"e": user["email"]})
    old_link = await link(user["email"], "reset_password")
    await call(visitor, REQUEST, await make.session(user), email=new, identity=MINE)

    await call(visitor, CONFIRM, token=await link(new, "confirm_new_address"))

    assert codes(await call(visitor, reset, t=old_link)) == ["BAD_LINK"]
    assert await signs_in(visitor, new)
