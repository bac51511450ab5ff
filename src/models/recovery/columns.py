"""The columns of an opportunity that messages decide."""

from collections.abc import Mapping
from typing import Any

from models.prices import PriceEntry
from models.recovery.derive import Attempt, Derived
from models.recovery.stored import Found, Group
from models.text import folded

MESSAGE_COLUMNS = (
    *("kind", "contact", "product_id", "offer_id", "amount", "currency"),
    *("contact_name", "contact_folded", "contact_email", "contact_phone", "contact_document"),
    *("contact_country", "origin_src", "origin_sck", "origin_xcod", "affiliate_code", "affiliate_name"),
    *("sale_id", "attempts", "opened_at", "last_attempt_at", "touched_at"),
    *(
        "marketplace_status",
        "marketplace_at",
        "marketplace_sale_id",
        "assignee_id",
        "team_id",
        "credit_id",
        "credit_team_id",
    ),
)
_LONGEST_FOLDED = 600
_OF_SALE = {
    "offer_id": "offer_id",
    "amount": "price",
    "currency": "currency",
    "contact_name": "buyer_name",
    "contact_email": "buyer_email",
    "contact_phone": "buyer_phone",
    "contact_document": "buyer_document",
    "contact_country": "buyer_country",
    **{
        name: name for name in ("origin_src", "origin_sck", "origin_xcod", "affiliate_code", "affiliate_name")
    },
}
"""The columns that an unpaid sale gives its opportunity."""
_ASSIGNED = ("assignee_id", "team_id", "credit_id", "credit_team_id")


def message_columns(
    group: Group, derived: Derived, found: Found, prices: Mapping[str, dict[int, PriceEntry]]
) -> dict[str, Any]:
    """The values of `MESSAGE_COLUMNS`, besides when it was touched."""
    product_id, contact = group
    row = dict.fromkeys(MESSAGE_COLUMNS) | {
        "kind": derived.kind.value,
        "contact": contact,
        "product_id": product_id,
        "attempts": len(derived.parts),
        "opened_at": derived.opened_at,
        "last_attempt_at": derived.last_at,
        "marketplace_status": derived.status and derived.status.value,
        "marketplace_at": derived.closed_at,
        "marketplace_sale_id": derived.won_by,
    }
    if derived.sale_ids:
        row |= _of_sales([found.sales[sale_id] for sale_id in derived.sale_ids])
    else:
        row |= _of_attempts([part for part in derived.parts if isinstance(part, Attempt)], prices)
    name = row["contact_name"]
    row["contact_folded"] = None if name is None else folded(name)[:_LONGEST_FOLDED]
    return row


def _of_sales(sales: list[Any]) -> dict[str, Any]:
    """What the first of the unpaid sales says, and whom it is assigned to."""
    first = sales[0]
    row = {name: first[column] for name, column in _OF_SALE.items()}
    row["sale_id"] = str(first["id"])
    return row | {name: first[name] for name in _ASSIGNED}


def _of_attempts(attempts: list[Attempt], prices: Mapping[str, dict[int, PriceEntry]]) -> dict[str, Any]:
    """What the attempts say: the latest of the contact, and what the first offer cost at the opening."""
    offer_id = next((attempt.offer_id for attempt in attempts if attempt.offer_id is not None), None)
    latest = attempts[::-1]
    row: dict[str, Any] = {
        f"contact_{name}": next(
            (value for attempt in latest if (value := getattr(attempt, name)) is not None), None
        )
        for name in ("name", "email", "phone", "country")
    }
    price = _price_at(prices.get(offer_id or "", {}).values(), attempts[0].at)
    return row | {
        "offer_id": offer_id,
        "amount": price and price.minor,
        "currency": price and price.currency,
    }


def _price_at(history: Any, at: int) -> PriceEntry | None:
    return next(
        (entry for entry in history if entry.start <= at and (entry.until is None or at < entry.until)), None
    )
