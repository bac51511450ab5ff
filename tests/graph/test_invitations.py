"""Inviting people: who may invite whom to what, sending again, and taking back."""

import itertools
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

import make
from authz.grant import Grant
from client import SETTINGS, Client
from doorstep import visiting
from models import database
from models.vocabulary import AccountKind, Role

INVITE = """mutation($input: InviteCollaboratorInput!) { inviteCollaborator(input: $input) {
  invitation { id name email role status profile { name } } errors { code message field } } }"""
RESEND = """mutation($input: ResendInvitationInput!) { resendInvitation(input: $input) {
  invitation { id status expiresAt } errors { code message field } } }"""
REVOKE = """mutation($input: RevokeInvitationInput!) { revokeInvitation(input: $input) {
  invitation { id status } errors { code message field } } }"""
CENTER = Grant.ACCESS_COLLABORATORS_CENTER
WEEK = 7 * 24 * 3_600_000


@dataclass
class Center:
    """An account with profiles of each reach, and people of each role who may enter its center."""

    account: dict[str, Any]
    profiles: dict[str, dict[str, Any]]
    collaborators: dict[str, dict[str, Any]]
    tokens: dict[str, str]


PROFILES = {
    "less": [Grant.SEARCH_SALES],
    "the same": [Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS],
    "with the center": [Grant.SEARCH_SALES, CENTER],
    "more": [Grant.SEARCH_SALES, Grant.SEND_RECEIPTS],
    "nothing": [],
}
INVITERS = {"admin": Role.ADMIN, "lead": Role.TEAM_LEAD, "user": Role.USER}


async def center(**changed: Any) -> Center:
    owner = await make.user(name="Olga Owner")
    account = await make.account(owner, **changed)
    profiles = {name: await make.profile(account, grants, name=name) for name, grants in PROFILES.items()}
    profile = await make.profile(account, [*PROFILES["the same"], CENTER], name="of those who invite")
    collaborators = {name: await make.collaborator(account, profile, role) for name, role in INVITERS.items()}
    tokens = {name: await Client.collaborator(collaborator) for name, collaborator in collaborators.items()}
    return Center(account, profiles, collaborators, tokens | {"owner": await make.session(owner)})


def somebody(**changed: Any) -> dict[str, Any]:
    return {"name": "Nora New", "email": f"new-{database.new_id()}@example.com"} | changed


async def invite(
    client: Client, at: Center, who: str, profile: str, role: str = "USER", **changed: Any
) -> Any:
    found = at.profiles[profile]["id"] if profile in at.profiles else profile
    variables = somebody(profileId=f"profile_{found}", role=role) | changed
    data = await client.ask(INVITE, {"input": variables}, token=at.tokens[who], account=at.account)
    return data["inviteCollaborator"]


async def act_on(client: Client, at: Center, who: str, query: str, invitation_id: str, **more: Any) -> Any:
    variables = {"input": {"invitationId": invitation_id} | more}
    data = await client.ask(query, variables, token=at.tokens[who], account=at.account)
    (answer,) = data.values()
    return answer


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def rows(account: dict[str, Any]) -> list[dict[str, Any]]:
    found = await database.read(
        "SELECT * FROM invitations WHERE account_id = ? ORDER BY created_at, id", (account["id"],)
    )
    return [dict(row) for row in found]


async def log(account: dict[str, Any]) -> list[tuple[str, str | None]]:
    found = await database.read(
        "SELECT act, refusal FROM audit_entries WHERE account_id = ? ORDER BY sequence", (account["id"],)
    )
    return [(row["act"], row["refusal"]) for row in found]


async def mails(email: str) -> list[dict[str, Any]]:
    found = await database.read(
        "SELECT kind, locale, data FROM outbox_messages WHERE recipient = ? ORDER BY id", (email,)
    )
    return [dict(row) | {"data": decoded(row["data"])} for row in found]


def decoded(stored: Any) -> Any:
    return msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored


WITHIN_THE_INVITERS = {"less", "the same", "nothing"}
TABLE = list(itertools.product(["owner", *INVITERS], PROFILES, ["USER", "TEAM_LEAD", "ADMIN"]))


async def test_the_owner_gives_anything_and_others_less_than_they_hold(client: Client) -> None:
    at = await center()
    refused = 0

    for who, profile, role in TABLE:
        result = await invite(client, at, who, profile, role)
        allowed = who == "owner" or (role == "USER" and profile in WITHIN_THE_INVITERS)
        assert codes(result) == ([] if allowed else ["FORBIDDEN"]), (who, profile, role)
        assert (result["invitation"] is not None) == allowed
        if not allowed:
            refused += 1
            assert result["errors"][0]["field"] == (["role"] if role != "USER" else ["profileId"])

    assert len(await rows(at.account)) == len(TABLE) - refused
    assert (await log(at.account)).count(("inviteCollaborator", "FORBIDDEN")) == refused


