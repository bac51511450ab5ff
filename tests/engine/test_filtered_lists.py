"""Filtered lists: the rows of each viewer in their order, page by page, out of indexes that have that order."""

from collections.abc import Iterator
from typing import Any

import pytest

from models import database
from small_shop import Shop

_PERIOD = '{from: "2026-06-01", to: "2026-07-01"}'
SALES = {
    "status: [WAITING_PAYMENT]": "sales_by_status",
    "status: [APPROVED, COMPLETE]": "sales_by_status",
    "status: [APPROVED], soldAs: [AFFILIATE]": "sales_by_role",
    "status: [EXPIRED], refusal: [LIMIT]": "sales_by_status",
    "refusal: [INSUFFICIENT_FUNDS, LIMIT]": "sales_by_refusal",
    f"refundedPeriod: {_PERIOD}": "sales_by_refund",
    'coupon: "save10"': "sales_by_coupon",
    "inFunnel: true": "sales_in_funnel",
    # what most rows have, or what more than the filter decides, has its own indexes
    f"status: [APPROVED], approvedPeriod: {_PERIOD}": "idx_sales_approved",
    "soldAs: [PRODUCER]": "idx_sales_account",
}
REQUESTS = {
    "status: [REQUESTED, AWAITING_APPROVAL]": "refund_requests_by_status",
    "reason: [DUPLICATE]": "refund_requests_by_reason",
}


def _lists() -> Iterator[tuple[str, str]]:
    for chosen, index in SALES.items():
        yield f"sales(filter: {{{chosen}}}) {{ nodes {{ reference }} }}", index
    for chosen, index in REQUESTS.items():
        yield f"refundRequests(filter: {{{chosen}}}) {{ nodes {{ reference }} }}", index
    approved = "filter: {status: [APPROVED]}, order: {field: APPROVED_AT}"
    yield f"sales({approved}) {{ nodes {{ reference }} }}", "idx_sales_approved"


async def _plan(statement: str) -> str:
    rows = await database.read(f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?"))
    return " ".join(row["detail"] for row in rows)


@pytest.mark.parametrize("who", ["owner", "bia", "ana"])
async def test_a_filter_is_read_out_of_the_index_that_has_its_rows(shop: Shop, who: str) -> None:
    if database.dialect() == "postgres":
        pytest.skip("PostgreSQL chooses by what it counted: tests/plans")
    for fields, index in _lists():
        with database.observed() as statements:
            await shop.read(who, fields)
        (statement,) = [text for text in statements if " ORDER BY " in text]
        plan = await _plan(statement)

        assert f"USING INDEX {index}" in plan or f"USING COVERING INDEX {index}" in plan, (fields, plan)


@pytest.mark.parametrize("who", ["owner", "ana"])
@pytest.mark.parametrize(
    ("chosen", "index"),
    [
        ("", "idx_opportuniti_account"),
        ("filter: {status: [TODO]}", "idx_opportuniti_account"),
        ("filter: {kind: [EXPIRED_SLIP]}", "idx_opportuniti_account"),
        ("order: {field: OPENED_AT}", "idx_opportuniti_account"),
        ("order: {field: REMIND_AT}", "opportunities_by_reminder"),
        ('filter: {currency: "BRL"}, order: {field: AMOUNT}', "opportunities_by_amount"),
    ],
)
async def test_opportunities_are_read_in_their_order_without_sorting(
    shop: Shop, who: str, chosen: str, index: str
) -> None:
    if database.dialect() == "postgres":
        pytest.skip("PostgreSQL chooses by what it counted: tests/plans")
    with database.observed() as statements:
        await shop.read(who, f"opportunities{f'({chosen})' if chosen else ''} {{ nodes {{ title }} }}")
    (statement,) = [text for text in statements if " ORDER BY " in text]

    plan = await _plan(statement)

    assert f"INDEX {index}" in plan, plan
    assert "TEMP B-TREE" not in plan, plan


async def _walked(shop: Shop, who: str, chosen: str, *, backward: bool = False) -> list[str]:
    found: list[str] = []
    first, after, end, more = ("first", "after", "endCursor", "hasNextPage")
    if backward:
        first, after, end, more = ("last", "before", "startCursor", "hasPreviousPage")
    cursor: str | None = None
    for _ in range(20):
        at = "" if cursor is None else f', {after}: "{cursor}"'
        page: Any = await shop.read(
            who,
            f"sales({first}: 2{at}, filter: {{{chosen}}})"
            f" {{ nodes {{ reference }} totalCount pageInfo {{ {end} {more} }} }}",
        )
        nodes = [node["reference"] for node in page["nodes"]]
        found = [*nodes, *found] if backward else [*found, *nodes]
        if not page["pageInfo"][more]:
            assert page["totalCount"] == len(found)
            return found
        cursor = page["pageInfo"][end]
    raise AssertionError("The pages have no end.")


@pytest.mark.parametrize(
    ("chosen", "fits"),
    [
        ("status: [COMPLETE]", lambda sale: sale["status"] == "COMPLETE"),
        ("status: [COMPLETE, REFUNDED, COMPLETE, BLOCKED]", lambda sale: sale["status"] in ("COMPLETE", "REFUNDED")),
        ("status: []", lambda _: False),
        ("status: [COMPLETE], soldAs: [AFFILIATE, COPRODUCER]",
         lambda sale: sale["status"] == "COMPLETE" and sale["soldAs"] == "AFFILIATE"),
        ("soldAs: [PRODUCER, AFFILIATE], status: [APPROVED, OVERDUE, EXPIRED]",
         lambda sale: sale["status"] in ("APPROVED", "OVERDUE", "EXPIRED")),
        ("refusal: [INSUFFICIENT_FUNDS, EXPIRED_UNPAID]", lambda sale: sale["refusal"] is not None),
    ],
)  # fmt: skip
async def test_the_pages_of_a_filter_are_the_rows_that_meet_it(shop: Shop, chosen: str, fits: Any) -> None:
    for who in ("owner", "bia", "ana"):
        listed = await shop.read(who, "sales(first: 50) { nodes { reference status soldAs refusal } }")
        wanted = [sale["reference"] for sale in listed["nodes"] if fits(sale)]

        assert await _walked(shop, who, chosen) == wanted
        assert await _walked(shop, who, chosen, backward=True) == wanted
