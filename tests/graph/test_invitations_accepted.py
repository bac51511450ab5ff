"""Accepting invitations: who may, by which way, once, and what an invitation falls with."""

import asyncio
import contextlib
import dataclasses
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

import make
from authz.grant import Grant
from authz.identity import TOKEN_PREFIX, digest
from client import SETTINGS, Client
from doorstep import PASSWORD, visiting
from models import database
from models.vocabulary import AccountKind, Role

INVITE = """mutation($input: InviteCollaboratorInput!) { inviteCollaborator(input: $input) {
  invitation { id } errors { code } } }"""
REVOKE = (
    """mutation($input: RevokeInvitationInput!) { revokeInvitation(input: $input) { errors { code } } }"""
)
ACCEPT = """mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  central { id accountName role profile { name } grants } errors { code message field } } }"""
PREVIEW = "query($token: String!) { invitation(token: $token) { accountName inviterName role profileName expiresAt } }"
OPEN = "{ viewer { invitations { id accountName inviterName role profileName expiresAt } } }"
CENTER = Grant.ACCESS_COLLABORATORS_CENTER


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


@dataclass
class Invited:
    """Someone with a user, and an invitation for the address, sent by an admin or by the owner."""

    account: dict[str, Any]
    profile: dict[str, Any]
    inviter: dict[str, Any]
    grants_profile: dict[str, Any]
    person: dict[str, Any]
    session: str
    invitation_id: str
    token: str

    @property
    def row(self) -> str:
        return self.invitation_id.removeprefix("invitation_")


async def invited(
    client: Client, email: str | None = None, *, by_owner: bool = False, **person: Any
) -> Invited:
    owner = await make.user()
    account = await make.account(owner)
    profile = await make.profile(account, [Grant.SEARCH_SALES], name="Support")
    first_profile = await make.profile(account, [Grant.SEARCH_SALES, CENTER])
    inviter = await make.collaborator(account, first_profile, Role.ADMIN)
    user = await make.user(**person)
    address = email or user["email"]
    variables = {"name": "As invited", "email": address, "profileId": f"profile_{profile['id']}"}
    data = await client.ask(
        INVITE,
        {"input": variables},
        token=await (client.owner(account) if by_owner else client.collaborator(inviter)),
        account=account,
    )
    assert data["inviteCollaborator"]["errors"] == []
    return Invited(
        account,
        profile,
        inviter,
        first_profile,
        user,
        await make.session(user),
        data["inviteCollaborator"]["invitation"]["id"],
        await link(address),
    )


async def link(address: str) -> str:
    """The token that the newest e-mail to an address carries."""
    rows = await database.read(
        "SELECT data FROM outbox_messages WHERE recipient = ? AND kind LIKE 'invitation%' ORDER BY id DESC",
        (address,),
    )
    stored = rows[0]["data"]
    data = msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored
    return str(data["token"])


async def accept(client: Client, token: str | None = None, session: str | None = None, **more: Any) -> Any:
    variables = ({"token": token} if token is not None else {}) | more
    data = await client.ask(ACCEPT, {"input": variables}, token=session)
    return data["acceptInvitation"]


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def state(at: Invited) -> tuple[Any, ...]:
    invitation = await database.read("SELECT status, decided_at FROM invitations WHERE id = ?", (at.row,))
    collaborators = await database.read(
        "SELECT user_id FROM collaborators WHERE account_id = ? ORDER BY id", (at.account["id"],)
    )
    users = await database.read("SELECT COUNT(*) AS n FROM users")
    return (*invitation[0], [row["user_id"] for row in collaborators], users[0]["n"])


async def change(statement: str, *values: Any) -> None:
    assert await database.transact(lambda: database.write(statement, values)) == 1


SIGN_UP = {"name": "Nora New", "password": PASSWORD, "locale": "pt"}


async def test_whoever_is_invited_accepts_and_enters(visitor: Client) -> None:
    at = await invited(visitor)
    before = await visitor.post("{ account { name } }", token=at.session, account=at.account)

    result = await accept(visitor, at.token, at.session)

    assert before.status_code == 404
    assert result == {
        "central": {
            "id": f"central_{at.account['id']}",
            "accountName": at.account["name"],
            "role": "USER",
            "profile": {"name": "Support"},
            "grants": ["SEARCH_SALES"],
        },
        "errors": [],
    }
    entered = await visitor.ask("{ account { myRole } }", token=at.session, account=at.account)
    assert entered["account"]["myRole"] == "USER"
    collaborator = await database.read(
        "SELECT name, role FROM collaborators WHERE user_id = ?", (at.person["id"],)
    )
    assert (collaborator[0]["name"], collaborator[0]["role"]) == ("As invited", "USER")
    entries = await database.read(
        "SELECT act, user_id, refusal FROM audit_entries WHERE account_id = ? ORDER BY sequence",
        (at.account["id"],),
    )
    assert tuple(entries[-1]) == ("acceptInvitation", at.person["id"], None)


