"""What the operator sees of the intake, and reading it anew."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

import databases
from doorstep import PASSWORD, inherited
from models import database
from zygote import launcher

SECRET = "a-secret-of-the-tests"


class Result:
    """What a command printed, and its exit code."""

    def __init__(self, done: "subprocess.CompletedProcess[str]") -> None:
        self.exit_code, self.stdout, self.output = done.returncode, done.stdout, done.stdout + done.stderr


@pytest.fixture(scope="module")
async def folder(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Path:
    created = tmp_path_factory.mktemp("operator")
    shutil.copyfile(await databases.migrated_file(shared_folder), created / "centrals.sqlite3")
    return created


@pytest.fixture(scope="module")
def run(folder: Path) -> Any:
    environment = inherited() | {"DATABASE_URL": f"sqlite:///{folder}/centrals.sqlite3"}

    def invoke(*words: str, typed: str = "") -> Result:
        return Result(
            subprocess.run(
                [*launcher(), *words], input=typed, capture_output=True, text=True, timeout=120, check=False,
                env=environment, cwd=folder,
            )
        )  # fmt: skip

    return invoke


@pytest.fixture(scope="module")
def account_id(run: Any) -> str:
    run("user", "create", "owner@example.com", "--name", "Owner", typed=f"{PASSWORD}\n")
    opened = run(
        *("account", "open", "--owner", "owner@example.com", "--name", "Studio"),
        *("--country", "BR", "--currency", "BRL"),
    )
    return str(opened.stdout.strip())


def _message(transaction: str, **changed: Any) -> dict[str, Any]:
    purchase = {
        "transaction": transaction, "status": "APPROVED", "order_date": 1_700_000_000_000,
        "price": {"value": 10, "currency_value": "BRL"},
    }  # fmt: skip
    data = {"product": {"id": 7, "name": "Watercolors"}, "purchase": purchase}
    values = {"id": f"event-{transaction}", "creation_date": 1_700_000_000_000, "event": "PURCHASE_APPROVED"}
    return values | {"data": data} | changed


def test_messages_are_listed_shown_and_read_anew(run: Any, account_id: str, tmp_path: Path) -> None:
    run("account", "intake-secret", account_id, typed=f"{SECRET}\n")
    file = tmp_path / "messages.json"
    file.write_text(json.dumps([_message("HP1", hottok=SECRET), _message("HP2", creation_date=None)]))
    run("import", "hotmart", "--account", account_id, str(file))

    lines = run("intake", "list", account_id).stdout.splitlines()
    as_json = [json.loads(line) for line in run("intake", "list", account_id, "--json").stdout.splitlines()]
    bad = run("intake", "list", account_id, "--outcome", "MALFORMED", "--limit", "1").stdout
    later = run("intake", "list", account_id, "--since", "2999-01-01")
    sale = next(item for item in as_json if item["outcome"] == "SALE")
    shown = run("intake", "show", sale["id"])
    payload = json.loads(run("intake", "show", sale["id"], "--json").stdout)["payload"]
    again = run("intake", "reprocess", account_id)

    assert len(lines) == len(as_json) == 2
    assert "HP2" in bad
    assert "creation_date is missing." in bad
    assert (later.exit_code, later.stdout) == (0, "")
    assert (sale["reference"], sale["source"]) == ("HP1", "IMPORT")
    assert "Watercolors" in shown.stdout
    assert SECRET not in shown.stdout
    assert json.loads(payload)["hottok"] is None
    assert again.exit_code == 0
    assert again.stdout.endswith("2 messages read, 0 changed.\n")


def test_a_message_of_an_older_version_is_read_anew(run: Any, account_id: str, folder: Path) -> None:
    row = account_id.removeprefix("account_")
    with sqlite3.connect(folder / "centrals.sqlite3") as connection:
        connection.execute(
            "INSERT INTO intake_events (id, account_id, source, key, outcome, reason, received_at, payload)"
            " VALUES (?, ?, 'HOTMART', ?, 'MALFORMED', 'It was not understood.', 1, ?)",
            (
                database.new_id(),
                row,
                f"malformed:{hashlib.sha256(b'x').hexdigest()}",
                json.dumps(_message("HP9")),
            ),
        )
    connection.close()

    result = run("intake", "reprocess", account_id, "--outcome", "MALFORMED")

    assert result.stdout.endswith(" read, 1 changed (1 SALE).\n")
    assert "HP9" in run("intake", "list", account_id, "--outcome", "SALE").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "nobody"),
        ("show", "message_nothing"),
        ("show", f"message_{database.new_id()}"),
        ("reprocess", "nobody"),
    ],
)
def test_what_is_not_there_ends_in_a_sentence(run: Any, account_id: str, arguments: tuple[str, ...]) -> None:
    result = run("intake", *arguments)

    assert result.exit_code != 0
    assert "Error: " in result.output
    assert "Traceback" not in result.output
