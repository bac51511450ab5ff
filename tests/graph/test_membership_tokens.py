"""The owner and admins see the personal access tokens of their collaborators, and end them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

import make
from center import Center, center
from client import Client
from doorstep import visiting
from models import database
from models.vocabulary import Role

TOKENS = """{ account { accessTokens { totalCount nodes {
  id name person { id name } grants standings createdAt expiresAt lastUsedAt } } } }"""
CREATE = """mutation($input: CreateAccessTokenInput!) {
  createAccessToken(input: $input) { secret accessToken { id } errors { code } } }"""
END = "mutation($input: RevokeAccessTokenInput!) { revokeAccessToken(input: $input) { ended errors { code field } } }"
EMAILS = "{ account { people { nodes { id email } } collaborators { nodes { id email } } } }"


@pytest.fixture
async def at(database_url: str) -> AsyncIterator[Center]:
    async with visiting() as client:
        yield await center(client)


async def created(at: Center, who: str, **values: Any) -> tuple[str, str]:
    """The secret and the id of a token that someone makes."""
    values = {"name": f"Export of {who}", "days": 30, "grants": ["SEARCH_SALES"]} | values
    data = await at.client.ask(CREATE, {"input": values}, token=at.tokens[who], account=at.account)
    assert data["createAccessToken"]["errors"] == []
    return data["createAccessToken"]["secret"], data["createAccessToken"]["accessToken"]["id"]


async def end(at: Center, who: str, token_id: str, **changed: Any) -> Any:
    variables = {"token": at.tokens[who], "account": at.account} | changed
    return (await at.client.ask(END, {"input": {"id": token_id}}, **variables))["revokeAccessToken"]


async def works(at: Center, secret: str) -> bool:
    return (await at.client.post("{ account { name } }", token=secret)).status_code == 200


@pytest.mark.parametrize("who", ["owner", "admin"])
async def test_they_are_listed_with_whose_they_are_and_never_their_secret(at: Center, who: str) -> None:
    secret, token_id = await created(at, "user", standings=[])
    await created(at, "owner")
    other, _ = await created(at, "other admin", standings=["ADMIN"])
    gone, gone_id = await created(at, "small")
    await end(at, "small", gone_id)
    elsewhere = await center(at.client)
    await created(elsewhere, "user")

    answer = await at.client.post(TOKENS, token=at.tokens[who], account=at.account)
    found = answer.json()["data"]["account"]["accessTokens"]

    assert found["totalCount"] == 2
    assert [(node["name"], node["standings"]) for node in found["nodes"]] == [
        ("Export of other admin", ["ADMIN"]),
        ("Export of user", []),
    ]
    assert found["nodes"][1]["id"] == token_id
    assert found["nodes"][1]["person"]["id"] == at.collaborator("user").replace("collaborator", "person")
    assert found["nodes"][1]["grants"] == ["SEARCH_SALES"]
    digests = await database.read("SELECT digest FROM access_tokens")
    assert not [item for item in (secret, other, gone) if item in answer.text]
    assert not [digest for digest in digests if digest["digest"] in answer.text]


@pytest.mark.parametrize("who", ["lead", "user"])
async def test_no_one_else_sees_them_or_ends_anothers(at: Center, who: str) -> None:
    secret, token_id = await created(at, "small")

    errors = await at.client.errors(TOKENS, token=at.tokens[who], account=at.account)
    result = await end(at, who, token_id)

    assert errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert result == {"ended": False, "errors": [{"code": "NOT_FOUND", "field": ["id"]}]}
    assert await works(at, secret)


@pytest.mark.parametrize("who", ["owner", "admin"])
@pytest.mark.parametrize("whose", ["user", "lead", "other admin"])
async def test_they_end_a_collaborators_at_once_and_the_log_says_so(at: Center, who: str, whose: str) -> None:
    secret, token_id = await created(at, whose)
    assert await works(at, secret)

    assert await end(at, who, token_id) == {"ended": True, "errors": []}

    assert (await at.client.post("{ account { name } }", token=secret)).status_code == 401
    again = await end(at, who, token_id)
    assert again["errors"] == [{"code": "NOT_FOUND", "field": ["id"]}]
    entries = [entry for entry in await at.log() if entry["act"] == "revokeAccessToken"]
    assert [(entry["refusal"], entry["let_by"]) for entry in entries] == [
        (None, "ADMIN"),
        ("NOT_FOUND", "ADMIN"),
    ]
    text = "{ account { auditLog(filter: {act: revokeAccessToken}) { nodes { objectId changes { field before } } } } }"
    text = text.replace("act: revokeAccessToken", 'act: "revokeAccessToken"')
    log = (await at.ask("owner", text))["account"]["auditLog"]["nodes"]
    assert log[1]["objectId"] == token_id
    assert {"field": "CollaboratorAccessToken.name", "before": f"Export of {whose}"} in log[1]["changes"]


async def test_an_admin_ends_no_token_of_the_owner_and_no_one_one_of_another_account(at: Center) -> None:
    owners, owners_id = await created(at, "owner")
    elsewhere = await center(at.client)
    theirs, theirs_id = await created(elsewhere, "user")

    for who, token_id in (("admin", owners_id), ("admin", theirs_id), ("owner", theirs_id)):
        assert (await end(at, who, token_id))["errors"] == [{"code": "NOT_FOUND", "field": ["id"]}]
    assert (await end(at, "owner", theirs_id, account=None))["ended"] is False

    assert await works(at, owners)
    assert await works(at, theirs)


async def test_an_admins_token_sees_them_and_ends_none(at: Center) -> None:
    secret, token_id = await created(at, "user")
    admins, _ = await created(at, "admin", standings=["ADMIN"])

    found = (await at.client.ask(TOKENS, token=admins))["account"]["accessTokens"]
    payload = (await at.client.ask(END, {"input": {"id": token_id}}, token=admins))["revokeAccessToken"]

    assert token_id in {node["id"] for node in found["nodes"]}
    assert [error["code"] for error in payload["errors"]] == ["NOT_FOUND"]
    assert await works(at, secret)


async def test_the_owner_alone_reads_the_addresses_of_memberships_in_lists_and_in_the_log(at: Center) -> None:
    rows = await database.read("SELECT id, email FROM users")
    emails = {row["id"]: row["email"] for row in rows}

    found = (await at.ask("owner", EMAILS))["account"]

    wanted = sorted(emails[collaborator["user_id"]] for collaborator in at.collaborators.values())
    assert sorted(node["email"] for node in found["people"]["nodes"]) == wanted
    assert sorted(node["email"] for node in found["collaborators"]["nodes"]) == wanted
    for who in ("admin", "lead", "user"):
        for part in ("people { nodes { email } }", "collaborators { nodes { email } }"):
            errors = await at.client.errors(
                f"{{ account {{ {part} }} }}", token=at.tokens[who], account=at.account
            )
            assert errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED", (who, part)


async def test_the_log_shows_the_address_of_who_joined_to_the_owner_alone(at: Center) -> None:
    user = await make.user()
    invited = await at.act(
        "owner", "inviteCollaborator", "invitation { id } errors { code }",
        name="Vic", email=user["email"], profileId=at.profile("small"),
    )  # fmt: skip
    session = await make.session(user)
    text = "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { errors { code } } }"
    await at.client.ask(text, {"input": {"invitationId": invited["invitation"]["id"]}}, token=session)
    log = '{ account { auditLog(filter: {act: "acceptInvitation"}) { nodes { changes { field after } } } } }'

    results = {who: (await at.ask(who, log))["account"]["auditLog"]["nodes"][0] for who in ("owner", "admin")}

    shown = {"field": "Collaborator.email", "after": user["email"]}
    assert shown in results["owner"]["changes"]
    assert user["email"] not in str(
        [change for change in results["admin"]["changes"] if "Collaborator" in change["field"]]
    )


async def test_a_removed_collaborators_tokens_leave_the_list(at: Center) -> None:
    collaborator = await make.collaborator(at.account, at.profiles["small"], Role.USER)
    at.tokens["leaver"] = await Client.collaborator(collaborator)
    secret, _ = await created(at, "leaver")

    await at.act("owner", "removeCollaborator", collaboratorId=f"collaborator_{collaborator['id']}")

    assert (await at.ask("owner", TOKENS))["account"]["accessTokens"]["totalCount"] == 0
    assert not await works(at, secret)
