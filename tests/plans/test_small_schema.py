"""What the product's schema has nothing of yet: connections below rows, unions, interfaces of plain objects.

Each query runs by a plan and on the standard executor; both must answer with the same bytes.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
import pytest
import strawberry

import make
from authz.reach import Reach
from centrals.application import handler_of
from client import SETTINGS
from engine.execute import Engine
from engine.limits import Limits
from engine.plan.planner import PreparedOperation
from engine.rows.connection import Connection
from engine.rows.lists import FirstRow, Rows, row_of, unread
from engine.rows.select import Order
from engine.rows.source import Children, Computed, Joined, Pages, sourced
from graph.http.handler import GraphQLHandler
from graph.http.request import GraphQLRequest
from graph.http.response import GraphQLResponse, encoded
from graph.kit.context import Info
from models import database
from models.statement import Statement
from plans.paths import Standard, Watched

NEWEST = Children("product_id", Order("ordered_at", descending=True))
APPROVED = Children("product_id", Order("reference"), where=Statement("r.status = ?", ("APPROVED",)))


@row_of("sales")
@strawberry.type
class Line:
    """A sale."""

    reference: str
    shelf: "Shelf" = sourced(Joined("product_id"))


@row_of("products", "product")
@strawberry.type
class Shelf:
    """A product with its sales."""

    id: strawberry.ID
    name: str
    lines: Connection[Line] = sourced(Pages(NEWEST, "sales"))
    approved: Connection[Line] = sourced(Pages(APPROVED, "sales", most=3, usual=2))


@strawberry.interface
class Labeled:
    """Something with a label."""

    label: str


@strawberry.type
class Note(Labeled):
    """A text."""

    text: str


@strawberry.type
class Tag(Labeled):
    """A color."""

    color: str | None = None


@strawberry.type
class Number:
    """Neither."""

    value: int


Entry = Annotated[Note | Tag | Number, strawberry.union("Entry")]
Found = Annotated[Shelf | Note, strawberry.union("Found")]


def _entries_of(name: str) -> list[Entry]:
    return [Note(label="n", text=name), Number(value=len(name)), Tag(label="t")]


@row_of("products", "product")
@strawberry.type
class Named:
    """A product and what is computed from its name."""

    name: str
    entries: list[Entry] = sourced(Computed(_entries_of, ("name",)))


@strawberry.type
class Board:
    """Plain objects of several types."""

    entries: list[Entry | None]
    first: Labeled
    none: Entry | None = None


def _rows(cls: Any, info: Info) -> Rows[Any]:
    central = info.context.viewer.central
    return Rows(cls, Reach("products", central.account_id if central else None), order=(Order("id"),))


@strawberry.type
class Query:
    """All of it."""

    @strawberry.field
    def shelves(self, info: Info) -> list[Shelf]:
        """Rows with connections below them."""
        return unread(_rows(Shelf, info))

    @strawberry.field
    def judged(self, info: Info) -> list[Named]:
        """Rows with unions that are computed."""
        return unread(_rows(Named, info))

    @strawberry.field
    def board(self) -> Board:
        """Plain objects."""
        entries = [Note(label="one", text="a"), Tag(label="two"), None, Number(value=3)]
        return Board(entries=entries, first=Tag(label="first", color="red"))

    @strawberry.field
    def wrong(self) -> Board | None:
        """An object that is none of the union's types."""
        return Board(entries=[Board(entries=[], first=Tag(label="x"))], first=Tag(label="y"))  # type: ignore[list-item]

    @strawberry.field
    def found(self, info: Info, *, note: bool) -> Found | None:
        """A union of rows and plain objects."""
        if note:
            return Note(label="found", text="plain")
        return unread(FirstRow(_rows(Shelf, info)))


SCHEMA = strawberry.Schema(query=Query, types=[Note, Tag])
PAGES = """query ($first: Int, $last: Int, $after: String, $before: String) { shelves {
  id name lines(first: $first, last: $last, after: $after, before: $before) {
    __typename totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { reference } edges { cursor node { shelf { name } } again: node { reference } } } } }"""


