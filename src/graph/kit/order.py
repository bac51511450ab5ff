"""Which way lists run."""

from enum import Enum

import strawberry


@strawberry.enum
class OrderDirection(Enum):
    """Which way a list runs."""

    ASC = "ASC"
    """From the smallest or oldest."""
    DESC = "DESC"
    """From the largest or newest."""
