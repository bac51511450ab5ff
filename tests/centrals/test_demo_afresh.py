"""The demo created anew: where it may be, nothing is left of before; where it may not, nothing is touched."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import make
from actions.commerce.sales.assign import ASSIGN_SALE
from actions.identity.sessions.session import SIGN_IN
from actions.kit.call import Call
from actions.kit.mutation import Done
from authz.grant import Grant
from authz.identity import identify
from authz.viewer import SIGNED_OUT, Viewer
from centrals.demo import seed
from centrals.demo.banner import _emptied
from centrals.demo.mark import mark
from client import Client
from doorstep import PASSWORD, SECRET_KEY, serving
from models import database
from zygote import launcher

# the whole demo is made in test_demo; here it is enough that it is the demo's
A_HUNDREDTH = """
from dataclasses import replace
from centrals.demo import seed
for owner, seller in seed._SELLERS.items():
    seed._SELLERS[owner] = replace(seller, sales=seller.sales // 100, subscriptions=seller.subscriptions // 100)
"""


@pytest.fixture
def url(migrated_url: str) -> str:
    """A migrated database of the test's own."""
    return migrated_url


async def _tables() -> list[str]:
    if database.dialect() == "postgres":
        query = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    else:
        query = (  # the index of words keeps what it has read in tables of its own
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE 'sale_words_index%'"
        )
    return [row["name"] for row in await database.read(query) if row["name"] != "tortoise_migrations"]


async def test_no_row_is_left_of_before(url: str) -> None:
    async def nothing(_viewer: Viewer) -> Done:
        return Done("x")

    async with database.connected(url):
        account = await make.account()
        collaborator = await make.collaborator(account)
        await make.team(account, [collaborator])
        await make.sale(account, assignee=collaborator)
        await make.access_token(account, collaborator, [Grant.SEARCH_SALES], [])
        viewer = await identify(await Client.owner(account), account["id"])
        await ASSIGN_SALE.perform(Call(viewer, "request"), nothing)
        await SIGN_IN.perform(Call(SIGNED_OUT, "request"), nothing)
        tables = await _tables()

        await database.transact(_emptied)

        counts = {table: (await database.read(f"SELECT COUNT(*) FROM {table}"))[0][0] for table in tables}
    assert {"audit_entries", "user_entries", "access_tokens"} <= set(tables)
    assert set(counts.values()) == {0}, counts


def command(url: str, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET_KEY,
        "TESTS_FAULT": A_HUNDREDTH,
    }
    return subprocess.run(
        [*launcher(), *words],
        input=typed, capture_output=True, text=True, timeout=300, check=False, env=environment,
    )  # fmt: skip


async def rows(table: str) -> list[dict[str, Any]]:
    return sorted((dict(row) for row in await database.read(f"SELECT * FROM {table}")), key=str)


async def a_small_demo() -> dict[str, Any]:
    """An account and its owner, marked as the demo's."""
    account = await make.account()
    await make.sale(account)
    await database.transact(lambda: mark([account["id"]], [account["owner_id"]], SECRET_KEY.encode()))
    return account


@pytest.mark.parametrize("stranger", ["not marked", "account", "user"])
async def test_a_database_with_more_than_the_demo_is_not_emptied(url: str, stranger: str) -> None:
    async with database.connected(url):
        if stranger == "not marked":
            account = await make.account()
            who = f"the account {account['name']}"
        else:
            demo = await a_small_demo()
            owner = {"id": demo["owner_id"]}
            if stranger == "account":
                account = await make.account(owner)
                who = f"the account {account['name']}"
            else:
                who = f"the user {(await make.user())['email']}"
        before = [await rows(table) for table in ("accounts", "users", "sales", "user_entries")]

    done = command(url, "demo")

    async with database.connected(url):
        after = [await rows(table) for table in ("accounts", "users", "sales", "user_entries")]
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: DATABASE_URL: ")
    assert f"contains {who}, which the demo did not create." in line
    assert after == before


async def test_the_demo_replaces_itself_until_someone_else_joins(url: str) -> None:
    async with database.connected(url):
        small = await a_small_demo()

    replaced = command(url, "demo")
    joined = command(url, "user", "create", "ana@example.com", "--name", "Ana", typed=f"{PASSWORD}\n")
    refused = command(url, "demo")

    async with database.connected(url):
        accounts = await rows("accounts")
        people = await rows("users")
    assert replaced.returncode == 0, replaced.stderr
    assert joined.returncode == 0, joined.stderr
    assert refused.returncode == 1
    assert "contains the user ana@example.com, which the demo did not create." in refused.stderr
    assert len(accounts) == 3
    assert small["id"] not in {str(account["id"]) for account in accounts}
    assert len(people) == 11


async def test_it_tells_how_far_it_is_and_what_it_made(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, seller in seed._SELLERS.items():
        monkeypatch.setitem(
            seed._SELLERS,
            owner,
            replace(seller, sales=seller.sales // 100, subscriptions=seller.subscriptions // 100),
        )
    monkeypatch.setattr(seed, "_BATCH", 60)
    results: list[tuple[int, int]] = []

    async with database.connected(url):
        summary = await seed.seed_demo(b"demo", lambda done, total: results.append((done, total)))
        found = {
            table: len(await rows(table)) for table in ("products", "sales", "commissions", "sale_events")
        }

    assert results == [(60, 220), (120, 220), (180, 220), (200, 220), (220, 220)]
    assert summary == seed.DemoSummary(
        users=10, accounts=3, collaborators=8, products=found["products"], sales=220,
        commissions=found["commissions"], events=found["sale_events"],
    )  # fmt: skip
    assert (found["sales"], found["products"]) == (220, 18)
    assert found["commissions"] > 440


async def test_a_first_start_makes_the_demo_and_tells_its_people(url: str, tmp_path: Path) -> None:
    async with serving(url, tmp_path, [*launcher(), "serve", "--demo"], TESTS_FAULT=A_HUNDREDTH) as server:
        said = server.printed

    async with database.connected(url):
        accounts, sales = await rows("accounts"), await rows("sales")
    assert "Creating the demo" in said
    assert said.count("@example.com") >= 10
    assert (len(accounts), len(sales)) == (3, 220)


async def test_a_database_that_the_demo_did_not_make_is_served_without_its_people(
    url: str, tmp_path: Path
) -> None:
    async with database.connected(url):
        await make.account()
        before = await rows("users")

    async with serving(url, tmp_path, [*launcher(), "serve", "--demo"]) as server:
        address = f"http://localhost:{server.port}"

    async with database.connected(url):
        after = await rows("users")
    said = server.printed
    assert f"{address}/graphql" in said
    assert "was not created by the demo. It is served without demo data." in said
    assert "@example.com" not in said
    assert "centrals-demo" not in said
    assert after == before
