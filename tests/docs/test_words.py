"""The words of public texts and of identifiers: plain American English, with *they* for a person."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from actions.emails import EMAILS
from centrals.command import main

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
TESTS = ROOT / "tests"
ROOMS = sorted(path.name for path in SRC.iterdir() if (path / "__init__.py").exists())
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs" / "decisions").glob("*.md"),
    ]
)
PRONOUNS = re.compile(r"\b(he|his|him|himself|she|her|hers|herself)\b", re.IGNORECASE)
BRITISH = re.compile(
    r"\b(catalogue|centre|instalment|licence|behaviour|colour|favour|honour|labour|neighbour|programme)s?\b"
    r"|\b(normalis|recognis|organis|authoris|customis|initialis|serialis|summaris)\w*"
    r"|\b(misspelt|whilst|amongst|learnt|travelled|labelled)\b",
    re.IGNORECASE,
)
ODD = re.compile(r"\b(the doorstep|the judgement|whither|thereof|anew|one signs in|is told)\b", re.IGNORECASE)
PARTICIPLES = {"told", "asked", "held", "kept", "shut", "seen", "made", "given", "lifted"}
ODD_WORDS = {"seat", "seats", "happening", "happenings", "sealed"}
ODD_NAMES = {"furnish", "heir", "let_fall", "one", "joint", "tells"}
ODD_IN_CODE = re.compile(r"\b(told|tells|shut out|lifted|seats?|an act|speaks of|says of)\b", re.IGNORECASE)
ODD_FILES = PARTICIPLES | {"sealed", "door", "company", "furnish", "one"}
ACCOUNTS = {"held", "withdrawal_held"}  # of the ledger, as the API names them
STORED = {
    "last_seen",
    "not_held",
    "connection_made",
    "ended_seat",
    "given_up",
}  # columns, models, the API, asyncio


def texts_of_commands(command: click.Command, path: str = "centrals") -> Iterator[tuple[str, str]]:
    """Each command's help and those of its options."""
    yield path, command.help or ""
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield f"{path} {parameter.opts[0]}", parameter.help or ""
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from texts_of_commands(child, f"{path} {name}")


def texts_of_emails() -> Iterator[tuple[str, str]]:
    """Each English e-mail."""
    for kind, email in EMAILS.items():
        yield kind, "\n".join([email.en.subject, *email.en.paragraphs, email.en.button or ""])


def texts_of_errors(room: str) -> Iterator[tuple[str, str]]:
    """What is raised or printed in a room: the texts of exceptions and of click.echo."""
    for file in sorted((SRC / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                for part in node.args:
                    for text in ast.walk(part):
                        if (
                            isinstance(text, ast.Constant)
                            and isinstance(text.value, str)
                            and " " in text.value
                        ):
                            yield f"{file.relative_to(SRC)}:{text.lineno}", text.value


def without_code(text: str) -> str:
    """Prose alone: code has the names that it has."""
    return re.sub(r"`[^`]*`|```.*?```", "", text, flags=re.DOTALL)


def faults(texts: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> list[str]:
    return [
        f"{where}: {found.group()}"
        for where, text in texts
        for pattern in (PRONOUNS, BRITISH, ODD)
        for found in pattern.finditer(text)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_are_plain_american_english(page: Path) -> None:
    lines = without_code(page.read_text()).splitlines()
    assert faults([(f"line {number}", line) for number, line in enumerate(lines, 1)]) == []


def test_the_schemas_descriptions_use_they_for_a_person() -> None:
    text = (ROOT / "schema.graphql").read_text()
    descriptions = re.findall(r'"""(.*?)"""', text, re.DOTALL)
    assert len(descriptions) > 500
    found = [
        f"{description.strip()[:60]}: {match.group()}"
        for description in descriptions
        for pattern in (PRONOUNS, BRITISH)
        for match in pattern.finditer(without_code(description))
    ]
    assert found == []


def test_the_help_of_commands_is_plain_and_complete() -> None:
    texts = list(texts_of_commands(main))
    assert len(texts) > 30
    assert faults(texts) == []
    assert [where for where, text in texts if not text.strip().endswith((".", "?", "…"))] == []


def test_emails_are_plain_american_english() -> None:
    texts = list(texts_of_emails())
    assert len(texts) > 8
    assert faults(texts) == []


@pytest.mark.parametrize("room", ["centrals", "models", "intake"])
def test_printed_messages_are_plain_american_english(room: str) -> None:
    assert faults(texts_of_errors(room)) == []


def texts_for_readers(file: Path) -> Iterator[tuple[str, str]]:
    """Each docstring, each description below an attribute, and each comment of a file."""
    source = file.read_text()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield f"{file.relative_to(SRC)}:{node.lineno}", str(node.value.value)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield f"{file.relative_to(SRC)}:{token.start[0]}", token.string


@pytest.mark.parametrize("room", ROOMS)
def test_docstrings_and_comments_are_plain_american_english(room: str) -> None:
    found = [
        f"{where}: {match.group()}"
        for file in sorted((SRC / room).rglob("*.py"))
        if "migrations" not in file.parts
        for where, text in texts_for_readers(file)
        for pattern in (PRONOUNS, BRITISH, ODD, ODD_IN_CODE)
        for match in pattern.finditer(without_code(text))
    ]

    assert found == []


def files_of_tests() -> list[Path]:
    """The project's own files: the clients that are installed beside their tests are others'."""
    return [file for file in sorted(TESTS.rglob("*.py")) if not {".venv", "node_modules"} & set(file.parts)]


def test_the_names_and_docstrings_of_tests_use_they_for_a_person() -> None:
    found, count = [], 0
    for file in files_of_tests():
        tree = ast.parse(file.read_text())
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)):
                name = getattr(node, "name", "").replace("_", " ")
                texts = [without_code(ast.get_docstring(node) or "")] + [name] * name.startswith("test ")
                count += len(texts)
                found += [f"{file.name}: {text}" for text in texts if PRONOUNS.search(text)]

    assert count > 4_000
    assert found == []


def identifiers(file: Path) -> Iterator[tuple[int, str]]:
    """Every name that a file defines: variables, arguments, functions, classes and attributes that are set."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.lineno, node.name


def odd_names(file: Path) -> Iterator[str]:
    for line, name in identifiers(file):
        plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_")
        words = set(plain.split("_"))
        if (words & (PARTICIPLES | ODD_WORDS) or plain in ODD_NAMES) and not (
            plain in ACCOUNTS or any(part in plain for part in STORED)
        ):
            yield f"{file.relative_to(ROOT)}:{line} {name}"


@pytest.mark.parametrize("room", ROOMS)
def test_identifiers_are_no_participles_or_riddles(room: str) -> None:
    files = [file for file in sorted((SRC / room).rglob("*.py")) if "migrations" not in file.parts]

    assert [name for file in files for name in odd_names(file)] == []


def test_names_in_tests_are_no_participles_or_riddles() -> None:
    files = files_of_tests()
    names = [name for file in files for name in odd_names(file)]

    assert len(files) > 250
    assert [name for name in names if not name.split()[-1].startswith("test_")] == []


def test_files_are_named_by_what_they_hold() -> None:
    files = [file for folder in (SRC, TESTS) for file in folder.rglob("*.py")]

    assert [str(file.relative_to(ROOT)) for file in files if file.stem in ODD_FILES] == []
    assert [str(file.relative_to(ROOT)) for file in files if file.stem.endswith("_acts")] == []
