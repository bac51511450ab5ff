"""The viewer: the user, and the central that the request selects."""

from enum import StrEnum
from functools import lru_cache

import msgspec

from authz.gates import Standing
from authz.narrowing import Allowance
from models.vocabulary import Privacy


class MyRole(StrEnum):
    """The viewer's role in this central."""

    OWNER = "OWNER"
    """Owns the account."""
    ADMIN = "ADMIN"
    """Sees all rows of the account."""
    TEAM_LEAD = "TEAM_LEAD"
    """Sees the rows of the teams that they lead, while teams are on."""
    USER = "USER"
    """Sees their own rows, and what privacy shares with them."""


class Central(msgspec.Struct, frozen=True):
    """The account that a request selects, with everything that authorization needs to know about it."""

    account_id: str
    account_name: str
    teams_on: bool
    privacy: Privacy
    timezone: str
    currency: str
    closed: bool = False  # only its owner can enter it then
    reveals_on_record: bool = False  # collaborators see buyers' personal data covered


class Membership(msgspec.Struct, frozen=True):
    """A team that the viewer belongs to, and its current members."""

    team_id: str
    leads: bool
    privacy: Privacy
    members: frozenset[str]


class Viewer(msgspec.Struct, frozen=True):
    """The viewer, identified once for each request with one statement.

    `mask` has a bit for each open gate.
    """

    user_id: str | None = None
    session_id: str | None = None
    token_id: str | None = None
    name: str = ""
    email: str = ""
    locale: str = "en"
    central: Central | None = None
    role: MyRole | None = None
    collaborator_id: str | None = None
    last_seen_at: int | None = None
    memberships: tuple[Membership, ...] = ()
    mask: int = 0
    products: tuple[str, ...] | None = None  # those of a narrowed token; None: all
    documents: frozenset[str] | None = None  # the trusted documents of a narrowed token; None: any
    allowances: tuple[Allowance, ...] = ()  # what a narrowed token and its parents can do in a day
    levels: int = 1  # how many tokens descend from each other, to the one of this request

    @property
    def account_id(self) -> str | None:
        """The account that the request selects; None outside of centrals."""
        return self.central.account_id if self.central else None

    @property
    def teams_led(self) -> frozenset[str]:
        """The ids of the teams that the viewer leads, while teams are on."""
        return frozenset(team.team_id for team in self.memberships if team.leads and self._leads)

    @property
    def _leads(self) -> bool:
        return self.role is MyRole.TEAM_LEAD

    @property
    def led(self) -> frozenset[str]:
        """The collaborators in the teams that the viewer leads, including themselves."""
        return _members_led(self.memberships) if self._leads else frozenset()

    @property
    def shared_with(self) -> frozenset[str]:
        """The collaborators whose rows the viewer sees because a common team shares its rows."""
        return _members_sharing(self.memberships)

    @property
    def own(self) -> frozenset[str]:
        """The viewer's own collaborator id, whose rows are their own. The owner has none."""
        return frozenset([self.collaborator_id] if self.collaborator_id else [])


# a request asks for them several times, and the next one of the same viewer again
@lru_cache(maxsize=4_096)
def _members_led(teams: tuple[Membership, ...]) -> frozenset[str]:
    return frozenset().union(*(team.members for team in teams if team.leads))


@lru_cache(maxsize=4_096)
def _members_sharing(teams: tuple[Membership, ...]) -> frozenset[str]:
    return frozenset().union(*(team.members for team in teams if team.privacy is Privacy.SHARED))


SIGNED_OUT = Viewer(mask=Standing.NO_TOKEN)
