"""Who asks: the user, and the central that the request stands in."""

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

from authz.gates import ALL_GRANTS, Standing, mask_of
from authz.refusal import Unauthenticated
from models import database
from models.statement import Statement
from models.words import Edition, Privacy, Role


class MyRole(StrEnum):
    """What the viewer is in this central."""

    OWNER = "OWNER"
    """The account is one's own."""
    ADMIN = "ADMIN"
    """Sees all of the account."""
    TEAM_LEAD = "TEAM_LEAD"
    """Sees the teams led, while teams are on."""
    USER = "USER"
    """Sees his own, and what privacy shares."""


_IN = Standing.SIGNED_IN | Standing.IN_CENTRAL
_STANDING: dict[tuple[MyRole, bool], int] = {
    (MyRole.OWNER, False): _IN | Standing.LEAD | Standing.ADMIN | Standing.OWNER,
    (MyRole.OWNER, True): _IN | Standing.LEAD | Standing.ADMIN | Standing.OWNER,
    (MyRole.ADMIN, False): _IN | Standing.LEAD | Standing.ADMIN,
    (MyRole.ADMIN, True): _IN | Standing.LEAD | Standing.ADMIN,
    (MyRole.TEAM_LEAD, False): _IN,
    (MyRole.TEAM_LEAD, True): _IN | Standing.LEAD,
    (MyRole.USER, False): _IN,
    (MyRole.USER, True): _IN,
}


@dataclass(frozen=True, slots=True)
class Central:
    """The account that a request stands in, as far as judging needs it."""

    account_id: str
    account_name: str
    teams_on: bool
    privacy: Privacy
    timezone: str
    currency: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A team that the viewer belongs to, and who its members are today."""

    team_id: str
    leads: bool
    privacy: Privacy
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever asks. Judged once a request, from one statement; `mask` opens gates."""

    user_id: str | None = None
    session_id: str | None = None
    name: str = ""
    email: str = ""
    locale: str = "en"
    central: Central | None = None
    role: MyRole | None = None
    collaborator_id: str | None = None
    memberships: tuple[Membership, ...] = ()
    mask: int = 0

    @property
    def teams_led(self) -> frozenset[str]:
        """The ids of the teams that the viewer leads, while teams are on."""
        return frozenset(team.team_id for team in self.memberships if team.leads and self._leads)

    @property
    def _leads(self) -> bool:
        return self.role is MyRole.TEAM_LEAD

    @property
    def led(self) -> frozenset[str]:
        """The collaborators in the teams that the viewer leads, himself among them."""
        return frozenset(
            member for team in self.memberships if team.leads and self._leads for member in team.members
        )

    @property
    def shared_with(self) -> frozenset[str]:
        """The collaborators whose rows the privacy of a common team shows to the viewer."""
        return frozenset(
            member for team in self.memberships if team.privacy is Privacy.SHARED for member in team.members
        )

    @property
    def own(self) -> frozenset[str]:
        """The viewer's seat: whose rows are his own. The owner has none."""
        return frozenset([self.collaborator_id] if self.collaborator_id else [])


SIGNED_OUT = Viewer()


def digest(token: str) -> str:
    """What is stored of a secret that the server gave out itself: its SHA-256, in hex."""
    return sha256(token.encode(errors="surrogatepass")).hexdigest()  # JSON can carry half a character


_STATEMENT = """
SELECT s.id AS session_id, u.id AS user_id, u.name, u.email, u.locale,
       a.id AS account_id, a.name AS account_name, a.owner_id, a.edition, a.teams_on, a.privacy,
       a.timezone, a.currency, a.closed_at,
       c.id AS collaborator_id, c.role, p.grants,
       t.id AS team_id, mine.leads, t.privacy AS team_privacy, other.collaborator_id AS member_id
FROM credentials k
JOIN sessions s ON s.id = k.session_id AND s.ended_at IS NULL
JOIN users u ON u.id = s.user_id
LEFT JOIN accounts a ON a.id = ?
LEFT JOIN collaborators c ON c.account_id = a.id AND c.user_id = u.id AND c.suspended_at IS NULL
    AND (c.starts_at IS NULL OR c.starts_at <= ?) AND (c.ends_at IS NULL OR c.ends_at > ?)
LEFT JOIN profiles p ON p.account_id = c.account_id AND p.id = c.profile_id
LEFT JOIN team_members mine ON mine.account_id = c.account_id AND mine.collaborator_id = c.id
LEFT JOIN teams t ON t.account_id = mine.account_id AND t.id = mine.team_id
LEFT JOIN team_members other ON other.account_id = t.account_id AND other.team_id = t.id
WHERE k.digest = ? AND k.kind = 'ACCESS' AND k.expires_at > ?
"""
_NO_CENTRAL = "00000000-0000-0000-0000-000000000000"
_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class NoSuchCentral(Exception):
    """The central named by the request does not exist, or the viewer may not enter it."""


