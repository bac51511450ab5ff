"""Which way lists run."""

from enum import Enum

import strawberry


@strawberry.enum
class OrderDirection(Enum):
    """The direction of a sort order."""

    ASC = "ASC"
    """The smallest or oldest first."""
    DESC = "DESC"
    """The largest or newest first."""
