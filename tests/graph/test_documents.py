"""Documents that requests name: automatic persisted queries, and the operator's trusted ones."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

import make
from actions.documents import store
from actions.documents.store import DocumentKind, Registrar
from authz.grant import Grant
from client import SETTINGS, Client
from doorstep import PLAIN, RESPONSE, person, visiting
from models import database

NAME = "{ instance { name } }"
NAMED = {"data": {"instance": {"name": "Centrals"}}}
NOT_FOUND = {
    "errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}]
}


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def persisted(text: str, **parts: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha(text)}}, **parts}


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting(apart=True) as found:
        await database.transact(lambda: database.write("DELETE FROM documents"))
        yield found


async def send(
    visitor: Client, body: Any, token: str | None = None, accept: str = PLAIN, **headers: str
) -> Any:
    sent = {"accept": accept, **headers} | ({"authorization": f"Bearer {token}"} if token else {})
    return await visitor.http.post("/graphql", json=body, headers=sent)


# Automatic persisted queries


@pytest.mark.parametrize("accept", [PLAIN, RESPONSE])
async def test_a_hash_is_not_found_until_its_document_is_sent(visitor: Client, accept: str) -> None:
    first = await send(visitor, persisted(NAME), accept=accept)
    second = await send(visitor, persisted(NAME, query=NAME), accept=accept)
    third = await send(visitor, persisted(NAME), accept=accept)

    assert (first.status_code, first.json()) == (200, NOT_FOUND)
    assert [item.json() for item in (second, third)] == [NAMED, NAMED]


async def test_processes_share_what_clients_sent(visitor: Client) -> None:
    await send(visitor, persisted(NAME, query=NAME))

    async with visiting(apart=True) as other:
        assert (await send(other, persisted(NAME))).json() == NAMED


async def test_a_known_hash_takes_no_statement(visitor: Client) -> None:
    await send(visitor, persisted(NAME, query=NAME))

    with database.observed() as statements:
        await send(visitor, persisted(NAME))

    assert statements == []


async def test_a_hash_that_is_not_of_its_document_is_refused(visitor: Client) -> None:
    wrong = await send(visitor, persisted("{ __typename }", query=NAME), accept=RESPONSE)

    assert wrong.status_code == 400
    assert wrong.json()["errors"][0]["message"] == "provided sha does not match query"
    assert (await send(visitor, persisted(NAME))).json() == NOT_FOUND


async def test_a_get_of_a_hash_is_answered_as_a_post_is(visitor: Client) -> None:
    parameters = {"extensions": f'{{"persistedQuery":{{"version":1,"sha256Hash":"{sha(NAME)}"}}}}'}
    first = await visitor.http.get("/graphql", params=parameters)
    await visitor.http.get("/graphql", params=parameters | {"query": NAME})
    second = await visitor.http.get("/graphql", params=parameters)

    assert [first.json(), second.json()] == [NOT_FOUND, NAMED]


async def test_a_document_that_is_refused_is_not_stored(visitor: Client) -> None:
    for text in ("{ nothing }", "{", "{ account { id } }"):
        assert "errors" in (await send(visitor, persisted(text, query=text))).json()

        assert (await send(visitor, persisted(text))).json() == NOT_FOUND


async def test_nobody_learns_from_a_hash_what_viewers_with_other_gates_use(visitor: Client) -> None:
    account = await make.account()
    collaborator = await make.collaborator(account, await make.profile(account, [Grant.SEARCH_SALES]))
    central = {"x-central": f"central_{account['id']}"}
    owners, users = await Client.owner(account), await Client.collaborator(collaborator)
    for text in ("{ account { taxNumber } }", "{ account { name taxNumber @whenGranted } }"):
        assert "errors" not in (await send(visitor, persisted(text, query=text), owners, **central)).json()

        assert (await send(visitor, persisted(text), users, **central)).json() == NOT_FOUND
        assert "data" in (await send(visitor, persisted(text), owners, **central)).json()


async def test_a_sign_in_by_hash_works_beside_an_expired_token(visitor: Client) -> None:
    user = await person()
    text = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } errors { code } } }"
    body = persisted(
        text, variables={"input": {"email": user["email"], "password": "a password of enough characters"}}
    )
    expired = await make.session(user, ended=True)

    first = await send(visitor, body, expired)
    second = await send(visitor, body | {"query": text}, expired)
    third = await send(visitor, body, expired)

    assert first.json() == NOT_FOUND
    signed_in = {"data": {"signIn": {"viewer": {"id": f"user_{user['id']}"}, "errors": []}}}
    assert [second.json(), third.json()] == [signed_in, signed_in]
    assert (await send(visitor, persisted(NAME, query=NAME), expired)).status_code == 401


async def test_what_is_stored_of_clients_is_bounded(visitor: Client) -> None:
    registrar = Registrar({DocumentKind.SIGNED_OUT: 5_000, DocumentKind.AUTOMATIC: 5_000}, step=1)
    for number in range(20):
        text = f"{{ a{number}: __typename }}"
        await registrar.register(sha(text), text, "scope", signed_in=number % 2 == 0)

    rows = await database.read(
        "SELECT kind, SUM(size) AS total, MAX(text) AS last FROM documents GROUP BY kind"
    )
    assert {row["kind"] for row in rows} == {"SIGNED_OUT", "AUTOMATIC"}
    assert all(4_000 < row["total"] <= 5_000 for row in rows)
    assert await store.automatic_text(sha("{ a19: __typename }"), "scope", signed_in=False) is not None


# Trusted documents


@pytest.fixture
async def trusting(visitor: Client) -> AsyncIterator[Client]:
    """Answers trusted documents alone."""
    async with visiting(replace(SETTINGS, trusted_documents=True), apart=True) as found:
        await store.trust({"screen": NAME, sha("{ __typename }"): "{ __typename }"})
        yield found


@pytest.mark.parametrize("member", ["documentId", "doc_id"])
async def test_a_trusted_document_is_answered_by_its_id(
    trusting: Client, visitor: Client, member: str
) -> None:
    for server in (trusting, visitor):
        assert (await send(server, {member: "screen"})).json() == NAMED
        assert (await server.http.get("/graphql", params={member: "screen"})).json() == NAMED
        assert (await send(server, {"documentId": f"sha256:{sha('{ __typename }')}"})).json() == {
            "data": {"__typename": "Query"}
        }
        assert (await send(server, persisted("{ __typename }"))).json() == {"data": {"__typename": "Query"}}


async def test_an_id_of_no_document_is_refused(trusting: Client) -> None:
    answer = await send(trusting, {"documentId": "nothing"}, accept=RESPONSE)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "There is no trusted document with this documentId."


async def test_other_documents_are_refused_where_only_trusted_ones_are_answered(trusting: Client) -> None:
    other = "{ instance { version } }"

    assert (await send(trusting, {"query": NAME})).json() == NAMED  # it is trusted, whoever sends it
    assert (await send(trusting, persisted(other))).json() == NOT_FOUND
    for body in ({"query": other}, persisted(other, query=other), {"query": "{"}):
        answer = await send(trusting, body)
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNTRUSTED_DOCUMENT"
    assert (await send(trusting, persisted(other))).json() == NOT_FOUND


async def test_a_trusted_document_tells_nobody_what_it_selects(visitor: Client) -> None:
    account = await make.account()
    collaborator = await make.collaborator(account, await make.profile(account, []))
    central = {"x-central": f"central_{account['id']}"}
    await store.trust(
        {"strict": "{ account { taxNumber } }", "marked": "{ account { name taxNumber @whenGranted } }"}
    )
    token = await Client.collaborator(collaborator)

    strict = await send(visitor, {"documentId": "strict"}, token, **central)
    marked = await send(visitor, {"documentId": "marked", "extensions": {"absent": True}}, token, **central)
    owners = await send(visitor, {"documentId": "strict"}, await Client.owner(account), **central)

    assert strict.json()["errors"] == [
        {
            "message": "The document is not valid on your schema: it selects what you do not have.",
            "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
        }
    ]
    assert marked.json() == {"data": {"account": {"name": account["name"]}}}
    assert owners.json()["data"]["account"]["taxNumber"] == account["tax_number"]


async def test_a_document_that_is_no_longer_trusted_is_not_found(visitor: Client) -> None:
    await store.trust({"screen": NAME})

    assert await store.distrust(["screen", "nothing"]) == 1

    assert (await send(visitor, {"documentId": "screen"})).json()["errors"][0]["extensions"] == {
        "code": "PERSISTED_QUERY_NOT_FOUND"
    }


# Faults


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"documentId": "a", "query": NAME}, "Send either a query or a documentId, not both."),
        ({"documentId": ""}, "A documentId has 1 to 200 characters."),
        ({"documentId": "a" * 201}, "A documentId has 1 to 200 characters."),
        ({}, "The request has neither a query nor a documentId."),
        ({"query": None}, "The request has neither a query nor a documentId."),
        (
            {"extensions": {"persistedQuery": True}},
            "extensions.persistedQuery must be an object with the version 1.",
        ),
        (
            {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "a" * 64}}},
            "extensions.persistedQuery must be an object with the version 1.",
        ),
        (
            {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "A" * 64}}},
            "extensions.persistedQuery.sha256Hash must be a SHA-256 in lowercase hexadecimal.",
        ),
    ],
)  # fmt: skip
async def test_a_document_that_is_badly_named_is_refused(visitor: Client, body: Any, message: str) -> None:
    answer: httpx.Response = await send(visitor, body)

    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, message)
