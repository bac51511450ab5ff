"""Who may invite whom to what, and the invitations that are open for someone."""

from dataclasses import dataclass
from typing import Any

from authz.active import active_text
from authz.gates import ALL_GRANTS, Standing, grant_bit, mask_of
from authz.grant import Grant
from authz.identity import digest, stored_grants, token_account
from authz.viewer import Viewer
from models import database
from models.statement import Statement
from models.words import AccountKind, InvitationStatus, Role

CENTRE = grant_bit(Grant.ACCESS_COLLABORATORS_CENTER)


def may_give(mask: int, role: Role, grants: int) -> bool:
    """Whether whoever holds `mask` may give someone a role and a profile with `grants`.

    The owner gives anything. Others give the role USER alone, and of the grants that they hold themselves,
    the one that lets them in here excepted: nobody gives what he does not hold, nor the giving.
    """
    if mask & Standing.OWNER:
        return True
    return bool(mask & CENTRE) and role is Role.USER and not grants & ~(mask & ALL_GRANTS & ~CENTRE)


def state_of(status: str, expires_at: int, falls_at: int | None) -> InvitationStatus:
    """Where an invitation stands now: a pending one ends with its time, or with its inviter's seat."""
    if status != InvitationStatus.PENDING.value:
        return InvitationStatus(status)
    now = database.now()
    if falls_at is not None and falls_at <= min(now, expires_at):
        return InvitationStatus.FALLEN
    return InvitationStatus.EXPIRED if expires_at <= now else InvitationStatus.PENDING


def pending(alias: str) -> Statement:
    """The invitations that are pending now: the condition that `state_of` tells of each."""
    now = database.now()
    return Statement(
        f"{alias}.status = 'PENDING' AND {alias}.expires_at > ?"
        f" AND ({alias}.falls_at IS NULL OR {alias}.falls_at > ?)",
        (now, now),
    )


def in_state(alias: str, state: InvitationStatus) -> Statement:
    """The invitations of which `state_of` tells a state."""
    now = database.now()
    if state is InvitationStatus.PENDING:
        return Statement("(") + pending(alias) + ")"
    if state is InvitationStatus.EXPIRED:
        return Statement(
            f"({alias}.status = 'EXPIRED' OR ({alias}.status = 'PENDING' AND {alias}.expires_at <= ?"
            f" AND ({alias}.falls_at IS NULL OR {alias}.falls_at > {alias}.expires_at)))",
            (now,),
        )
    if state is InvitationStatus.FALLEN:
        return Statement(
            f"({alias}.status = 'FALLEN' OR ({alias}.status = 'PENDING' AND {alias}.falls_at <= ?"
            f" AND {alias}.falls_at <= {alias}.expires_at))",
            (now,),
        )
    return Statement(f"{alias}.status = ?", (state.value,))


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that can be accepted, as the one who is invited sees it. Times are in milliseconds."""

    invitation_id: str
    account_name: str
    inviter_name: str
    role: Role
    profile_name: str
    expires_at: int


_OPEN = f"""
SELECT i.id, COALESCE(a.brand_name, a.name) AS account_name, u.name AS inviter_name, i.role,
       p.name AS profile_name, p.grants, i.expires_at, a.kind, i.inviter_id, a.owner_id,
       held.grants AS inviter_grants
FROM invitations i
JOIN accounts a ON a.id = i.account_id AND a.closed_at IS NULL
JOIN users u ON u.id = i.inviter_id
JOIN profiles p ON p.account_id = i.account_id AND p.id = i.profile_id
LEFT JOIN collaborators c ON c.account_id = i.account_id AND c.user_id = i.inviter_id
    AND {active_text("c")}
LEFT JOIN profiles held ON held.account_id = c.account_id AND held.id = c.profile_id
{{condition}} AND i.status = 'PENDING' AND i.expires_at > ? AND (i.falls_at IS NULL OR i.falls_at > ?)
ORDER BY i.expires_at DESC, i.id
"""
# of an address that was never verified anyone may have said that it is his
_FOR_VIEWER = _OPEN.format(
    condition="JOIN users v ON v.email = i.email AND v.email_verified_at IS NOT NULL WHERE v.id = ?"
)
_BY_TOKEN = _OPEN.format(condition="WHERE i.account_id = ? AND i.token_digest = ?")


async def open_invitations(viewer: Viewer, *, lifted: bool) -> list[OpenInvitation]:
    """Those that went to the viewer's verified address and can be accepted, newest first: one statement.

    `lifted` says that natural persons' accounts may invite, too.
    """
    if viewer.user_id is None:
        return []
    now = database.now()
    rows = await database.read(_FOR_VIEWER, (now, now, viewer.user_id, now, now))
    return [_open(row) for row in rows if _stands(row, lifted=lifted)]


async def invitation_of(token: str, *, lifted: bool) -> OpenInvitation | None:
    """The one that a link's token opens; a bad token and one that can no more be accepted are alike."""
    account_id = token_account(token)
    if account_id is None:
        return None
    now = database.now()
    rows = await database.read(_BY_TOKEN, (now, now, account_id, digest(token), now, now))
    return _open(rows[0]) if rows and _stands(rows[0], lifted=lifted) else None


def _stands(row: Any, *, lifted: bool) -> bool:
    """Whether the account may still let people in, and the inviter still give what the invitation gives."""
    if not lifted and row["kind"] != AccountKind.LEGAL_ENTITY.value:
        return False
    held = standing_by(row["inviter_grants"], owns=row["owner_id"] == row["inviter_id"])
    return may_give(held, Role(row["role"]), mask_of(stored_grants(row["grants"])))


def standing_by(grants: Any, *, owns: bool) -> int:
    """What lets someone invite: ownership, or the grants of a seat that is active."""
    if owns:
        return Standing.OWNER | ALL_GRANTS
    return mask_of(stored_grants(grants)) if grants is not None else 0


def _open(row: Any) -> OpenInvitation:
    return OpenInvitation(
        invitation_id=row["id"],
        account_name=row["account_name"],
        inviter_name=row["inviter_name"],
        role=Role(row["role"]),
        profile_name=row["profile_name"],
        expires_at=row["expires_at"],
    )


_INVITER = f"""
SELECT a.owner_id, p.grants FROM accounts a
LEFT JOIN collaborators c ON c.account_id = a.id AND c.user_id = ? AND {active_text("c")}
LEFT JOIN profiles p ON p.account_id = c.account_id AND p.id = c.profile_id
WHERE a.id = ?
"""


async def standing_of(user_id: str, account_id: str) -> int:
    """What someone who does not ask himself holds in an account now, of what lets him invite."""
    now = database.now()
    row = (await database.read(_INVITER, (user_id, now, now, account_id)))[0]
    return standing_by(row["grants"], owns=row["owner_id"] == user_id)
