"""The command line, as whoever runs the server types it."""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import databases
from doorstep import PASSWORD
from zygote import launcher

EVERY_TABLE = {"accounts", "users", "sales", "audit_entries"}


def message(number: int) -> dict[str, Any]:
    """A marketplace's message about a purchase."""
    purchase = {
        "transaction": f"HP{number:010}",
        "status": "APPROVED",
        "order_date": 1_743_500_000_000,
        "approved_date": 1_743_500_004_000,
        "price": {"value": 100, "currency_value": "BRL"},
        "full_price": {"value": 118.32, "currency_value": "BRL"},
        "payment": {"type": "CREDIT_CARD", "installments_number": 12},
    }
    product = {"id": 4_200_001, "ucode": "ucode-one", "name": "Watercolours"}
    return {
        "id": f"event-{number}",
        "creation_date": 1_743_500_005_000,
        "event": "PURCHASE_APPROVED",
        "version": "2.0.0",
        "data": {"product": product, "buyer": {"email": "bea@example.com"}, "purchase": purchase},
    }


class Shell:
    """Runs commands on a database file of its own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "centrals.sqlite3"
        self.environment = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{self.file}"}

    def run(self, *words: str, typed: str = "", **changed: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*launcher(), *words],
            input=typed, capture_output=True, text=True, timeout=60, check=False,
            env=self.environment | changed, cwd=self.file.parent,
        )  # fmt: skip

    def does(self, *words: str, typed: str = "") -> str:
        done = self.run(*words, typed=typed)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout.strip()

    def refuses(self, *words: str, typed: str = "", **changed: str) -> str:
        done = self.run(*words, typed=typed, **changed)
        assert done.returncode in {1, 2}, done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr.strip().splitlines()[-1]

    def rows(self, statement: str) -> list[Any]:
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(statement).fetchall()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture(scope="module")
async def seller(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> tuple[Shell, str]:
    """A shell with a user who owns an account, and the account's id."""
    shell = Shell(tmp_path_factory.mktemp("seller"))
    shutil.copyfile(await databases.migrated_file(shared_folder), shell.file)
    shell.does("user", "create", "Ana@Example.com", "--name", "Ana", typed=f"{PASSWORD}\n")
    account = shell.does(
        "account", "open", "--owner", "ana@example.com", "--name", "Studio", "--country", "br", "--currency", "brl",
        "--timezone", "America/Sao_Paulo", "--tax-number", "11.222.333/0001-81",
    )  # fmt: skip
    return shell, account


def test_the_schema_is_printed_whole_or_as_someone_sees_it(shell: Shell) -> None:
    whole = shell.does("schema")
    support = shell.does("schema", "--profile", "support")
    searching = shell.does("schema", "--grants", "SEARCH_SALES,VIEW_PRODUCTS")

    assert "type Sale " in whole
    assert "type AuditEntry" in whole
    assert "type Sale " in searching
    assert "type AuditEntry" not in searching
    assert len(searching) < len(whole)
    assert len(support) < len(whole)
    assert not shell.file.exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--grants", "SEARCH_SALES,FLY"), "Error: There is no FLY."),
        (("--owner", "--profile", "SUPPORT"), "Error: Use only one of --profile, --grants and --owner."),
    ],
)
def test_a_schema_of_no_one_is_refused(shell: Shell, words: tuple[str, ...], reason: str) -> None:
    assert shell.refuses("schema", *words) == reason


def test_tables_are_made_once(shell: Shell) -> None:
    first, second = shell.does("migrate"), shell.does("migrate")

    assert first.startswith("applied 0001_initial")
    assert second == "up to date"
    assert {
        row[0] for row in shell.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    } >= EVERY_TABLE


def test_a_user_is_created_with_a_hashed_password(seller: tuple[Shell, str]) -> None:
    shell, _ = seller

    ((email, name, password_hash, locale),) = shell.rows(
        "SELECT email, name, password_hash, locale FROM users"
    )

    assert (email, name, locale) == ("ana@example.com", "Ana", "en")
    assert password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD.encode() not in shell.file.read_bytes()


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("ANA@example.com", PASSWORD, "ana@example.com is a user already."),
        ("ana", PASSWORD, "'ana' is no e-mail address."),
        ("a b@example.com", PASSWORD, "'a b@example.com' is no e-mail address."),
        ("josé@example.com", PASSWORD, "'josé@example.com' is no e-mail address."),
        ("bea@example.com", "short", "A password has 10 to 1024 characters."),
        ("bea@example.com", "x" * 1_025, "A password has 10 to 1024 characters."),
        ("bea@example.com", "", "A password has 10 to 1024 characters."),
        ("bea@example.com", "password12345", "This password is common, or close to a common one."),
    ],
)
def test_a_user_who_cannot_be_is_refused(
    seller: tuple[Shell, str], email: str, password: str, reason: str
) -> None:
    shell, _ = seller

    result = shell.refuses("user", "create", email, "--name", "Bea", typed=f"{password}\n")

    assert result.startswith(f"Error: {reason}")
    assert shell.rows("SELECT count(*) FROM users") == [(1,)]