async def test_accepting_twice_is_one_acceptance(visitor: Client) -> None:
    at = await invited(visitor)

    first = await accept(visitor, at.token, at.session)
    once = await state(at)
    twice = [
        await accept(visitor, at.token, at.session),
        await accept(visitor, session=at.session, invitationId=at.invitation_id),
    ]

    assert twice == [first, first]
    assert await state(at) == once


async def test_a_membership_that_has_ended_is_not_opened_again_by_its_old_link(visitor: Client) -> None:
    at = await invited(visitor)
    await accept(visitor, at.token, at.session)
    await change("DELETE FROM collaborators WHERE user_id = ?", at.person["id"])

    result = await accept(visitor, at.token, at.session)

    assert codes(result) == ["INVITATION_ACCEPTED"]
    assert at.person["id"] not in (await state(at))[2]


async def test_an_open_invitation_is_told_to_its_verified_address_and_accepted_by_id(visitor: Client) -> None:
    at = await invited(visitor)
    other = await make.session(await make.user())

    invitations = (await visitor.ask(OPEN, token=at.session))["viewer"]["invitations"]
    preview = (await visitor.ask(PREVIEW, {"token": at.token}))["invitation"]
    unseen = (await visitor.ask(OPEN, token=other))["viewer"]["invitations"]
    stranger = await accept(visitor, session=other, invitationId=at.invitation_id)
    nothing = await accept(visitor, session=other, invitationId=f"invitation_{database.new_id()}")
    result = await accept(visitor, session=at.session, invitationId=at.invitation_id)
    after = (await visitor.ask(OPEN, token=at.session))["viewer"]["invitations"]

    assert invitations == [preview | {"id": at.invitation_id}]
    assert preview["inviterName"] == at.inviter["name"]
    assert unseen == []
    assert stranger == nothing
    assert codes(stranger) == ["NOT_FOUND"]
    assert codes(result) == []
    assert after == []
    assert at.token not in str([invitations, preview, result])


async def test_an_address_is_compared_as_it_is_normalised(visitor: Client) -> None:
    user = await make.user(email=f"invited-{database.new_id()}@example.com")
    account = await make.account()
    profile = await make.profile(account)
    wide = user["email"].upper().replace("INVITED", "\uff29NVITED")
    variables = {"name": "Wide", "email": f" {wide}", "profileId": f"profile_{profile['id']}"}
    who = {"token": await visitor.owner(account), "account": account}

    invited_ = await visitor.ask(INVITE, {"input": variables}, **who)
    result = await accept(visitor, await link(user["email"]), await make.session(user))

    assert codes(invited_["inviteCollaborator"]) == []
    assert codes(result) == []


async def test_only_the_invited_and_verified_address_accepts(visitor: Client) -> None:
    at = await invited(visitor)
    unverified = await invited(visitor, email_verified_at=None)
    before = await state(at), await state(unverified)

    other = await accept(visitor, at.token, unverified.session)
    by_id = await accept(visitor, session=unverified.session, invitationId=unverified.invitation_id)
    listed = await visitor.ask(OPEN, token=unverified.session)

    assert codes(other) == ["OTHER_ADDRESS"]
    assert codes(by_id) == ["UNVERIFIED_ADDRESS"]
    assert listed["viewer"]["invitations"] == []
    assert (await state(at), await state(unverified)) == before


ENDS = {
    "revoked": ("UPDATE invitations SET status = 'REVOKED' WHERE id = ?", "INVITATION_REVOKED"),
    "expired": ("UPDATE invitations SET expires_at = 1 WHERE id = ?", "INVITATION_EXPIRED"),
}


@pytest.mark.parametrize("how", ENDS)
async def test_an_invitation_that_is_over_opens_nothing(visitor: Client, how: str) -> None:
    at = await invited(visitor)
    await change(ENDS[how][0], at.row)
    before = await state(at)

    results = [
        await accept(visitor, at.token, at.session),
        await accept(visitor, session=at.session, invitationId=at.invitation_id),
        await accept(visitor, at.token, signUp=SIGN_UP),
    ]
    preview = await visitor.post(PREVIEW, {"token": at.token})
    nothing = await visitor.post(PREVIEW, {"token": "x"})
    no_token = await visitor.post(PREVIEW, {"token": f"{'0' * 32}_x"})

    assert [codes(item) for item in results] == [[ENDS[how][1]]] * 3
    assert preview.content == nothing.content == no_token.content
    assert await state(at) == before


