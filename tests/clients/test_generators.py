"""Clients that are generated from the schema, of npm and in Python, each typed, and run against a server."""

import asyncio
import json
import os
import re
import shutil
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from page import shown
from scene import HERE, PACKAGES, PYTHON, ROOT, Scene, needs_node, needs_python, output

from actions.documents import store
from centrals.commands.documents import read_documents
from extent import extent
from models import database

# `tsc` reads the types of the whole schema, which takes longer than all else here
in_the_long_run = pytest.mark.skipif(not extent(False, True), reason="a part of the long run")
FIRST, SECOND, REFUSED = ["S2", "S1"], ["S0"], [["BAD_INPUT", ["name"]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the schema, and with the programs that use the generated clients."""
    found = tmp_path_factory.mktemp("generated")
    shutil.copytree(HERE / "generated", found, dirs_exist_ok=True)
    shutil.copy(ROOT / "schema.graphql", found)
    (found / "node_modules").symlink_to(PACKAGES)
    for name, client in (("tada", "gql.tada."), ("genql", "genql.")):
        imports, body = _parts(shown(client, "ts"))
        names = "api: string, token: string, central: string"
        account = "account" if name == "genql" else "data.account"
        found_in = f"return {account}.sales?.nodes.map((sale) => sale.reference);"
        program = f"{imports}\nexport async function {name}Shown({names}) {{\n{body}\n{found_in}\n}}\n"
        (found / f"{name}_shown.ts").write_text(program)
    return found


def _parts(code: str) -> tuple[str, str]:
    """The imports of a program, and the rest."""
    lines = code.splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    return "\n".join(imports), "\n".join(line for line in lines if line not in imports)


def _shell(code: str, scene: Scene) -> list[str]:
    """The command for lines of the page that name its server and take a credential from the environment."""
    names = f"TOKEN={scene.member} CENTRAL={scene.central}"
    return ["sh", "-euc", f"export {names}\n{code.replace('http://localhost:8000/graphql', scene.url)}"]


def _with(path: Path) -> dict[str, str]:
    """The environment in which a folder's programs are found first."""
    return {"PATH": f"{path}:{os.environ['PATH']}"}


async def _node(folder: Path, program: str, *arguments: str) -> str:
    return await output(["node", PACKAGES / program, *arguments], folder)


@pytest.fixture(scope="module")
async def typed(scene: Scene, folder: Path) -> dict[str, Any]:
    """What the clients in TypeScript got, once `tsc` took them with the types that are expected of them."""
    await asyncio.gather(
        _node(folder, ".bin/gql.tada", "generate-output"),
        output(_shell(shown("genql.", "sh"), scene), folder, _with(PACKAGES / ".bin")),
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


async def _python(code: str, scene: Scene, folder: Path) -> str:
    """What a program of the page prints."""
    names = "import asyncio, sys\nsys.path.insert(0, '.')\napi, token, central = sys.argv[1:]\n"
    api = scene.url.removesuffix("/graphql")
    return await output([PYTHON / "python", "-c", names + code, api, scene.member, scene.central], folder)


@needs_node
@in_the_long_run
async def test_gql_tada_types_and_persists_documents(typed: dict[str, Any]) -> None:
    assert typed["tada"] == {
        "first": FIRST,
        "second": SECOND,
        "missing": [True, True],
        "refused": REFUSED,
        "renamed": "Tada",
        "shown": FIRST + SECOND,
    }


@needs_node
@in_the_long_run
async def test_gql_tadas_manifest_can_be_trusted(typed: dict[str, Any], folder: Path) -> None:
    await _node(folder, ".bin/gql.tada", "generate-persisted")

    assert list(read_documents(folder / "persisted.json")) == ["tada-page"]


@needs_node
@in_the_long_run
async def test_genql_has_what_a_credential_opens_and_nothing_else(typed: dict[str, Any]) -> None:
    hidden = typed["genql"].pop("hidden")

    assert typed["genql"] == {
        "first": FIRST,
        "second": SECOND,
        "refused": REFUSED,
        "renamed": "genql",
        "shown": FIRST + SECOND,
    }
    assert "taxNumber" in hidden


@needs_node
@in_the_long_run
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
    imports, body = _parts(shown("ariadne-codegen.", "python"))
    shown_there = f"{imports}\nasync def main():\n{indent(body, '    ')}\nasyncio.run(main())\n"
    assert await _python(shown_there, scene, folder) == f"{FIRST + SECOND}\n"


@needs_python
async def test_sgqlc_has_types_of_what_a_credential_opens(scene: Scene, folder: Path) -> None:
    await output(_shell(shown("sgqlc.", "sh"), scene), folder, _with(PYTHON))
    program = [PYTHON / "python", "with_sgqlc.py", scene.url, scene.member, scene.central]

    assert json.loads(await output(program, folder)) == {
        "first": FIRST,
        "second": SECOND,
        "hidden": False,
        "marked": {"name": "Aurora"},
        "refused": REFUSED,
        "renamed": "sgqlc",
    }
    shown_there = shown("sgqlc.", "python") + "print([sale.reference for sale in sales.nodes])\n"
    assert await _python(shown_there, scene, folder) == f"{FIRST + SECOND}\n"
