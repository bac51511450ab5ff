"""Reads Hotmart's data in either form: a webhook message, or an item of a REST page."""

from typing import Any

from intake.events.event import Event
from intake.hotmart.rest import is_rest_item, rest_event
from intake.hotmart.webhook import webhook_event
from intake.values.reading import Malformed


def hotmart_event(tree: Any, as_of: int | None = None) -> Event:
    """The event of a decoded value. `as_of` is when a REST page was read, in milliseconds."""
    if is_rest_item(tree):
        return rest_event(tree, as_of)
    if type(tree) is dict and "event" in tree:
        return webhook_event(tree)
    raise Malformed("The item is neither a webhook's message nor one of a page that is known.")
