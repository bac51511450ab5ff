"""Pages: their order, their edges, their cursors, and what they cost."""

from typing import Any

import pytest

import make
from authz.grant import Grant
from client import SETTINGS, Client
from engine.rows.cursor import BadCursor, Seal
from models import database

SALES = """query ($first: Int, $after: String, $last: Int, $before: String, $order: SaleOrder, $filter: SaleFilter) {
  account { sales(first: $first, after: $after, last: $last, before: $before, order: $order, filter: $filter) {
    nodes { reference }
    edges { cursor node { reference } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  } }
}"""
NEWEST = None
OLDEST = {"field": "ORDERED_AT", "direction": "ASC"}
CHEAPEST = {"field": "AMOUNT", "direction": "ASC"}
DEAREST = {"field": "AMOUNT", "direction": "DESC"}
BRL = {"currency": "BRL"}
START = 1_767_225_600_000


class Seller:
    """An owner who lists their sales."""

    def __init__(self, client: Client, account: dict[str, Any], token: str, product: dict[str, Any]) -> None:
        self.client = client
        self.who = {"token": token, "account": account}
        self.account = account
        self.product = product

    async def sell(self, minutes: int, price: int = 9_900) -> str:
        """A sale that was ordered so many minutes after the start."""
        at = START + minutes * 60_000
        sale = await make.sale(self.account, self.product, ordered_at=at, price=price)
        return str(sale["reference"])

    async def page(self, **arguments: Any) -> Any:
        """A page of sales."""
        return (await self.client.ask(SALES, arguments, **self.who))["account"]["sales"]

    async def fault(self, **arguments: Any) -> Any:
        """The one error that a page's arguments deserve."""
        response = await self.client.post(SALES, arguments, **self.who)
        assert response.status_code in (200, 400)
        (error,) = response.json()["errors"]
        return error["extensions"]

    async def walk(self, size: int, *, backward: bool = False, **arguments: Any) -> list[str]:
        """Every reference, page by page, in the list's order."""
        found: list[str] = []
        cursor = None
        while True:
            part = {"last": size, "before": cursor} if backward else {"first": size, "after": cursor}
            page = await self.page(**arguments, **part)
            results = [node["reference"] for node in page["nodes"]]
            assert results == [edge["node"]["reference"] for edge in page["edges"]]
            found = results + found if backward else found + results
            info = page["pageInfo"]
            if page["edges"]:
                ends = (page["edges"][0]["cursor"], page["edges"][-1]["cursor"])
                assert (info["startCursor"], info["endCursor"]) == ends
            behind, ahead = (
                ("hasNextPage", "hasPreviousPage") if backward else ("hasPreviousPage", "hasNextPage")
            )
            assert info[behind] == (cursor is not None)
            if not info[ahead]:
                return found
            cursor = info["startCursor"] if backward else info["endCursor"]


@pytest.fixture
async def seller(client: Client) -> Seller:
    owner = await make.user()
    account = await make.account(owner)
    return Seller(client, account, await make.session(owner), await make.product(account))


@pytest.mark.parametrize("size", [1, 3, 7, 10, 100])
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
async def test_pages_hold_each_row_once_in_order(seller: Seller, size: int, backward: bool) -> None:
    sold = [await seller.sell(minutes) for minutes in (5, 1, 4, 2, 3, 9, 8, 7, 6, 10)]
    in_time = [sold[place] for place in (1, 3, 4, 2, 0, 8, 7, 6, 5, 9)]

    assert await seller.walk(size, backward=backward) == in_time[::-1]
    assert await seller.walk(size, backward=backward, order=OLDEST) == in_time