async def test_an_invitation_is_a_row_an_email_and_a_line_in_the_log(client: Client) -> None:
    at = await center(locale="fr", brand_name="Aurora")

    result = await invite(client, at, "admin", "less", name="  Nora New ", email=" Nora.NEW@Example.com")

    (row,) = await rows(at.account)
    (mail,) = await mails("nora.new@example.com")
    token = mail["data"]["token"]
    assert result["invitation"] | {"id": ""} == {
        "id": "",
        "name": "Nora New",
        "email": "nora.new@example.com",
        "role": "USER",
        "status": "PENDING",
        "profile": {"name": "less"},
    }
    assert row["expires_at"] - row["created_at"] == WEEK
    assert row["inviter_id"] == at.collaborators["admin"]["user_id"]
    assert (mail["kind"], mail["locale"]) == ("invitation_to_newcomer", "fr")
    assert mail["data"] | {"token": ""} == {"account": "Aurora", "token": ""}
    assert len(token.partition("_")[2]) >= 43
    assert token not in str(row)
    assert token not in str(result)
    assert await log(at.account) == [("inviteCollaborator", None)]


async def test_someone_who_proved_the_address_reads_who_invites_and_as_whom(client: Client) -> None:
    at, user = await center(brand_name="Aurora"), await make.user(locale="pt")

    await invite(client, at, "admin", "less", name="Nora", email=user["email"])

    (mail,) = await mails(user["email"])
    assert (mail["kind"], mail["locale"]) == ("invitation", "pt")
    assert mail["data"] | {"token": ""} == {
        "name": "Nora",
        "inviter": at.collaborators["admin"]["name"],
        "account": "Aurora",
        "token": "",
    }


async def test_the_email_is_in_the_language_of_whoever_has_the_address(client: Client) -> None:
    at = await center(locale="fr")
    user = await make.user(locale="ar")

    await invite(client, at, "owner", "less", email=user["email"])

    assert [mail["locale"] for mail in await mails(user["email"])] == ["ar"]


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"name": ""}, "BAD_INPUT", "name"),
        ({"name": " "}, "BAD_INPUT", "name"),
        ({"name": "x" * 201}, "BAD_INPUT", "name"),
        ({"name": "a\aBcc: b"}, "BAD_INPUT", "name"),
        ({"email": ""}, "BAD_EMAIL", "email"),
        ({"email": "نورا@example.com"}, "BAD_EMAIL", "email"),
        ({"email": "nora"}, "BAD_EMAIL", "email"),
        ({"email": "nora@example"}, "BAD_EMAIL", "email"),
        ({"email": "a@b@example.com"}, "BAD_EMAIL", "email"),
        ({"email": "nora@example.com, mallory@example.com"}, "BAD_EMAIL", "email"),
        ({"email": "nora@example.com\r\nBcc: mallory@example.com"}, "BAD_EMAIL", "email"),
        ({"email": "<nora@example.com>"}, "BAD_EMAIL", "email"),
        ({"email": ".nora@example.com"}, "BAD_EMAIL", "email"),
        ({"email": "nora@-..com"}, "BAD_EMAIL", "email"),
        ({"email": "x" * 65 + "@example.com"}, "BAD_EMAIL", "email"),
        ({"email": "n@" + "x" * 64 + ".com"}, "BAD_EMAIL", "email"),
        ({"email": "n\0@example.com"}, "BAD_EMAIL", "email"),
        ({"profileId": "profile_1"}, "NOT_FOUND", "profileId"),
        ({"profileId": "team_0190a5e6-7d3a-7cc0-8000-000000000000"}, "NOT_FOUND", "profileId"),
        ({"profileId": "profile_0190a5e6-7d3a-7cc0-8000-000000000000"}, "NOT_FOUND", "profileId"),
    ],
)
async def test_what_makes_no_invitation_is_refused(
    client: Client, changed: Any, code: str, field: str
) -> None:
    at = await center()

    result = await invite(client, at, "owner", "less", **changed)

    assert [(error["code"], error["field"]) for error in result["errors"]] == [(code, [field])]
    assert await rows(at.account) == []
    assert await log(at.account) == [("inviteCollaborator", code)]


