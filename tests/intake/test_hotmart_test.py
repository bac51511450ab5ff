"""Hotmart's tests are taken and kept apart: never a sale, never a product."""

from pathlib import Path
from typing import Any

import pytest
from intake_state import SECRET, account, rows
from payloads import body, webhook

from intake.endpoint.receive import receive
from intake.files.history import import_files


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


def unwatched(_done: int, _all: int) -> None:
    """Nobody looks."""


def _other(kind: str, **data: Any) -> dict[str, Any]:
    return {"id": f"test-{kind}", "event": kind, "version": "2.0.0", "creation_date": 1, "data": data}


TESTS = {
    "a product without number": webhook(product__id=0),
    "a product of zeros": webhook(product__id="00000"),
    "the product's code": webhook(product__ucode="fb056612-bcc6-4217-9e6d-2a5d1110ac2f"),
    "the product's name": webhook(product__name="Produto test postback2"),
    "the transaction": webhook(purchase__transaction="HP16015479281022"),
    "the buyer": webhook(buyer__email="testeComprador271101postman15@example.com"),
    "a cart": _other(
        "PURCHASE_OUT_OF_SHOPPING_CART", product={"id": 123456, "name": "Produto test postback2 com ç"}
    ),
    "a first access": _other("CLUB_FIRST_ACCESS", product={"id": 0, "name": "Produto test postback2"}),
    "a cancellation": _other(
        "SUBSCRIPTION_CANCELLATION",
        product={"id": 788921, "name": "Product name com ç e á"},
        subscriber={"code": "0000aaaa", "email": "test@example.com"},
    ),
    "a broken one": webhook(product__id=0, purchase__transaction=None, creation_date=None),
    "one without id": webhook(product__id=0, id=None),
}


@pytest.mark.parametrize("mark", TESTS)
async def test_a_test_is_taken_and_kept_apart(mark: str, tmp_path: Path) -> None:
    sent, imported = await account(), await account()
    file = tmp_path / "test.json"
    file.write_bytes(body([{"headers": {}, "body": TESTS[mark]}]))

    receipt = await receive(sent["intake_id"], SECRET, body(TESTS[mark]))
    again = await receive(sent["intake_id"], SECRET, body(TESTS[mark]))
    summary = await import_files(imported["id"], [file], unwatched)

    assert (receipt.status, receipt.code) == (200, "TEST")
    assert (again.status, again.code) == (200, "KNOWN")
    assert (summary.tests, summary.sales, summary.others, summary.malformed) == (1, 0, 0, 0)
    for seller in (sent, imported):
        (row,) = await rows(seller, "intake_events")
        assert (row["outcome"], row["kind"]) == ("TEST", TESTS[mark]["event"])
        assert await rows(seller, "sales") == []
        assert await rows(seller, "products") == []


async def test_a_sale_of_a_real_product_is_no_test() -> None:
    seller = await account()
    for message in (
        webhook(product__id=10, product__name="How to test postbacks"),
        webhook(product__id=788921),
        webhook(purchase__transaction="HP1601547928102"),
        webhook(buyer__email="test@example.com"),
    ):
        assert (await receive(seller["intake_id"], SECRET, body(message))).code == "SALE"