async def identify(token: str | None, account_id: str | None) -> Viewer:
    """The viewer that a token and a central make, from one statement.

    Raises `Unauthenticated` for a token that is bad or ended, and `NoSuchCentral` for a central that the
    viewer may not enter or that is not there: both alike.
    """
    if token is None:
        if account_id is not None:
            raise NoSuchCentral
        return SIGNED_OUT
    return await _identified("k.digest", digest(token), account_id)


async def judged_again(viewer: Viewer) -> Viewer:
    """The same viewer as he stands now: for the transaction that his act is written in.

    The rows of the account and the session are locked first, so that no one changes standings, or ends
    the session, between this and the commit.
    """
    if viewer.session_id is None:
        return viewer
    account_id = viewer.central.account_id if viewer.central else None
    if database.dialect() == "postgres":
        # of sessions not FOR SHARE: two who sign out at once would wait for each other
        lock = Statement("SELECT s.id FROM sessions s WHERE s.id = ? FOR NO KEY UPDATE", (viewer.session_id,))
        if account_id is not None:
            lock = Statement(
                "SELECT s.id FROM accounts a, sessions s WHERE a.id = ? AND s.id = ?"
                " FOR SHARE OF a FOR NO KEY UPDATE OF s",
                (account_id, viewer.session_id),
            )
        await database.read(lock)
    return await _identified("k.session_id", viewer.session_id, account_id)


async def _identified(column: str, value: str, account_id: str | None) -> Viewer:
    now = time.time_ns() // 1_000_000
    # one spelling of an id on both databases: PostgreSQL reads others too, and fails on the rest
    sought = account_id if account_id is not None and _ID.fullmatch(account_id) else _NO_CENTRAL
    rows = await database.read(_STATEMENT.replace("k.digest", column), (sought, now, now, value, now))
    if not rows:
        raise Unauthenticated
    viewer = seated(rows)
    if account_id is not None and viewer.central is None:
        raise NoSuchCentral
    return viewer


def seated(rows: Sequence[Any]) -> Viewer:
    """The viewer that the statement's rows describe: one row for each fellow member of a team."""
    row = rows[0]
    person: dict[str, Any] = {
        "user_id": row["user_id"],
        "session_id": row["session_id"],
        "name": row["name"],
        "email": row["email"],
        "locale": row["locale"],
    }
    owns = row["account_id"] is not None and row["owner_id"] == row["user_id"]
    if not owns and (row["collaborator_id"] is None or row["closed_at"] is not None):
        return Viewer(**person, mask=int(Standing.SIGNED_IN))
    teams_on = bool(row["teams_on"]) and row["edition"] == Edition.EXPERT.value
    role = MyRole.OWNER if owns else MyRole[Role(row["role"]).name]
    return Viewer(
        **person,
        central=Central(
            account_id=row["account_id"],
            account_name=row["account_name"],
            teams_on=teams_on,
            privacy=Privacy(row["privacy"]),
            timezone=row["timezone"],
            currency=row["currency"],
        ),
        role=role,
        collaborator_id=None if owns else row["collaborator_id"],
        memberships=_memberships(rows) if teams_on and not owns else (),
        mask=_STANDING[role, teams_on] | (ALL_GRANTS if owns else mask_of(stored_grants(row["grants"]))),
    )


def _memberships(rows: Iterable[Any]) -> tuple[Membership, ...]:
    members: dict[tuple[str, bool, str], set[str]] = {}
    for row in rows:
        if row["team_id"] is not None:
            team = (row["team_id"], bool(row["leads"]), row["team_privacy"])
            members.setdefault(team, set()).add(row["member_id"])
    return tuple(
        Membership(team_id, leads, Privacy(privacy), frozenset(found))
        for (team_id, leads, privacy), found in members.items()
    )


def stored_grants(stored: Any) -> list[str]:
    """A profile's grants as a database gives them: JSON text, or what its driver made of it."""
    return list(msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored)