async def test_a_profile_of_another_account_is_not_there(client: Client) -> None:
    at, elsewhere = await center(), await center()

    result = await invite(client, at, "owner", elsewhere.profiles["less"]["id"])

    assert codes(result) == ["NOT_FOUND"]
    assert await rows(at.account) == []


async def test_addresses_that_are_in_the_account_already_are_refused_each_by_its_code(client: Client) -> None:
    at = await center()
    owner, admin = at.account["owner_id"], at.collaborators["admin"]["user_id"]
    found = await database.read("SELECT id, email FROM users WHERE id IN (?, ?)", (owner, admin))
    addresses = {row["id"]: row["email"] for row in found}
    invited = await invite(client, at, "owner", "less", email="once@example.com")
    before = await rows(at.account)

    results = [
        await invite(client, at, "user", "less", email=address.upper())
        for address in (addresses[owner], addresses[admin], "once@example.com")
    ]

    assert codes(invited) == []
    assert [codes(item) for item in results] == [
        ["OWN_ADDRESS"],
        ["ALREADY_COLLABORATOR"],
        ["ALREADY_INVITED"],
    ]
    assert await rows(at.account) == before
    assert len(await mails("once@example.com")) == 1


async def test_an_address_is_invited_anew_once_the_old_invitation_is_over(client: Client) -> None:
    at = await center()
    first = await invite(client, at, "owner", "less", email="again@example.com")
    await act_on(client, at, "owner", REVOKE, first["invitation"]["id"])
    second = await invite(client, at, "owner", "less", email="again@example.com")
    await expire(second["invitation"]["id"])

    third = await invite(client, at, "owner", "less", email="again@example.com")
    late = await act_on(client, at, "owner", RESEND, second["invitation"]["id"])

    assert (codes(second), codes(third)) == ([], [])
    assert codes(late) == ["ALREADY_INVITED"]


async def expire(invitation_id: str) -> None:
    row = invitation_id.removeprefix("invitation_")
    await database.transact(
        lambda: database.write("UPDATE invitations SET expires_at = 1 WHERE id = ?", (row,))
    )


async def test_only_a_legal_entity_invites(client: Client) -> None:
    at = await center()
    pending = await invite(client, at, "owner", "less")
    await database.transact(
        lambda: database.write(
            "UPDATE accounts SET kind = ? WHERE id = ?", (AccountKind.NATURAL_PERSON, at.account["id"])
        )
    )
    before = await rows(at.account)

    result = await invite(client, at, "owner", "less")
    again = await act_on(client, at, "owner", RESEND, pending["invitation"]["id"])
    async with visiting(replaced(allow_natural_persons=True)) as lenient:
        unrestricted = await invite(lenient, at, "owner", "less")
    after = await act_on(client, at, "owner", REVOKE, pending["invitation"]["id"])

    assert (codes(result), codes(again)) == (["NOT_A_LEGAL_ENTITY"], ["NOT_A_LEGAL_ENTITY"])
    assert before == [row for row in await rows(at.account) if row["status"] == "REVOKED"] or len(before) == 1
    assert (codes(unrestricted), codes(after)) == ([], [])


def replaced(**changed: Any) -> Any:
    import dataclasses

    return dataclasses.replace(SETTINGS, **changed)


async def test_for_whoever_lacks_the_grant_inviting_does_not_exist(client: Client) -> None:
    at = await center()
    collaborator = await make.collaborator(
        at.account, await make.profile(at.account, PROFILES["more"]), Role.ADMIN
    )

    errors = await client.errors(
        INVITE,
        {"input": somebody(profileId=f"profile_{at.profiles['less']['id']}")},
        token=await Client.collaborator(collaborator),
        account=at.account,
    )

    assert {error["extensions"]["code"] for error in errors} == {"GRAPHQL_VALIDATION_FAILED"}
    assert await rows(at.account) == []


async def test_sending_again_renews_the_invitation_and_kills_the_older_link(client: Client) -> None:
    at = await center()
    result = await invite(client, at, "user", "less", email="twice@example.com")
    await expire(result["invitation"]["id"])

    again = await act_on(client, at, "admin", RESEND, result["invitation"]["id"])

    first, second = [mail["data"]["token"] for mail in await mails("twice@example.com")]
    (row,) = await rows(at.account)
    assert codes(again) == []
    assert again["invitation"]["status"] == "PENDING"
    assert row["inviter_id"] == at.collaborators["admin"]["user_id"]
    assert row["expires_at"] > database.now() + WEEK - 60_000
    preview = "query($token: String!) { invitation(token: $token) { accountName inviterName } }"
    assert (await client.ask(preview, {"token": first}))["invitation"] is None
    assert (await client.ask(preview, {"token": second}))["invitation"] == {
        "accountName": at.account["name"],
        "inviterName": at.collaborators["admin"]["name"],
    }


