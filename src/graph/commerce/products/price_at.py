"""The price of an offer at a moment."""

from collections.abc import Mapping, Sequence
from typing import Any

from authz.viewer import Viewer
from engine.rows.source import Lookup
from graph.kit.context import Info
from graph.kit.money import Money
from graph.kit.scalars import DateTime
from models import database
from models.price_history import prices_at


async def _read(viewer: Viewer, offer_ids: Sequence[str], arguments: dict[str, Any]) -> Mapping[str, Money]:
    account_id = viewer.central.account_id if viewer.central else None
    rows = await database.read(prices_at(account_id, offer_ids, arguments["at"]))
    return {str(row["offer_id"]): Money(minor=row["amount"], currency=row["currency"]) for row in rows}


async def _price_at(self: Any, info: Info, at: DateTime) -> Money | None:
    """The price of the offer at a moment, if it is known: a past price never changes afterwards.

    Before the first order at a known price it is null.

    Args:
        at: The moment, in the past or in the future.
    """
    found: Money | None = await info.context.lookup(PRICE_AT, self.row_id, {"at": at})
    return found


PRICE_AT = Lookup(_read, _price_at)
