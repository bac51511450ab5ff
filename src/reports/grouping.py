"""What a report can be split by, and the names of what its rows are about."""

from dataclasses import dataclass
from enum import Enum


class Grouping(Enum):
    """What a report can be split by in addition to its own keys."""

    MEMBER = "MEMBER"
    """The collaborator that a sale is credited to."""
    TEAM = "TEAM"
    """The team that a sale was credited to when it was assigned."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the account by its id and name; both are None for rows of sales that have none.

    The member or team that a report is split by names its grouping.
    """

    id: str | None
    name: str | None
    grouping: Grouping | None = None
