"""Every object with an id of its own is a node: whoever sees it finds it by its id, and nobody else does."""

from collections.abc import Iterator
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
from small_shop import Shop

OWN = "{ viewer { id centrals { id } sessions { id } tokens { id } invitations { id } } }"


EVERYTHING = """{
  viewer { ...id centrals { ...id } sessions { ...id } tokens { ...id } invitations { ...id }
    twoFactor { passkeys { ...id } } }
  account { ...id profiles { ...id } teams { ...id members { person { ...id } } }
    sales { nodes { ...id product { ...id } offer { ...id } team { ...id } assignee { ...id } } }
    products { nodes { ...id offers { ...id } } } refundRequests { nodes { ...id } }
    withdrawals { nodes { ...id } } ledgerEntries { nodes { ...id } }
    subscriptions { nodes { ...id requests { ...id } } } opportunities { nodes { ...id } }
    notices { nodes { ...id } }
    collaborators { nodes { ...id profile { ...id } } } invitations { nodes { ...id } } people { nodes { ...id } }
    accessTokens { nodes { ...id } } credentials { nodes { ...id } }
    webhooks { nodes { ...id } } deliveries { nodes { ...id } } reportSchedules { nodes { ...id } } auditLog { nodes { ...id } } intake { nodes { ...id } } } }
fragment id on Node { __typename id }"""
TOOLS = """query ($product: ID!) {
  account { targets { nodes { ...id } }
    tools { trackingPixels(product: $product) { ...id } subscriptionRules { ...id } distribution { ...id }
      integrations { nodes { ...id } } integrationDeliveries { nodes { ...id } } } } }
fragment id on Node { __typename id }"""
BY_IDS = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


def _types_with_an_id() -> set[str]:
    kinds = [kind for kind in full_schema()._schema.type_map.values() if isinstance(kind, GraphQLObjectType)]
    found = {kind.name for kind in kinds if "id" in kind.fields}
    assert found == {
        kind.name for kind in kinds if any(interface.name == "Node" for interface in kind.interfaces)
    }
    return found


def _nodes_in(value: Any) -> Iterator[dict[str, str]]:
    """The objects in an answer that have an id."""
    if isinstance(value, list):
        for item in value:
            yield from _nodes_in(item)
    elif isinstance(value, dict):
        if "id" in value:
            yield {"__typename": value["__typename"], "id": value["id"]}
        yield from _nodes_in(list(value.values()))


async def test_every_object_with_an_id_is_found_by_it(shop: Shop) -> None:
    owner = {"id": shop.users["owner"]}
    await make.access_token(shop.account, {"user_id": owner["id"]}, [], [])
    await make.access_token(
        shop.account, {"user_id": shop.users["ana"], "id": shop.collaborators["ana"]}, [], []
    )
    await make.api_credential(shop.account, owner["id"])
    await make.delivery(shop.account, await make.webhook(shop.account, owner["id"]))
    integration, _ = await make.integration(shop.account, owner["id"])
    await make.delivery(shop.account, integration, receiver_kind="INTEGRATION")
    await _invite(shop.account, shop.email("invited"))
    await _invite(await make.account(), shop.email("owner"))
    await _add_passkey(owner["id"])
    await _notify(shop)
    row = {
        "id": database.new_id(), "account_id": shop.account["id"], "amount": 1, "currency": "BRL",
        "status": "PAID", "bank_kind": "IBAN", "bank_ending": "3000", "bank_holder": "O.", "usable_from": 1,
        "requested_at": 1, "requested_by_id": owner["id"], "requested_by_owner": True,
        "requested_by_name": "Olga",
    }  # fmt: skip
    await database.transact(lambda: database.insert("withdrawals", row))
    shop.clock.set("07-05 12:00")
    assert await shop.code("owner", "requestRefund", reference="S07", reason="REGRET") is None
    assert await shop.code("owner", "cancelSubscription", code="K1", reason="PRICE") is None
    assert await shop.code("owner", "scheduleReport", report="revenue", frequency="WEEKLY") is None
    who = {"token": await shop.token("owner"), "account": shop.account}
    (product,) = (await shop.read("owner", "products(first: 1) { nodes { id } }"))["nodes"]

    listed = [
        await shop.client.ask(EVERYTHING, **who),
        await shop.client.ask(TOOLS, {"product": product["id"]}, **who),
    ]

    objects = list({node["id"]: node for node in _nodes_in(listed)}.values())
    ids = [node["id"] for node in objects]
    assert {node["__typename"] for node in objects} == _types_with_an_id()
    found = [
        node
        for start in range(0, len(ids), 100)
        for node in (await shop.client.ask(BY_IDS, {"ids": ids[start : start + 100]}, **who))["nodes"]
    ]
    assert found == objects


async def _notify(shop: Shop) -> None:
    row = {
        "id": database.new_id(), "account_id": shop.account["id"], "user_id": shop.users["owner"],
        "kind": "MENTION", "sale_id": await shop.sale_id("S01"), "at": 1,
    }  # fmt: skip
    await database.transact(lambda: database.insert("notices", row))


async def _add_passkey(user_id: str) -> None:
    row = {
        "id": database.new_id(), "user_id": user_id, "name": "Phone", "credential_id": database.new_id(),
        "credential_digest": database.new_id(),
        "public_key": "", "sign_count": 0, "created_at": 1,
    }  # fmt: skip
    await database.transact(lambda: database.insert("passkeys", row))


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
    # on PostgreSQL, the first read of a known query identifies them beside
    together = database.dialect() == "postgres"
    assert len(statements) == len(ids) + (2 if inside else 0) - together


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
