"""The viewer that a credential identifies, and their standing in a central, from one statement."""

import re
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec
from msgspec.structs import replace

from authz.active import active_text
from authz.gates import ALL_GRANTS, NEVER_OF_TOKENS, ON_RECORD, Standing, mask_of, with_lower
from authz.narrowing import LINEAGE, PARENTS, VALID, Lineage, lineage_of
from authz.refusal import Unauthenticated
from authz.viewer import SIGNED_OUT, Central, Membership, MyRole, Viewer
from authz.viewer_row import Row
from models import database
from models.statement import Statement
from models.vocabulary import Edition, Privacy, Role

_PERSON = Standing.SIGNED_IN | Standing.SESSION | Standing.NO_TOKEN
_IN = _PERSON | Standing.IN_CENTRAL
_COLLABORATOR = _IN | Standing.COLLABORATOR
_STANDING: dict[tuple[MyRole, bool], int] = {
    (MyRole.OWNER, False): _IN | with_lower(Standing.OWNER),
    (MyRole.OWNER, True): _IN | with_lower(Standing.OWNER),
    (MyRole.ADMIN, False): _COLLABORATOR | with_lower(Standing.ADMIN),
    (MyRole.ADMIN, True): _COLLABORATOR | with_lower(Standing.ADMIN),
    (MyRole.TEAM_LEAD, False): _COLLABORATOR,
    (MyRole.TEAM_LEAD, True): _COLLABORATOR | with_lower(Standing.LEAD),
    (MyRole.USER, False): _COLLABORATOR,
    (MyRole.USER, True): _COLLABORATOR,
}


def digest(token: str) -> str:
    """The stored form of a secret that the server issued itself: its SHA-256, in hex."""
    return sha256(
        token.encode(errors="surrogatepass")
    ).hexdigest()  # JSON can contain half of a surrogate pair


VIEWER_ROWS = f"""
SELECT {{who}}, u.id AS user_id, u.name, u.email, u.locale,
       a.id AS account_id, a.name AS account_name, a.owner_id, a.edition, a.teams_on, a.privacy,
       a.timezone, a.currency, a.closed_at, a.reveal_on_record,
       CASE WHEN a.two_factor_required_at IS NOT NULL AND u.two_factor_at IS NULL THEN 1 END AS lacks_factor,
       c.id AS collaborator_id, c.role, c.last_seen_at, p.grants,
       t.id AS team_id, mine.leads, t.privacy AS team_privacy, other.collaborator_id AS member_id
FROM {{origin}}
LEFT JOIN collaborators c ON c.account_id = a.id AND c.user_id = u.id AND {active_text("c")}
LEFT JOIN profiles p ON p.account_id = c.account_id AND p.id = c.profile_id
LEFT JOIN team_members mine ON mine.account_id = c.account_id AND mine.collaborator_id = c.id
LEFT JOIN teams t ON t.account_id = mine.account_id AND t.id = mine.team_id
LEFT JOIN team_members other ON other.account_id = t.account_id AND other.team_id = t.id
WHERE {{condition}}
"""
_SESSION = {
    "who": "s.id AS session_id, NULL AS token_id, NULL AS chosen, NULL AS standings, NULL AS lineage",
    "origin": """credentials k
JOIN sessions s ON s.id = k.session_id AND s.ended_at IS NULL
JOIN users u ON u.id = s.user_id
LEFT JOIN accounts a ON a.id = ?""",
}
_ACCESS = "k.digest = ? AND k.kind = 'ACCESS' AND k.expires_at > ?"
_BY_ACCESS = VIEWER_ROWS.format(**_SESSION, condition=_ACCESS)
# outside of centrals, most of the statement would look for nothing
_BY_ACCESS_ALONE = f"""
SELECT {_SESSION["who"]}, u.id AS user_id, u.name, u.email, u.locale
FROM credentials k
JOIN sessions s ON s.id = k.session_id AND s.ended_at IS NULL
JOIN users u ON u.id = s.user_id
WHERE {_ACCESS}
"""
_BY_SESSION = VIEWER_ROWS.format(
    **_SESSION, condition="k.session_id = ? AND k.kind = 'ACCESS' AND k.expires_at > ?"
)

_TOKEN = {
    "who": f"NULL AS session_id, k.id AS token_id, k.grants AS chosen, k.standings, {LINEAGE} AS lineage",
    "origin": f"""access_tokens k{PARENTS}
JOIN users u ON u.id = k.user_id
JOIN accounts a ON a.id = k.account_id""",
}
_BY_TOKEN = VIEWER_ROWS.format(**_TOKEN, condition=f"k.account_id = ? AND k.digest = ? AND {VALID}")
_BY_TOKEN_ID = VIEWER_ROWS.format(**_TOKEN, condition=f"k.account_id = ? AND k.id = ? AND {VALID}")
_BY_EMAIL = VIEWER_ROWS.format(
    who="NULL AS session_id, NULL AS token_id, NULL AS chosen, NULL AS standings, NULL AS lineage",
    origin="users u LEFT JOIN accounts a ON a.id = ?",
    condition="u.email = ? AND u.disabled_at IS NULL",
)
TOKEN_PREFIX = "cpat_"  # noqa: S105 - what a personal access token begins with
_NO_CENTRAL = "00000000-0000-0000-0000-000000000000"
_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ACCOUNT = re.compile(
    rf"(?:{TOKEN_PREFIX})?([0-9a-f]{{8}})([0-9a-f]{{4}})([0-9a-f]{{4}})([0-9a-f]{{4}})([0-9a-f]{{12}})(?:_|\Z)"
)