@pytest.mark.parametrize("query", [RESEND, REVOKE], ids=["resend", "revoke"])
async def test_others_touch_only_invitations_that_they_could_have_sent(client: Client, query: str) -> None:
    at, elsewhere = await center(), await center()
    own = await invite(client, at, "owner", "less")
    admins = await invite(client, at, "owner", "less", "ADMIN")
    more = await invite(client, at, "owner", "more")
    theirs = await invite(client, elsewhere, "owner", "less")
    before = await rows(at.account) + await rows(elsewhere.account)

    results = [
        await act_on(client, at, "user", query, item)
        for item in (
            admins["invitation"]["id"],
            more["invitation"]["id"],
            theirs["invitation"]["id"],
            f"invitation_{database.new_id()}",
            "invitation_1",
        )
    ]
    unchanged = await rows(at.account) + await rows(elsewhere.account)
    done = await act_on(client, at, "user", query, own["invitation"]["id"])

    assert [codes(item) for item in results] == [["FORBIDDEN"]] * 2 + [["NOT_FOUND"]] * 3
    assert unchanged == before
    assert codes(done) == []


async def test_what_was_revoked_is_neither_sent_again_nor_revoked_again(client: Client) -> None:
    at = await center()
    result = await invite(client, at, "owner", "less")
    revoked = await act_on(client, at, "owner", REVOKE, result["invitation"]["id"])
    before = await rows(at.account)

    again = [
        await act_on(client, at, "owner", query, result["invitation"]["id"]) for query in (RESEND, REVOKE)
    ]

    assert revoked["invitation"]["status"] == "REVOKED"
    assert [codes(item) for item in again] == [["INVITATION_REVOKED"]] * 2
    assert await rows(at.account) == before


async def test_what_was_accepted_is_neither_sent_again_nor_revoked(client: Client) -> None:
    at = await center()
    result = await invite(client, at, "owner", "less")
    accepted = "UPDATE invitations SET status = 'ACCEPTED' WHERE account_id = ?"
    await database.transact(lambda: database.write(accepted, (at.account["id"],)))

    again = [
        await act_on(client, at, "owner", query, result["invitation"]["id"]) for query in (RESEND, REVOKE)
    ]

    assert [[(error["code"], error["field"]) for error in each["errors"]] for each in again] == [
        [("INVITATION_ACCEPTED", ["invitationId"])]
    ] * 2


async def test_a_key_invites_once_and_sends_again_once(client: Client) -> None:
    at = await center()
    request = somebody(profileId=f"profile_{at.profiles['less']['id']}", idempotencyKey="one")
    who = {"token": at.tokens["owner"], "account": at.account}

    first = await client.ask(INVITE, {"input": request}, **who)
    twin = await client.ask(INVITE, {"input": request}, **who)
    other = await client.ask(INVITE, {"input": request | {"role": "ADMIN"}}, **who)
    named = first["inviteCollaborator"]["invitation"]["id"]
    for _ in range(2):
        await act_on(client, at, "owner", RESEND, named, idempotencyKey="two")

    assert first == twin
    assert codes(other["inviteCollaborator"]) == ["IDEMPOTENCY_CONFLICT"]
    assert len(await rows(at.account)) == 1
    assert len(await mails(request["email"])) == 2


async def test_an_owners_token_gives_no_more_than_what_was_chosen_for_it(client: Client) -> None:
    at = await center()
    from authz.identity import TOKEN_PREFIX, digest

    token = f"{TOKEN_PREFIX}{at.account['id'].replace('-', '')}_secret"
    row = {
        "id": database.new_id(),
        "account_id": at.account["id"],
        "user_id": at.account["owner_id"],
        "name": "token",
        "grants": msgspec.json.encode([CENTER.value, Grant.SEARCH_SALES.value]).decode(),
        "standings": "[]",
        "digest": digest(token),
        "created_at": database.now(),
        "expires_at": database.now() + WEEK,
    }
    await database.transact(lambda: database.insert("access_tokens", row))
    at.tokens["token"] = token

    results = [
        codes(await invite(client, at, "token", profile, role))
        for profile, role in (("less", "USER"), ("less", "ADMIN"), ("the same", "USER"))
    ]

    assert results == [[], ["FORBIDDEN"], ["FORBIDDEN"]]
