"""Every object with an id of its own is a node: whoever sees it finds it by its id, and nobody else does."""

from dataclasses import replace
from typing import Any

import pytest
from graphql import GraphQLObjectType

import make
from authz.grant import Grant
from client import SETTINGS, Client
from doorstep import visiting
from graph.schema import full_schema
from models import database
from models.vocabulary import Role

SUMMARIES = {"TeamSummary", "ProfileHolder", "CreditHolder"}
"""Types that repeat the id of a team or a person, whose own types are nodes."""
SETTINGS_OF_TOOLS = {"TrackingPixels"}
OWN = "{ viewer { id centrals { id } sessions { id } tokens { id } invitations { id } } }"


def test_every_type_with_an_id_is_a_node() -> None:
    kinds = [kind for kind in full_schema()._schema.type_map.values() if isinstance(kind, GraphQLObjectType)]
    with_id = {kind.name for kind in kinds if "id" in kind.fields}
    nodes = {kind.name for kind in kinds if any(interface.name == "Node" for interface in kind.interfaces)}

    assert with_id - nodes == SUMMARIES | SETTINGS_OF_TOOLS


async def _invite(account: dict[str, Any], email: str) -> None:
    profile = await make.profile(account)
    row = {
        "id": database.new_id(), "account_id": account["id"], "email": email, "name": "Invited",
        "profile_id": profile["id"], "role": Role.USER, "status": "PENDING", "token_digest": database.new_id(),
        "inviter_id": account["owner_id"], "created_at": database.now(), "expires_at": database.now() + 3_600_000,
    }  # fmt: skip
    await database.transact(lambda: database.insert("invitations", row))


async def _own(client: Client) -> tuple[dict[str, Any], str, dict[str, str]]:
    """Someone with an account, their token, and the ids of what is their own, by type."""
    user = await make.user()
    account = await make.account(user)
    await make.access_token(account, {"user_id": user["id"]}, [Grant.SEARCH_SALES], [])
    await _invite(await make.account(), user["email"])
    token = await make.session(user)
    viewer = (await client.ask(OWN, token=token))["viewer"]
    ids = {
        "Viewer": viewer["id"],
        "Central": viewer["centrals"][0]["id"],
        "Session": viewer["sessions"][0]["id"],
        "AccessToken": viewer["tokens"][0]["id"],
        "OpenInvitation": viewer["invitations"][0]["id"],
    }
    return account, token, ids


@pytest.mark.parametrize("inside", [False, True], ids=["in no central", "in a central"])
async def test_someone_finds_what_is_their_own_in_one_statement_each(client: Client, inside: bool) -> None:
    account, token, ids = await _own(client)
    who = {"token": token, "account": account if inside else None}
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    await client.ask(query, {"ids": []}, **who)

    with database.observed() as statements:
        found = await client.ask(query, {"ids": list(ids.values()) * 2}, **who)

    expected = [{"__typename": kind, "id": item} for kind, item in ids.items()]
    assert found["nodes"] == expected * 2
    # the viewer is told by the statement that identifies them; tokens and invitations can be the account's, too
    assert len(statements) == len(ids) + (2 if inside else 0)


async def test_nobody_finds_what_is_someone_elses(client: Client) -> None:
    account, _, ids = await _own(client)
    ids["Account"] = f"account_{account['id']}"
    other, token, _ = await _own(client)
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }"

    for who in ({"token": token}, {"token": token, "account": other}):
        assert await client.ask(query, {"ids": list(ids.values())}, **who) == {"nodes": [None] * len(ids)}


async def test_an_owner_finds_a_collaborators_token_while_it_is_valid(client: Client) -> None:
    account = await make.account()
    await make.access_token(account, await make.collaborator(account), [], [])
    who = {"token": await Client.owner(account), "account": account}
    listed = await client.ask("{ account { accessTokens { nodes { id } } } }", **who)
    token_id = listed["account"]["accessTokens"]["nodes"][0]["id"]
    query = f'{{ node(id: "{token_id}") {{ __typename ... on CollaboratorAccessToken {{ person {{ name }} }} }} }}'

    before = await client.ask(query, **who)
    row = token_id.removeprefix("token_")
    await database.transact(
        lambda: database.write("UPDATE access_tokens SET expires_at = 1 WHERE id = ?", (row,))
    )

    assert before["node"]["__typename"] == "CollaboratorAccessToken"
    assert await client.ask(query, **who) == {"node": None}


async def test_the_next_page_of_an_accounts_list_is_fetched_by_the_accounts_id(database_url: str) -> None:
    account = await make.account()
    product = await make.product(account)
    for _ in range(3):
        await make.sale(account, product)
    query = """query Page($id: ID!, $first: Int, $after: String) { node(id: $id) { __typename id
      ... on Account { name sales(first: $first, after: $after) {
        totalCount edges { cursor node { id product { name } } } pageInfo { endCursor hasNextPage } } } } }"""

    async with visiting(replace(SETTINGS, show_access=True)) as client:
        who = {"token": await Client.owner(account), "account": account}
        (found,) = [await client.ask("{ account { id } }", **who)]
        pages, after = [], None
        for _ in range(2):
            response = await client.post(
                query, {"id": found["account"]["id"], "first": 2, "after": after}, **who
            )
            body = response.json()
            assert body["extensions"]["access"]["execution"] == "compiled"
            pages.append(body["data"]["node"]["sales"])
            after = pages[-1]["pageInfo"]["endCursor"]

    ids = [edge["node"]["id"] for page in pages for edge in page["edges"]]
    assert len(set(ids)) == 3
    assert [page["pageInfo"]["hasNextPage"] for page in pages] == [True, False]
