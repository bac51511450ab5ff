"""An account that only users with a second factor enter."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

import make
from authz.grant import Grant
from client import Client
from doorstep import visiting
from models import database

REQUIRE = """mutation($required: Boolean!) { requireTwoFactor(input: {required: $required}) {
  account { requiresTwoFactor } errors { code } } }"""
CENTRALS = "{ viewer { centrals { id accountName needsTwoFactor grants profile { name } } } }"
SALES = "{ account { name sales { totalCount } } }"
ENTER = "mutation($id: ID!) { enterCentral(input: {id: $id}) { central { id } errors { code } } }"
TOKEN = """mutation($id: ID!) { createAccessToken(input: {name: "x", days: 1, centralId: $id, grants: [SEARCH_SALES]}) {
  secret errors { code } } }"""


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def with_factor(user_id: str, at: int | None = 1) -> None:
    """Someone's second factor, as far as the account asks for it."""
    statement = "UPDATE users SET two_factor_at = ? WHERE id = ?"
    await database.transact(lambda: database.write(statement, (at, user_id)))


async def status(visitor: Client, account: Any, token: str) -> tuple[int, bytes]:
    response = await visitor.post(SALES, {}, token=token, account=account)
    return response.status_code, response.content


async def test_who_has_no_second_factor_sees_only_that_they_need_one(visitor: Client) -> None:
    account, nowhere = await make.account(), {"id": database.new_id()}
    profile = await make.profile(account, [Grant.SEARCH_SALES], name="Support")
    safe, unsafe = await make.collaborator(account, profile), await make.collaborator(account, profile)
    await with_factor(account["owner_id"])
    await with_factor(safe["user_id"])
    central = f"central_{account['id']}"
    owner, inside, outside = [
        await visitor.owner(account), await visitor.collaborator(safe), await visitor.collaborator(unsafe),
    ]  # fmt: skip
    secret = (await visitor.ask(TOKEN, {"id": central}, token=outside))["createAccessToken"]["secret"]
    before = [(await status(visitor, account, token))[0] for token in (owner, inside, outside, secret)]

    required = (await visitor.ask(REQUIRE, {"required": True}, token=owner, account=account))[
        "requireTwoFactor"
    ]
    after = [await status(visitor, account, token) for token in (owner, inside, outside, secret)]
    stranger = await status(visitor, nowhere, outside)
    listed = (await visitor.ask(CENTRALS, token=outside))["viewer"]["centrals"]
    entered = (await visitor.ask(ENTER, {"id": central}, token=outside))["enterCentral"]
    with database.observed() as statements:
        await visitor.ask(SALES, token=inside, account=account)
    await with_factor(unsafe["user_id"])
    back = [(await status(visitor, account, token))[0] for token in (outside, secret)]

    assert before == [200] * 4
    assert required == {"account": {"requiresTwoFactor": True}, "errors": []}
    assert [item[0] for item in after] == [200, 200, 404, 404]
    assert stranger == after[2]  # as if there were no such account
    assert listed == [
        {"id": central, "accountName": account["name"], "needsTwoFactor": True, "grants": [], "profile": None}
    ]
    assert entered == {"central": None, "errors": [{"code": "NOT_FOUND"}]}
    assert len(statements) == 2  # who asks, and the sales
    assert back == [200, 200]
    entries = await database.read(
        "SELECT changes FROM audit_entries WHERE account_id = ? AND act = 'requireTwoFactor'",
        (account["id"],),
    )
    assert len(entries) == 1


async def test_an_owner_without_a_second_factor_does_not_lock_themselves_out(visitor: Client) -> None:
    account = await make.account()
    owner = await visitor.owner(account)

    refused = (await visitor.ask(REQUIRE, {"required": True}, token=owner, account=account))[
        "requireTwoFactor"
    ]
    open_still = (await visitor.ask(CENTRALS, token=owner))["viewer"]["centrals"][0]["needsTwoFactor"]
    await with_factor(account["owner_id"])
    required = (await visitor.ask(REQUIRE, {"required": True}, token=owner, account=account))[
        "requireTwoFactor"
    ]
    unrestricted = (await visitor.ask(REQUIRE, {"required": False}, token=owner, account=account))[
        "requireTwoFactor"
    ]

    assert ([error["code"] for error in refused["errors"]], open_still) == (["TWO_FACTOR_OFF"], False)
    assert required["account"] == {"requiresTwoFactor": True}
    assert unrestricted["account"] == {"requiresTwoFactor": False}
