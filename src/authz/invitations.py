"""Who can invite people with which role and profile, and the current status of invitations."""

from typing import Any

from authz.active import active_text
from authz.gates import ALL_GRANTS, Standing, grant_bit, mask_of
from authz.grant import Grant
from authz.identity import stored_grants
from models import database
from models.statement import Statement
from models.vocabulary import InvitationStatus, Role

INVITING = grant_bit(Grant.ACCESS_COLLABORATORS_CENTER)


def can_delegate(mask: int, role: Role, grants: int) -> bool:
    """Whether someone with the gates of `mask` can give others a role and a profile with `grants`.

    The owner can give anything. Others can give only the role USER and grants that they have themselves,
    except the grant to invite, so nobody but the owner can let others invite.
    """
    if mask & Standing.OWNER:
        return True
    return bool(mask & INVITING) and role is Role.USER and not grants & (INVITING | ~mask)


def state_of(status: str, expires_at: int, falls_at: int | None) -> InvitationStatus:
    """The current status. A pending invitation ends when it expires or when its inviter's access ends."""
    if status != InvitationStatus.PENDING.value:
        return InvitationStatus(status)
    now = database.now()
    if falls_at is not None and falls_at <= min(now, expires_at):
        return InvitationStatus.FALLEN
    return InvitationStatus.EXPIRED if expires_at <= now else InvitationStatus.PENDING


def pending(alias: str) -> Statement:
    """The invitations that are pending now: the condition for which `state_of` returns PENDING."""
    now = database.now()
    return Statement(
        f"{alias}.status = 'PENDING' AND {alias}.expires_at > ?"
        f" AND ({alias}.falls_at IS NULL OR {alias}.falls_at > ?)",
        (now, now),
    )


def in_state(alias: str, state: InvitationStatus) -> Statement:
    """The condition for the invitations for which `state_of` returns a state."""
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


def standing_by(grants: Any, *, owns: bool) -> int:
    """The mask with which someone can invite: the owner's, or that of an active collaborator's grants."""
    if owns:
        return Standing.OWNER | ALL_GRANTS
    return mask_of(stored_grants(grants)) if grants is not None else 0


_INVITER = f"""
SELECT a.owner_id, p.grants FROM accounts a
LEFT JOIN collaborators c ON c.account_id = a.id AND c.user_id = ? AND {active_text("c")}
LEFT JOIN profiles p ON p.account_id = c.account_id AND p.id = c.profile_id
WHERE a.id = ?
"""


async def standing_of(user_id: str, account_id: str) -> int:
    """The mask that lets someone other than the caller invite people to an account now."""
    now = database.now()
    (row,) = await database.read(_INVITER, (user_id, now, now, account_id))
    return standing_by(row["grants"], owns=row["owner_id"] == user_id)
