"""Where an invitation stands: the list says what its link meets, and only a pending one is in the way."""

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

import make
from authz.grant import Grant
from center import CENTER, DONE, Center, center
from client import Client
from doorstep import PASSWORD, visiting
from models import database
from models.vocabulary import Role
from posted import letters, link

DAY = 24 * 3_600_000
DECLINE = "mutation($input: DeclineInvitationInput!) { declineInvitation(input: $input) { declined errors { code field } } }"
ACCEPT = """mutation($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) { central { id } errors { code } } }"""
PREVIEW = "query($token: String!) { invitation(token: $token) { accountName } }"


@pytest.fixture
async def at(database_url: str) -> AsyncIterator[Center]:
    async with visiting() as client:
        yield await center(client)


async def call(client: Client, text: str, values: dict[str, Any], **who: Any) -> Any:
    return next(iter((await client.ask(text, {"input": values}, **who)).values()))


class Sent:
    """An invitation that someone of a center sent."""

    def __init__(self, at: Center, email: str, invitation_id: str, token: str) -> None:
        self.at, self.email, self.id, self.token = at, email, invitation_id, token

    async def status(self) -> str:
        """What the list says."""
        text = "{ account { invitations(first: 100) { nodes { id status } } } }"
        nodes = (await self.at.ask("owner", text))["account"]["invitations"]["nodes"]
        return next(str(node["status"]) for node in nodes if node["id"] == self.id)

    async def meets(self) -> str:
        """What the link meets."""
        values = {"token": self.token, "signUp": {"name": "Vic", "password": PASSWORD}}
        errors = (await call(self.at.client, ACCEPT, values))["errors"]
        return str(errors[0]["code"]) if errors else DONE

    async def decline(self, **who: Any) -> Any:
        return await call(self.at.client, DECLINE, {"token": self.token}, **who)


async def invite(at: Center, who: str = "owner", email: str | None = None, profile: str = "small") -> Sent:
    email = email or f"new-{database.new_id()}@example.com"
    payload = await at.act(
        who, "inviteCollaborator", "invitation { id } errors { code }",
        name="Vic", email=email, profileId=at.profile(profile),
    )  # fmt: skip
    assert payload["errors"] == [], payload
    kinds = {letter["kind"] for letter in await letters(email)}
    return Sent(
        at,
        email,
        payload["invitation"]["id"],
        await link(email, max(kinds & {"invitation", "invitation_to_newcomer"})),
    )


async def test_who_is_invited_declines_by_the_link_and_the_inviter_is_told(at: Center) -> None:
    sent = await invite(at)
    owner = (await database.read("SELECT * FROM users WHERE id = ?", (at.account["owner_id"],)))[0]
    await database.transact(
        lambda: database.write("UPDATE users SET locale = 'pt' WHERE id = ?", (owner["id"],))
    )

    assert await sent.decline() == {"declined": True, "errors": []}
    assert await sent.decline() == {"declined": True, "errors": []}

    assert await sent.status() == "DECLINED"
    assert await sent.meets() == "INVITATION_DECLINED"
    assert (await at.client.ask(PREVIEW, {"token": sent.token}))["invitation"] is None
    [letter] = await letters(owner["email"], "invitation_declined")
    assert (letter["locale"], letter["invited"], letter["account"]) == ("pt", "Vic", at.account["name"])
    entries = [entry for entry in await at.log() if entry["act"] == "declineInvitation"]
    assert [(entry["user_name"], entry["refusal"]) for entry in entries] == [("Vic", None)] * 2
    assert await at.outcome("owner", "resendInvitation", invitationId=sent.id) == "INVITATION_DECLINED"
    assert await at.outcome("owner", "revokeInvitation", invitationId=sent.id) == "INVITATION_DECLINED"
    assert (await invite(at, email=sent.email)).id != sent.id


async def test_someone_signed_in_declines_by_the_id_and_no_one_else_does(at: Center) -> None:
    user, other = await make.user(), await make.user()
    sent = await invite(at, email=user["email"])
    session, strange = await make.session(user), await make.session(other)

    refused = await call(at.client, DECLINE, {"invitationId": sent.id}, token=strange)
    done = await call(at.client, DECLINE, {"invitationId": sent.id}, token=session)

    assert refused == {"declined": False, "errors": [{"code": "NOT_FOUND", "field": ["invitationId"]}]}
    assert done == {"declined": True, "errors": []}
    assert await sent.status() == "DECLINED"
    assert (await at.client.ask("{ viewer { invitations { id } } }", token=session))["viewer"][
        "invitations"
    ] == []


async def test_one_way_to_name_it_is_needed_and_a_strange_token_names_none(at: Center) -> None:
    for values, code in (
        ({}, "BAD_INPUT"),
        ({"token": "x", "invitationId": "y"}, "BAD_INPUT"),
        ({"token": "x"}, "NOT_FOUND"),
    ):
        result = await call(at.client, DECLINE, values)
        assert [error["code"] for error in result["errors"]] == [code], values


async def test_a_personal_access_token_declines_nothing(at: Center) -> None:
    sent = await invite(at)
    token = await make.access_token(at.account, at.collaborators["user"], [Grant.SEARCH_SALES], [])

    errors = await at.client.errors(DECLINE, {"input": {"token": sent.token}}, token=token)

    assert errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert await sent.status() == "PENDING"


async def _at(sent: Sent, **changed: Any) -> None:
    columns = ", ".join(f"{name} = ?" for name in changed)
    await database.transact(
        lambda: database.write(
            f"UPDATE invitations SET {columns} WHERE id = ?",
            (*changed.values(), sent.id.removeprefix("invitation_")),
        )
    )