FALLS = {
    "collaborator gone": "DELETE FROM collaborators WHERE id = :collaborator",
    "suspended": "UPDATE collaborators SET suspended_at = 1 WHERE id = :collaborator",
    "grant gone": "UPDATE profiles SET grants = '[\"SEARCH_SALES\"]' WHERE id = :inviters",
    "no longer covers it": "UPDATE profiles SET grants = '[\"ACCESS_COLLABORATORS_CENTER\"]' WHERE id = :inviters",
    "profile grew": 'UPDATE profiles SET grants = \'["SEARCH_SALES","SEND_RECEIPTS"]\' WHERE id = :offered',
    "role grew": "UPDATE invitations SET role = 'ADMIN' WHERE id = :invitation",
    "ACCOUNT_CLOSED": "UPDATE accounts SET closed_at = 1 WHERE id = :account",
}


@pytest.mark.parametrize("how", FALLS)
async def test_an_invitation_falls_with_what_its_inviter_could_give(visitor: Client, how: str) -> None:
    at = await invited(visitor)
    statement, _, name = FALLS[how].rpartition(":")
    ids = {
        "collaborator": at.inviter["id"],
        "inviters": at.grants_profile["id"],
        "offered": at.profile["id"],
        "invitation": at.row,
        "account": at.account["id"],
    }
    await change(f"{statement}?", ids[name])
    before = await state(at)

    result = await accept(visitor, at.token, at.session)

    assert codes(result) == [how if how == "ACCOUNT_CLOSED" else "INVITATION_FALLEN"]
    assert await state(at) == before


async def test_the_owners_invitation_falls_when_the_account_is_anothers(visitor: Client) -> None:
    at = await invited(visitor, by_owner=True)
    user = await make.user()
    await change("UPDATE accounts SET owner_id = ? WHERE id = ?", user["id"], at.account["id"])

    result = await accept(visitor, at.token, at.session)

    assert codes(result) == ["INVITATION_FALLEN"]


async def test_whoever_has_become_owner_or_collaborator_is_told_so(visitor: Client) -> None:
    at, seated = await invited(visitor, by_owner=True), await invited(visitor)
    await make.collaborator(seated.account, seated.profile, user_=seated.person)
    own = await invited(visitor)
    await change("UPDATE accounts SET owner_id = ? WHERE id = ?", own.person["id"], own.account["id"])
    before = await state(seated)

    assert codes(await accept(visitor, seated.token, seated.session)) == ["ALREADY_COLLABORATOR"]
    assert codes(await accept(visitor, own.token, own.session)) == ["OWN_ADDRESS"]
    assert await state(seated) == before
    assert codes(await accept(visitor, at.token, at.session)) == []


async def test_an_account_that_is_no_company_any_more_takes_no_one_in(visitor: Client) -> None:
    at = await invited(visitor)
    await change("UPDATE accounts SET kind = ? WHERE id = ?", AccountKind.NATURAL_PERSON, at.account["id"])
    before = await state(at)

    result = await accept(visitor, at.token, at.session)
    unchanged = await state(at)
    async with visiting(dataclasses.replace(SETTINGS, allow_natural_persons=True)) as lenient:
        unrestricted = await accept(lenient, at.token, at.session)

    assert codes(result) == ["NOT_A_LEGAL_ENTITY"]
    assert unchanged == before
    assert codes(unrestricted) == []


async def test_someone_without_a_user_signs_up_through_the_link(visitor: Client) -> None:
    address = f"nobody-{database.new_id()}@example.com"
    at = await invited(visitor, address)

    request = await accept(visitor, at.token)
    result = await accept(visitor, at.token, signUp=SIGN_UP)
    again = await accept(visitor, at.token, signUp=SIGN_UP)
    signed_in = await visitor.ask(
        "mutation($input: SignInInput!) { signIn(input: $input) { viewer { name email locale centrals { id } } } }",
        {"input": {"email": address, "password": PASSWORD}},
    )

    assert codes(request) == ["SIGN_IN_FIRST"]
    assert codes(result) == []
    assert result["central"]["id"] == f"central_{at.account['id']}"
    assert codes(again) == ["SIGN_IN_FIRST"]
    assert signed_in["signIn"]["viewer"] == {
        "name": "Nora New",
        "email": address,
        "locale": "pt",
        "centrals": [{"id": f"central_{at.account['id']}"}],
    }
    users = await database.read("SELECT email_verified_at FROM users WHERE email = ?", (address,))
    assert users[0]["email_verified_at"] is not None


