"""A start that cannot succeed ends in one sentence, before anything is created."""

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

import databases
from doorstep import SECRET_KEY, free_port
from models import database
from zygote import launcher

STARTS = (
    ("serve",),
    ("serve", "--demo"),
    ("demo",),
    ("migrate",),
    ("import", "hotmart", "--account", "00000000-0000-0000-0000-000000000000", "{folder}"),
)
SOME = STARTS[1], STARTS[-1]


def start(
    words: tuple[str, ...], folder: Path, *, stdin: int = subprocess.DEVNULL, **settings: str
) -> "subprocess.Popen[str]":
    """A command that is expected to end by itself."""
    return subprocess.Popen(
        [*launcher(), *(word.format(folder=folder) for word in words)],
        env={"PATH": os.environ["PATH"], "PORT": str(free_port()), **settings},
        cwd=folder,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def sentence(process: "subprocess.Popen[str]") -> str:
    """The one sentence that a command ends in; it printed nothing else."""
    try:
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 1, (process.args, out, err)
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("Error: ")
    return line.removeprefix("Error: ")


def sentences(folder: Path, starts: tuple[tuple[str, ...], ...] = STARTS, **settings: str) -> set[str]:
    """What every start says, each of them alone with the sentence; the folder is as it was."""
    before = contents(folder)
    found = set()
    for words in starts:
        found.add(sentence(start(words, folder, **settings)))
        assert contents(folder) == before, words
    return found


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every file in a folder with its bytes, and every folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that can be removed again, whatever a test made of it."""
    yield tmp_path
    for path in [tmp_path, *tmp_path.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755)


def a_folder(folder: Path) -> str:
    (folder / "centrals.sqlite3").mkdir()
    return "{file} is a folder, not a database file."


def another_file(folder: Path) -> str:
    (folder / "centrals.sqlite3").write_text("date,amount\n2026-01-01,1.00\n" * 100)
    return "{file} is not an SQLite database."


def another_application(folder: Path) -> str:
    with contextlib.closing(sqlite3.connect(folder / "centrals.sqlite3")) as connection:
        connection.execute("CREATE TABLE bookmarks (id INTEGER)")
    return "{file} is another application's database."


def a_read_only_file(folder: Path) -> str:
    (folder / "centrals.sqlite3").touch(0o444)
    return "{file} is read-only or not accessible."


def a_read_only_folder(folder: Path) -> str:
    folder.chmod(0o555)
    return "the folder {folder} is not writable."


def a_broken_link(folder: Path) -> str:
    (folder / "centrals.sqlite3").symlink_to("centrals.sqlite3")
    return "{file} is a link to a missing file."


@pytest.mark.parametrize(
    "wrong",
    [a_folder, another_file, another_application, a_read_only_file, a_read_only_folder, a_broken_link],
)
def test_a_file_that_is_no_database_is_named(folder: Path, wrong: Callable[[Path], str]) -> None:
    file = folder / "centrals.sqlite3"
    reason = wrong(folder).format(file=file, folder=folder)

    (said,) = sentences(folder, DATABASE_URL=f"sqlite:///{file}")

    assert said.startswith(f"DATABASE_URL: {reason}")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            "sqlite:///{folder}/missing/centrals.sqlite3",
            "DATABASE_URL: the folder {folder}/missing does not exist.",
        ),
        ("sqlite:///missing/centrals.sqlite3", "DATABASE_URL: the folder {folder}/missing does not exist."),
        (
            "sqlite:///:memory:",
            "DATABASE_URL names :memory:, which processes cannot share. It must name a file.",
        ),
        ("sqlite:///", "DATABASE_URL must name a file, such as sqlite:///data/centrals.sqlite3."),
        ("sqlite:///{folder}/", "DATABASE_URL names {folder}/, which is a folder. It must name a file."),
        (
            "sqlite:///a?mode=ro",
            "DATABASE_URL names a?mode=ro. The address of an SQLite file takes no options.",
        ),
    ],
)
def test_a_path_without_sense_is_named(folder: Path, url: str, reason: str) -> None:
    starts = STARTS if url in ("sqlite:///:memory:", "sqlite:///missing/centrals.sqlite3") else SOME

    (said,) = sentences(folder, starts, DATABASE_URL=url.format(folder=folder))

    assert said == reason.format(folder=folder)


def test_the_folder_of_the_default_database_is_created_unless_it_cannot_be(folder: Path) -> None:
    (folder / "data").touch()

    (said,) = sentences(folder, SOME)
    (folder / "data").unlink()
    done = start(("migrate",), folder)

    assert said == f"DATABASE_URL: {folder}/data is a file, not a folder."
    assert done.communicate(timeout=120)[0].startswith("applied 0001_initial")
    assert (folder / "data" / "centrals.sqlite3").is_file()


@contextlib.contextmanager
def another_server() -> Iterator[int]:
    """A port where something answers that is not PostgreSQL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection:
                        connection.recv(1_000)
                        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)