async def test_one_past_its_seven_days_has_expired_and_is_in_nobodys_way(at: Center) -> None:
    sent = await invite(at)
    assert await at.outcome("owner", "inviteCollaborator", name="Vic", email=sent.email, profileId=at.profile("small")) == "ALREADY_INVITED"  # fmt: skip

    await _at(sent, expires_at=database.now() - 1)

    assert (await sent.status(), await sent.meets()) == ("EXPIRED", "INVITATION_EXPIRED")
    assert (await sent.decline())["errors"][0]["code"] == "INVITATION_EXPIRED"
    assert (await invite(at, email=sent.email)).id != sent.id
    assert await at.outcome("owner", "resendInvitation", invitationId=sent.id) == "ALREADY_INVITED"


async def inviter(at: Center) -> str:
    """A user who may invite, called `inviter`."""
    at.collaborators["inviter"] = await make.collaborator(at.account, at.profiles["center"], Role.USER)
    at.tokens["inviter"] = await Client.collaborator(at.collaborators["inviter"])
    return at.collaborator("inviter")


LOSES: dict[str, tuple[str, dict[str, Any]]] = {
    "removed": ("removeCollaborator", {}),
    "suspended": ("suspendCollaborator", {}),
    "dates over": ("setAccessDates", {"endsAt": "2020-01-01T00:00:00Z"}),
    "another profile": ("assignProfile", {"profileId": "small"}),
    "profile without the grant": ("updateProfile", {"profileId": "center", "grants": ["SEARCH_SALES"]}),
    "profile without what is given": ("updateProfile", {"profileId": "center", "grants": [CENTER.value]}),
    "given profile opens more": ("updateProfile", {"profileId": "small", "grants": ["MANAGE_OFFERS"]}),
}


@pytest.mark.parametrize("way", LOSES)
async def test_it_falls_with_what_let_its_inviter_send_it_and_does_not_rise_again(
    at: Center, way: str
) -> None:
    who = await inviter(at)
    sent, stored = await invite(at, "inviter"), await invite(at, "owner")
    act, values = LOSES[way]
    values = {name: at.profile(value) if name == "profileId" else value for name, value in values.items()}
    if act != "updateProfile":
        values["collaboratorId"] = who

    assert await at.outcome("owner", act, **values) == DONE

    assert (await sent.status(), await sent.meets()) == ("FALLEN", "INVITATION_FALLEN")
    assert ("PENDING", "FALLEN") in (await at.changes()).values() or way != "suspended"
    assert await stored.status() == "PENDING"
    assert (await sent.decline())["errors"][0]["code"] == "INVITATION_FALLEN"
    if way == "suspended":
        assert await at.outcome("owner", "restoreCollaborator", collaboratorId=who) == DONE
        assert await sent.status() == "FALLEN"
    other = await invite(at, email=sent.email, profile="unused")
    assert await other.status() == "PENDING"


async def test_it_falls_as_the_dates_of_its_inviters_membership_pass(at: Center) -> None:
    who = await inviter(at)
    sent = await invite(at, "inviter")
    values = {"collaboratorId": who, "endsAt": "2099-01-01T00:00:00Z"}
    assert await at.outcome("owner", "setAccessDates", **values) == DONE
    assert await sent.status() == "PENDING"
    rows = await database.read("SELECT falls_at FROM invitations WHERE email = ?", (sent.email,))
    assert rows[0]["falls_at"] == 4_070_908_800_000

    past = database.now() - 1
    await _at(sent, falls_at=past)
    await database.transact(
        lambda: database.write(
            "UPDATE collaborators SET ends_at = ? WHERE id = ?", (past, at.collaborators["inviter"]["id"])
        )
    )

    assert (await sent.status(), await sent.meets()) == ("FALLEN", "INVITATION_FALLEN")
    assert (await at.client.ask(PREVIEW, {"token": sent.token}))["invitation"] is None
    assert await at.outcome("owner", "resendInvitation", invitationId=sent.id) == DONE
    assert await sent.status() == "PENDING"
    assert await sent.meets() == "NOT_FOUND"  # the older link
    newer = Sent(at, sent.email, sent.id, await link(sent.email, "invitation_to_newcomer"))
    assert await newer.meets() == DONE


@pytest.mark.parametrize("seed", range(4))
async def test_the_list_says_what_the_link_meets_whatever_was_done(at: Center, seed: int) -> None:
    chance = random.Random(seed)
    await inviter(at)
    sent = [await invite(at, chance.choice(["owner", "inviter"])) for _ in range(6)]
    steps = [*LOSES, "resend", "revoke", "decline", "restore", "late"]

    for step in chance.sample(steps, 5):
        item = chance.choice(sent)
        if step == "decline":
            await item.decline()
        elif step == "late":
            await _at(item, expires_at=database.now() - DAY)
        elif step == "restore":
            await at.act("owner", "restoreCollaborator", collaboratorId=at.collaborator("inviter"))
        elif step in ("resend", "revoke"):
            await at.act("owner", f"{step}Invitation", invitationId=item.id)
            kinds = await letters(item.email, "invitation_to_newcomer")
            item.token = str(kinds[-1]["token"])
        else:
            act, values = LOSES[step]
            values = {
                key: at.profile(value) if key == "profileId" else value for key, value in values.items()
            }
            await at.act(
                "owner",
                act,
                **values,
                **({} if act == "updateProfile" else {"collaboratorId": at.collaborator("inviter")}),
            )

    for item in sent:
        status = await item.status()
        assert await item.meets() == (DONE if status == "PENDING" else f"INVITATION_{status}"), status
