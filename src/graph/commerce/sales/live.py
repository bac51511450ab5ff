"""Sales as they change and arrive."""

import strawberry

from authz.gates import Needs, gated, needs
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.source import SameRow, Stamped, sourced
from graph.commerce.sales.filters import find_sales
from graph.commerce.sales.types import Sale
from graph.kit.follow import followed
from graph.kit.scalars import DateTime
from models.changes import ChangeKind


@gated(Needs(grant=Grant.SEARCH_SALES))
@row_of("sales")
@strawberry.type
class SaleUpdate:
    """Something that happened to a sale."""

    cursor: str = sourced(Stamped(-2))
    """The position of the event, for `after`."""
    at: DateTime = sourced(Stamped(-1))
    """When it happened."""
    sale: Sale = sourced(SameRow())
    """The sale as it is when the event is sent."""


@strawberry.type
class SaleSubscriptions:
    """Sales as they change and arrive."""

    sale_changed: SaleUpdate = followed(SaleUpdate, ChangeKind.SALE, find_sales, needs(Grant.SEARCH_SALES))
    """The changes of sales within your reach, new sales included. Each event has a sale as it is after the
    change, if it is then within your reach and meets the filter; a sale that left your reach has no event."""
    sale_arrived: SaleUpdate = followed(SaleUpdate, ChangeKind.ARRIVAL, find_sales, needs(Grant.SEARCH_SALES))
    """The new sales within your reach that the marketplace reports.

    Imported and reprocessed sales are events of `saleChanged` only.
    """
