"""Trusted documents on the command line: from each kind of manifest, and only valid ones."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import databases
from zygote import launcher

SCREEN = "query Screen { account { name taxNumber @whenGranted } }"
MANIFESTS = {
    "relay": {"abc": SCREEN},
    "client preset": {"sha256:abc": SCREEN},
    "apollo": {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [{"id": "abc", "name": "Screen", "type": "query", "body": SCREEN}],
    },
    "kotlin": {"abc": {"name": "Screen", "source": SCREEN}},
}


def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{folder}/centrals.sqlite3"}
    return subprocess.run(
        [*launcher(), *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
        cwd=folder,
    )


async def test_documents_are_added_listed_and_removed(tmp_path: Path, shared_folder: Path) -> None:
    shutil.copyfile(await databases.migrated_file(shared_folder), tmp_path / "centrals.sqlite3")
    files = []
    for name, manifest in MANIFESTS.items():
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(manifest))
        files.append(str(file))
    (tmp_path / "screen.graphql").write_text(SCREEN)

    added = run(tmp_path, "documents", "add", "--json", *files, str(tmp_path / "screen.graphql"))
    listed = run(tmp_path, "documents", "list", "--json")
    removed = run(tmp_path, "documents", "remove", "abc", "nothing")

    ids = ["abc", hashlib.sha256(SCREEN.encode()).hexdigest(), "sha256:abc"]
    assert json.loads(added.stdout) == {"added": sorted(ids)}
    assert {
        document["id"]: document["document"] for document in json.loads(listed.stdout)["documents"]
    } == dict.fromkeys(ids, SCREEN)
    assert removed.stdout == "1 documents were removed.\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "is neither a manifest that is known nor a document."),
        ('{"a": 1}', "is neither a manifest that is known nor a document."),
        ('{"a": "{ nothing }"}', "a: Cannot query field 'nothing' on type 'Query'."),
        ('{"a": "{"}', "a: Syntax Error: Expected Name, found <EOF>."),
    ],
)
def test_a_file_of_no_documents_is_refused(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "manifest.json"
    file.write_text(content)

    done = run(tmp_path, "documents", "add", str(file))

    assert done.returncode == 1
    assert done.stderr.strip().endswith(message)