class NoSuchCentral(Exception):
    """The central named by the request does not exist, or the viewer may not enter it."""


async def identify(token: str | None, account_id: str | None) -> Viewer:
    """The viewer that a token and a central identify, from one statement.

    Raises `Unauthenticated` for a token that is invalid or has ended, and `NoSuchCentral` both for a central
    that the viewer may not enter and for one that does not exist.
    """
    if token is None:
        if account_id is not None:
            raise NoSuchCentral
        return SIGNED_OUT
    return viewer_in(await database.read(question(token, account_id), named=False), token, account_id)


def question(token: str, account_id: str | None, token_digest: str | None = None) -> Statement:
    """The statement that identifies the viewer of a token, whose digest need not be computed twice.

    A personal access token is valid in one central only, which it identifies. Raises `Unauthenticated` for a
    malformed one.
    """
    now, stored = _now(), token_digest or digest(token)
    if token.startswith(TOKEN_PREFIX):
        home = token_account(token)
        if home is None:
            raise Unauthenticated
        return Statement(_BY_TOKEN, (now, now, home, stored, now))
    if account_id is None:
        return Statement(_BY_ACCESS_ALONE, (stored, now))
    return Statement(_BY_ACCESS, (_sought(account_id), now, now, stored, now))


def viewer_in(rows: Sequence[Sequence[Any]], token: str, account_id: str | None) -> Viewer:
    """The viewer in the answer to `question`. Raises as `identify` does."""
    if account_id is None and token.startswith(TOKEN_PREFIX):
        account_id = token_account(token)
    return _inside(rows, account_id)


def _inside(rows: Sequence[Sequence[Any]], account_id: str | None) -> Viewer:
    """The viewer of a statement's rows, who must stand in this central; or in none, if it is None."""
    if not rows:
        raise Unauthenticated
    viewer = viewer_of(rows)
    if viewer.account_id != account_id:
        raise NoSuchCentral
    return viewer


async def person_in(email: str, account_id: str | None) -> Viewer:
    """The viewer that a person would be in a central with a session: for the command line, which has no
    credential.

    Raises `Unauthenticated` for an address without a user or of a disabled one, and `NoSuchCentral`.
    """
    now = _now()
    rows = await database.read(_BY_EMAIL, (_sought(account_id), now, now, email), named=False)
    return _inside(rows, account_id)


def token_account(token: str) -> str | None:
    """The account that an invitation's token or a personal access token names; None if it is malformed."""
    named = _ACCOUNT.match(token)
    return "-".join(named.groups()) if named else None


async def judged_again(viewer: Viewer) -> Viewer:
    """The same viewer with their current standing, for the transaction that writes their change.

    The rows of the account and the session are locked first. Mutations in an account run one after the other,
    so no one can change standings or end the session between this check and the commit. A mutation that a
    person applies to themselves locks their own row first, since it may end their other sessions, which would
    wait for this one.
    """
    if viewer.session_id is None and viewer.token_id is None:
        return viewer
    await _lock(viewer.session_id, viewer.account_id)
    return await as_now(viewer)


async def inside(viewer: Viewer, account_id: str) -> Viewer:
    """The person of a session with their standing in another central. Raises `NoSuchCentral`."""
    assert viewer.session_id is not None
    return await _identified(_BY_SESSION, viewer.session_id, account_id)


async def as_now(viewer: Viewer) -> Viewer:
    """The same viewer with their current standing in the same central."""
    account_id = viewer.account_id
    if viewer.session_id is not None:
        return await _identified(_BY_SESSION, viewer.session_id, account_id)
    now = _now()
    rows = await database.read(_BY_TOKEN_ID, (now, now, account_id, viewer.token_id, now), named=False)
    return _inside(rows, account_id)


async def _lock(session_id: str | None, account_id: str | None) -> None:
    if database.dialect() != "postgres":
        return  # a transaction has SQLite's lock to itself
    if account_id is not None and session_id is not None:
        lock = Statement(
            # in the order of FROM: users, sessions, accounts, as mutations lock them that reach an account
            # later
            "SELECT s.id FROM sessions s, accounts a WHERE s.id = ? AND a.id = ? FOR NO KEY UPDATE",
            (session_id, account_id),
        )
    elif account_id is not None:
        lock = Statement("SELECT a.id FROM accounts a WHERE a.id = ? FOR NO KEY UPDATE", (account_id,))
    else:
        lock = Statement(
            "SELECT s.id FROM users u, sessions s WHERE s.id = ? AND u.id = s.user_id FOR NO KEY UPDATE",
            (session_id,),
        )
    await database.read(lock)


