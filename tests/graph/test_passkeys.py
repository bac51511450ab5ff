"""Passkeys: registered and used by a software authenticator, with every part of an answer spoiled once."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

import make
from authenticator import Authenticator, raw, text
from client import Client
from doorstep import PASSWORD, person, visiting
from models import database
from posted import letters

SIGN_IN = """mutation($email: String!, $password: String!) { signIn(input: {email: $email, password: $password}) {
  accessToken secondFactor { token methods passkeyOptions } errors { code } } }"""
COMPLETE = """mutation($input: CompleteSignInInput!) { completeSignIn(input: $input) {
  accessToken viewer { email } errors { code field } } }"""
START = """mutation($identity: IdentityInput) {
  startPasskey(input: {identity: $identity}) { token options errors { code } } }"""
ADD = """mutation($input: AddPasskeyInput!) { addPasskey(input: $input) {
  recoveryCodes twoFactor { enabled passkeys { id name } } errors { code field } } }"""
RENAME = """mutation($id: ID!, $name: String!) { renamePasskey(input: {id: $id, name: $name}) {
  twoFactor { passkeys { name } } errors { code } } }"""
REMOVE = """mutation($id: ID!, $identity: IdentityInput) { removePasskey(input: {id: $id, identity: $identity}) {
  twoFactor { enabled recoveryCodesLeft passkeys { id } } errors { code } } }"""
ALONE = "mutation { startPasskeySignIn { token options errors { code } } }"
MINE = {"password": PASSWORD}


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def call(visitor: Client, document: str, token: str | None = None, **variables: Any) -> Any:
    (payload,) = (await visitor.ask(document, variables, token=token)).values()
    return payload


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def registered(visitor: Client, user: dict[str, Any], key: Authenticator) -> Any:
    """The payload that added a passkey, and the session it was added in."""
    token = await make.session(user)
    begun = await call(visitor, START, token, identity=MINE)
    sent = {"token": begun["token"], "credential": key.create(begun["options"]), "name": "Phone"}
    return await call(visitor, ADD, token, input=sent), token


async def first_step(visitor: Client, user: dict[str, Any]) -> Any:
    return (await call(visitor, SIGN_IN, email=user["email"], password=PASSWORD))["secondFactor"]


async def answer(visitor: Client, token: str, credential: str) -> Any:
    return await call(visitor, COMPLETE, input={"token": token, "credential": credential})


async def test_a_passkey_is_a_second_factor_and_signs_in_alone(visitor: Client) -> None:
    user, key = await person(), Authenticator()
    added, _ = await registered(visitor, user, key)
    second = await first_step(visitor, user)
    alone = await call(visitor, ALONE)

    after_password = await answer(visitor, second["token"], key.get(second["passkeyOptions"]))
    async with visiting(apart=True) as elsewhere:  # another process
        by_itself = await answer(elsewhere, alone["token"], key.get(alone["options"]))

    assert (codes(added), len(added["recoveryCodes"]), added["twoFactor"]["enabled"]) == ([], 10, True)
    assert second["methods"] == ["PASSKEY", "RECOVERY_CODE"]
    assert [credential["id"] for credential in json.loads(second["passkeyOptions"])["allowCredentials"]] == [
        text(key.id)
    ]
    assert not json.loads(alone["options"]).get("allowCredentials")
    assert after_password["viewer"] == by_itself["viewer"] == {"email": user["email"]}
    assert [letter["kind"] for letter in await letters(user["email"])] == ["passkey_added"]


async def test_an_answer_is_good_for_its_challenge_once(visitor: Client) -> None:
    user, key = await person(), Authenticator()
    await registered(visitor, user, key)
    first, other = await call(visitor, ALONE), await call(visitor, ALONE)
    signed = key.get(first["options"])

    elsewhere = await answer(visitor, other["token"], signed)
    twice = [codes(await answer(visitor, first["token"], signed)) for _ in range(2)]
    third = await call(visitor, ALONE)
    signed = key.get(third["options"])
    at_once = await asyncio.gather(*(answer(visitor, third["token"], signed) for _ in range(5)))

    assert codes(elsewhere) == ["BAD_CODE"]
    assert twice == [[], ["CHALLENGE_ENDED"]]
    assert [codes(item) for item in at_once].count([]) == 1


async def test_no_spoiled_answer_signs_in(visitor: Client) -> None:
    user, key, stranger = await person(), Authenticator(), Authenticator()
    await registered(visitor, user, key)
    other = await person()
    await registered(visitor, other, stranger)

    def from_another_site(options: str) -> str:
        key.origin = "https://phishing.example.com"
        found = key.get(options)
        key.origin = "http://127.0.0.1:8000"
        return found

    def with_a_bit_flipped(options: str) -> str:
        credential = json.loads(key.get(options))
        signature = bytearray(raw(credential["response"]["signature"]))
        signature[-1] ^= 1
        credential["response"]["signature"] = text(bytes(signature))
        return json.dumps(credential)

    def of_a_copied_key(options: str) -> str:
        count = key.count
        found = key.get(options, sign_count=0)
        key.count = count
        return found

    def of_an_unknown_key(options: str) -> str:
        return Authenticator().get(options)

    spoiled = [from_another_site, with_a_bit_flipped, of_an_unknown_key, stranger.get]
    spoiled += [lambda _options: "{}", lambda _options: "[]", lambda _options: "x" * 20_000]
    sound = await first_step(visitor, user)
    assert codes(await answer(visitor, sound["token"], key.get(sound["passkeyOptions"]))) == []
    second = await first_step(visitor, user)
    for spoil in (*spoiled, of_a_copied_key):
        result = await answer(visitor, second["token"], spoil(second["passkeyOptions"]))
        assert (codes(result), result["accessToken"]) == (["BAD_CODE"], None), spoil
    assert codes(await answer(visitor, second["token"], key.get(second["passkeyOptions"]))) == []


async def test_a_passkey_alone_must_verify_its_user(visitor: Client) -> None:
    user, key = await person(), Authenticator()
    await registered(visitor, user, key)
    key.verifies = False
    alone, second = await call(visitor, ALONE), await first_step(visitor, user)

    assert codes(await answer(visitor, alone["token"], key.get(alone["options"]))) == ["BAD_CODE"]
    assert codes(await answer(visitor, second["token"], key.get(second["passkeyOptions"]))) == []


async def test_a_registration_is_good_for_whoever_began_it(visitor: Client) -> None:
    user, mallory, key = await person(), await person(), Authenticator()
    mine, theirs = await make.session(user), await make.session(mallory)
    unproven = await call(visitor, START, mine, identity=None)
    begun = await call(visitor, START, mine, identity=MINE)
    sent = {"token": begun["token"], "credential": key.create(begun["options"]), "name": "Phone"}
    elsewhere = Authenticator("https://phishing.example.com").create(begun["options"])

    refused = [
        await call(visitor, ADD, theirs, input=sent),
        await call(visitor, ADD, mine, input=sent | {"credential": elsewhere}),
        await call(visitor, ADD, mine, input=sent | {"credential": "null"}),
        await call(visitor, ADD, mine, input=sent | {"name": ""}),
    ]
    added = await call(visitor, ADD, mine, input=sent)
    again = await call(visitor, ADD, mine, input=sent)
    begun = await call(visitor, START, theirs, identity=MINE)
    copied = {"token": begun["token"], "credential": key.create(begun["options"]), "name": "Copy"}
    twice = await call(visitor, ADD, theirs, input=copied)

    assert codes(unproven) == ["BAD_CREDENTIALS"]
    assert [codes(item) for item in refused] == [
        ["CHALLENGE_ENDED"],
        ["BAD_CODE"],
        ["BAD_CODE"],
        ["BAD_INPUT"],
    ]
    assert (codes(added), codes(again), codes(twice)) == ([], ["CHALLENGE_ENDED"], ["BAD_CODE"])


async def test_passkeys_are_renamed_and_removed_by_their_user_alone(visitor: Client) -> None:
    user, other, key = await person(), await person(), Authenticator()
    added, mine = await registered(visitor, user, key)
    _, theirs = await registered(visitor, other, Authenticator())
    (passkey,) = added["twoFactor"]["passkeys"]

    foreign = [
        await call(visitor, RENAME, theirs, id=passkey["id"], name="Mine"),
        await call(visitor, REMOVE, theirs, id=passkey["id"], identity=MINE),
    ]
    renamed = await call(visitor, RENAME, mine, id=passkey["id"], name="Old phone")
    unproven = await call(visitor, REMOVE, mine, id=passkey["id"], identity=None)
    removed = await call(
        visitor, REMOVE, mine, id=passkey["id"], identity={"code": added["recoveryCodes"][0]}
    )
    plain = await call(visitor, SIGN_IN, email=user["email"], password=PASSWORD)

    assert [codes(item) for item in foreign] == [["NOT_FOUND"], ["NOT_FOUND"]]
    assert renamed["twoFactor"]["passkeys"] == [{"name": "Old phone"}]
    assert codes(unproven) == ["BAD_CREDENTIALS"]
    assert removed["twoFactor"] == {"enabled": False, "recoveryCodesLeft": 0, "passkeys": []}
    assert plain["accessToken"] is not None
    assert len(await database.read("SELECT id FROM passkeys WHERE user_id = ?", (other["id"],))) == 1


async def test_a_passkey_is_found_by_its_id_by_its_user_in_a_session(visitor: Client) -> None:
    user, account = await person(), await make.account()
    added, mine = await registered(visitor, user, Authenticator())
    passkey = added["twoFactor"]["passkeys"][0]
    collaborator = await make.collaborator(account, user_=user)
    plain = await make.access_token(account, collaborator, [], [])
    query = "query($id: ID!) { node(id: $id) { id ... on Passkey @whenGranted { name } } }"

    async def found(token: str) -> Any:
        return (await visitor.ask(query, {"id": passkey["id"]}, token=token))["node"]

    assert await found(mine) == passkey
    assert await found(await make.session(await person())) is None
    assert await found(plain) is None