def test_an_account_is_opened_and_listed_and_gets_its_edition(seller: tuple[Shell, str]) -> None:
    shell, account = seller

    listed = shell.does("account", "list")
    shell.does("account", "edition", f"account_{account}", "EXPERT")
    later = shell.does("account", "list")

    assert listed == f"{account}  STANDARD  ana@example.com  Studio"
    assert later == f"{account}  EXPERT    ana@example.com  Studio"
    stored = shell.rows("SELECT kind, country, currency, timezone, tax_number, teams_on FROM accounts")
    assert stored == [("LEGAL_ENTITY", "BR", "BRL", "America/Sao_Paulo", "11222333000181", 0)]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"--owner": "nobody@example.com"}, "There is no user nobody@example.com."),
        ({"--country": "BRA"}, "A country is an ISO 3166 code of two letters, for example BR."),
        ({"--currency": "BRLL"}, "A currency is an ISO 4217 code of three letters."),
        ({"--timezone": "Mars/Olympus"}, "A time zone has an IANA name, for example America/Sao_Paulo."),
        ({"--tax-number": "1"}, "The tax number has the wrong length."),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    seller: tuple[Shell, str], changed: dict[str, str], reason: str
) -> None:
    shell, _ = seller
    values = {"--owner": "ana@example.com", "--name": "Two", "--country": "BR", "--currency": "BRL"} | changed

    answer = shell.refuses("account", "open", *(word for pair in values.items() for word in pair))

    assert answer.startswith(f"Error: {reason}")
    assert shell.rows("SELECT count(*) FROM accounts") == [(1,)]


@pytest.mark.parametrize("name", ["nobody", "account_1", "00000000-0000-0000-0000-000000000000"])
def test_an_account_that_is_not_there_is_refused(
    seller: tuple[Shell, str], name: str, tmp_path: Path
) -> None:
    shell, _ = seller

    assert shell.refuses("account", "edition", name, "EXPERT") == f"Error: There is no account {name}."


def test_the_intakes_secret_is_read_from_the_input_and_stored_as_a_digest(seller: tuple[Shell, str]) -> None:
    shell, account = seller

    short = shell.refuses("account", "intake-secret", account, typed="short\n")
    result = shell.does("account", "intake-secret", account, typed="a secret of enough characters\n")

    ((intake_id, digest),) = shell.rows("SELECT intake_id, intake_secret_digest FROM accounts")
    assert short == "Error: The secret must have at least 8 characters."
    assert result == f"http://localhost:8000/intake/hotmart/{intake_id}"
    assert len(digest) == 64
    assert b"a secret of enough" not in shell.file.read_bytes()


def test_what_was_sold_is_imported_once(seller: tuple[Shell, str], tmp_path: Path) -> None:
    shell, account = seller
    for number in range(3):
        (tmp_path / f"{number}.json").write_text(json.dumps(message(number)))

    first = shell.run("import", "hotmart", "--account", account, str(tmp_path))
    again = shell.run("import", "hotmart", "--account", account, str(tmp_path))
    missing = shell.refuses("import", "hotmart", "--account", account, str(tmp_path / "nothing"))
    nowhere = shell.refuses("import", "hotmart", "--account", "nobody", str(tmp_path))

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert "3" in first.stdout
    assert shell.rows("SELECT count(*) FROM sales WHERE reference < 'HP0000000070'") == [(3,)]
    assert "does not exist" in missing
    assert nowhere == "Error: There is no account nobody."


def test_an_import_of_nothing_but_malformed_items_does_not_end_well(
    seller: tuple[Shell, str], tmp_path: Path
) -> None:
    shell, account = seller
    (tmp_path / "broken.json").write_text('{"event": ')
    (tmp_path / "good.json").write_text(json.dumps(message(70)))

    nothing = shell.run("import", "hotmart", "--account", account, str(tmp_path / "broken.json"))
    something = shell.run("import", "hotmart", "--account", account, str(tmp_path))
    again = shell.run("import", "hotmart", "--account", account, str(tmp_path))

    assert nothing.returncode == 1
    assert "1 malformed" in nothing.stdout
    assert (something.returncode, again.returncode) == (0, 0), something.stderr + again.stderr
    assert "1 malformed" in something.stdout


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"DATABASE_URL": "mysql://seller.example.com/x"},
            "DATABASE_URL must start with sqlite:/// or postgres://.",
        ),
        ({"DATABASE_URL": "postgres://seller.example.com/x"}, "SECRET_KEY is required with PostgreSQL"),
        ({"PORT": "eighty"}, "PORT must be a number from 0 to 65535, not 'eighty'."),
    ],
)
def test_settings_that_make_no_sense_are_told_in_a_line(
    shell: Shell, changed: dict[str, str], reason: str
) -> None:
    assert shell.refuses("migrate", **changed).startswith(f"Error: {reason}")


def test_a_database_that_cannot_be_reached_is_told_in_a_line(shell: Shell) -> None:
    result = shell.refuses(
        "account",
        "list",
        DATABASE_URL="postgres://centrals:hush@127.0.0.1:1/centrals",
        SECRET_KEY="k" * 32,
    )

    assert result.startswith("Error: ")
    assert "hush" not in result