def _sought(account_id: str | None) -> str:
    # one spelling of an id on both databases: PostgreSQL accepts others too, and fails on invalid ones
    return account_id if account_id is not None and _ID.fullmatch(account_id) else _NO_CENTRAL


async def _identified(statement: str, value: str, account_id: str | None) -> Viewer:
    now = _now()
    rows = await database.read(statement, (_sought(account_id), now, now, value, now), named=False)
    return _inside(rows, account_id)


def _now() -> int:
    return time.time_ns() // 1_000_000


_EXPERT = Edition.EXPERT.value
_PRIVACIES = {privacy.value: privacy for privacy in Privacy}
_CHOOSABLE = {standing.name: with_lower(standing) for standing in (Standing.ADMIN, Standing.LEAD)}
ROLES = {role.value: MyRole[role.name] for role in Role}
"""The viewer's role for each stored role of a collaborator."""


def viewer_of(found: Sequence[Sequence[Any]]) -> Viewer:
    """The viewer that the statement's rows describe. The arguments are the values of a `Row`."""
    rows = [Row(*row) for row in found]
    row = rows[0]
    person = Viewer(
        user_id=row.user_id,
        session_id=row.session_id,
        token_id=row.token_id,
        name=row.name,
        email=row.email,
        locale=row.locale,
        mask=_chosen(row, _PERSON),
    )
    if row.account_id is None or row.lacks_factor:
        return person
    lineage = _lineage(row)
    owns = row.owner_id == row.user_id
    if not owns and (row.collaborator_id is None or row.closed_at is not None):
        return person
    teams_on = bool(row.teams_on) and row.edition == _EXPERT
    role = MyRole.OWNER if owns else ROLES[row.role]
    grants = ALL_GRANTS if owns else stored_mask(row.grants)
    covered = ON_RECORD if row.reveal_on_record and not owns else 0
    return replace(
        person,
        central=Central(
            account_id=row.account_id,
            account_name=row.account_name,
            teams_on=teams_on,
            privacy=_PRIVACIES[row.privacy],
            timezone=row.timezone,
            currency=row.currency,
            closed=row.closed_at is not None,
            reveals_on_record=bool(row.reveal_on_record),
        ),
        role=role,
        collaborator_id=None if owns else row.collaborator_id,
        last_seen_at=None if owns else row.last_seen_at,
        memberships=_memberships(rows) if teams_on and not owns else (),
        mask=_chosen(row, _STANDING[role, teams_on] | grants) | covered,
        products=None if lineage is None else lineage.products,
        documents=None if lineage is None else lineage.documents,
        allowances=() if lineage is None else lineage.allowances,
        levels=1 if lineage is None else lineage.levels,
    )


def _chosen(row: Row, mask: int) -> int:
    """The given gates or, for a personal access token, those of them that were chosen when it was created."""
    if row.token_id is None:
        return mask
    chosen = _chosen_mask(stored_grants(row.chosen), stored_grants(row.standings))
    lineage = _lineage(row)
    if lineage is not None:
        chosen &= lineage.mask
    return mask & chosen & ~NEVER_OF_TOKENS


def _chosen_mask(grants: Iterable[str], standings: Iterable[str]) -> int:
    """The gates that were chosen for a token, and the doors that every token has."""
    chosen = mask_of(grants) | Standing.SIGNED_IN | Standing.IN_CENTRAL
    for name in standings:
        chosen |= _CHOOSABLE.get(name, 0)
    return chosen


def _lineage(row: Row) -> Lineage | None:
    return None if row.lineage is None else lineage_of(row.lineage, _chosen_mask)


def _memberships(rows: Iterable[Row]) -> tuple[Membership, ...]:
    members: dict[tuple[str, bool, str], set[str]] = {}
    for row in rows:
        if row.team_id is not None:
            team = (row.team_id, bool(row.leads), row.team_privacy)
            members.setdefault(team, set()).add(row.member_id)
    return tuple(
        Membership(team_id, leads, _PRIVACIES[privacy], frozenset(found))
        for (team_id, leads, privacy), found in members.items()
    )


def stored_mask(stored: Any) -> int:
    """The bits of a profile's grants. Cached, because the same few texts arrive with every request."""
    return _text_mask(stored) if isinstance(stored, str) else mask_of(stored_grants(stored))


@lru_cache(maxsize=1_024)
def _text_mask(stored: str) -> int:
    return mask_of(stored_grants(stored))


def stored_grants(stored: Any) -> list[str]:
    """A profile's grants as a database returns them: JSON text, or already decoded by its driver."""
    return list(msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored)
