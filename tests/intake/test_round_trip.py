"""Every fact that a message tells can be read through the API: walked by the facts' own fields."""

import os
from collections.abc import AsyncIterator
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from payloads import body
from seller_account import Seller, seller

from doorstep import visiting
from intake.events.event import Event
from intake.events.facts import Facts, Share
from intake.hotmart.event import hotmart_event
from intake.sales.fold import fold
from intake.sales.supplement import history_event_of
from intake.values.reading import decoded, encoded
from models.address import Address
from models.currency import exponent_of

FOLDER = Path(os.environ.get("CENTRALS_SAMPLE_DATA", "/nowhere")) / "hotmart"
SAMPLES = [*sorted(FOLDER.glob("webhooks/**/*.json")), *sorted(FOLDER.glob("rest/get-payments*.json"))]
READ_AT = 1_800_000_000_000

# where each fact is read: a path, and for an amount the fact that holds its currency
READ = {
    "status": "status",
    "product_reference": "product.reference",
    "product_ucode": "product.ucode",
    "product_name": "product.name",
    "product_support_email": "product.supportEmail",
    "offer_code": "offer.code",
    "offer_name": "offer.name",
    "offer_price": ("offer.price", "offer_currency"),
    "price": ("price", "currency"),
    "full_price": ("fullPrice", "full_currency"),
    "refunded_amount": ("refundedAmount", "refunded_currency"),
    "vat": ("vat", "vat_currency"),
    "payment_method": "paymentMethod",
    "instalments": "installments",
    "refusal_reason": "refusalReason",
    "coupon": "coupon",
    "in_funnel": "inFunnel",
    "order_bump": "orderBump",
    "parent_reference": "parentReference",
    "buyer_name": "buyer.name",
    "buyer_email": "buyer.email",
    "buyer_phone": "buyer.phone",
    "buyer_document": "buyer.document",
    "buyer_country": "buyer.country",
    "buyer_address": "buyer.address",
    "origin_src": "origin.src",
    "origin_sck": "origin.sck",
    "origin_xcod": "origin.xcod",
    "checkout_origin": "checkoutOrigin",
    "device": "device",
    "affiliate_code": "affiliate.code",
    "affiliate_name": "affiliate.name",
    "subscription_code": "subscription.code",
    "subscription_plan": "subscription.plan",
    "recurrence": "subscription.recurrence",
    "commissions": "commissions",
    "ordered_at": "orderedAt",
    "approved_at": "approvedAt",
    "refunded_at": "refundedAt",
    "warranty_until": "warrantyUntil",
}
CURRENCIES = {where[1] for where in READ.values() if isinstance(where, tuple)}
NOT_READ = {
    "producer_name": "the name of the producer's commission, where there is one",
    "coproducer_name": "the name of the coproducer's commission, where there is one",
    "sold_as": "the role, which follows from the shares: tests/intake/test_roles.py",
    "slip": "the payment slip: tests/graph/test_payment_slip.py",
    "product_coproduced": "said of the product: tests/graph/test_small_shop.py",
    "subscription_status": "said of the subscription: tests/graph/test_subscriptions.py",
    "subscription_ended_by": "said of the subscription: tests/graph/test_subscriptions.py",
    "next_charge_at": "said of the subscription: tests/graph/test_subscriptions.py",
}

_OF_SUBSCRIPTIONS = {"subscription_status", "subscription_ended_by", "next_charge_at"}
ELSEWHERE = {"sold_as", "slip", "product_coproduced"} | _OF_SUBSCRIPTIONS

# a message that tells every other fact
FULL: dict[str, Any] = {
    "id": "full",
    "creation_date": 1_743_500_009_000,
    "event": "PURCHASE_REFUNDED",
    "version": "2.0.0",
    "data": {
        "product": {"id": 42, "ucode": "u-1", "name": "Ink", "support_email": "help@example.com",
                    "warranty_date": "2025-05-01T00:00:00Z"},
        "affiliates": [{"affiliate_code": "A1", "name": "Rui"}],
        "producer": {"name": "Studio"},
        "buyer": {
            "name": "Ana", "email": "ana@example.com", "checkout_phone": "999990000", "checkout_phone_code": "11",
            "document": "123",
            "address": {"address": "Rua A", "number": "10", "complement": "B", "neighborhood": "Centro",
                        "city": "Recife", "state": "PE", "zipcode": "50000-000", "country_iso": "BR"},
        },
        "commissions": [
            {"source": "PRODUCER", "value": 17.5, "currency_value": "USD",
             "currency_conversion": {"converted_value": 94.67, "converted_to_currency": "BRL"}},
            {"source": "COPRODUCER", "value": 1, "currency_value": "USD", "name": "Dora"},
        ],
        "purchase": {
            "transaction": "HP1", "status": "PARTIALLY_REFUNDED", "order_date": 1_743_500_000_000,
            "approved_date": 1_743_500_001_000, "refund_date": 1_743_500_008_000, "device": "MOBILE",
            "price": {"value": 20, "currency_value": "USD"}, "full_price": {"value": 22, "currency_value": "USD"},
            "original_offer_price": {"value": 25, "currency_value": "USD"}, "refund": {"value": 5},
            "vat": {"value": 2, "currency_value": "USD"},
            "payment": {"type": "CREDIT_CARD", "installments_number": 3, "refusal_reason": "Limite excedido"},
            "offer": {"code": "o1", "name": "Launch", "coupon_code": "TEN"}, "is_funnel": True,
            "order_bump": {"is_order_bump": True, "parent_purchase_transaction": "HP0"},
            "origin": {"src": "s", "sck": "k", "xcod": "x"}, "checkout_origin": "hotpay",
            "checkout_country": {"iso": "BR"}, "recurrence_number": 2,
        },
        "subscription": {"subscriber": {"code": "S1"}, "plan": {"name": "Monthly"}},
    },
}  # fmt: skip
COPRODUCER = {"transaction": "HP1", "users": [{"role": "COPRODUCER", "user": {"name": "Dora"}}]}


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Seller]:
    async with visiting() as client:
        yield await seller(client)