@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
async def test_rows_that_tie_are_each_told_once(seller: Seller, backward: bool) -> None:
    sold = [await seller.sell(number // 4, price=100 + number // 4) for number in range(12)]

    for order in (NEWEST, OLDEST, CHEAPEST, DEAREST):
        found = await seller.walk(3, backward=backward, order=order, filter=BRL)

        assert sorted(found) == sorted(sold)
        assert found == [node["reference"] for node in (await seller.page(order=order, filter=BRL))["nodes"]]


async def test_the_same_list_backward_is_the_list_forward(seller: Seller) -> None:
    for number in range(9):
        await seller.sell(number // 3)

    for order in (NEWEST, OLDEST, CHEAPEST):
        forward = await seller.walk(2, order=order, filter=BRL)
        assert await seller.walk(4, backward=True, order=order, filter=BRL) == forward


async def test_a_page_goes_on_where_it_stood_while_rows_come_in(seller: Seller) -> None:
    sold = [await seller.sell(minutes) for minutes in (10, 20, 30, 40, 50, 60)]
    page = await seller.page(first=3)

    newer, before, after = [await seller.sell(minutes) for minutes in (70, 45, 25)]
    rest = await seller.page(first=10, after=page["pageInfo"]["endCursor"])

    assert [node["reference"] for node in page["nodes"]] == sold[:2:-1]
    assert [node["reference"] for node in rest["nodes"]] == [sold[2], after, sold[1], sold[0]]
    assert newer not in [node["reference"] for node in rest["nodes"]]
    assert before not in [node["reference"] for node in rest["nodes"]]


async def test_a_page_goes_on_where_it_stood_though_its_row_is_gone(seller: Seller) -> None:
    sold = [await seller.sell(minutes) for minutes in (10, 20, 30, 40)]
    page = await seller.page(first=2)

    gone = ("DELETE FROM sales WHERE account_id = ? AND reference = ?", (seller.account["id"], sold[2]))
    await database.transact(lambda: database.write(*gone))
    rest = await seller.page(first=2, after=page["pageInfo"]["endCursor"])

    assert [node["reference"] for node in rest["nodes"]] == [sold[1], sold[0]]


async def test_a_page_beyond_the_end_is_empty_and_says_what_is_before_it(seller: Seller) -> None:
    await seller.sell(1)
    end = (await seller.page(first=1))["pageInfo"]["endCursor"]

    page = await seller.page(first=1, after=end)

    assert page["nodes"] == page["edges"] == []
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": True,
        "startCursor": None,
        "endCursor": None,
    }
    assert page["totalCount"] == 1


async def test_an_empty_list_has_one_empty_page(seller: Seller) -> None:
    for request in ({}, {"first": 100}, {"last": 100}):
        page = await seller.page(**request)

        assert page["nodes"] == []
        assert not page["pageInfo"]["hasNextPage"]
        assert not page["pageInfo"]["hasPreviousPage"]


async def test_a_page_has_20_rows_unless_another_number_is_asked_for(seller: Seller) -> None:
    for minutes in range(23):
        await seller.sell(minutes)

    assert len((await seller.page())["nodes"]) == 20
    assert len((await seller.page(first=100))["nodes"]) == 23
    assert len((await seller.page(first=1))["nodes"]) == 1
    assert len((await seller.page(last=22))["nodes"]) == 22


@pytest.mark.parametrize("argument", ["first", "last"])
async def test_a_page_of_no_rows_says_whether_there_are_any(seller: Seller, argument: str) -> None:
    before = (await seller.page(**{argument: 0}))["pageInfo"]
    await seller.sell(1)
    await seller.sell(2)
    cursor = (await seller.page(first=1))["pageInfo"]["endCursor"]

    page = await seller.page(**{argument: 0})
    after = await seller.page(first=0, after=cursor)

    more = "hasNextPage" if argument == "first" else "hasPreviousPage"
    assert (page["nodes"], page["edges"]) == ([], [])
    assert (before[more], page["pageInfo"][more]) == (False, True)
    assert (page["pageInfo"]["startCursor"], page["pageInfo"]["endCursor"]) == (None, None)
    assert (after["pageInfo"]["hasPreviousPage"], after["pageInfo"]["hasNextPage"]) == (True, True)


A_CURSOR = object()
FAULTS = [
    ({"first": -1}, "first"),
    ({"first": 101}, "first"),
    ({"first": 2**31 - 1}, "first"),
    ({"last": -1}, "last"),
    ({"last": 101}, "last"),
    ({"first": 1, "last": 1}, "last"),
    ({"last": 1, "after": A_CURSOR}, "after"),
    ({"first": 1, "before": A_CURSOR}, "before"),
    ({"after": A_CURSOR, "before": A_CURSOR}, "after"),
    ({"first": 0, "before": A_CURSOR}, "before"),
]


@pytest.mark.parametrize(
    ("arguments", "argument"), FAULTS, ids=lambda item: item if isinstance(item, str) else str(list(item))
)
async def test_arguments_that_no_page_has_are_named(
    seller: Seller, arguments: dict[str, Any], argument: str
) -> None:
    await seller.sell(1)
    cursor = (await seller.page(first=1))["pageInfo"]["endCursor"]

    fault = await seller.fault(
        **{key: cursor if item is A_CURSOR else item for key, item in arguments.items()}
    )

    assert fault == {"code": "BAD_INPUT", "field": [argument]}


async def test_a_cursor_with_one_letter_changed_is_none(seller: Seller) -> None:
    await seller.sell(1)
    cursor = (await seller.page(first=1))["pageInfo"]["endCursor"]
    changed = [
        cursor[:place] + letter + cursor[place + 1 :]
        for place in range(len(cursor))
        for letter in ("A" if cursor[place] != "A" else "B", "!")
    ]
    changed += [cursor[:place] + cursor[place + 1 :] for place in range(len(cursor))]

    for item in changed:
        assert await seller.fault(first=1, after=item) == {"code": "BAD_INPUT", "field": ["after"]}, item


async def test_what_only_resembles_a_cursor_is_none(seller: Seller) -> None:
    await seller.sell(1)
    cursor = (await seller.page(first=1))["pageInfo"]["endCursor"]
    strange = ["", " ", "=", "A", "AAAA", cursor + "=", cursor + "\n", " " + cursor, cursor * 2, cursor[:16]]
    strange += [
        "é" * 40,
        "\N{FULLWIDTH DIGIT ONE}" * 20,
        "💡",
        cursor + "é",
        "A" * 100_000,
        "\0",
        "../../etc",
        "null",
    ]

    for item in strange:
        assert await seller.fault(last=1, before=item) == {"code": "BAD_INPUT", "field": ["before"]}, item


async def test_a_cursor_of_another_list_or_order_is_none(seller: Seller) -> None:
    await seller.sell(1)
    other = "{ account { products(first: 1) { pageInfo { endCursor } } } }"
    product = (await seller.client.ask(other, **seller.who))["account"]["products"]["pageInfo"]["endCursor"]
    newest = (await seller.page(first=1))["pageInfo"]["endCursor"]
    dearest = (await seller.page(first=1, order=DEAREST, filter=BRL))["pageInfo"]["endCursor"]
    bad = {"code": "BAD_INPUT", "field": ["after"]}

    assert await seller.fault(first=1, after=product) == bad
    assert await seller.fault(first=1, after=dearest) == bad
    assert await seller.fault(first=1, after=newest, order=OLDEST) == bad
    assert await seller.fault(first=1, after=newest, order=DEAREST, filter=BRL) == bad


async def test_a_cursor_of_another_account_is_none(seller: Seller, client: Client) -> None:
    owner = await make.user()
    account = await make.account(owner)
    other = Seller(client, account, await make.session(owner), await make.product(account))
    await seller.sell(1)
    await other.sell(3)
    theirs = (await other.page(first=1))["pageInfo"]["endCursor"]
    mine = (await seller.page(first=1))["pageInfo"]["endCursor"]

    fault = await seller.fault(first=10, after=theirs)

    assert fault == {"code": "BAD_INPUT", "field": ["after"]} == await seller.fault(first=10, after="forged")
    assert (await seller.page(first=10, after=mine))["nodes"] == []


async def test_a_cursor_of_another_list_of_the_same_people_is_none(seller: Seller, client: Client) -> None:
    for name in ("Ana", "Ben"):
        profile = await make.profile(seller.account, [Grant.VIEW_PRODUCTS])
        await make.collaborator(seller.account, profile, name=name)
    text = "query ($c: String) {{ account {{ {}(first: 1, after: $c) {{ pageInfo {{ endCursor }} }} }} }}"
    lists = {name: text.format(name) for name in ("people", "assignees")}
    cursors = {
        name: (await client.ask(query, {}, **seller.who))["account"][name]["pageInfo"]["endCursor"]
        for name, query in lists.items()
    }

    for name, query in lists.items():
        other = next(cursor for found, cursor in cursors.items() if found != name)
        assert (await client.ask(query, {"c": cursors[name]}, **seller.who))["account"][name] is not None
        (error,) = await client.errors(query, {"c": other}, **seller.who)
        assert error["extensions"] == {"code": "BAD_INPUT", "field": ["after"]}


async def test_a_cursor_among_prices_is_of_their_currency(seller: Seller) -> None:
    await seller.sell(1)
    cursor = (await seller.page(first=1, order=DEAREST, filter=BRL))["pageInfo"]["endCursor"]

    fault = await seller.fault(first=1, after=cursor, order=DEAREST, filter={"currency": "USD"})

    assert fault == {"code": "BAD_INPUT", "field": ["after"]}
    narrower = BRL | {"status": ["APPROVED"]}  # positions mean the same whatever else filters the list
    assert (await seller.page(first=1, after=cursor, order=DEAREST, filter=narrower))["nodes"] == []


async def test_a_cursor_gives_nothing_to_who_lost_the_list(seller: Seller) -> None:
    await seller.sell(1)
    cursor = (await seller.page(first=1))["pageInfo"]["endCursor"]
    collaborator = await make.collaborator(
        seller.account, await make.profile(seller.account, [Grant.VIEW_PRODUCTS])
    )

    errors = await seller.client.errors(
        "query ($c: String) { account { sales(after: $c) { totalCount } } }",
        {"c": cursor},
        token=await seller.client.collaborator(collaborator),
        account=seller.account,
    )

    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_a_count_is_made_only_where_it_is_asked_for(seller: Seller) -> None:
    await seller.sell(1)
    query = "{ account { sales { nodes { reference } %s } } }"

    with database.observed() as without:
        await seller.client.ask(query % "", **seller.who)
    with database.observed() as counted:
        await seller.client.ask(query % "totalCount", **seller.who)

    assert not [item for item in without if "COUNT(" in item]
    assert len([item for item in counted if "COUNT(" in item]) == 1
    assert len(counted) == len(without) + 1


# Seals


def test_a_seal_reads_what_it_wrote_for_the_same_purpose_alone() -> None:
    seal = Seal(b"a key")
    cursor = seal.write("sales", (1, "a"))

    assert seal.read("sales", cursor, 2) == (1, "a")
    for purpose, length, reader in (
        ("products", 2, seal),
        ("sales", 3, seal),
        ("sales", 2, Seal(b"another key")),
    ):
        with pytest.raises(BadCursor):
            reader.read(purpose, cursor, length)


def test_a_cursor_has_one_spelling() -> None:
    seal = Seal(b"a key")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    for content in ((1,), (12345,), ("abc",), ("abcd",), ("abcde",)):
        cursor = seal.write("sales", content)
        spellings = [cursor[:-1] + letter for letter in letters if letter != cursor[-1]]
        spellings += [
            cursor + "=",
            cursor + "==",
            cursor[:5] + "\n" + cursor[5:],
            cursor[:5] + "*" + cursor[5:],
        ]
        for other in spellings:
            with pytest.raises(BadCursor):
                seal.read("sales", other, 1)


def test_the_key_of_cursors_is_not_the_servers_key_itself() -> None:
    assert SETTINGS.secret_key not in Seal(SETTINGS.secret_key)._key