def test_a_server_that_is_not_postgresql_is_named(folder: Path) -> None:
    with another_server() as port:
        url = f"postgres://centrals:hush@127.0.0.1:{port}/centrals"
        (said,) = sentences(folder, SOME, DATABASE_URL=url, SECRET_KEY=SECRET_KEY)

    assert f"127.0.0.1:{port}" in said
    assert "hush" not in said


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            "postgres://centrals:hush@127.0.0.1:1/centrals",
            "DATABASE_URL: PostgreSQL at 127.0.0.1:1 cannot be reached: the connection was refused.",
        ),
        (
            "postgres://centrals:hush@database.invalid/centrals",
            "DATABASE_URL: the host database.invalid is unknown.",
        ),
        ("postgres://centrals:hush@127.0.0.1:1", "DATABASE_URL names no database:"),
        ("postgres://centrals:hush@127.0.0.1:ten/centrals", "DATABASE_URL is not postgres://"),
        ("postgres://centrals:hu#sh@127.0.0.1/centrals", "DATABASE_URL is not postgres://"),
        (
            "postgres://centrals:hush@127.0.0.1/centrals?sslmod=require",
            "DATABASE_URL has the unknown option 'sslmod'",
        ),
        (
            "postgres://centrals:hush@127.0.0.1/centrals?sslmode=on",
            "DATABASE_URL: sslmode is one of disable,",
        ),
    ],
)
def test_postgresql_that_is_not_there_is_named_without_its_password(
    folder: Path, url: str, reason: str
) -> None:
    (said,) = sentences(folder, STARTS if ":1/" in url else SOME, DATABASE_URL=url, SECRET_KEY=SECRET_KEY)

    assert said.startswith(reason)
    assert "hush" not in said
    assert "hu#sh" not in said


async def _on_server(server: str, *statements: str) -> None:
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_postgresql_that_lets_no_one_in_is_named(folder: Path, postgres_server: str) -> None:
    if "TEST_DATABASE_URL" in os.environ:
        pytest.skip("the server's rules of access are its own")
    host, name = postgres_server.rpartition("@")[2], f"own_{database.new_id().replace('-', '')}"
    await _on_server(
        postgres_server,
        f"CREATE DATABASE {name}",
        "CREATE ROLE with_password LOGIN PASSWORD 'right'",
        "CREATE ROLE stranger LOGIN",
    )
    said = {}
    try:
        for user, there in (
            ("with_password:wrong", name),
            ("nobody:hush", name),
            ("postgres", "missing"),
            ("stranger", name),
        ):
            url = f"postgres://{user}@{host}/{there}"
            (said[user],) = sentences(folder, SOME, DATABASE_URL=url, SECRET_KEY=SECRET_KEY)
        await _on_server(postgres_server, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        url = f"{postgres_server}/{name}"
        (said["read-only"],) = sentences(folder, SOME, DATABASE_URL=url, SECRET_KEY=SECRET_KEY)
    finally:
        await _on_server(
            postgres_server, f"DROP DATABASE {name}", "DROP ROLE with_password", "DROP ROLE stranger"
        )

    refused = "DATABASE_URL: PostgreSQL at {} does not accept the user {} with this password."
    assert said == {
        "with_password:wrong": refused.format(host, "with_password"),
        "nobody:hush": refused.format(host, "nobody"),
        "postgres": f"DATABASE_URL: the database missing at {host} does not exist.",
        "stranger": f"DATABASE_URL: the database {name} at {host} does not let the user stranger create tables.",
        "read-only": f"DATABASE_URL: the database {name} at {host} is read-only.",
    }


async def test_tables_of_another_application_are_left_alone(folder: Path, postgres_server: str) -> None:
    name = f"own_{database.new_id().replace('-', '')}"
    url = f"{postgres_server}/{name}"
    await _on_server(postgres_server, f"CREATE DATABASE {name}")
    try:
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE users (id integer)")
        await connection.close()
        (said,) = sentences(folder, DATABASE_URL=url, SECRET_KEY=SECRET_KEY)
    finally:
        await _on_server(postgres_server, f"DROP DATABASE {name}")

    assert said.endswith("belongs to another application: it has a table users.")


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("words", [("serve",), ("serve", "--demo")])
def test_a_port_in_use_is_named_before_the_demo_is_created(
    folder: Path, words: tuple[str, ...], workers: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (said,) = sentences(folder, (words,), PORT=str(port), WORKERS=workers)

    assert said == f"PORT: 127.0.0.1:{port} is in use by another process; set PORT to another port."


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("198.51.100.7", "HOST: '198.51.100.7' is not an address of this machine."),
        ("server.invalid", "HOST: 'server.invalid' is not a host name or address of this machine."),
    ],
)
def test_a_host_of_another_machine_is_named(folder: Path, host: str, reason: str) -> None:
    assert sentences(folder, (("serve", "--demo"),), HOST=host) == {reason}


