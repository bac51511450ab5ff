"""`centrals explain`, as whoever runs the server types it."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import make
from authz.grant import Grant
from doorstep import SECRET_KEY
from models import database
from zygote import launcher

QUERY = """query ($n: Int) { account { name sales(first: $n) { nodes { reference product { name } } }
  profiles { name changes(grants: [SEARCH_SALES]) { added } } } __typename }"""


class Explaining:
    """Runs the command on a database that has an account."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY}

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*launcher(), "explain", *words], capture_output=True, text=True, timeout=120, check=False,
            env=self.environment, cwd=self.folder,
        )  # fmt: skip

    def prints(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refuses(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr.strip()


async def planted(url: str) -> dict[str, Any]:
    """An account with an owner, a collaborator who searches sales, and a sale."""
    async with database.connected(url):
        owner = await make.user()
        account = await make.account(owner)
        profile = await make.profile(account, grants=[Grant.SEARCH_SALES])
        collaborator = await make.collaborator(account, profile)
        await make.sale(account)
        rows = await database.read("SELECT email FROM users WHERE id = ?", (collaborator["user_id"],))
    return {"owner": owner["email"], "collaborator": rows[0]["email"], "central": f"central_{account['id']}"}


async def test_a_query_is_explained_for_a_person(migrated_url: str, tmp_path: Path) -> None:
    people = await planted(migrated_url)
    command = Explaining(migrated_url, tmp_path)
    at = ("--central", people["central"])

    whole = command.prints(QUERY, "--as", people["owner"], *at, "--variables", '{"n": 5}')
    compiled = command.prints(
        "{ account { sales(first: 5) { nodes { id } } } }", "--as", people["collaborator"], *at
    )
    mutation = command.prints("mutation { signOut { signedOut } }", "--as", people["owner"])

    mark = "$1" if "postgres" in migrated_url else "?"
    assert "Cost: 175 of " in whole  # a variable counts the rows that it asks for
    assert "account.sales: 5 rows, 20" in whole
    assert "Execution: standard executor (arguments on a row: Profile.changes)" in whole
    assert "  arguments on a row: Profile.changes\n    A field of a row with arguments" in whole
    assert f"r.account_id = {mark}" in whole
    assert "Execution: compiled" in compiled
    assert "Not compiled: nothing" in compiled
    assert "assignee_id" in compiled  # the reach of a user, not of the owner
    assert "async def plan(run):" in compiled
    assert "'sale_' + r[0]" in compiled
    assert "not a query" in mutation
    assert "Statements: not run." in mutation


async def test_what_cannot_be_explained_is_said_in_a_sentence(migrated_url: str, tmp_path: Path) -> None:
    people = await planted(migrated_url)
    command = Explaining(migrated_url, tmp_path)
    query, at = "{ account { privacy } }", ("--central", people["central"])

    assert "There is no user nobody@example.com." in command.refuses(query, "--as", "nobody@example.com", *at)
    assert "or" in command.refuses(query, "--as", people["owner"], "--central", database.new_id())
    assert "Cannot query field 'privacy'" in command.refuses(query, "--as", people["collaborator"], *at)
    assert "not a JSON object" in command.refuses(query, "--as", people["owner"], "--variables", "[1]")
    assert "Syntax Error" in command.refuses("{", "--as", people["owner"], *at)


@pytest.mark.parametrize("words", [("{ __typename }",), ()])
def test_a_query_and_a_person_are_needed(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = Explaining(f"sqlite:///{tmp_path / 'none.sqlite3'}", tmp_path).run(*words)

    assert done.returncode == 2
    assert "Missing" in done.stderr
