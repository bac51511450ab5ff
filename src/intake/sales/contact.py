"""What messages say outside of sales, stored once for each message under its key."""

from collections.abc import Iterable
from typing import Any

import msgspec

from intake.events.event import Event
from intake.events.notice import FIRST_ACCESS, ContactNotice, SubscriptionNotice
from models import database
from models.statement import one_of

_CONTACT = (
    *("id", "account_id", "key", "kind", "product_reference", "email", "name", "module"),
    *("happened_at", "received_at"),
)
_SUBSCRIPTION = (
    *("id", "account_id", "code", "key", "source", "kind", "happened_at", "received_at", "facts", "doubts"),
)


async def store_notices(account_id: str, events: Iterable[Event], received_at: int) -> None:
    """Store what events say outside of sales, unless their keys are known."""
    contacts, subscriptions = [], []
    for event in events:
        if isinstance(event.notice, ContactNotice):
            contacts.append(event)
        elif isinstance(event.notice, SubscriptionNotice):
            subscriptions.append(event)
    for table, columns, rows in (
        (
            "contact_events",
            _CONTACT,
            [_contact_row(account_id, contact, received_at) for contact in contacts],
        ),
        (
            "subscription_events",
            _SUBSCRIPTION,
            [_subscription_row(account_id, subscription, received_at) for subscription in subscriptions],
        ),
    ):
        await database.write_later(database.insertion(table, columns) + " ON CONFLICT DO NOTHING", rows)
    if any(event.kind == FIRST_ACCESS for event in contacts):
        await _settle_first_accesses(account_id, contacts)


async def remove_notices(account_id: str, keys: Iterable[str]) -> set[str]:
    """Remove what messages said, so that they can say something else. Sales that they were about, and the
    subscriptions whose codes are returned, are folded by the caller."""
    chosen = one_of("key", sorted(keys))
    found = await database.read(
        f"SELECT DISTINCT code FROM subscription_events WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    for table in ("contact_events", "subscription_events"):
        await database.write(
            f"DELETE FROM {table} WHERE account_id = ? AND {chosen.text}", (account_id, *chosen.params)
        )
    return {row["code"] for row in found}


def _contact_row(account_id: str, event: Event, received_at: int) -> tuple[Any, ...]:
    notice = event.notice
    assert isinstance(notice, ContactNotice)
    return (
        *(database.new_id(), account_id, event.key, event.kind, notice.product_reference, notice.email),
        *(notice.name, notice.module, event.happened_at, received_at),
    )


def _subscription_row(account_id: str, event: Event, received_at: int) -> tuple[Any, ...]:
    notice = event.notice
    assert isinstance(notice, SubscriptionNotice)
    doubts = msgspec.json.encode(event.doubts).decode() if event.doubts else None
    return (
        *(database.new_id(), account_id, notice.code, event.key, event.source.value, event.kind),
        *(event.happened_at, received_at, msgspec.json.encode(notice.facts).decode(), doubts),
    )


async def _settle_first_accesses(account_id: str, events: Iterable[Event]) -> None:
    """Write the first access of each sale that someone's use of its product is about."""
    people = {
        (event.notice.product_reference, event.notice.email)
        for event in events
        if event.kind == FIRST_ACCESS and isinstance(event.notice, ContactNotice)
    }
    await database.write_later(
        "UPDATE sales SET first_access_at = (SELECT MIN(c.happened_at) FROM contact_events c"
        " WHERE c.account_id = sales.account_id AND c.product_reference = ? AND c.email = ? AND c.kind = ?"
        " AND c.happened_at >= sales.ordered_at) WHERE account_id = ? AND marketplace_email = ?"
        " AND product_id IN (SELECT p.id FROM products p WHERE p.account_id = ? AND p.reference = ?)",
        [
            (product, email, FIRST_ACCESS, account_id, email, account_id, product)
            for product, email in sorted(people)
        ],
    )