def test_a_folder_of_e_mails_that_cannot_be_written_is_named(folder: Path) -> None:
    (folder / "letters").touch()

    (said,) = sentences(folder, (("serve", "--demo"),), MAIL_FOLDER="letters")
    (missing,) = sentences(folder, (("serve",),), MAIL_FOLDER="no/such/folder")

    assert said == f"MAIL_FOLDER: {folder}/letters is a file, not a folder."
    assert missing == f"MAIL_FOLDER: the folder {folder}/no does not exist."


def test_a_key_that_cannot_be_read_or_is_too_short_is_named(folder: Path) -> None:
    (folder / "a.sqlite3-key").mkdir()
    (folder / "b.sqlite3-key").write_text("short")

    (unread,) = sentences(folder, (("serve", "--demo"),), DATABASE_URL="sqlite:///a.sqlite3")
    (short,) = sentences(folder, (("serve", "--demo"),), DATABASE_URL="sqlite:///b.sqlite3")

    assert unread.startswith(f"SECRET_KEY: the key file {folder}/a.sqlite3-key: ")
    assert short == f"SECRET_KEY: the key file {folder}/b.sqlite3-key has fewer than 32 characters."


@pytest.mark.parametrize(
    "words",
    [
        ("account", "list"),
        ("account", "edition", "00000000-0000-0000-0000-000000000000", "EXPERT"),
        ("audit", "head"),
        ("audit", "verify"),
        ("mail", "list"),
        ("mail", "send"),
        STARTS[-1],
    ],
)
def test_what_needs_a_database_does_not_create_one(folder: Path, words: tuple[str, ...]) -> None:
    (said,) = sentences(folder, (words,), DATABASE_URL="sqlite:///centrals.sqlite3")

    assert (
        said
        == f"DATABASE_URL: the database {folder}/centrals.sqlite3 does not exist. `centrals migrate` creates it."
    )


async def test_a_database_that_another_process_locks_is_named(folder: Path, shared_folder: Path) -> None:
    file = folder / "data" / "centrals.sqlite3"
    file.parent.mkdir()
    shutil.copyfile(await databases.migrated_file(shared_folder), file)
    words = ("user", "create", "ana@example.com", "--name", "Ana")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        process = start(words, folder, stdin=subprocess.PIPE)
        assert process.stdin is not None
        process.stdin.write("a password of enough characters\n")
        process.stdin.flush()
        said = sentence(process)

    assert said == f"DATABASE_URL: {file} is busy or locked by another process."


def test_an_unreadable_file_of_an_import_is_named(folder: Path) -> None:
    (folder / "broken.json").symlink_to("broken.json")

    process = start(("import", "hotmart", "--account", "nobody", "broken.json"), folder)
    _, err = process.communicate(timeout=120)

    assert process.returncode == 2
    assert "broken.json" in err.splitlines()[-1]
    assert "Traceback" not in err


def test_names_that_are_nearly_settings_are_warned_of(folder: Path) -> None:
    values = {
        "DATABSE_URL": "x",
        "CENTRALS_PORT": "1",
        "CENTRALS_COLOUR": "red",
        "database_url": "y",
        "WORKER": "2",
    }
    process = start(("migrate",), folder, **values, HOSTNAME="here", POST="1", MAILCHECK="60")
    out, err = process.communicate(timeout=120)

    assert process.returncode == 0
    assert out.startswith("applied 0001_initial")
    assert err.splitlines() == [
        "Warning: CENTRALS_COLOUR is not a setting.",
        "Warning: CENTRALS_PORT is not a setting. Did you mean PORT?",
        "Warning: DATABSE_URL is not a setting. Did you mean DATABASE_URL?",
        "Warning: WORKER is not a setting. Did you mean WORKERS?",
        "Warning: database_url is not a setting. Did you mean DATABASE_URL?",
    ]


def test_a_secret_that_is_misspelt_is_named_beside_the_error(folder: Path) -> None:
    values = {"DATABASE_URL": "postgres://centrals@127.0.0.1:1/centrals", "SECRET_KYE": SECRET_KEY}
    process = start(("migrate",), folder, **values)
    _, err = process.communicate(timeout=120)

    assert err.splitlines() == [
        "Warning: SECRET_KYE is not a setting. Did you mean SECRET_KEY?",
        "Error: SECRET_KEY is required with PostgreSQL. Use the same key for every process.",
    ]
