"""The recipes of CONTRIBUTING.md: their paths exist, and so do the commits that they name."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
RECIPES = {part.split("\n", 1)[0]: part for part in TEXT.split("\n## ") if part.startswith("Add a")}


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout


def test_every_path_exists() -> None:
    paths = set(re.findall(r"`((?:src|tests|docs|bench|deploy)/[\w./-]+)`", TEXT))

    assert len(paths) > 40
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_names_a_commit_of_the_history(recipe: str) -> None:
    if git("rev-parse", "--is-shallow-repository").strip() != "false":
        pytest.skip("not a clone with its history")
    subjects = set(git("log", "--format=%s").splitlines())
    quoted = re.findall(r'"([a-z][a-z, ]+: [A-Z][^"]+[a-z])"', " ".join(RECIPES[recipe].split()))

    assert quoted
    assert [subject for subject in quoted if subject not in subjects] == []
