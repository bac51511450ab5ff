"""Abandoned checkouts: stored once for each message under its key, and folded into opportunities."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from intake.events.event import Event
from intake.events.notice import CheckoutNotice
from intake.sales.catalog import settle_new_products
from intake.sales.product import (
    offers_of,
    products_of,
    read_offers,
    read_products,
    settle_offers,
    settle_products,
)
from models import database
from models.recovery.settle import settle_opportunities
from models.recovery.stored import Group
from models.statement import one_of

_COLUMNS = (
    *("id", "account_id", "key", "contact", "product_reference", "offer_code", "name", "email", "phone"),
    *("country", "happened_at", "received_at"),
)


async def store_attempts(
    account_id: str, events: Iterable[Event], received_at: int, left: Iterable[Group] = ()
) -> None:
    """Store what events say about abandoned checkouts, unless their keys are known, and fold it.

    `left` are contacts and products of which messages were removed.
    """
    found = [(event, event.notice) for event in events if isinstance(event.notice, CheckoutNotice)]
    groups = set(left)
    if found:
        products = await _settle_goods(
            account_id, [msgspec.structs.replace(event, facts=notice.facts) for event, notice in found]
        )
        await database.write_later(
            database.insertion("checkout_attempts", _COLUMNS) + " ON CONFLICT DO NOTHING",
            [_row(account_id, event, notice, received_at) for event, notice in found],
        )
        groups |= {(products[str(notice.facts.product_reference)], notice.contact) for _, notice in found}
    await settle_opportunities(account_id, groups=groups)


async def remove_attempts(account_id: str, keys: Iterable[str]) -> set[Group]:
    """Remove what messages said about checkouts, so that they can say something else.

    Returns the contacts and products that they were about.
    """
    chosen = one_of("a.key", sorted(keys))
    rows = await database.read(
        "SELECT p.id AS product_id, a.contact FROM checkout_attempts a JOIN products p"
        " ON p.account_id = a.account_id AND p.reference = a.product_reference"
        f" WHERE a.account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    if rows:
        await database.write(
            f"DELETE FROM checkout_attempts AS a WHERE a.account_id = ? AND {chosen.text}",
            (account_id, *chosen.params),
        )
    return {(str(row["product_id"]), row["contact"]) for row in rows}


async def _settle_goods(account_id: str, events: Sequence[Event]) -> dict[str, str]:
    """Add and name the products and offers that the messages are about. Returns the ids of the products."""
    known_products = await read_products(account_id, products_of(events))
    known_offers = await read_offers(account_id, offers_of(events))
    products = await settle_products(account_id, events, known_products)
    await settle_offers(account_id, events, products, known_offers)
    await settle_new_products(account_id, events, known_products)
    return products


def _row(account_id: str, event: Event, notice: CheckoutNotice, received_at: int) -> tuple[Any, ...]:
    facts = notice.facts
    return (
        *(database.new_id(), account_id, event.key, notice.contact, facts.product_reference),
        *(facts.offer_code, facts.buyer_name, facts.buyer_email, facts.buyer_phone, facts.buyer_country),
        *(event.happened_at, received_at),
    )
