"""What is secondary and cannot be read is left out with a doubt; the sale is kept."""

from typing import Any

import pytest
from intake_state import SECRET, account, rows
from payloads import body, webhook

from intake.endpoint.receive import receive
from models import database

BRL = {"currency_value": "BRL"}
LONG = "x" * 70

# the change to a message, a column of the sale and what it holds then, and the field that is doubted
SECONDARY: dict[str, tuple[dict[str, Any], str, Any, str]] = {
    "a NUL in a name": ({"buyer__name": "a\0b"}, "buyer_name", "Ana Prado", "buyer.name"),
    "a NUL in an address": ({"buyer__address": {"city": "\0", "number": 7}}, "buyer_address", '{"number":"7"}',
                            "buyer.address.city"),
    "an address that is a text": ({"buyer__address": "Rua A, 10"}, "buyer_address", None, "buyer.address"),
    "an overlong e-mail": ({"buyer__email": "a" * 250 + "@example.com"}, "buyer_email", None, "buyer.email"),
    "an overlong offer code": ({"purchase__offer": {"code": LONG}}, "offer_id", None, "purchase.offer.code"),
    "an overlong name": ({"buyer__name": "é" * 400}, "buyer_name", "é" * 300, "buyer.name"),
    "a price that is true": ({"purchase__price": {"value": True} | BRL}, "price", 12_000, "purchase.price.value"),
    "a huge price": ({"purchase__price": {"value": 2**63} | BRL}, "price", 12_000, "purchase.price.value"),
    "a tiny price": ({"purchase__price": {"value": 0.001} | BRL}, "price", 0, "purchase.price.value"),
    "a price of four decimals": ({"purchase__price": {"value": 104.2375} | BRL}, "price", 10_424,
                                 "purchase.price.value"),
    "a negative price": ({"purchase__price": {"value": -1} | BRL}, "price", 12_000, "purchase.price"),
    "a nameless currency": ({"purchase__price": {"value": 1, "currency_value": ""}}, "currency", "BRL",
                            "purchase.price.currency"),
    "a currency of one letter": ({"purchase__price": {"value": 1, "currency_value": "R"}}, "currency", "BRL",
                                 "purchase.price.currency"),
    "a negative time": ({"purchase__order_date": -1}, "ordered_at", 1_743_500_005_000, "purchase.order_date"),
    "a date of words": ({"product__warranty_date": "soon"}, "warranty_until", None, "product.warranty_date"),
    "half an installment": ({"purchase__payment": {"installments_number": 1.5}}, "instalments", 1,
                            "purchase.payment.installments_number"),
    "too many installments": ({"purchase__payment": {"installments_number": 2**31}}, "instalments", 1,
                              "purchase.payment.installments_number"),
    "a recurrence that is true": ({"purchase__recurrence_number": True}, "recurrence", None,
                                  "purchase.recurrence_number"),
    "a recurrence below zero": ({"purchase__recurrence_number": -1}, "recurrence", None,
                                "purchase.recurrence_number"),
    "commissions that are none": ({"data__commissions": "all"}, "net", None, "commissions"),
    "commissions of numbers": ({"data__commissions": [1]}, "net", None, "commissions[0]"),
    "commissions beyond all": (
        {"data__commissions": [{"source": "PRODUCER", "value": 9e16} | BRL] * 2}, "net", None, "commissions"),
    "a commission without currency": ({"data__commissions": [{"source": "PRODUCER", "value": 9}]}, "net", 900,
                                      "commissions[0].currency"),
    "a buyer that is true": ({"data__buyer": True}, "buyer_name", None, "buyer"),
    "a name that is a list": ({"buyer__name": []}, "buyer_name", "Ana Prado", "buyer.name"),
    "a funnel of words": ({"purchase__is_funnel": "perhaps"}, "in_funnel", 0, "purchase.is_funnel"),
    "a plan that is a list": ({"data__subscription": {"plan": [1]}}, "subscription_plan", None,
                              "subscription.plan"),
}  # fmt: skip


@pytest.mark.parametrize("named", SECONDARY)
async def test_a_secondary_field_that_cannot_be_read_is_left_out(database_url: str, named: str) -> None:
    changed, column, value, doubted = SECONDARY[named]
    seller = await account()

    receipt = await receive(seller["intake_id"], SECRET, body(webhook(**changed)))

    assert (receipt.status, receipt.code) == (200, "SALE")
    (sale,) = await rows(seller, "sales")
    # PostgreSQL writes JSON with blanks
    assert (sale[column].replace(": ", ":") if column == "buyer_address" and value else sale[column]) == value
    (event,) = await rows(seller, "sale_events")
    assert event["doubts"].startswith(f'["{doubted}')


@pytest.mark.parametrize(
    ("changed", "column", "value"),
    [
        ({"data__affiliates": {}}, "affiliate_code", None),
        ({"data__affiliates": {"affiliate_code": "A", "name": "Rui"}}, "affiliate_name", "Rui"),
        ({"buyer__checkout_phone": 5511900000001, "buyer__checkout_phone_code": None}, "buyer_phone", "5511900000001"),
        ({"purchase__price": 90}, "price", 9_000),
        ({"purchase__payment": {"type": "CREDIT_CARD_VISA"}}, "payment_method", "CREDIT_CARD"),
        ({"purchase__order_date": 1_743_500_000}, "ordered_at", 1_743_500_000_000),
        ({"purchase__order_date": "1743500000"}, "ordered_at", 1_743_500_000_000),
    ],
)  # fmt: skip
async def test_other_shapes_of_the_same_fact_are_read(
    database_url: str, changed: dict[str, Any], column: str, value: Any
) -> None:
    seller = await account()

    assert (await receive(seller["intake_id"], SECRET, body(webhook(**changed)))).code == "SALE"

    (sale,) = await rows(seller, "sales")
    assert sale[column] == value
    if "price" not in column:
        (event,) = await rows(seller, "sale_events")
        assert event["doubts"] is None


async def test_a_doubt_never_repeats_the_value(database_url: str) -> None:
    seller = await account()
    canary = "canary-of-the-buyer"
    message = webhook(
        buyer__email=canary * 20,
        buyer__document=[canary],
        buyer__address=canary,
        product__warranty_date=canary,
    )

    await receive(seller["intake_id"], SECRET, body(message))

    (event,) = await rows(seller, "sale_events")
    assert event["doubts"].count("buyer.") == 3
    assert canary not in event["doubts"]


async def test_a_message_of_nothing_but_doubts_notes_no_more_than_fifty(database_url: str) -> None:
    seller = await account()

    await receive(seller["intake_id"], SECRET, body(webhook(data__commissions=[1] * 500)))

    assert (await database.read("SELECT doubts FROM sale_events WHERE account_id = ?", (seller["id"],)))[0][
        "doubts"
    ].count("commissions") == 50
