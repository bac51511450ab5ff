"""Clients that are generated from the schema, of npm and in Python, each typed, and run against a server."""

import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from scene import HERE, PACKAGES, PYTHON, ROOT, Scene, needs_node, needs_python, output

from actions.documents import store
from centrals.commands.documents import read_documents
from extent import extent
from models import database

FIRST, SECOND, REFUSED = ["S2", "S1"], ["S0"], [["BAD_INPUT", ["name"]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the schema, and with the programs that use the generated clients."""
    found = tmp_path_factory.mktemp("generated")
    shutil.copytree(HERE / "generated", found, dirs_exist_ok=True)
    shutil.copy(ROOT / "schema.graphql", found)
    (found / "node_modules").symlink_to(PACKAGES)
    return found


async def _node(folder: Path, program: str, *arguments: str) -> str:
    return await output(["node", PACKAGES / program, *arguments], folder)


@pytest.fixture(scope="module")
async def typed(scene: Scene, folder: Path) -> dict[str, Any]:
    """What the clients in TypeScript got, once `tsc` took them with the types that are expected of them."""
    credential = ["-H", f"Authorization: Bearer {scene.member}", "-H", f"X-Central: {scene.central}"]
    genql = PACKAGES / "@genql" / "cli" / "dist" / "cli.js"
    await asyncio.gather(
        _node(folder, ".bin/gql.tada", "generate-output"),
        output(
            [
                "node",
                genql,
                "--endpoint",
                scene.url,
                *credential,
                "--output",
                "own",
            ],
            folder,
        ),
    )
    await _node(folder, "typescript/bin/tsc", "--project", ".")
    page = re.search(r"graphql\(`(\s+query TadaPage.*?)`", (folder / "tada.ts").read_text(), re.DOTALL)
    assert page is not None
    await store.trust({"tada-page": page[1]})
    try:
        program = ["node", "out/main.js", scene.url, scene.member, scene.central]
        found: dict[str, Any] = json.loads(await output(program, folder))
    finally:
        await database.transact(lambda: database.write("DELETE FROM documents"))
    return found


@needs_node
async def test_gql_tada_types_and_persists_documents(typed: dict[str, Any]) -> None:
    assert typed["tada"] == {
        "first": FIRST,
        "second": SECOND,
        "missing": [True, True],
        "refused": REFUSED,
        "renamed": "Tada",
    }


@needs_node
@pytest.mark.skipif(not extent(False, True), reason="a part of the long run")
async def test_gql_tadas_manifest_can_be_trusted(typed: dict[str, Any], folder: Path) -> None:
    await _node(folder, ".bin/gql.tada", "generate-persisted")

    assert list(read_documents(folder / "persisted.json")) == ["tada-page"]


@needs_node
async def test_genql_has_what_a_credential_opens_and_nothing_else(typed: dict[str, Any]) -> None:
    hidden = typed["genql"].pop("hidden")

    assert typed["genql"] == {"first": FIRST, "second": SECOND, "refused": REFUSED, "renamed": "genql"}
    assert "taxNumber" in hidden


@needs_node
@pytest.mark.skipif(not extent(False, True), reason="a part of the long run")
async def test_genql_takes_the_whole_schema(typed: dict[str, Any], folder: Path) -> None:
    genql = "@genql/cli/dist/cli.js"
    await _node(folder, genql, "--schema", "schema.graphql", "--output", "whole")
    own = "{ account: { taxNumber: true, sales: { nodes: { net: { amount: true } } } } }"
    (folder / "use.ts").write_text(
        f'import {{ createClient }} from "./whole";\nexport const found = createClient().query({own});\n'
    )

    strict = ["--strict", "--skipLibCheck", "--noEmit", "--module", "commonjs"]
    await _node(folder, "typescript/bin/tsc", *strict, "use.ts")


@needs_python
async def test_ariadnes_client_has_none_for_what_a_viewer_lacks(scene: Scene, folder: Path) -> None:
    await output([PYTHON / "ariadne-codegen", "--config", "ariadne.toml"], folder)
    program = [PYTHON / "python", "with_ariadne.py", scene.url, scene.member, scene.central]

    assert json.loads(await output(program, folder)) == {
        "first": FIRST,
        "second": SECOND,
        "missing": [True, True],
        "refused": REFUSED,
        "renamed": "Ariadne",
    }


@needs_python
async def test_sgqlc_has_types_of_what_a_credential_opens(scene: Scene, folder: Path) -> None:
    credential = ["-H", f"Authorization: Bearer {scene.member}", "-H", f"X-Central: {scene.central}"]
    introspect = [PYTHON / "python", "-m", "sgqlc.introspection", *credential, scene.url, "own.json"]
    await output(introspect, folder)
    await output([PYTHON / "sgqlc-codegen", "schema", "own.json", "own.py"], folder)
    program = [PYTHON / "python", "with_sgqlc.py", scene.url, scene.member, scene.central]

    assert json.loads(await output(program, folder)) == {
        "first": FIRST,
        "second": SECOND,
        "hidden": False,
        "marked": {"name": "Aurora"},
        "refused": REFUSED,
        "renamed": "sgqlc",
    }