async def test_a_newcomer_in_a_browser_is_signed_in_by_cookies_and_no_one_else_is(visitor: Client) -> None:
    at, known = (
        await invited(visitor, f"nobody-{database.new_id()}@example.com"),
        await invited(visitor, password_hash="x"),
    )

    async def post(token: str, **signing_up: Any) -> Any:
        visitor.http.cookies.clear()
        return await visitor.post(ACCEPT, {"input": {"token": token, "signUp": SIGN_UP | signing_up}})

    refused = [
        await post(known.token, cookie=True),
        await post("nothing", cookie=True),
        await post(at.token, cookie=True, password="short"),
        await post(at.token, cookie=True, password="noranew2026"),
    ]
    result = await post(at.token, cookie=True)
    who = await visitor.ask("{ viewer { name locale sessions { current } } }")
    again = await post(at.token, cookie=True)

    assert [item.headers.get_list("set-cookie") for item in (*refused, again)] == [[]] * 5
    assert codes(refused[-1].json()["data"]["acceptInvitation"]) == ["WEAK_PASSWORD"]
    assert codes(result.json()["data"]["acceptInvitation"]) == []
    assert [item.split("=")[0] for item in result.headers.get_list("set-cookie")] == [
        "centrals_access",
        "centrals_refresh",
    ]
    assert all(
        "HttpOnly" in item and "SameSite=strict" in item for item in result.headers.get_list("set-cookie")
    )
    assert who["viewer"] == {"name": "Nora New", "locale": "pt", "sessions": [{"current": True}]}
    sessions = "SELECT COUNT(*) AS n FROM sessions WHERE user_id = ?"
    assert (await database.read(sessions, (known.person["id"],)))[0]["n"] == 1  # the one that was made for it


async def test_a_newcomer_who_asks_for_no_cookies_gets_no_session(visitor: Client) -> None:
    at = await invited(visitor, f"nobody-{database.new_id()}@example.com")
    count = "SELECT COUNT(*) AS n FROM sessions"
    before = (await database.read(count))[0]["n"]

    response = await visitor.post(ACCEPT, {"input": {"token": at.token, "signUp": SIGN_UP}})

    assert codes(response.json()["data"]["acceptInvitation"]) == []
    assert response.headers.get_list("set-cookie") == []
    assert (await database.read(count))[0]["n"] == before


async def test_who_has_a_user_signs_in_first(visitor: Client) -> None:
    at = await invited(visitor, password_hash="x")
    before = await state(at)

    results = [await accept(visitor, at.token), await accept(visitor, at.token, signUp=SIGN_UP)]

    assert [codes(item) for item in results] == [["SIGN_IN_FIRST"]] * 2
    assert await state(at) == before


@pytest.mark.parametrize(
    ("sign_up", "field"),
    [
        ({"password": "short"}, ["signUp", "password"]),
        ({"password": "x" * 1025}, ["signUp", "password"]),
        ({"name": " "}, ["signUp", "name"]),
        ({"name": "a\ab"}, ["signUp", "name"]),
        ({"locale": "xx"}, ["signUp", "locale"]),
        ({"locale": ""}, ["signUp", "locale"]),
    ],
)
async def test_a_newcomer_who_tells_nonsense_is_refused(visitor: Client, sign_up: Any, field: Any) -> None:
    at = await invited(visitor, f"nobody-{database.new_id()}@example.com")
    before = await state(at)

    result = await accept(visitor, at.token, signUp=SIGN_UP | sign_up)

    assert [(error["code"], error["field"]) for error in result["errors"]] == [("BAD_INPUT", field)]
    assert await state(at) == before


async def test_a_bad_token_is_not_there_whatever_it_looks_like(visitor: Client) -> None:
    at = await invited(visitor)
    tokens = ["", "x", "\0", f"{at.account['id'].replace('-', '')}_x", at.token + "x", "x" * 10_000]
    results = set()

    for token in tokens:
        for session in (at.session, None):
            answer = await accept(visitor, token, session)
            results.add(repr(answer))
            sign_up = {"signUp": SIGN_UP} if session is None else {}
            results.add(repr(await accept(visitor, token, session, **sign_up)))
            assert (await visitor.ask(PREVIEW, {"token": token}))["invitation"] is None

    assert len(results) == 1
    assert "NOT_FOUND" in results.pop()


