"""GraphiQL's committed bundle: it is what its sources and locked packages give, and comes from nowhere else."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import graph
from client import Client

ROOT = Path(__file__).parents[2]
BUILT = Path(graph.__file__).parent / "http" / "graphiql_static" / "built"
SOURCES = ROOT / "graphiql"


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.skipif(
    shutil.which("node") is None or not (SOURCES / "node_modules").is_dir(),
    reason="Node or GraphiQL's packages are not here: make graphiql",
)
def test_the_bundle_is_what_its_sources_and_locked_packages_give(tmp_path: Path) -> None:
    done = subprocess.run(
        ["node", SOURCES / "build.mjs", tmp_path / "built"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    old = _contents(BUILT)
    assert {
        name for name, content in _contents(tmp_path / "built").items() if old.pop(name, b"") != content
    } == set()
    assert old == {}


def test_its_packages_are_locked_without_the_host_of_a_registry() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text())
    wanted = json.loads((SOURCES / "package.json").read_text())

    assert [name for name, item in lock["packages"].items() if "resolved" in item] == []
    assert all(item.get("integrity") for name, item in lock["packages"].items() if name)
    assert all(
        version[0].isdigit()
        for kind in ("dependencies", "devDependencies")
        for version in wanted[kind].values()
    )


def test_it_is_small_and_carries_its_licenses() -> None:
    text = (BUILT / "LICENSES.txt").read_text()

    assert sum(map(len, _contents(BUILT).values())) < 6_500_000
    assert {"graphiql 5", "monaco-editor 0", "react 19", "graphql-ws 6"} <= {
        " ".join(part.split(" ", 1)).split(".")[0] for part in text.splitlines() if " " in part
    }


async def test_each_page_has_a_nonce_of_its_own_and_files_by_hash_last(client: Client) -> None:
    pages = [await client.http.get("/graphql", headers={"accept": "text/html"}) for _ in range(2)]
    policies = [page.headers["content-security-policy"] for page in pages]
    lasting = next(file.name for file in BUILT.glob("chunk-*.js"))

    assert policies[0] != policies[1]
    assert all("script-src 'self';" in policy for policy in policies)
    for page, policy in zip(pages, policies, strict=True):
        assert page.text.split('nonce="')[1].split('"')[0] in policy
    script, chunk = [await client.http.get(f"/graphiql/built/{name}") for name in ("app.js", lasting)]
    assert (script.status_code, chunk.status_code) == (200, 200), (
        script.text[:300],
        lasting,
        chunk.text[:300],
    )
    assert script.headers["cache-control"] == "no-cache"
    assert "immutable" in chunk.headers["cache-control"]
