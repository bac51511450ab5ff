"""A text among the filters of sales: pages and counts by an index equal the plain list, for every viewer."""

import random
from typing import Any

import pytest

import engine.rows.searched
import make
import models.sales.words
from authz.grant import Grant
from client import Client
from models import database
from models.sales.words import SaleField, Search, words_of
from models.text import folded
from models.vocabulary import Role
from small_shop import Shop

NAMES = ("Ana Lima", "Bia Limão", "Caio d'Ávila", "李明", "Duda Costa")
TEXTS = ("lim", "ana lima", "明", "nobody", "example", "curso", "45", "%")


@pytest.fixture
async def world(client: Client) -> dict[str, Any]:
    """A seller with an owner, a lead of two users, and sixty sales that are assigned to them or to nobody."""
    draw = random.Random(7)
    owner = await make.user()
    account = await make.account(owner, teams_on=True)
    profile = await make.profile(account, list(Grant))
    people = [
        await make.collaborator(account, profile, role) for role in (Role.TEAM_LEAD, Role.USER, Role.USER)
    ]
    await make.team(account, people[1:], [people[0]])
    products = [await make.product(account, name=name) for name in ("Curso", "Livro")]
    for number in range(60):
        name = draw.choice(NAMES)
        await make.sale(
            account, draw.choice(products), draw.choice([*people, None]), buyer_name=name,
            buyer_email=f"{name.split()[0].lower()}{number}@example.com", ordered_at=10**12 + number // 3,
            buyer_phone=None, buyer_document=None,
        )  # fmt: skip
    tokens = {"owner": await make.session(owner)}
    for name, collaborator in zip(("lead", "user"), people, strict=False):
        tokens[name] = await make.session({"id": collaborator["user_id"]})
    return {"account": account, "tokens": tokens, "client": client}


async def listed(
    world: dict[str, Any], who: str, text: str | None, size: int, *, last: bool = False
) -> list[str]:
    """All references that a filter leaves, read page by page; and `totalCount` agrees."""
    which = "last: $n, before: $at" if last else "first: $n, after: $at"
    document = (
        "query($n: Int!, $at: String, $text: String) { account { sales(filter: {text: $text}, " + which + ")"
        " { totalCount nodes { reference buyer { name email } product { name } }"
        " pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } } }"
    )
    found, at = [], None
    while True:
        answer = await world["client"].ask(
            document,
            {"n": size, "at": at, "text": text},
            token=world["tokens"][who],
            account=world["account"],
        )
        page = answer["account"]["sales"]
        found = [*page["nodes"], *found] if last else [*found, *page["nodes"]]
        if not page["pageInfo"]["hasPreviousPage" if last else "hasNextPage"]:
            assert page["totalCount"] == len(found)
            return found
        at = page["pageInfo"]["startCursor" if last else "endCursor"]


@pytest.mark.parametrize("walked", [0, 4])
async def test_pages_by_the_index_and_by_the_list_are_the_same(
    world: dict[str, Any], walked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.rows.searched, "WALKED", walked)
    monkeypatch.setattr(models.sales.words, "_FEW", 30 if walked else 500)
    engine.rows.searched._text.cache_clear()
    some = 0
    for who in ("owner", "lead", "user"):
        every = await listed(world, who, None, 100)
        for text in TEXTS:
            found = await listed(world, who, text, 20)
            left = [sale for sale in every if sale in found]
            some += len(found)
            assert found == left, (who, text)
            assert [sale["reference"] for sale in every if _has(sale, text)] == [
                sale["reference"] for sale in left
            ]
        assert await listed(world, who, "lim", 5, last=True) == [sale for sale in every if _has(sale, "lim")]
    engine.rows.searched._text.cache_clear()

    assert some > 100


