"""The page about the engine shows what the engine does."""

import re
from dataclasses import replace
from pathlib import Path

import make
from centrals.commands.explain import explained
from client import SETTINGS
from engine.execute import Engine
from engine.limits import Limits
from engine.plan.limitations import Limitation
from graph.schema import full_schema

PAGE = Path(__file__).parents[2] / "docs" / "engine.md"


def blocks(language: str) -> list[str]:
    """The blocks of a language on the page."""
    return re.findall(rf"```{language}\n(.*?)\n```", PAGE.read_text(), re.DOTALL)


async def test_the_page_follows_a_query_as_explain_prints_it(database_url: str) -> None:
    owner = await make.user()
    account = await make.account(owner)
    for _ in range(3):
        product = await make.product(account)
        await make.offer(account, product)
        await make.sale(account, product)
    (query,) = blocks("graphql")

    lines = await explained(
        replace(SETTINGS, cost_per_operation=60_000), query, owner["email"], account["id"], None
    )

    printed = "\n".join(lines)
    (shown,) = blocks("text")
    assert _on_sqlite(printed) == shown, printed


def test_the_page_lists_all_that_is_not_compiled() -> None:
    rows = [f"| {limitation.reason} | {limitation.meaning} |" for limitation in Limitation]

    listed = re.findall(r"^\| (?!Reason|---).*$", PAGE.read_text(), re.MULTILINE)

    assert listed == rows


def test_the_page_names_modules_that_are_there() -> None:
    source = Path(__file__).parents[2] / "src"
    named = re.findall(r"`(engine/[a-z/_]+\.py)`", PAGE.read_text())

    assert len(named) >= 8
    assert [name for name in named if not (source / name).is_file()] == []


def test_the_page_is_one_page() -> None:
    assert len(PAGE.read_text().splitlines()) < 120


def test_the_query_on_the_page_is_valid() -> None:
    (query,) = blocks("graphql")
    engine = Engine(full_schema(), Limits())

    assert engine.prepare(query, None, -1)


def _on_sqlite(printed: str) -> str:
    """PostgreSQL's numbered parameters as SQLite's."""
    return re.sub(r"\$\d+", "?", printed)
