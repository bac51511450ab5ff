"""Clients as they are, from npm, against one server: `make clients` installs them; without them, this is skipped."""

import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse, validate
from page import documents, shown
from scene import HERE, PACKAGES, ROOT, Scene, needs_node, output

import make
from actions.documents import store
from centrals.commands.documents import read_documents
from client import Client
from doorstep import visiting
from models import database

SCREEN = documents()[-1]
OPTIONAL = "query Tax { account { taxNumber @whenGranted @include(if: true) } }"
pytestmark = needs_node


@pytest.fixture(scope="module")
async def results(scene: Scene, compiled: Path) -> AsyncIterator[dict[str, Any]]:
    """What each client got, from one run."""
    await store.trust(json.loads((compiled / "relay-documents.json").read_text()))
    environment = {
        "PATH": os.environ["PATH"],
        "NODE_ENV": "development",
        "URL": scene.url,
        "TOKEN": scene.owner,
        "USER_TOKEN": scene.member,
        "CENTRAL": scene.central,
        "RELAY": str(compiled / "relay" / "__generated__"),
        "KEYS": str(ROOT / "docs" / "graphcache-keys.js"),
    }
    found = json.loads(await output(["node", HERE / "run.mjs"], HERE, environment))
    assert not {name: item["fault"] for name, item in found.items() if "fault" in item}
    yield found
    await database.transact(lambda: database.write("DELETE FROM documents"))


def _hashes(found: dict[str, Any]) -> list[tuple[bool, bool]]:
    """Whether each request had a query, and whether it had a hash."""
    return [(request["query"], request["hash"]) for request in found["requests"]]


async def test_apollo_4_sends_hashes_first_and_caches_what_a_viewer_lacks_as_null(
    results: dict[str, Any],
) -> None:
    found = results["apollo4"]

    assert found["data"]["account"]["taxNumber"] is None
    assert [sale["net"] for sale in found["data"]["account"]["sales"]["nodes"]] == [None, None]
    assert found["cached"] == found["data"]
    assert found["renamed"] == found["inCache"] == "Apollo"
    assert _hashes(found)[:3] == [(False, True), (True, True), (False, True)]
    assert found["batch"] == ["viewer", "account"]
    assert found["batches"][0] == 2
    assert found["error"] == "GRAPHQL_VALIDATION_FAILED"


async def test_apollo_3_gets_a_document_by_its_hash(results: dict[str, Any]) -> None:
    assert results["apollo3"]["data"]["account"]["name"] == results["apollo3"]["again"] == "Aurora"
    assert _hashes(results["apollo3"]) == [(False, True), (True, True), (False, True)]


async def test_urql_caches_with_the_keys_that_are_ready(results: dict[str, Any]) -> None:
    found = results["urql"]

    assert (found["error"], found["warnings"]) == (None, [])
    assert len(found["data"]["account"]["sales"]["nodes"]) == 2
    assert found["cached"] == "urql"
    assert _hashes(found)[:2] == [(False, True), (True, True)]


async def test_relay_pages_the_accounts_sales_by_trusted_documents(results: dict[str, Any]) -> None:
    found = results["relay"]

    assert found["name"] == "Aurora"
    assert found["before"] == {"references": ["S2", "S1"], "hasNext": True}
    assert found["after"] == {"references": ["S2", "S1", "S0"], "hasNext": False}
    assert found["renamed"] == "Relay"
    assert all(found["named"])


async def test_tanstack_query_and_graphql_request_work(results: dict[str, Any]) -> None:
    assert results["tanstack"]["data"]["account"]["name"] == "Aurora"
    assert results["tanstack"]["error"] == "GRAPHQL_VALIDATION_FAILED"


def test_relays_documents_are_valid_on_the_committed_schema(compiled: Path) -> None:
    schema = build_schema((ROOT / "schema.graphql").read_text(), assume_valid_sdl=True)
    documents = json.loads((compiled / "relay-documents.json").read_text())

    assert len(documents) == 5
    assert not [error for text in documents.values() for error in validate(schema, parse(text))]


async def test_codegens_client_preset_makes_documents_that_can_be_trusted(
    database_url: str, compiled: Path
) -> None:
    (compiled / "codegen.json").write_text(shown("GraphQL Code Generator.", "json"))
    (compiled / "src").mkdir()
    (compiled / "src" / "screen.graphql").write_text(SCREEN + OPTIONAL)
    command = ["node", PACKAGES / ".bin" / "graphql-codegen", "--config", "codegen.json"]
    await output(command, compiled)

    documents = read_documents(compiled / "src" / "gql" / "persisted-documents.json")
    await store.trust(documents)
    account = await make.account()
    async with visiting() as client:
        answer = await client.http.post(
            "/graphql",
            json={
                "documentId": next(name for name, text in documents.items() if "Dashboard" in text),
                "variables": {"period": {"from": "2026-01-01", "to": "2026-01-31"}},
            },
            headers={
                "authorization": f"Bearer {await Client.owner(account)}",
                "x-central": f"central_{account['id']}",
            },
        )

    assert answer.json()["data"]["account"]["name"] == account["name"]
    types = (compiled / "src" / "gql" / "graphql.ts").read_text()
    assert "export type DashboardQuery" in types
    assert re.search(r"type TaxQuery = .*taxNumber\?: string \| null", types)
