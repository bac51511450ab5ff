"""Products, offers and plans come from the marketplace's pages: in any order, and beside its messages."""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from intake_state import SECRET, account, rows, state
from payloads import APRIL, body, page, unwatched, webhook

from intake.endpoint.receive import receive
from intake.files.history import Summary, import_files
from intake.reprocessing.refold import refold
from models import database

File = Callable[[str, Any], Path]
PRODUCT = {
    "id": 4_200_001, "ucode": "ucode-one", "name": "Paged", "status": "PAUSED", "format": "ONLINE_COURSE",
    "warranty_period": 15, "is_subscription": True,
}  # fmt: skip
OFFER = {
    "code": "paged", "name": "Full", "price": {"value": 99, "currency_code": "BRL"},
    "payment_mode": "PAY_IN_FULL", "is_main_offer": True,
}  # fmt: skip
PLAN = {
    "code": "plan1", "name": "Monthly", "payment_mode": "ASSINATURA", "periodicity": "MONTHLY",
    "trial_period": 7, "max_charge_cycles": 12, "price": {"value": 10, "currency_code": "BRL"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


async def _imported(
    seller: dict[str, Any], path: Path, at: int = APRIL, product: str | None = None
) -> Summary:
    return await import_files(seller["id"], [path], unwatched, as_of=at, product=product)


async def _catalog(seller: dict[str, Any]) -> Any:
    """What is known of products, offers and plans."""
    found = await state(seller)
    plans = [
        {name: value for name, value in row.items() if name not in {"id", "account_id", "product_id"}}
        for row in await rows(seller, "plans")
    ]
    for offer in found["offers"]:
        offer["plan_id"] = offer["plan_id"] is not None
    return found["products"], found["offers"], found["offer_prices"], plans


async def test_pages_and_messages_end_alike_in_every_order(file: File) -> None:
    sold = webhook(
        creation_date=APRIL + 5,
        product__id=PRODUCT["id"],
        product__ucode="ucode-one",
        purchase__order_date=APRIL,
        purchase__offer={"code": "paged"},
        purchase__original_offer_price={"value": 99, "currency_value": "BRL"},
        data__subscription={"subscriber": {"code": "SUB1"}, "plan": {"name": "Monthly"}},
    )
    products, offers, plans = (
        file(f"{name}.json", page(item))
        for name, item in (("products", PRODUCT), ("offers", OFFER), ("plans", PLAN))
    )

    async def step(seller: dict[str, Any], number: int) -> None:
        if number == 0:
            await receive(seller["intake_id"], SECRET, body(sold))
        elif number == 1:
            await _imported(seller, products, APRIL + 1)
        elif number == 2:
            await _imported(seller, offers, APRIL + 2, "ucode-one")
        else:
            await _imported(seller, plans, APRIL + 3, str(PRODUCT["id"]))

    ends = []
    for order in permutations(range(4)):
        seller = await account()
        for number in order:
            await step(seller, number)
        ends.append(await _catalog(seller))
    again = await _catalog(seller)
    await refold(seller["id"], unwatched)

    (product,), (offer,), prices, (plan,) = ends[0]
    assert ends == [ends[0]] * len(ends)
    assert again == await _catalog(seller)
    assert (product["status"], product["format"], product["warranty_days"]) == ("PAUSED", "COURSE", 15)
    assert (offer["name"], offer["payment_mode"], bool(offer["main"])) == ("Full", "SINGLE", True)
    assert (offer["plan_name"], offer["plan_id"]) == ("Monthly", True)
    assert [(entry["start"], entry["amount"]) for entry in prices] == [(APRIL, 9_900)]
    assert (plan["period"], plan["trial_days"], plan["max_charges"]) == ("MONTHLY", 7, 12)


async def test_a_later_page_counts_and_an_earlier_one_changes_nothing(file: File) -> None:
    seller = await account()
    later = OFFER | {"price": {"value": 80, "currency_code": "BRL"}, "name": "Less"}
    await _imported(seller, file("products.json", page(PRODUCT)))
    await _imported(seller, file("later.json", page(later)), APRIL + 10, "ucode-one")
    await _imported(seller, file("offers.json", page(OFFER)), APRIL, "ucode-one")

    _, (offer,), prices, _ = await _catalog(seller)

    assert (offer["name"], offer["price"]) == ("Less", 8_000)
    assert sorted((entry["start"], entry["amount"]) for entry in prices) == [
        (APRIL, 9_900),
        (APRIL + 10, 8_000),
    ]


async def test_a_page_that_names_no_product_is_refused_unless_its_address_or_the_import_does(
    file: File,
) -> None:
    seller = await account()
    source = "GET /products/api/v1/products/{}/plans"
    await _imported(seller, file("products.json", page(PRODUCT)))

    bare = await _imported(seller, file("bare.json", page(OFFER)))
    template = {"_source": source.format(":ucode"), "body": page(PLAN)}
    unplaced = await _imported(seller, file("template.json", template))
    recorded = {"_source": source.format("ucode-one"), "body": page(PLAN)}
    read = await _imported(seller, file("recorded.json", recorded))
    within = await _imported(seller, file("within.json", page(OFFER | {"product_id": PRODUCT["id"]})))

    assert [(summary.malformed, summary.others) for summary in (bare, unplaced, read, within)] == [
        (1, 0),
        (1, 0),
        (0, 1),
        (0, 1),
    ]
    assert "--product" in bare.faults[0].reason
    assert [row["code"] for row in await rows(seller, "plans")] == ["plan1"]
    assert [row["code"] for row in await rows(seller, "offers")] == ["paged"]


async def test_what_a_page_does_not_say_clearly_is_a_doubt_and_what_is_unusable_is_malformed(
    file: File,
) -> None:
    seller = await account()
    odd = PRODUCT | {"status": "SHINY", "format": "HOLOGRAM", "warranty_period": -1}

    odd_read = await _imported(seller, file("odd.json", page(odd)))
    plan = PLAN | {"periodicity": "DAILY", "product_id": 1}
    refused = await _imported(seller, file("plan.json", page(plan)))

    (product,), *_ = await _catalog(seller)
    assert (odd_read.others, refused.malformed) == (1, 1)
    assert (product["name"], product["status"], product["format"]) == ("Paged", "ACTIVE", None)
    doubts = await database.read("SELECT CAST(doubts AS TEXT) AS doubts FROM intake_events WHERE account_id = ?"
                                 " AND kind = 'PRODUCTS'", (seller["id"],))  # fmt: skip
    assert all(word in doubts[0]["doubts"] for word in ("status", "format", "warranty_period"))
