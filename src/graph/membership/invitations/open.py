"""The invitations that someone can accept: by a link's token, or because they went to their address."""

from dataclasses import dataclass
from typing import Any

from authz.active import active_text
from authz.gates import mask_of
from authz.identity import digest, stored_grants, token_account
from authz.invitations import can_delegate, standing_by
from authz.viewer import Viewer
from models import database
from models.vocabulary import AccountKind, Role


@dataclass(frozen=True, slots=True)
class AcceptableInvitation:
    """An invitation that can be accepted, as the invited person sees it. Times are in milliseconds."""

    invitation_id: str
    account_name: str
    inviter_name: str
    role: Role
    profile_name: str
    expires_at: int


_OPEN = f"""
SELECT i.id, COALESCE(a.brand_name, a.name) AS account_name, u.name AS inviter_name, i.role,
       p.name AS profile_name, p.grants, i.expires_at, a.kind, i.inviter_id, a.owner_id,
       inviting.grants AS inviter_grants
FROM invitations i
JOIN accounts a ON a.id = i.account_id AND a.closed_at IS NULL
JOIN users u ON u.id = i.inviter_id
JOIN profiles p ON p.account_id = i.account_id AND p.id = i.profile_id
LEFT JOIN collaborators c ON c.account_id = i.account_id AND c.user_id = i.inviter_id
    AND {active_text("c")}
LEFT JOIN profiles inviting ON inviting.account_id = c.account_id AND inviting.id = c.profile_id
{{condition}} AND i.status = 'PENDING' AND i.expires_at > ? AND (i.falls_at IS NULL OR i.falls_at > ?)
ORDER BY i.expires_at DESC, i.id
"""
# anyone may have claimed an address that was never verified
_FOR_VIEWER = _OPEN.format(
    condition="JOIN users v ON v.email = i.email AND v.email_verified_at IS NOT NULL WHERE v.id = ?"
)
_BY_TOKEN = _OPEN.format(condition="WHERE i.account_id = ? AND i.token_digest = ?")


async def open_invitations(viewer: Viewer, *, natural_persons: bool) -> list[AcceptableInvitation]:
    """Those that went to the viewer's verified address and can be accepted, newest first: one statement.

    `natural_persons` says that natural persons' accounts may invite, too.
    """
    if viewer.user_id is None:
        return []
    now = database.now()
    rows = await database.read(_FOR_VIEWER, (now, now, viewer.user_id, now, now))
    return [_open(row) for row in rows if _stands(row, natural_persons=natural_persons)]


async def invitation_of(token: str, *, natural_persons: bool) -> AcceptableInvitation | None:
    """The one that a link's token opens; a bad token and one that can no more be accepted are alike."""
    account_id = token_account(token)
    if account_id is None:
        return None
    now = database.now()
    rows = await database.read(_BY_TOKEN, (now, now, account_id, digest(token), now, now))
    return _open(rows[0]) if rows and _stands(rows[0], natural_persons=natural_persons) else None


def _stands(row: Any, *, natural_persons: bool) -> bool:
    """Whether the account may still let people in, and the inviter still give what the invitation gives."""
    if not natural_persons and row["kind"] != AccountKind.LEGAL_ENTITY.value:
        return False
    standing = standing_by(row["inviter_grants"], owns=row["owner_id"] == row["inviter_id"])
    return can_delegate(standing, Role(row["role"]), mask_of(stored_grants(row["grants"])))


def _open(row: Any) -> AcceptableInvitation:
    return AcceptableInvitation(
        invitation_id=row["id"],
        account_name=row["account_name"],
        inviter_name=row["inviter_name"],
        role=Role(row["role"]),
        profile_name=row["profile_name"],
        expires_at=row["expires_at"],
    )
