"""The order of lists."""

from enum import Enum
from typing import Any

import strawberry

from engine.rows.select import Order


@strawberry.enum
class OrderDirection(Enum):
    """The direction of a sort order."""

    ASC = "ASC"
    """The smallest or oldest first."""
    DESC = "DESC"
    """The largest or newest first."""


def sorted_by(order: Any, default: Order) -> Order:
    """The order of a list: that of the input, or the default."""
    if order is None:
        return default
    return Order(order.field.value, order.direction is OrderDirection.DESC)
