"""Recorded messages of a real marketplace go in without loss; skipped where they are not at hand."""

import json
import os
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from intake_state import SECRET, account, rows, state
from payloads import webhook

from intake.endpoint.receive import receive
from intake.files.history import import_files

FOLDER = Path(os.environ.get("CENTRALS_SAMPLE_DATA", "/nowhere")) / "hotmart"
MESSAGES = sorted(FOLDER.glob("webhooks/**/*.json"))
HISTORY = FOLDER / "rest" / "get-payments-api-v1-sales-history.json"

pytestmark = pytest.mark.skipif(not MESSAGES, reason="CENTRALS_SAMPLE_DATA names no recorded messages")


STATUSES = {
    "APPROVED": "APPROVED",
    "BILLET_PRINTED": "WAITING_PAYMENT",
    "CANCELED": "CANCELLED",
    "CHARGEBACK": "CHARGEBACK",
    "COMPLETED": "COMPLETE",
    "DELAYED": "OVERDUE",
    "DISPUTE": "DISPUTE",
    "EXPIRED": "EXPIRED",
    "REFUNDED": "REFUNDED",
    "UNDER_ANALISYS": "UNDER_ANALYSIS",
}


def cents(tree: dict[str, Any]) -> int:
    """The amount of a currency with two decimals."""
    return int(Decimal(str(tree["value"])) * 100)


def leaf(tree: Any, *path: str) -> Any:
    for part in path:
        tree = (tree or {}).get(part)
    return tree or None


def expected_of(data: dict[str, Any]) -> dict[str, Any]:
    """What a sale says after this one purchase event, read independently of the parser."""
    purchase, buyer = data["purchase"], data["buyer"]
    warranty = leaf(data, "product", "warranty_date")
    affiliate = (data.get("affiliates") or [{}])[0]
    producers = [
        cents(commission) for commission in data["commissions"] if commission["source"] == "PRODUCER"
    ]
    return {
        "reference": purchase["transaction"],
        "status": STATUSES[purchase["status"]],
        "price": cents(purchase["price"]),
        "currency": purchase["price"]["currency_value"],
        "full_price": cents(purchase["full_price"]),
        "full_currency": purchase["full_price"]["currency_value"],
        "net": sum(producers),
        "net_currency": "BRL",
        "payment_method": purchase["payment"]["type"],
        "instalments": purchase["payment"]["installments_number"],
        "buyer_name": buyer["name"],
        "buyer_email": buyer["email"],
        "buyer_phone": buyer["checkout_phone"],
        "buyer_document": buyer["document"],
        "buyer_country": purchase["checkout_country"]["iso"],
        "origin_src": leaf(purchase, "origin", "src"),
        "origin_sck": leaf(purchase, "origin", "sck"),
        "affiliate_code": leaf(affiliate, "affiliate_code"),
        "affiliate_name": leaf(affiliate, "name"),
        "subscription_code": leaf(data, "subscription", "subscriber", "code"),
        "recurrence": purchase.get("recurrence_number"),
        "ordered_at": purchase["order_date"],
        "warranty_until": warranty and int(datetime.fromisoformat(warranty).timestamp() * 1000),
    }


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: "/".join(path.parts[-2:]))
async def test_a_recorded_message_goes_in_without_loss(database_url: str, path: Path) -> None:
    seller = await account()
    sent = path.read_bytes()  # noqa: ASYNC240
    message = json.loads(sent)
    is_sale = "purchase" in message["data"]

    receipt = await receive(seller["intake_id"], SECRET, sent)

    assert (receipt.status, receipt.code) == (200, "SALE" if is_sale else "OTHER")
    (row,) = await rows(seller, "intake_events")
    assert (row["key"], row["kind"]) == (message["id"], message["event"])
    assert row["happened_at"] == message.get("creation_date", message.get("creationDate"))
    assert json.loads(row["payload"]) == message | ({"hottok": None} if "hottok" in message else {})
    if is_sale:
        await assert_sale(seller, message)
    else:
        assert await rows(seller, "sales") == []


async def assert_sale(seller: dict[str, Any], message: dict[str, Any]) -> None:
    data = message["data"]
    (sale,) = await rows(seller, "sales")
    expected = expected_of(data)
    assert {key: sale[key] for key in expected} == expected
    paid = sale["status"] in {"APPROVED", "COMPLETE"}
    approved = data["purchase"].get("approved_date") or (message["creation_date"] if paid else None)
    assert sale["approved_at"] == approved
    assert sale["refunded_at"] == (message["creation_date"] if sale["status"] == "REFUNDED" else None)
    (product,) = await rows(seller, "products")
    result = data["product"]
    assert (product["reference"], product["name"]) == (str(result["id"]), result["name"])
    assert (product["ucode"], product["support_email"]) == (result["ucode"], result["support_email"])
    (offer,) = await rows(seller, "offers")
    price = data["purchase"]["original_offer_price"]
    assert (offer["code"], offer["price"]) == (data["purchase"]["offer"]["code"], cents(price))
    shares = {(row["source"], row["amount"], row["currency"]) for row in await rows(seller, "commissions")}
    assert shares == {
        (commission["source"], cents(commission), commission["currency_value"])
        for commission in data["commissions"]
    }
    assert sum(amount for _, amount, _ in shares) == sale["price"]


