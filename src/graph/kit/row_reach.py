"""Connections of rows that follow their assignee: they say whose rows the viewer sees, and why."""

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Generic, TypeVar

import strawberry

from authz import reach
from authz.gates import Standing
from authz.reach import Reach
from authz.viewer import MyRole, Viewer
from engine.rows.connection import Connection
from graph.kit.messages import message
from models import database
from models.statement import Statement, either, one_of

T = TypeVar("T")


@strawberry.enum
class ReachKind(Enum):
    """Whose rows a viewer sees."""

    OWN = "OWN"
    """Only the rows assigned to you."""
    TEAM = "TEAM"
    """Your own rows and those of the members of the teams that you lead, and what other teams share."""
    SHARED = "SHARED"
    """Your own rows and those that the members of your teams share."""
    ALL = "ALL"
    """All rows of the account, assigned or not."""


@strawberry.type
class RowReach:
    """Whose rows a list contains. A filter does not change it."""

    kind: ReachKind
    """Whose rows you see."""
    people: int
    """The number of people whose rows you see, including you if you are a collaborator. Where the account
    shares its rows with everyone, people without a row count only for the owner and admins."""
    why: str
    """A sentence in your language that says why you see them."""


@strawberry.type(name="Connection")
class RowConnection(Connection[T], Generic[T]):
    """One page of a list of rows that are assigned to people."""

    describe: strawberry.Private[Callable[[], Awaitable[RowReach]]]

    @strawberry.field
    async def reach(self) -> RowReach:
        """Whose rows the list contains, and why."""
        return await self.describe()


async def row_reach(viewer: Viewer, within: Reach, locale: str, words: str = "reach") -> RowReach:
    """Whose rows are within a viewer's reach. Counting everyone takes a statement.

    `words` are those of the messages that say why.
    """
    kind = _kind(viewer, within)
    people = len(within.values) if within.values is not None else await _everyone(viewer, within)
    return RowReach(kind=kind, people=people, why=message(f"{words}_{_why(viewer, kind)}", locale))


def _kind(viewer: Viewer, within: Reach) -> ReachKind:
    if within.values is None:
        return ReachKind.ALL
    others = set(within.values) - viewer.own
    if viewer.teams_led:
        return ReachKind.TEAM
    return ReachKind.SHARED if others else ReachKind.OWN


def _why(viewer: Viewer, kind: ReachKind) -> str:
    if kind is not ReachKind.ALL:
        return str(kind.value).lower()
    by_role = {MyRole.OWNER: "owner", MyRole.ADMIN: "admin"}
    return by_role.get(viewer.role or MyRole.USER, "account")


async def _everyone(viewer: Viewer, within: Reach) -> int:
    """The number of the account's collaborators; for those who cannot list them, of the ones with rows.

    So nobody learns how many people there are from a list that does not show them.
    """
    everyone = reach.Collaborators("collaborators", within.account_id)
    counted = Statement("SELECT COUNT(*) AS n FROM collaborators r WHERE ") + everyone.where("r")
    if not viewer.mask & Standing.ADMIN:
        known = Statement(
            f"EXISTS (SELECT 1 FROM {within.table} s"
            f" WHERE s.account_id = r.account_id AND s.{within.column} = r.id"
        )
        narrowed = within.of_products("s")
        known = (known if narrowed is None else known & narrowed) + ")"
        counted = counted & either([known, one_of("r.id", sorted(viewer.own))])
    return int((await database.read(counted))[0]["n"])
