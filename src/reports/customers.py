"""The customers of a period: who bought, how often and for how much."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from authz import reach
from authz.gates import GateViolation, grant_bit
from authz.viewer import Viewer
from models import database
from models.statement import Statement
from models.vocabulary import SaleStatus
from reports.counted import among, counted_rows
from reports.expressions import PAID
from reports.facts import SALES
from reports.period import Bucket
from reports.report import Report

_PART = 1_000
_PAID = among(PAID)
_SPENT = f"CAST(COALESCE(SUM(p.price) FILTER (WHERE p.{_PAID}), 0) AS BIGINT)"
_REFUNDED = _SPENT.replace(_PAID, among((SaleStatus.REFUNDED,)))
_VALUES = (
    ("sale_id", "id"),
    *((name, name) for name in ("buyer", "status", "price", "currency", "product_id", "buyer_folded")),
    ("subscription", "subscription_code"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """Which customers: of a period, with sales that meet `where`, at least so many purchases, and a name that
    contains a folded text as a pattern. `currency` is that of the amounts that sort them."""

    report: Report
    period: Bucket
    where: Statement
    at_least: int = 0
    pattern: str | None = None
    currency: str = ""

    def within(self, viewer: Viewer) -> reach.Reach:
        """The sales that the list is made of."""
        return SALES.within(viewer, self.report.grant)


class Customer(msgspec.Struct, frozen=True, gc=False):
    """A buyer as their newest sale of the period describes them, and what they bought in it.

    Amounts are pairs of minor units and a currency, without those that are 0.
    """

    name: str | None
    country: str | None
    email: str | None
    phone: str | None
    document: str | None
    purchases: int
    products: int
    subscriber: bool
    first_at: int
    last_at: int
    spent: tuple[tuple[int, str], ...]
    refunded: tuple[tuple[int, str], ...]


class Total(msgspec.Struct, frozen=True, gc=False):
    """What all customers of a list bought in one currency."""

    currency: str
    customers: int
    purchases: int
    spent: int
    refunded: int


async def customers(
    viewer: Viewer, listed: Listed, keys: Sequence[str], order: str, after: Statement | None, limit: int
) -> list[tuple[Any, ...]]:
    """Customers in an order, from a position on: each as a tuple of the customer and the columns `keys`.

    Contacts come only of a sale that the viewer can see: a lead's reports also count sales whose credit
    stayed in their team and which someone else has now. `order` and `after` name the columns of `r`, of
    which `id` is the last.
    """
    page = Statement("SELECT r.* FROM customers r")
    if after is not None:
        page = page + " WHERE " + after
    statement = _list(viewer, listed, keys, order, page + f" ORDER BY {order} LIMIT {limit}")
    return list(_rows(await database.read(statement, named=False), len(keys)))


async def all_customers(viewer: Viewer, listed: Listed, order: str) -> AsyncGenerator[list[Customer], None]:
    """All customers in an order, a part at a time, with what the viewer can see of them now."""
    statement = _list(viewer, listed, ("r.id",), order, Statement("SELECT r.* FROM customers r"))
    unfinished: list[Any] = []
    async with aclosing(database.read_parts(statement, _PART)) as parts:
        async for part in parts:
            rows = [*unfinished, *part]
            # the last customer's rows in other currencies may follow
            end = next((place for place in range(len(rows), 0, -1) if rows[place - 1][0] != rows[-1][0]), 0)
            unfinished = rows[end:]
            yield [customer for customer, _ in _rows(rows[:end], 1)]
    yield [customer for customer, _ in _rows(unfinished, 1)]


def _list(viewer: Viewer, listed: Listed, keys: Sequence[str], order: str, page: Statement) -> Statement:
    """The statement of a page of the customers `r`: a row for each of its customers and currencies."""
    statement = (
        _customers(viewer, listed)
        + ", page AS ("
        + page
        + (
            "), money AS (SELECT p.buyer, p.currency,"
            f" {_SPENT} AS paid, {_REFUNDED} AS returned"
            " FROM placed p WHERE p.buyer IN (SELECT buyer FROM page) GROUP BY 1, 2)"
            ", newest AS (SELECT x.buyer, x.sale_id FROM (SELECT p.buyer, p.sale_id, ROW_NUMBER() OVER"
            " (PARTITION BY p.buyer ORDER BY p.placed_at DESC, p.sale_id DESC) AS place FROM placed p"
            " WHERE p.buyer IN (SELECT buyer FROM page)) x WHERE x.place = 1)"
            f" SELECT {', '.join(keys)}, CASE WHEN "
        )
        + reach.rows(viewer, "sales", listed.report.grant).where("s")
        + (
            " THEN 1 ELSE 0 END AS in_reach, s.buyer_name, s.buyer_country, s.buyer_email, s.buyer_phone,"
            " s.buyer_document, r.purchases, r.products, r.subscriber, r.first_at, r.last_at, m.currency,"
            " m.paid, m.returned FROM page r JOIN money m ON m.buyer = r.buyer"
            " JOIN newest n ON n.buyer = r.buyer JOIN sales s ON s.id = n.sale_id AND s.account_id = "
        )
    )
    assert viewer.central is not None
    return statement + Statement(
        f"? ORDER BY {order}, m.currency", (viewer.central.account_id,), custom_plan=True
    )


async def count(viewer: Viewer, listed: Listed) -> int:
    """How many customers there are."""
    rows = await database.read(_customers(viewer, listed) + " SELECT COUNT(*) FROM customers", named=False)
    return int(rows[0][0])


async def totals(viewer: Viewer, listed: Listed) -> list[Total]:
    """What they bought, by currency."""
    rows = await database.read(
        _customers(viewer, listed) + " SELECT p.currency, COUNT(DISTINCT p.buyer),"
        f" COUNT(*) FILTER (WHERE p.{_PAID}),"
        f" {_SPENT}, {_REFUNDED} FROM placed p WHERE p.buyer IN (SELECT buyer FROM customers)"
        " GROUP BY 1 ORDER BY 1",
        named=False,
    )
    return [Total(*row) for row in rows]


def _customers(viewer: Viewer, listed: Listed) -> Statement:
    """The tables `placed`, of the sales that count, and `customers`, of those that the list has."""
    if viewer.central is None or not viewer.mask & grant_bit(listed.report.grant):
        raise GateViolation(listed.report.grant.value)
    values = Statement("".join(f", {SALES.value(value)} AS {name}" for name, value in _VALUES))
    placed = counted_rows(listed.within(viewer), listed.report, SALES, values, [listed.period], listed.where)
    # a position in the list holds the largest id of a sale, which contains no contact
    found = (
        Statement("WITH placed AS (")
        + placed
        + (
            "), customers AS (SELECT p.buyer, MAX(CAST(p.sale_id AS TEXT)) AS id,"
            " MIN(p.placed_at) AS first_at,"
            f" MAX(p.placed_at) AS last_at, COUNT(*) FILTER (WHERE p.{_PAID}) AS purchases,"
            f" COUNT(DISTINCT CASE WHEN p.{_PAID} THEN p.product_id END) AS products,"
            " MAX(CASE WHEN p.subscription IS NULL THEN 0 ELSE 1 END) AS subscriber,"
            f" COALESCE(MAX(p.buyer_folded), '') AS name, CAST(COALESCE(SUM(p.price) FILTER (WHERE p.{_PAID}"
            " AND p.currency = "
        )
    )
    found = found + Statement("?), 0) AS BIGINT) AS spent FROM placed p GROUP BY p.buyer", (listed.currency,))
    having = f" HAVING COUNT(*) FILTER (WHERE p.{_PAID}) >= ?"
    found = found + Statement(having, (listed.at_least,), custom_plan=True)
    if listed.pattern is not None:
        named = " AND MAX(CASE WHEN p.buyer_folded LIKE ? ESCAPE '\\' THEN 1 ELSE 0 END) = 1"
        found = found + Statement(named, (listed.pattern,))
    return found + ")"


def _rows(stored: Sequence[Any], keys: int) -> Iterator[tuple[Any, ...]]:
    """The customers, whose rows in several currencies follow each other."""
    for _, rows in groupby(stored, key=itemgetter(keys - 1)):
        row, *others = rows
        yield (_customer(row[keys:], keys, (row, *others)), *row[:keys])


def _customer(row: Any, keys: int, currencies: Sequence[Any]) -> Customer:
    amounts = [each[keys + 11 :] for each in currencies]
    spent = tuple((paid, currency) for currency, paid, _ in amounts if paid)
    refunded = tuple((returned, currency) for currency, _, returned in amounts if returned)
    in_reach, name, country, email, phone, document, *bought = row[:11]
    purchases, products, subscriber, first_at, last_at = bought
    if not in_reach:
        email = phone = document = None
    return Customer(
        name,
        country,
        email,
        phone,
        document,
        purchases,
        products,
        bool(subscriber),
        first_at,
        last_at,
        spent,
        refunded,
    )