async def test_one_of_token_and_id_is_named(visitor: Client) -> None:
    at = await invited(visitor)

    results = [
        await accept(visitor, session=at.session),
        await accept(visitor, at.token, at.session, invitationId=at.invitation_id),
        await accept(visitor, at.token, at.session, signUp=SIGN_UP),
    ]
    signed_out = await accept(visitor, invitationId=at.invitation_id)

    assert [codes(item) for item in results] == [["BAD_INPUT"]] * 3
    assert codes(signed_out) == ["NOT_FOUND"]


async def test_a_personal_access_token_accepts_nothing_and_sees_no_invitations(visitor: Client) -> None:
    at = await invited(visitor)
    home = await make.account(at.person)
    token = f"{TOKEN_PREFIX}{home['id'].replace('-', '')}_secret"
    row = {
        "id": database.new_id(),
        "account_id": home["id"],
        "user_id": at.person["id"],
        "name": "token",
        "grants": "[]",
        "standings": "[]",
        "digest": digest(token),
        "created_at": 1,
        "expires_at": database.now() + 60_000,
    }
    await database.transact(lambda: database.insert("access_tokens", row))
    before = await state(at)

    results = [
        await visitor.errors(ACCEPT, {"input": {"token": at.token}}, token=token),
        await visitor.errors(ACCEPT, {"input": {"invitationId": at.invitation_id}}, token=token),
        await visitor.errors(OPEN, token=token),
    ]

    assert [item[0]["extensions"]["code"] for item in results] == ["GRAPHQL_VALIDATION_FAILED"] * 3
    assert await state(at) == before


async def test_a_hundred_who_accept_at_once_make_one_membership(database_url: str) -> None:
    async with visiting() as here, visiting(apart=True) as there:
        at = await invited(here)
        results = await asyncio.gather(
            *(accept((here, there)[number % 2], at.token, at.session) for number in range(100))
        )

    assert [codes(item) for item in results] == [[]] * 100
    assert (await state(at))[2].count(at.person["id"]) == 1
    entries = await database.read(
        "SELECT changes FROM audit_entries WHERE account_id = ? AND act = 'acceptInvitation'",
        (at.account["id"],),
    )
    logged_changes = [entry["changes"] for entry in entries]
    assert len([item for item in logged_changes if item not in ("[]", [])]) == 1


async def test_a_hundred_who_sign_up_by_one_link_many_at_once_make_one_user(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hashed(_password: str) -> str:
        return "a hash"

    # a hundred true hashes take a minute, and are no part of the question
    monkeypatch.setattr("actions.membership.invitations.accept.hash_password", hashed)
    address = f"nobody-{database.new_id()}@example.com"
    async with contextlib.AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(visiting()) for _ in range(10)]
        at = await invited(visitors[0], address)
        results = await asyncio.gather(
            *(accept(visitors[number % 10], at.token, signUp=SIGN_UP) for number in range(100))
        )

    outcomes = Counter(str(codes(item)) for item in results)
    assert outcomes == {"[]": 1, "['SIGN_IN_FIRST']": 99}
    users = await database.read("SELECT COUNT(*) AS n FROM users WHERE email = ?", (address,))
    assert users[0]["n"] == 1


async def test_accepting_and_revoking_at_once_has_one_outcome(visitor: Client) -> None:
    chance, outcomes = random.Random(7), Counter[str]()

    for _ in range(50):
        at = await invited(visitor)
        owner = await visitor.owner(at.account)

        async def revoked(at: Invited = at, owner: str = owner) -> list[str]:
            await asyncio.sleep(chance.random() * 0.02)
            variables = {"input": {"invitationId": at.invitation_id}}
            return codes(
                (await visitor.ask(REVOKE, variables, token=owner, account=at.account))["revokeInvitation"]
            )

        async def accepted(at: Invited = at) -> list[str]:
            await asyncio.sleep(chance.random() * 0.02)
            return codes(await accept(visitor, at.token, at.session))

        taken_back, taken = await asyncio.gather(revoked(), accepted())
        status, _, collaborators, _ = await state(at)
        entered = at.person["id"] in collaborators
        if taken == []:
            assert (taken_back, status, entered) == (["INVITATION_ACCEPTED"], "ACCEPTED", True)
        else:
            assert (taken, taken_back) == (["INVITATION_REVOKED"], [])
            assert (status, entered) == ("REVOKED", False)
        outcomes[status] += 1

    assert outcomes["ACCEPTED"] > 0
    assert outcomes["REVOKED"] > 0