def _has(sale: dict[str, Any], text: str) -> bool:
    values = (sale["reference"], folded(sale["buyer"]["name"]), sale["buyer"]["email"], None, None)
    words = [word[5:] for word in words_of("0000", *values).split()]
    begun = text != "%" and all(any(word.startswith(part) for word in words) for part in text.split())
    return begun or text.lower() in sale["product"]["name"].lower()


async def test_a_page_is_one_statement_however_many_rows_a_text_finds(world: dict[str, Any]) -> None:
    counts = []
    for text in ("a", "nobody"):
        with database.observed() as statements:
            await world["client"].ask(
                "query($text: String!) { account { sales(filter: {text: $text}) { nodes { reference } } } }",
                {"text": text}, token=world["tokens"]["owner"], account=world["account"],
            )  # fmt: skip
        counts.append(len([text for text in statements if "sale_words" in text]))

    assert counts == [1, 1]


async def test_the_index_finds_what_few_sales_have(world: dict[str, Any]) -> None:
    """Without the index, a text that nothing has reads every sale."""
    if database.dialect() != "sqlite":
        pytest.skip("PostgreSQL reads a table as small as this one whole")
    with database.observed() as statements:
        await listed(world, "owner", "nobody", 5)
    (page,) = [text for text in statements if "walked" in text]

    plan = [
        row["detail"] for row in await database.read(f"EXPLAIN QUERY PLAN {page}", ("?",) * page.count("?"))
    ]

    assert any("VIRTUAL TABLE INDEX" in step for step in plan)
    assert not any(step.startswith("SCAN r") for step in plan)


async def test_of_several_words_the_index_is_searched_for_a_rare_one(
    world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.dialect() != "sqlite":
        pytest.skip("PostgreSQL decides by itself")
    await make.sale(world["account"], buyer_name="Ana Zulmira")
    mark = world["account"]["id"][-4:]
    texts = ("ana zulmira", "zulmira ana", "ana lima")
    monkeypatch.setattr(models.sales.words, "_FEW", 2)

    found = []
    for text in texts:
        statement = Search(world["account"]["id"], text, [SaleField.NAME]).indexed
        expression = statement.text.split("MATCH ")[1].split(" AND w.account_id")[0]
        (row,) = await database.read(
            f"SELECT {expression} AS words", statement.params[: expression.count("?")]
        )
        found.append(row["words"])

    assert found[:2] == [f'"{mark}nzulmira"*'] * 2
    assert found[2] == f'("{mark}nana"* AND "{mark}nlima"*)'
    assert [len(await listed(world, "owner", text, 20)) for text in texts[:2]] == [1, 1]


async def test_whoever_changes_a_sale_changes_its_words(shop: Shop) -> None:
    await shop.receive("S05", "PURCHASE_APPROVED", "APPROVED")
    await shop.act("ana", "changeBuyerEmail", "reference", reference="S06", email="moved.to@example.com")
    columns = "reference, buyer_folded, buyer_email, buyer_phone, buyer_document"

    rows = await database.read(
        f"SELECT s.account_id, {columns}, w.words FROM sales s LEFT JOIN sale_words w"
        " ON w.account_id = s.account_id AND w.sale_id = s.id WHERE s.account_id = ?",
        (shop.account["id"],),
    )

    assert len(rows) > 10
    for row in rows:
        account_id, *values, words = row
        assert words == words_of(str(account_id), *values)


async def test_a_sale_that_is_erased_leaves_no_words(world: dict[str, Any]) -> None:
    (sale,) = await database.read("SELECT sale_id FROM sale_words LIMIT 1")

    await database.transact(lambda: database.write("DELETE FROM sales WHERE id = ?", (sale["sale_id"],)))

    gone = await database.read("SELECT 1 FROM sale_words WHERE sale_id = ?", (sale["sale_id"],))
    assert not gone
    if database.dialect() == "sqlite":
        await database.transact(
            lambda: database.write(
                "INSERT INTO sale_words_index (sale_words_index) VALUES ('integrity-check')"
            )
        )
