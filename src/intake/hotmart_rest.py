"""Hotmart's REST sales history: one item, one event that says where a sale stands."""

from typing import Any

from intake.event import Event
from intake.hotmart_facts import purchase_facts
from intake.reading import Malformed, name_at, text_at, tree_at
from intake.spelling import status_of
from models.words import EventSource

KIND = "SALES_HISTORY"


def rest_event(item: Any, as_of: int | None = None) -> Event:
    """The event of a sales history item.

    It has no id: its key is the sale and the status, so each status counts once, as it was first
    read. It has no time either: it happened when the latest date that it tells was, or `as_of`.
    """
    if type(item) is not dict:
        raise Malformed("The item is not an object.")
    purchase = tree_at(item, "purchase")
    reference = name_at(purchase, "transaction", 64)
    if reference is None:
        raise Malformed("purchase.transaction is missing.")
    status = status_of(text_at(purchase, "status", 60) or "")
    if status is None:
        raise Malformed("purchase.status is not a status that is known.")
    facts = purchase_facts(item, status)
    told = [at for at in (facts.ordered_at, facts.approved_at, facts.refunded_at) if at is not None]
    happened_at = max(told, default=None) if as_of is None else as_of
    if happened_at is None:
        raise Malformed("purchase tells no date.")
    key = f"rest:{reference}:{status.value}"
    return Event(key, KIND, EventSource.REST, happened_at, reference, facts)


def is_rest_item(item: Any) -> bool:
    """Whether an object is an item of the sales history rather than a webhook's message."""
    return type(item) is dict and "event" not in item and "data" not in item and "purchase" in item
