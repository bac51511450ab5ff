"""Every regular expression takes time that is linear in its text, whatever the text is."""

import ast
import functools
import importlib
import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SRC = Path(__file__).parent.parent / "src"
METHODS = {"match", "fullmatch", "search", "findall", "finditer", "sub", "split"}
LENGTHS = (20, 4_000)  # an exponential pattern is found before it takes for ever
SECONDS_A_CHARACTER = 2e-6
LEAST_SECONDS = 5e-3
Found = tuple[str, Any, str]
"""Where a pattern is, the pattern, and the method that is called of it."""


def _called(tree: ast.AST, name: str) -> set[str]:
    """The methods of a pattern that a module calls."""
    attributes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return {
        each.attr
        for each in attributes
        if isinstance(each.value, ast.Name) and each.value.id == name and each.attr in METHODS
    }


def _texts_of(tree: ast.AST) -> set[str]:
    """The texts of a module that look like patterns, for calls whose pattern is a variable."""
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {
        text for text in constants if isinstance(text, str) and len(text) < 60 and re.search(r"\\d|\[A", text)
    }


def _inline(place: str, tree: ast.AST) -> Iterator[Found]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = call.func
        if not (isinstance(function, ast.Attribute) and function.attr in METHODS):
            continue
        if isinstance(function.value, ast.Name) and function.value.id == "re":
            first = call.args[0]
            texts = {first.value} if isinstance(first, ast.Constant) else _texts_of(tree)
            assert texts, place
            for text in sorted(texts):
                yield place, re.compile(text, re.ASCII if call.args[2:] else 0), function.attr


def _patterns() -> Iterator[Found]:
    for file in sorted(SRC.rglob("*.py")):
        source = file.read_text()
        if "import re\n" not in source:
            continue
        place, tree = str(file.relative_to(SRC)), ast.parse(source)
        yield from _inline(place, tree)
        module = importlib.import_module(place.removesuffix(".py").replace("/", "."))
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                for method in sorted(_called(tree, name)) or ["search"]:
                    yield f"{place} {name}", value, method


def _texts(pattern: str) -> Iterator[str]:
    """Texts of each length that a pattern may get stuck in: its own characters in turns, with a false end."""
    signs = sorted({sign for sign in pattern if not sign.isalnum()} | set(". \n"))
    words = re.findall(r"(?<![\\\w])[a-z]{4,}|[A-Z]{4,}", pattern)[:2]
    atoms = [*signs, "a", "A", "0", "\\u0041", *words]
    for length, (first, second) in itertools.product(LENGTHS, itertools.product(atoms, repeat=2)):
        yield ((first + second) * length)[:length] + "\0"
        if first != second:
            yield first + (second * length)[:length] + "\0"


def _seconds(search: Any) -> float:
    began = time.thread_time()
    found = search()
    if isinstance(found, Iterator):
        list(found)
    return time.thread_time() - began


def _stuck(pattern: Any, method: str) -> str | None:
    """A text that takes a pattern more than linear time."""
    binary = isinstance(pattern.pattern, bytes)
    for text in _texts(pattern.pattern.decode("latin-1") if binary else pattern.pattern):
        content: Any = text.encode("latin-1") if binary else text
        words = ("" if not binary else b"", content) if method == "sub" else (content,)
        search = functools.partial(getattr(pattern, method), *words)
        most = max(LEAST_SECONDS, SECONDS_A_CHARACTER * len(text))
        if _seconds(search) > most and min(_seconds(search), _seconds(search)) > most:
            return text[:20]
    return None


@pytest.mark.parametrize("found", [*_patterns()], ids=lambda found: found[0])
def test_a_pattern_is_linear(found: Found) -> None:
    assert _stuck(*found[1:]) is None


@pytest.mark.parametrize(("pattern", "method"), [(r"\s+$", "search"), ("(a+)+b", "match")])
def test_a_pattern_that_is_not_linear_is_found(pattern: str, method: str) -> None:
    assert _stuck(re.compile(pattern), method) is not None