def test_each_fact_is_read_somewhere_or_says_why_not() -> None:
    assert READ.keys() | CURRENCIES | NOT_READ.keys() == set(Facts.__struct_fields__)


def test_the_full_message_tells_every_fact() -> None:
    facts = [hotmart_event(decoded(body(FULL))).facts, hotmart_event(COPRODUCER, READ_AT).facts]
    results = {name for fact in facts for name in Facts.__struct_fields__ if getattr(fact, name) is not None}
    (full, _) = facts

    assert results | ELSEWHERE == set(Facts.__struct_fields__)
    assert full is not None
    assert full.buyer_address is not None
    assert None not in [getattr(full.buyer_address, name) for name in Address.__struct_fields__]
    assert full.commissions is not None
    shares = [
        {name for name in Share.__struct_fields__ if getattr(commission, name)}
        for commission in full.commissions
    ]
    assert shares[0] | shares[1] == set(Share.__struct_fields__)


async def test_what_the_full_message_tells_is_read(shop: Seller) -> None:
    await shop.post(FULL)

    assert_read(await shop.sale(), [hotmart_event(decoded(body(FULL)))])


@pytest.mark.skipif(not SAMPLES, reason="CENTRALS_SAMPLE_DATA names no recorded messages")
async def test_what_recorded_messages_and_pages_tell_is_read(database_url: str, tmp_path: Path) -> None:
    values: dict[str, list[Any]] = {}
    for path in SAMPLES:
        for item in items_of(decoded(path.read_bytes())):
            values.setdefault(str(hotmart_event(item, READ_AT).reference), []).append(item)
    read = 0

    async with visiting() as client:
        for of_sale in values.values():
            shop, events = await seller(client), [hotmart_event(entry, READ_AT) for entry in of_sale]
            for item in of_sale:
                await send(shop, item, tmp_path)
            if any(event.facts and event.facts.describes_sale for event in events):
                assert_read(await shop.sale(), events)
                read += 1

    assert read > 20


async def test_pages_of_every_kind_are_read_of_the_sale_that_they_speak_of(
    shop: Seller, tmp_path: Path
) -> None:
    pages = [path for path in SAMPLES if path.parts[-2] == "rest"]
    if not pages:
        pytest.skip("CENTRALS_SAMPLE_DATA names no recorded pages")
    await shop.post(FULL)
    events = [hotmart_event(decoded(body(FULL)))]
    for path in pages:
        for item in items_of(decoded(path.read_bytes())):
            if "transaction" in item:
                of_sale = item | {"transaction": "HP1"}
                of_sale |= {"product": item["product"] | {"id": 42}} if "product" in item else {}
                await send(shop, of_sale, tmp_path)
                events.append(hotmart_event(of_sale, READ_AT))

    assert len(events) > 4
    assert_read(await shop.sale(), events)


async def send(shop: Seller, item: Any, folder: Path) -> None:
    """A message by the webhook, an item of a page by an import."""
    if "event" in item:
        assert (await shop.post(encoded(item).encode())).status_code == 200
    else:
        await shop.read_page(encoded({"items": [item]}), folder, READ_AT)


def items_of(content: Any) -> list[Any]:
    """The items of a recorded page that speak of a sale, or the message."""
    body = content.get("body", content)
    items = body if isinstance(body, list) else body.get("items", [body])
    return [item for item in items if {"event", "purchase", "transaction"} & item.keys()]


def assert_read(sale: dict[str, Any], events: list[Event]) -> None:
    """What the latest event that tells a fact says of it stands where the fact is read."""
    latest = sorted(events, key=lambda event: (event.happened_at, event.facts.status is not None, event.key))
    for name, where in READ.items():
        telling = [event.facts for event in latest if event.facts and getattr(event.facts, name) is not None]
        if not telling:
            continue
        value = getattr(telling[-1], name)
        if isinstance(where, tuple):
            path, currency = where
            expected: Any = money(value, getattr(telling[-1], currency))
        else:
            path, expected = where, plain(value)
        found = at(sale, path)
        if name == "commissions":
            found, expected = [[share(item) for item in result] for result in (found, fold_shares(events))]
        assert found == expected, name


def fold_shares(events: list[Event]) -> list[dict[str, Any]]:
    """The shares as the facts tell them, with the names that other facts tell."""
    return [
        {"source": item.source.value, "name": item.name, "amount": money(item.amount, item.currency),
         "converted": item.converted_amount and money(item.converted_amount, str(item.converted_currency))}
        for item in fold(map(history_event_of, events)).shares
    ]  # fmt: skip


def share(content: dict[str, Any]) -> tuple[Any, ...]:
    return content["source"], content["name"], str(content["amount"]), str(content["converted"])


def at(tree: Any, path: str) -> Any:
    """What stands at a path; times as milliseconds."""
    for key in path.split("."):
        tree = None if tree is None else tree[key]
    if isinstance(tree, str) and path.endswith(("At", "Until")):
        return int(datetime.fromisoformat(tree).timestamp() * 1000)
    return tree


def money(amount: int, currency: str) -> dict[str, str]:
    places = exponent_of(currency)
    text = str(amount).rjust(places + 1, "0")
    return {"amount": f"{text[:-places]}.{text[-places:]}" if places else text, "currency": currency}


def plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Address):
        names = {"zip_code": "zipCode"}
        return {names.get(name, name): getattr(value, name) for name in Address.__struct_fields__}
    return value
