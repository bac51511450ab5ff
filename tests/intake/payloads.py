"""Messages in the marketplace's shape, each of them made up."""

import copy
import json
from itertools import count
from typing import Any

_number = count(1)

APRIL = 1_743_500_000_000


def webhook(
    kind: str = "PURCHASE_APPROVED", status: str | None = "APPROVED", **changed: Any
) -> dict[str, Any]:
    """A purchase's webhook; `changed` names paths: `purchase__price={...}`, `id="..."`."""
    number = next(_number)
    message: dict[str, Any] = {
        "id": f"event-{number}",
        "creation_date": APRIL + 5_000,
        "event": kind,
        "version": "2.0.0",
        "data": {
            "product": {
                "id": 4_200_001,
                "ucode": "ucode-one",
                "name": "Watercolours",
                "support_email": "help@example.com",
                "has_co_production": False,
                "warranty_date": "2025-05-01T00:00:00Z",
            },
            "affiliates": [{"affiliate_code": "", "name": ""}],
            "buyer": {
                "name": "Ana Prado",
                "first_name": "Ana",
                "last_name": "Prado",
                "email": "ana@example.com",
                "checkout_phone": "+55 11 90000-0001",
                "checkout_phone_code": "55",
                "document": "00000000191",
                "document_type": None,
                "address": None,
            },
            "producer": {"name": "Studio Prado", "document": "1", "legal_nature": "Pessoa Jurídica"},
            "commissions": [
                {"source": "MARKETPLACE", "value": 10.95, "currency_value": "BRL"},
                {"source": "PRODUCER", "value": 89.05, "currency_value": "BRL"},
            ],
            "purchase": {
                "transaction": f"HP{number:010}",
                "status": status,
                "order_date": APRIL,
                "approved_date": APRIL + 4_000,
                "price": {"value": 100, "currency_value": "BRL"},
                "full_price": {"value": 118.32, "currency_value": "BRL"},
                "original_offer_price": {"value": 120, "currency_value": "BRL"},
                "offer": {"code": "offer-a", "coupon_code": None},
                "origin": {"src": "spring", "sck": "ad-17"},
                "checkout_country": {"iso": "BR", "name": "Brasil"},
                "order_bump": {"is_order_bump": False},
                "payment": {"type": "CREDIT_CARD", "installments_number": 12},
                "recurrence_number": 3,
                "subscription_anticipation_purchase": None,
                "is_funnel": False,
                "business_model": "I",
            },
            "subscription": {
                "status": "ACTIVE",
                "subscriber": {"code": "SUB1"},
                "plan": {"id": 1, "name": "Y"},
            },
        },
    }
    return with_changes(message, changed)


def with_changes(message: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    """A copy with the values at `a__b` paths replaced; below `data` where the first part stands there."""
    message = copy.deepcopy(message)
    for path, value in changed.items():
        *parts, last = path.split("__")
        tree = message
        if parts and parts[0] not in message and "data" in message:
            tree = message["data"]
        for part in parts:
            tree = tree.setdefault(part, {})
        tree[last] = value
    return message


def rest_item(status: str = "APPROVED", **changed: Any) -> dict[str, Any]:
    """An item of the REST sales history."""
    number = next(_number)
    item: dict[str, Any] = {
        "product": {"id": 4_200_001, "name": "Watercolours"},
        "buyer": {"name": "Ana Prado", "ucode": "b-1", "email": "ana@example.com"},
        "producer": {"name": "Studio Prado", "ucode": "p-1"},
        "purchase": {
            "transaction": f"HP9{number:09}",
            "order_date": APRIL,
            "approved_date": APRIL + 4_000,
            "status": status,
            "recurrency_number": 2,
            "is_subscription": True,
            "commission_as": "PRODUCER",
            "price": {"value": 235.76, "currency_code": "USD"},
            "payment": {"method": "BILLET", "installments_number": 1, "type": "BILLET"},
            "tracking": {"source_sck": "PAGE", "source": "HOTMART", "external_code": "x"},
            "warranty_expire_date": APRIL + 9_000_000,
            "offer": {"payment_mode": "INVOICE", "code": "offer-r"},
            "hotmart_fee": {
                "total": 36.75,
                "fixed": 0,
                "currency_code": "EUR",
                "base": 11.12,
                "percentage": 9.9,
            },
        },
    }
    return with_changes(item, changed)


def page(*items: dict[str, Any]) -> dict[str, Any]:
    """A page of the sales history."""
    return {"items": list(items), "page_info": {"total_results": len(items), "results_per_page": 50}}


def body(message: Any) -> bytes:
    """The message as it is sent."""
    return json.dumps(message).encode()


def unwatched(_done: int, _all: int) -> None:
    """The progress of an import that nobody looks at."""
