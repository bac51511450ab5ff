"""The groupings of reports, and the names of what their rows are about."""

from enum import Enum

import msgspec


class Grouping(Enum):
    """What a report can be split by in addition to its own keys."""

    MEMBER = "MEMBER"
    """By the collaborator that a sale is credited to."""
    TEAM = "TEAM"
    """By the team that a sale was credited to when it was assigned."""


class PlaceLevel(Enum):
    """How closely places are distinguished."""

    COUNTRY = 1
    """By country."""
    STATE = 2
    """By country and state."""
    CITY = 3
    """By country, state and city."""


class Named(msgspec.Struct, frozen=True, gc=False):
    """An object of the account by its id and name. Both are None for sales that have none.

    The member or team that a report is split by has its grouping, too.
    """

    id: str | None
    name: str | None
    grouping: Grouping | None = None