async def test_a_recorded_page_of_the_sales_history_goes_in_without_loss(database_url: str) -> None:
    seller = await account()
    (item,) = json.loads(HISTORY.read_bytes())["body"]["items"]
    purchase = item["purchase"]

    summary = await import_files(seller["id"], [HISTORY], lambda _done, _all: None)

    assert (summary.sales, summary.malformed) == (1, 0)
    (sale,) = await rows(seller, "sales")
    expected = {
        "reference": purchase["transaction"],
        "status": STATUSES[purchase["status"]],
        "price": cents(purchase["price"]),
        "currency": purchase["price"]["currency_code"],
        "payment_method": purchase["payment"]["type"],
        "instalments": purchase["payment"]["installments_number"],
        "buyer_name": item["buyer"]["name"],
        "buyer_email": item["buyer"]["email"],
        "origin_src": purchase["tracking"]["source"],
        "origin_sck": purchase["tracking"]["source_sck"],
        "recurrence": purchase["recurrency_number"],
        "ordered_at": purchase["order_date"],
        "approved_at": purchase["approved_date"],
        "warranty_until": purchase["warranty_expire_date"],
    }
    assert {key: sale[key] for key in expected} == expected


async def test_all_recorded_files_in_bulk_are_as_one_by_one(database_url: str) -> None:
    one_by_one, in_bulk = await account(), await account()
    for path in reversed(MESSAGES):
        await receive(one_by_one["intake_id"], SECRET, path.read_bytes())

    summary = await import_files(in_bulk["id"], MESSAGES, lambda _done, _all: None)

    ids = {json.loads(path.read_bytes())["id"] for path in MESSAGES}
    assert summary.sales + summary.others == len(ids)
    assert summary.known == len(MESSAGES) - len(ids)
    assert await state(in_bulk) == await state(one_by_one)


async def test_pages_of_products_offers_and_plans_describe_what_is_sold(database_url: str) -> None:
    seller = await account()
    pages = FOLDER / "rest"
    ucode = "f2b3be1f-313f-4a2d-b5b7-1c39d67dd3ee"

    summaries = [
        await import_files(seller["id"], [pages / f"get-products-api-v1-{name}.json"], lambda *_: None, as_of=1, product=ucode)
        for name in ("products", "products-ucode-offers", "products-ucode-plans")
    ]  # fmt: skip

    products = {row["reference"]: row for row in await rows(seller, "products")}
    assert [(summary.others, summary.malformed) for summary in summaries] == [(2, 0), (1, 0), (2, 0)]
    assert [
        (products[name]["format"], products[name]["warranty_days"]) for name in ("698441", "1117869")
    ] == [
        ("EBOOK", 7),
        ("COURSE", 15),
    ]
    (offer,) = await rows(seller, "offers")
    assert (offer["code"], offer["price"], offer["payment_mode"]) == ("02mhofjd", 1_000, "SINGLE")
    assert sorted(row["trial_days"] or 0 for row in await rows(seller, "plans")) == [0, 7]


async def test_recorded_pages_of_subscriptions_describe_them_and_their_payments(database_url: str) -> None:
    seller, pages = await account(), FOLDER / "rest"
    listed, paid = (
        json.loads((pages / f"get-payments-api-v1-subscriptions{name}.json").read_bytes())["body"]
        for name in ("", "-subscriber-code-purchases")
    )
    (item,), (payment,) = listed["items"], paid
    for transaction in (item["transaction"], payment["transaction"]):
        sent = webhook(
            "PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", purchase__transaction=transaction,
            purchase__approved_date=None, product__id=item["product"]["id"],
            subscription__subscriber__code=item["subscriber_code"],
        )  # fmt: skip
        assert (await receive(seller["intake_id"], SECRET, json.dumps(sent).encode())).code == "SALE"

    files = sorted(pages.glob("get-payments-api-v1-subscriptions*.json"))
    summary = await import_files(seller["id"], files, lambda *_: None)

    assert (len(files), summary.malformed) == (3, 0)
    (subscription,) = await rows(seller, "subscriptions")
    assert (subscription["code"], subscription["status"]) == (item["subscriber_code"], item["status"])
    assert (subscription["plan"], subscription["paid_recurrences"]) == (item["plan"]["name"], 1)
    (sale,) = [row for row in await rows(seller, "sales") if row["reference"] == payment["transaction"]]
    assert (sale["status"], sale["recurrence"]) == (payment["status"], payment["recurrency_number"])
    assert (sale["approved_at"], sale["price"]) == (payment["approved_date"], cents(payment["price"]))