@dataclass
class Store:
    """An account with products, one of them without sales, and its owner, who asks both ways."""

    account: dict[str, Any]
    token: str
    compiled: GraphQLHandler
    standard: GraphQLHandler

    @classmethod
    async def opened(cls, products: int = 3) -> "Store":
        account = await make.account()
        for number in range(products):
            product = await make.product(account, name=f"Product {number}")
            for sold in range(number * 3):
                status = "APPROVED" if sold % 2 else "EXPIRED"
                await make.sale(account, product, ordered_at=1_760_000_000_000 + sold // 2, status=status)
        await make.sale(await make.account())  # another account's, never to be seen
        token = await make.session({"id": account["owner_id"]})
        return cls(account, token, _handler(Watched), _handler(Standard))

    async def ask(self, text: str, reason: str = "", **variables: Any) -> Any:
        """The answer of both ways, which is the same; by a plan unless for a reason."""
        compiled, standard = await self._answer(self.compiled, text, variables), await self._answer(
            self.standard, text, variables
        )  # fmt: skip
        assert _body(compiled) == _body(standard)
        result = self.compiled.engine.last  # type: ignore[attr-defined]
        assert (result.compiled, result.reason) == (not reason, reason)
        return msgspec.json.decode(encoded(compiled.payload))

    async def statements(self, way: GraphQLHandler, text: str, **variables: Any) -> int:
        with database.observed() as statements:
            await self._answer(way, text, variables)
        return len(statements)

    async def _answer(self, way: GraphQLHandler, text: str, variables: dict[str, Any]) -> GraphQLResponse:
        central = f"central_{self.account['id']}"
        return await way.handle(GraphQLRequest(text, None, variables, token=self.token, central=central))


def _handler(engine: type[Engine]) -> GraphQLHandler:
    handler = handler_of(SETTINGS)
    handler.engine = engine(SCHEMA, Limits())
    return handler


def _body(response: GraphQLResponse) -> bytes:
    return encoded(response.payload).replace(response.request_id.encode(), b"the request's id")


def _lines(answer: Any) -> list[list[str]]:
    return [[line["reference"] for line in shelf["lines"]["nodes"]] for shelf in answer["data"]["shelves"]]


async def test_a_connection_below_rows_has_a_page_for_each_of_them(database_url: str) -> None:
    store = await Store.opened()

    whole = await store.ask(PAGES)
    part = await store.ask(PAGES, first=2)
    end = await store.ask(PAGES, last=2)

    every = _lines(whole)
    assert sorted(len(references) for references in every) == [0, 3, 6]
    assert _lines(part) == [references[:2] for references in every]
    assert _lines(end) == [references[-2:] for references in every]
    assert [shelf["lines"]["totalCount"] for shelf in part["data"]["shelves"]] == [
        len(item) for item in every
    ]
    for shelf, references in zip(part["data"]["shelves"], every, strict=True):
        assert shelf["lines"]["pageInfo"]["hasNextPage"] is (len(references) > 2)
        assert [edge["node"]["shelf"]["name"] for edge in shelf["lines"]["edges"]] == [shelf["name"]] * len(
            shelf["lines"]["nodes"]
        )


async def test_a_cursor_of_a_page_below_rows_leads_to_the_next_one(database_url: str) -> None:
    store = await Store.opened(0)
    product = await make.product(store.account)
    for sold in range(6):
        await make.sale(store.account, product, ordered_at=1_760_000_000_000 + sold // 2)
    (whole,) = _lines(await store.ask(PAGES))

    found: list[str] = []
    after = None
    for _ in range(3):
        answer = await store.ask(PAGES, first=2, after=after)
        found += _lines(answer)[0]
        after = answer["data"]["shelves"][0]["lines"]["pageInfo"]["endCursor"]

    assert found == whole
    before = await store.ask(PAGES, last=2, before=after)
    assert _lines(before) == [whole[3:5]]
    await make.sale(store.account, await make.product(store.account))
    refused = await store.ask(PAGES, "error: PaginationError", before=after)  # it is of one row's list only
    assert {error["extensions"]["code"] for error in refused["errors"]} == {"BAD_INPUT"}


async def test_pages_below_rows_are_as_many_statements_for_2_rows_as_for_9(database_url: str) -> None:
    few, many = await Store.opened(2), await Store.opened(9)

    counts = {
        await store.statements(way, PAGES, first=2)
        for store in (few, many)
        for way in (store.compiled, store.standard)
    }

    assert counts == {1 + 3}  # who asks, the rows, their pages, their numbers of rows


async def test_a_connection_below_rows_may_have_a_filter_and_sizes_of_its_own(database_url: str) -> None:
    store = await Store.opened()
    text = "query ($n: Int) { shelves { approved(first: $n) { totalCount nodes { reference } } } }"

    usual = await store.ask("{ shelves { approved { totalCount nodes { reference } } } }")

    sizes = sorted(
        (shelve["approved"]["totalCount"], len(shelve["approved"]["nodes"]))
        for shelve in usual["data"]["shelves"]
    )
    assert sizes == [(0, 0), (1, 1), (3, 2)]
    refused = await store.ask(text, "error: PaginationError", n=4)
    assert [error["message"] for error in refused["errors"]] == ["first is from 0 to 3."]


async def test_connections_below_connections_below_rows(database_url: str) -> None:
    store = await Store.opened()

    answer = await store.ask(
        "{ shelves { lines(first: 2) { nodes { shelf { name lines(last: 1) { nodes { reference } totalCount } } } } } }"
    )

    inner = [line["shelf"] for shelf in answer["data"]["shelves"] for line in shelf["lines"]["nodes"]]
    assert sorted((item["name"], item["lines"]["totalCount"]) for item in inner) == [
        ("Product 1", 3), ("Product 1", 3), ("Product 2", 6), ("Product 2", 6)]  # fmt: skip


async def test_a_cursor_of_another_list_is_refused_below_rows(database_url: str) -> None:
    store = await Store.opened()
    cursor = (await store.ask("{ shelves { approved { pageInfo { endCursor } } } }"))["data"]["shelves"]
    other = next(
        item["approved"]["pageInfo"]["endCursor"]
        for item in cursor
        if item["approved"]["pageInfo"]["endCursor"]
    )

    refused = await store.ask(PAGES, "error: PaginationError", after=other)

    assert {error["extensions"]["code"] for error in refused["errors"]} == {"BAD_INPUT"}


@pytest.mark.parametrize(
    "text",
    [
        "{ board { entries { __typename ... on Note { label text } ... on Tag { color } ... on Number { value } } } }",
        "{ board { first { label __typename ... on Tag { color } } none { __typename } } }",
        "{ board { entries { ... on Labeled { label } } } }",
        "{ judged { name entries { __typename ... on Note { text } ... on Number { value } } } }",
        "{ found(note: true) { __typename ... on Note { text } ... on Shelf { name } } }",
        "{ found(note: false) { __typename ... on Note { text } ... on Shelf { id lines(first: 1) { totalCount } } } }",
    ],
)
async def test_unions_and_interfaces_are_compiled(database_url: str, text: str) -> None:
    store = await Store.opened()

    answer = await store.ask(text)

    assert "errors" not in answer
    assert answer["data"]


async def test_an_object_of_none_of_a_unions_types_is_an_error_as_ever(database_url: str) -> None:
    store = await Store.opened()

    answer = await store.ask("{ wrong { entries { __typename } } }", "error: InvalidValue")

    assert answer["errors"]


def test_all_that_is_not_compiled_is_named_at_once() -> None:
    engine = Engine(SCHEMA, Limits())
    prepared = engine.prepare("{ __schema { queryType { name } } board { first { label } } }", None, 0)
    assert isinstance(prepared, PreparedOperation)

    examined = prepared.examined(prepared.coerced(None))

    assert [str(problem) for problem in examined.problems] == ["introspection: Query.__schema"]
    assert examined.sources[-1].startswith("async def plan(run):")
