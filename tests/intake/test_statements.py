"""A message costs as many statements as another of its kind, and a batch of an import no more for its size."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from intake_state import SECRET, account
from payloads import APRIL, body, page, rest_item, unwatched, webhook

from intake.endpoint.receive import receive
from intake.files import history
from intake.files.history import import_files
from models import database

NOTED = 1
"""Of what happened, the receivers of the account's events are read once."""
ENDED = 2
"""Of a message about a month that has ended: the time zone, and the month whose statement is compared."""
COMPARED = 2
"""Of a message about a paid sale: where its share is booked, and the balances."""
BOOKED = COMPARED + 3
"""Where the share moves: its posting, the entry and the balance, in one call with others."""


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


async def cost(seller: dict[str, Any], message: dict[str, Any]) -> int:
    with database.observed() as statements:
        receipt = await receive(seller["intake_id"], SECRET, body(message))
    assert receipt.status == 200
    return len(statements)


def message(number: int, second: int, kind: str = "APPROVED", code: str | None = None) -> dict[str, Any]:
    status = {"APPROVED": "APPROVED", "COMPLETE": "COMPLETED", "REFUNDED": "REFUNDED"}[kind]
    return webhook(
        f"PURCHASE_{kind}",
        status,
        creation_date=APRIL + second * 1_000,
        purchase__transaction=f"HP{number}",
        purchase__approved_date=None,
        data__subscription=code and {"subscriber": {"code": code}, "status": "ACTIVE"},
    )


async def test_a_webhook_costs_the_same_whatever_came_before() -> None:
    seller = await account()
    await cost(seller, message(0, 0))

    new = [await cost(seller, message(number, number)) for number in range(1, 6)]
    later = [message(number, 100 + number, "COMPLETE") for number in range(1, 6)]
    known = [await cost(seller, item) for item in later]
    once_more = [await cost(seller, message(number, 200 + number, "REFUNDED")) for number in range(1, 6)]
    again = [await cost(seller, item) for item in later]

    log = 1 if database.dialect() == "postgres" else 2  # what subscriptions follow; one call all the same
    assert set(new) == {15 + BOOKED + ENDED + NOTED + log}  # one looks for the opportunity that the sale wins
    assert set(known) == {16 + COMPARED + ENDED + NOTED + log}
    assert set(once_more) == {
        17 + BOOKED + ENDED + NOTED + log
    }  # a refund looks for the request that it closes
    assert set(again) == {3}


async def test_a_payment_of_a_subscription_costs_the_same_whatever_came_before() -> None:
    seller = await account()
    await cost(seller, message(0, 0, code="S0"))
    log = 1 if database.dialect() == "postgres" else 2

    new = [await cost(seller, message(number, number, code=f"S{number}")) for number in range(1, 4)]
    renewed = [await cost(seller, message(10 + number, 10 + number, code="S1")) for number in range(1, 4)]
    later = [
        await cost(seller, message(10 + number, 100 + number, "COMPLETE", "S1")) for number in range(1, 4)
    ]

    # its id, its payments, its messages, its requests, its turns, its plan, and the row itself
    assert set(renewed) == {15 + 8 + BOOKED + ENDED + NOTED + log}
    assert set(new) == {15 + 9 + BOOKED + ENDED + NOTED + log}  # it begins
    # a sale that is known has the id
    assert set(later) == {16 + 7 + COMPARED + ENDED + NOTED + log}


async def test_a_batch_costs_the_same_whatever_its_size(file: Callable[[str, Any], Path]) -> None:
    async def batch(count: int) -> tuple[int, int, int]:
        seller = await account()
        items = [rest_item("APPROVED", purchase__transaction=f"HP{number}") for number in range(count)]
        later = [rest_item("COMPLETE", purchase__transaction=f"HP{number}") for number in range(count)]
        costs = []
        for name, found, at in (
            ("1", items, APRIL),
            ("2", later, APRIL + 1_000),
            ("2", later, APRIL + 1_000),
        ):
            with database.observed() as statements:
                await import_files(seller["id"], [file(f"{name}.json", page(*found))], unwatched, as_of=at)
            costs.append(len(statements))
        return costs[0], costs[1], costs[2]

    assert await batch(2) == await batch(50)


async def test_tables_are_analyzed_as_an_import_grows_and_not_for_a_single_batch(
    file: Callable[[str, Any], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "BATCH", 2)

    async def analyses(count: int) -> int:
        seller = await account()
        items = [rest_item("APPROVED", purchase__transaction=f"HP{number}") for number in range(count)]
        with database.observed() as statements:
            await import_files(seller["id"], [file("page.json", page(*items))], unwatched)
        return sum("ANALYZE" in text for text in statements)

    found = [await analyses(2 * batches) for batches in (1, 2, 4, 9)]

    assert found == ([0, 1, 2, 4] if database.dialect() == "postgres" else [0, 0, 0, 0])
