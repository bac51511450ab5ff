"""Proof of a mailbox lends no trust to what was there before it, by whichever road it is given."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

import make
from authz.grant import Grant
from center import Center, center
from client import Client
from doorstep import PASSWORD, visiting
from graph.http.link import LINK
from models import database
from posted import an_hour_passes, letters, link

MINE = "the victim's own password"
SIGN_UP = "mutation($input: SignUpInput!) { signUp(input: $input) { email errors { code } } }"
SIGN_IN = """mutation($input: SignInInput!) {
  signIn(input: $input) { accessToken refreshToken errors { code } } }"""
REFRESH = (
    "mutation($input: RefreshSessionInput) { refreshSession(input: $input) { accessToken errors { code } } }"
)
VERIFY = """mutation($input: VerifyEmailInput!) {
  verifyEmail(input: $input) { email passwordToken errors { code } } }"""
FORGET = "mutation($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { requested errors { code } } }"
RESET = "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { changed errors { code } } }"
RESEND = "mutation { resendVerification { email errors { code message } } }"
ACCEPT = """mutation($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) { central { accountName } errors { code } } }"""


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def call(visitor: Client, text: str, values: dict[str, Any] | None = None, **who: Any) -> Any:
    data = await visitor.ask(text, None if values is None else {"input": values}, **who)
    return next(iter(data.values()))


async def signed_in(visitor: Client, email: str, password: str) -> Any:
    return await call(visitor, SIGN_IN, {"email": email, "password": password})


async def alive(visitor: Client, token: str) -> bool:
    return (await visitor.post("{ viewer { id } }", token=token)).status_code == 200


class Attack:
    """A stranger's user with a victim's address, and everything that the stranger holds by it."""

    def __init__(self, visitor: Client, email: str) -> None:
        self.visitor, self.email = visitor, email
        self.access: list[str] = []
        self.refresh = self.token = ""
        self.user: dict[str, Any] = {}

    async def prepare(self) -> None:
        values = {"email": self.email, "name": "Free money at evil.example", "password": PASSWORD}
        assert (await call(self.visitor, SIGN_UP, values))["errors"] == []
        for _ in range(2):
            result = await signed_in(self.visitor, self.email, PASSWORD)
            self.access.append(result["accessToken"])
        self.refresh = result["refreshToken"]
        rows = await database.read("SELECT * FROM users WHERE email = ?", (self.email,))
        self.user = dict(rows[0])
        collaborator = {"user_id": self.user["id"]}
        self.token = await make.access_token(await make.account(), collaborator, [Grant.SEARCH_SALES], [])
        row = {"id": database.new_id(), "user_id": self.user["id"], "issuer": "https://op.example.com"}
        await database.transact(
            lambda: database.insert("identities", row | {"subject": row["id"], "created_at": 1})
        )

    async def is_over(self) -> None:
        """Nothing that the stranger held opens anything."""
        for token in self.access:
            assert not await alive(self.visitor, token)
        refreshed = await call(self.visitor, REFRESH, {"refreshToken": self.refresh})
        assert [error["code"] for error in refreshed["errors"]] == ["SESSION_ENDED"]
        assert (await signed_in(self.visitor, self.email, PASSWORD))["errors"] == [
            {"code": "BAD_CREDENTIALS"}
        ]
        assert (await self.visitor.post("{ account { id } }", token=self.token)).status_code == 401
        assert await self._count("SELECT COUNT(*) FROM identities WHERE user_id = ?") == 0
        good = "SELECT COUNT(*) FROM access_tokens WHERE user_id = ? AND ended_at IS NULL"
        assert await self._count(good) == 0

    async def _count(self, statement: str) -> int:
        return int((await database.read(statement, (self.user["id"],)))[0][0])


@pytest.fixture
async def attack(visitor: Client) -> Attack:
    found = Attack(visitor, f"victim-{database.new_id()}@example.com")
    await found.prepare()
    return found


async def invited(visitor: Client, email: str) -> Center:
    at = await center(visitor)
    payload = await at.act(
        "owner", "inviteCollaborator", name="Vic", email=email, profileId=at.profile("small")
    )
    assert payload["errors"] == []
    return at


async def invitation_link(email: str) -> str:
    return await link(email, "invitation_to_newcomer")


async def test_the_link_ends_what_a_stranger_made_and_the_victim_joins_by_the_invitation(
    visitor: Client, attack: Attack
) -> None:
    await invited(visitor, attack.email)
    assert (await visitor.http.get(LINK.path)).status_code == 200

    result = await call(visitor, VERIFY, {"token": await link(attack.email, "verify_email")})

    assert (result["email"], result["errors"]) == (attack.email, [])
    await attack.is_over()
    joined = await call(
        visitor,
        ACCEPT,
        {"token": await invitation_link(attack.email), "signUp": {"name": "Vic", "password": MINE}},
    )
    assert (joined["central"] is not None, joined["errors"]) == (True, [])
    session = (await signed_in(visitor, attack.email, MINE))["accessToken"]
    viewer = (await visitor.ask("{ viewer { name emailVerified } }", token=session))["viewer"]
    assert viewer == {"name": "Vic", "emailVerified": True}
    await attack.is_over()


async def test_who_opens_the_link_elsewhere_chooses_a_password_with_the_token_that_it_gives(
    visitor: Client, attack: Attack
) -> None:
    token = (await call(visitor, VERIFY, {"token": await link(attack.email, "verify_email")}))[
        "passwordToken"
    ]

    result = await call(visitor, RESET, {"token": token, "password": MINE})

    assert result == {"changed": True, "errors": []}
    assert (await signed_in(visitor, attack.email, MINE))["errors"] == []
    again = await call(visitor, RESET, {"token": token, "password": PASSWORD})
    assert again["errors"] == [{"code": "BAD_LINK"}]
    await attack.is_over()


async def test_the_invitations_link_signs_up_over_a_user_whom_nobody_verified(
    visitor: Client, attack: Attack
) -> None:
    await invited(visitor, attack.email)
    before = await link(attack.email, "verify_email")
    token = await invitation_link(attack.email)

    bare = await call(visitor, ACCEPT, {"token": token})
    result = await call(visitor, ACCEPT, {"token": token, "signUp": {"name": "Vic", "password": MINE}})

    assert bare["errors"] == [{"code": "SIGN_IN_FIRST"}]
    assert result["errors"] == []
    await attack.is_over()
    assert (await signed_in(visitor, attack.email, MINE))["errors"] == []
    assert (await call(visitor, VERIFY, {"token": before}))["errors"] == [{"code": "BAD_LINK"}]
    again = await call(visitor, ACCEPT, {"token": token, "signUp": {"name": "Eve", "password": PASSWORD}})
    assert again["errors"] == [{"code": "SIGN_IN_FIRST"}]


async def test_the_link_that_resets_a_password_ends_what_a_stranger_made(
    visitor: Client, attack: Attack
) -> None:
    await an_hour_passes(attack.email)
    await call(visitor, FORGET, {"email": attack.email})

    await call(visitor, RESET, {"token": await link(attack.email, "reset_password"), "password": MINE})

    await attack.is_over()
    assert (await signed_in(visitor, attack.email, MINE))["errors"] == []


async def test_in_a_session_of_ones_own_the_link_leaves_it_and_the_password_and_ends_the_rest(
    visitor: Client, attack: Attack
) -> None:
    own, other = attack.access

    result = await call(visitor, VERIFY, {"token": await link(attack.email, "verify_email")}, token=own)

    assert result == {"email": attack.email, "passwordToken": None, "errors": []}
    assert await alive(visitor, own)
    assert not await alive(visitor, other)
    assert (await signed_in(visitor, attack.email, PASSWORD))["errors"] == []
    assert (await visitor.post("{ account { id } }", token=attack.token)).status_code == 401


async def test_in_a_session_of_ones_own_the_invitations_link_proves_the_address(
    visitor: Client, attack: Attack
) -> None:
    await invited(visitor, attack.email)
    own, other = attack.access

    result = await call(visitor, ACCEPT, {"token": await invitation_link(attack.email)}, token=own)

    assert (result["central"] is not None, result["errors"]) == (True, [])
    assert await alive(visitor, own)
    assert not await alive(visitor, other)
    assert (await signed_in(visitor, attack.email, PASSWORD))["errors"] == []


async def test_anothers_session_saves_nothing(visitor: Client, attack: Attack) -> None:
    stranger = await make.session(await make.user())

    result = await call(visitor, VERIFY, {"token": await link(attack.email, "verify_email")}, token=stranger)

    assert result["errors"] == []
    await attack.is_over()
    assert await alive(visitor, stranger)


async def test_a_proof_of_an_address_that_was_proved_ends_nothing(visitor: Client, attack: Attack) -> None:
    await call(visitor, VERIFY, {"token": await link(attack.email, "verify_email")}, token=attack.access[0])
    await an_hour_passes(attack.email)
    at = await invited(visitor, attack.email)
    token = await link(attack.email, "invitation")

    refused = await call(visitor, ACCEPT, {"token": token, "signUp": {"name": "Eve", "password": MINE}})
    result = await call(visitor, ACCEPT, {"token": token}, token=attack.access[0])

    assert refused["errors"] == [{"code": "SIGN_IN_FIRST"}]
    assert (result["central"] is not None, at.account["id"] != "") == (True, True)
    assert await alive(visitor, attack.access[0])


@pytest.mark.parametrize("road", ["refresh", "sign in", "resend"])
async def test_whatever_the_stranger_does_at_the_same_moment_nothing_outlives_the_proof(
    visitor: Client, road: str
) -> None:
    for _ in range(5):
        attack = Attack(visitor, f"victim-{database.new_id()}@example.com")
        await attack.prepare()
        token = await link(attack.email, "verify_email")

        async def strike(attack: Attack = attack) -> str | None:
            if road == "refresh":
                result = await call(visitor, REFRESH, {"refreshToken": attack.refresh})
            elif road == "sign in":
                result = await signed_in(visitor, attack.email, PASSWORD)
            else:
                await visitor.post(RESEND, token=attack.access[0])
                return None
            minted: str | None = result["accessToken"]
            return minted

        minted, proof = await asyncio.gather(strike(), call(visitor, VERIFY, {"token": token}))

        assert proof["errors"] in ([], [{"code": "BAD_LINK"}])
        if proof["errors"] == []:
            assert minted is None or not await alive(visitor, minted)
            await attack.is_over()


async def test_one_letter_with_a_link_an_hour_goes_to_an_address_whoever_asks(
    database_url: str, attack: Attack
) -> None:
    async def ask(number: int) -> None:
        async with visiting(apart=True) as other:
            if number % 2:
                await call(other, FORGET, {"email": attack.email})
            else:
                values = {"email": attack.email, "name": "Eve", "password": PASSWORD}
                assert (await call(other, SIGN_UP, values))["errors"] == []

    first = await link(attack.email, "verify_email")
    await asyncio.gather(*(ask(number) for number in range(6)))
    result = await call(attack.visitor, RESEND, token=attack.access[0])

    assert len(await letters(attack.email)) == 1
    assert [error["code"] for error in result["errors"]] == ["RATE_LIMITED"]
    await an_hour_passes(attack.email)
    await asyncio.gather(*(ask(number) for number in range(6)))
    assert len(await letters(attack.email)) == 2
    if (await letters(attack.email))[-1]["kind"] == "reset_password":
        assert (await call(attack.visitor, VERIFY, {"token": first}))["errors"] == []


async def test_a_forgotten_password_is_answered_alike_for_no_one_and_within_the_hour(
    visitor: Client, attack: Attack
) -> None:
    results, work = [], []
    await an_hour_passes(attack.email)
    for email in (attack.email, attack.email, f"nobody-{database.new_id()}@example.com"):
        with database.observed() as statements:
            response = await visitor.post(FORGET, {"input": {"email": email}})
        results.append(response.content)
        work.append(statements)

    assert results[0] == results[1] == results[2]
    assert work[0] == work[1] == work[2]
    assert len(await letters(attack.email, "reset_password")) == 1


async def test_signing_up_over_and_over_keeps_no_one_from_a_new_password(visitor: Client) -> None:
    user = await make.user()
    values = {"email": user["email"], "name": "Eve", "password": PASSWORD}
    for _ in range(3):
        await call(visitor, SIGN_UP, values)

    await call(visitor, FORGET, {"email": user["email"]})

    kinds = [letter["kind"] for letter in await letters(user["email"])]
    assert kinds == ["already_registered", "reset_password"]


async def test_a_letter_to_an_address_that_nobody_proved_says_nothing_that_was_written_by_who_asked(
    visitor: Client, attack: Attack
) -> None:
    at = await center(
        visitor, name="Cheap-pills.example: https://evil.example/x and more and more and more words"
    )
    text = "EVIL-TEXT"
    await at.act("owner", "inviteCollaborator", name=text, email=attack.email, profileId=at.profile("small"))
    await an_hour_passes(attack.email)
    await call(visitor, FORGET, {"email": attack.email})
    change = (
        "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { changed errors { code } } }"
    )
    changed = await call(visitor, change, {"current": PASSWORD, "new": MINE}, token=attack.access[0])

    sent = await letters(attack.email)

    assert changed == {"changed": True, "errors": []}
    assert [item["kind"] for item in sent] == ["verify_email", "invitation_to_newcomer", "reset_password"]
    assert not [
        item
        for item in sent
        if "evil" in str(item).lower().replace("evil\u2060", "").split("token")[0]
        and item["kind"] != "invitation_to_newcomer"
    ]
    shown = sent[1]["account"]
    assert (len(shown.replace("\u2060", "")), text in str(sent)) == (60, False)
    assert "https://" not in shown
    assert "pills.example" not in shown
    assert sorted(sent[1]) == ["account", "kind", "locale", "token"]


async def test_no_answer_about_an_invitation_holds_its_link(visitor: Client) -> None:
    at = await center(visitor)
    email = f"new-{database.new_id()}@example.com"
    shown = "invitation { id name email status expiresAt } errors { code }"
    first = await at.act(
        "owner", "inviteCollaborator", shown, name="Vic", email=email, profileId=at.profile("small")
    )
    token = await invitation_link(email)
    again = await at.act("owner", "resendInvitation", shown, invitationId=first["invitation"]["id"])
    newer = await invitation_link(email)
    log = await at.ask(
        "owner",
        "{ account { auditLog { nodes { changes { before after } } } invitations { nodes { id } } } }",
    )

    assert token != newer
    assert not [item for item in (token, newer) for result in (first, again, log) if item in str(result)]
    gone = await call(visitor, ACCEPT, {"token": token, "signUp": {"name": "Vic", "password": MINE}})
    assert gone["errors"] == [{"code": "NOT_FOUND"}]
