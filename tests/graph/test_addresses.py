"""E-mail addresses: one and the same wherever they are told, and none that no one can write to."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

import make
from actions.accounts.create import InvalidAccount, create_user
from actions.accounts.operator import operator
from client import Client
from doorstep import PASSWORD, visiting
from models import database

SIGN_UP = "mutation($input: SignUpInput!) { signUp(input: $input) { email errors { code } } }"
SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { errors { code } } }"
INVITE = """mutation($input: InviteCollaboratorInput!) {
  inviteCollaborator(input: $input) { invitation { email } errors { code } }
}"""


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def signed_up(visitor: Client, email: str) -> str | None:
    variables = {"email": email, "name": "Ana", "password": PASSWORD}
    sign_up = (await visitor.ask(SIGN_UP, {"input": variables}))["signUp"]
    assert [error["code"] for error in sign_up["errors"]] == ([] if sign_up["email"] else ["BAD_EMAIL"])
    email_: str | None = sign_up["email"]
    return email_


async def created(_visitor: Client, email: str) -> str | None:
    try:
        user_id = await create_user(operator(b"k"), email, "Ana", PASSWORD, "en")
    except InvalidAccount:
        return None
    return str((await database.read("SELECT email FROM users WHERE id = ?", (user_id,)))[0]["email"])


async def invited(visitor: Client, email: str) -> str | None:
    account = await make.account()
    profile = await make.profile(account)
    variables = {"email": email, "name": "Ana", "profileId": f"profile_{profile['id']}"}
    who = {"token": await visitor.owner(account), "account": account}
    invite_collaborator = (await visitor.ask(INVITE, {"input": variables}, **who))["inviteCollaborator"]
    assert [error["code"] for error in invite_collaborator["errors"]] == (
        [] if invite_collaborator["invitation"] else ["BAD_EMAIL"]
    )
    return invite_collaborator["invitation"] and str(invite_collaborator["invitation"]["email"])


Door = Callable[[Client, str], Awaitable[str | None]]
DOORS = pytest.mark.parametrize("door", [signed_up, created, invited])


@DOORS
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ANA{n}@Example.COM", "ana{n}@example.com"),
        (" ana{n}@example.com\n", "ana{n}@example.com"),
        ("\uff21\uff4e\uff41{n}\uff20example\uff0ecom", "ana{n}@example.com"),
        ("ana{n}@example\u3002com", "ana{n}@example.com"),
        ("ana{n}@MU\u0308NCHEN.example.com", "ana{n}@m\u00fcnchen.example.com"),
        ("ana{n}@XN--mnchen-3ya.example.com", "ana{n}@m\u00fcnchen.example.com"),
        ("\u212aate{n}@example.com", "kate{n}@example.com"),
    ],
)
async def test_one_address_is_stored_in_one_way(visitor: Client, door: Door, typed: str, stored: str) -> None:
    number = database.new_id()

    assert await door(visitor, typed.replace("{n}", number)) == stored.replace("{n}", number)


@DOORS
@pytest.mark.parametrize(
    "typed",
    [
        "jos\u00e9{n}@example.com",
        "jose\u0301{n}@example.com",
        "\u0430na{n}@example.com",
        "stra\u00dfe{n}@example.com",
        "ana{n}@stra\u00dfe.example.com",
        "ana{n}@STRA\u1e9eE.example.com",
        "ana{n}@exa\u200dmple.com",
        "ana{n}@\u2100.example.com",
        "ana{n}\u200b@example.com",
        "ana{n}..b@example.com",
        "ana{n}.@example.com",
    ],
)
async def test_an_address_that_no_mail_server_is_sure_of_is_none(
    visitor: Client, door: Door, typed: str
) -> None:
    assert await door(visitor, typed.replace("{n}", database.new_id())) is None


async def test_who_is_created_signs_in_and_is_known_however_the_address_is_spelt(visitor: Client) -> None:
    number = database.new_id()
    await create_user(operator(b"k"), f"Ana{number}@m\u00fcnchen.example.com", "Ana", PASSWORD, "en")
    spelt = f"\uff21na{number}@XN--MNCHEN-3YA.example.com"

    data = await visitor.ask(SIGN_IN, {"input": {"email": spelt, "password": PASSWORD}})

    assert data["signIn"]["errors"] == []
    assert await created(visitor, spelt) is None
