"""What a report groups by beside its buckets and currencies."""

from dataclasses import dataclass
from enum import Enum

from authz.gates import GateViolation, Standing
from authz.viewer import Viewer


class Grouping(Enum):
    """What a report can be split by besides its own rows."""

    MEMBER = "MEMBER"
    """The collaborator that a sale is credited to."""
    TEAM = "TEAM"
    """The team that a sale was credited to when it was assigned."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the account by its id and name; of neither, what has none (a sale without credit).

    What a report is split by says so by its grouping.
    """

    id: str | None
    name: str | None
    grouping: Grouping | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A value of the sale `s` that a report groups by; of an id, the tables that its `name` is in."""

    expression: str
    named_in: tuple[str, ...] = ()
    grouping: Grouping | None = None


_KEYS = {
    Grouping.MEMBER: Key("s.credit_id", ("collaborators", "ended_seats"), Grouping.MEMBER),
    Grouping.TEAM: Key("s.credit_team_id", ("teams", "ended_teams"), Grouping.TEAM),
}
_STANDING = {Grouping.MEMBER: Standing.LEAD, Grouping.TEAM: Standing.ADMIN}


def key_of(viewer: Viewer, by: Grouping) -> Key:
    """The key of a grouping that the viewer's standing opens; raises `GateViolation` for any other viewer."""
    if not viewer.mask & _STANDING[by]:
        raise GateViolation(f"{type(by).__name__}.{by.name}")
    return _KEYS[by]
