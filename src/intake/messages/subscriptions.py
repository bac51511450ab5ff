"""Subscriptions of which messages say something, folded again."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from intake.events.event import Event
from intake.events.facts import Facts
from intake.events.notice import PLANS, CatalogNotice, SubscriptionNotice
from intake.sales.catalog import settle_new_products
from intake.sales.product import products_of, read_products, settle_products
from intake.sales.sale import Settled
from intake.subscriptions.settle import (
    replanned_subscriptions,
    settle_subscriptions,
    subscription_ids,
    unpriced_subscriptions,
)


async def settle_subscriptions_of(
    account_id: str,
    events: Sequence[Event],
    notices: Sequence[Event],
    settled: Settled | None = None,
    known_offers: Mapping[tuple[str, str], Any] | None = None,
) -> None:
    """Fold the subscriptions again that events are about: by their payments, by what notices say, and by the
    offers and plans of their products.

    `settled` is what the events did to sales, and `known_offers` what was known of their offers before.
    """
    found = {} if settled is None else dict(settled.subscriptions)
    codes = {event.notice.code for event in notices if isinstance(event.notice, SubscriptionNotice)}
    if codes:
        await _name_products(account_id, notices)
        found |= await subscription_ids(account_id, codes - found.keys())
    if known_offers is not None and (products := _priced_anew(events, known_offers)):
        found |= await unpriced_subscriptions(account_id, products)
    planned = {
        event.notice.product
        for event in notices
        if event.kind == PLANS and isinstance(event.notice, CatalogNotice)
    }
    if planned:
        found |= await replanned_subscriptions(account_id, planned)
    await settle_subscriptions(account_id, found)


def _priced_anew(events: Sequence[Event], known: Mapping[tuple[str, str], Any]) -> set[str]:
    """The products of events whose offer has a currency now and had none before."""
    return {
        str(facts.product_reference)
        for event in events
        if (facts := event.facts) is not None
        and facts.product_reference is not None
        and facts.offer_code is not None
        and (
            (row := known.get((facts.product_reference, facts.offer_code))) is None or row["currency"] is None
        )
    }


async def _name_products(account_id: str, notices: Sequence[Event]) -> None:
    """Add the products that messages about subscriptions name, and name them."""
    naming = [
        msgspec.structs.replace(
            event, facts=Facts(product_reference=reference, product_name=facts.product_name)
        )
        for event in notices
        if isinstance(event.notice, SubscriptionNotice)
        and (facts := event.notice.facts)
        and (reference := facts.product_reference) is not None
    ]
    known = await read_products(account_id, products_of(naming))
    await settle_products(account_id, naming, known)
    await settle_new_products(account_id, naming, known)
