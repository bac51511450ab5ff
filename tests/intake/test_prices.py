"""An offer's prices follow from its sales, as old as the orders, whatever the order of the messages."""

from itertools import permutations
from typing import Any

import pytest
from intake_state import SECRET, account, rows
from payloads import APRIL, body, webhook

from intake.endpoint.receive import receive
from models import database
from models.prices import HandPrice, Quote, price_history, stored_prices
from models.product_vocabulary import Source

DAY = 86_400_000


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


def _sold(number: int, day: int, price: int, kind: str = "APPROVED", at: int = 0) -> dict[str, Any]:
    return webhook(
        f"PURCHASE_{kind}",
        {"APPROVED": "APPROVED", "COMPLETE": "COMPLETED"}[kind],
        creation_date=APRIL + (day + at) * DAY + 1,
        purchase__transaction=f"HP{number}",
        purchase__order_date=APRIL + day * DAY,
        purchase__original_offer_price={"value": price, "currency_value": "BRL"},
    )


async def _prices_after(messages: list[dict[str, Any]]) -> tuple[list[tuple[Any, ...]], tuple[Any, ...]]:
    seller = await account()
    for message in messages:
        await receive(seller["intake_id"], SECRET, body(message))
    history = sorted(
        (row["start"], row["until"], row["amount"], row["source"])
        for row in await rows(seller, "offer_prices")
    )
    (offer,) = await rows(seller, "offers")
    return history, (offer["price"], offer["currency"], offer["priced_at"])


async def test_every_order_of_messages_ends_with_the_same_prices() -> None:
    # 90 comes back, and a late word about the first sale, with its price of then, is no change of price
    messages = [
        _sold(1, 0, 100),
        _sold(2, 1, 90),
        _sold(3, 2, 100),
        _sold(1, 0, 100, "COMPLETE", at=5),
    ]
    expected = [
        (APRIL, APRIL + DAY, 10_000, "MARKETPLACE"),
        (APRIL + DAY, APRIL + 2 * DAY, 9_000, "MARKETPLACE"),
        (APRIL + 2 * DAY, None, 10_000, "MARKETPLACE"),
    ]

    ends = [await _prices_after(list(order)) for order in permutations(messages)]

    assert ends == [(expected, (10_000, "BRL", APRIL + 2 * DAY))] * len(ends)


async def test_a_late_sale_at_the_price_of_its_time_reads_no_other_sale() -> None:
    seller = await account()
    for number, (day, price) in enumerate(((0, 100), (4, 90), (8, 100))):
        await receive(seller["intake_id"], SECRET, body(_sold(number, day, price)))

    async def reads_all(message: dict[str, Any]) -> bool:
        with database.observed() as statements:
            await receive(seller["intake_id"], SECRET, body(message))
        return any("LAG(" in statement for statement in statements)

    assert [await reads_all(_sold(10 + day, day, price)) for day, price in ((9, 100), (5, 90), (1, 100))] == [
        False
    ] * 3
    assert await reads_all(_sold(20, 6, 100))
    starts = sorted((row["start"] - APRIL) // DAY for row in await rows(seller, "offer_prices"))
    assert starts == [0, 4, 6]


def test_of_two_prices_for_one_moment_the_one_by_hand_counts() -> None:
    by_hand = stored_prices((HandPrice(20, "Ana", 80, "BRL"), HandPrice(40, "Ana")))
    quotes = [Quote(10, 100, "BRL"), Quote(20, 90, "BRL"), Quote(30, 70, "BRL"), Quote(40, 70, "BRL")]

    history = [tuple(entry) for entry in price_history(quotes, by_hand)]

    assert history == [
        (10, 20, 100, "BRL", Source.MARKETPLACE, None),
        (20, 40, 80, "BRL", Source.HAND, "Ana"),
        (40, None, 70, "BRL", Source.MARKETPLACE, None),
    ]


def test_without_a_price_of_the_marketplace_the_one_by_hand_ends_in_nothing() -> None:
    by_hand = stored_prices((HandPrice(20, "Ana", 80, "BRL"), HandPrice(40, "Ana")))

    assert [entry[:3] for entry in price_history([], by_hand)] == [(20, 40, 80)]
