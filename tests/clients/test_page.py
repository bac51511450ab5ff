"""What `docs/clients.md` shows for clients on the web runs as it stands there, in one process of Node."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import build_schema, parse, validate
from page import documents, shown
from scene import HERE, PACKAGES, ROOT, Scene, needs_node, output

from actions.documents import store
from doorstep import PASSWORD, person
from models import database

SHOWN = {
    "relay": shown("Relay.", "js"),
    "apollo": shown("Apollo Client** 4", "js"),
    "urql": shown("urql.", "js"),
    "tanstack": shown("TanStack Query", "js"),
    "apollo-refresh": shown("Apollo Client** 4", "js", "Cookies"),
    "urql-refresh": shown("urql.", "js", "Cookies"),
    "fetch-refresh": shown("Relay** and others", "js", "Cookies"),
}
NAMES = "const { API: api, TOKEN: token, CENTRAL: central } = process.env;\n"
SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password, cookie: true}) { errors { code } } }"""


def test_the_documents_of_the_page_are_valid_on_the_committed_schema() -> None:
    schema = build_schema((ROOT / "schema.graphql").read_text(), assume_valid_sdl=True)

    assert len(documents()) == 3
    assert not [error for text in documents() for error in validate(schema, parse(text))]


async def _cookies_with_an_expired_token(url: str, count: int) -> list[dict[str, str]]:
    """What a browser has of a person's sign-ins whose access tokens have expired since."""
    user, found = await person(name="Ana"), []
    for _ in range(count):
        async with httpx.AsyncClient() as http:
            values = {"email": user["email"], "password": PASSWORD}
            answer = await http.post(url, json={"query": SIGN_IN, "variables": values})
            assert answer.json()["data"]["signIn"]["errors"] == []
            found.append(dict(http.cookies))
    expire = """UPDATE credentials SET expires_at = 1 WHERE kind = 'ACCESS'
        AND session_id IN (SELECT id FROM sessions WHERE user_id = ?)"""
    await database.transact(lambda: database.write(expire, (user["id"],)))
    return found


@pytest.fixture(scope="module")
async def results(scene: Scene, compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each client got, from one run."""
    folder = tmp_path_factory.mktemp("shown")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(PACKAGES)
    shutil.copy(ROOT / "docs" / "graphcache-keys.js", folder)
    for name, code in SHOWN.items():
        (folder / f"{name}.mjs").write_text(NAMES + code)
    await store.trust(json.loads((compiled / "relay-documents.json").read_text()))
    environment = {
        "PATH": os.environ["PATH"],
        "NODE_ENV": "development",
        "API": scene.url.removesuffix("/graphql"),
        "TOKEN": scene.member,
        "CENTRAL": scene.central,
        "STARTS": str(folder),
        "RELAY": str(compiled / "relay" / "__generated__"),
        "COOKIES": json.dumps(await _cookies_with_an_expired_token(scene.url, 3)),
    }
    try:
        found: dict[str, Any] = json.loads(await output(["node", HERE / "starts.mjs"], HERE, environment))
    finally:
        await database.transact(lambda: database.write("DELETE FROM documents"))
    return found


@needs_node
async def test_each_start_of_the_page_reads_sales(results: dict[str, Any]) -> None:
    references = ["S2", "S1", "S0"]

    assert results["relay"] == {"references": references, "name": "Aurora"}
    assert results["apollo"] == results["urql"] == {"references": references, "cached": references}
    assert results["tanstack"] == {"references": references}


@needs_node
@pytest.mark.parametrize("client", ["apollo", "urql", "fetch"])
async def test_a_refresh_link_of_the_page_keeps_an_expired_session_signed_in(
    results: dict[str, Any], client: str
) -> None:
    assert results[f"{client}Refreshes"] == {"name": "Ana", "statuses": [401, 200, 200]}
