"""Invitations become void when their inviter loses the right to send them."""

from typing import Any

from actions.kit.log import Change
from authz.active import active_text
from authz.gates import mask_of
from authz.identity import stored_grants
from authz.invitations import can_delegate, standing_by, state_of
from models import database
from models.statement import Statement, one_of
from models.vocabulary import InvitationStatus, Role

_SENT = f"""
SELECT i.id, i.role, i.status, i.expires_at, i.falls_at, i.inviter_id, a.owner_id, p.grants,
       own.grants AS inviter_grants, c.ends_at
FROM invitations i
JOIN accounts a ON a.id = i.account_id
JOIN profiles p ON p.account_id = i.account_id AND p.id = i.profile_id
LEFT JOIN collaborators c ON c.account_id = i.account_id AND c.user_id = i.inviter_id
    AND {active_text("c")}
LEFT JOIN profiles own ON own.account_id = c.account_id AND own.id = c.profile_id
WHERE i.account_id = ? AND i.status = 'PENDING'
"""


async def update_pending(account_id: str) -> tuple[Change, ...]:
    """Update the account's pending invitations after a change of rights, and return how many became void.

    Invitations that their inviter could no longer send become void for good. For the others, the time at
    which the inviter's access ends is stored. Each mutation that changes a collaborator or a profile calls
    this in its transaction.
    """
    now = database.now()
    rows = await database.read(_SENT, (now, now, account_id))
    unsendable = [row["id"] for row in rows if _has_fallen(row)]
    for row in rows:
        ends = None if row["owner_id"] == row["inviter_id"] else row["ends_at"]
        if row["id"] not in unsendable and row["expires_at"] > now and ends != row["falls_at"]:
            await database.write(
                "UPDATE invitations SET falls_at = ? WHERE account_id = ? AND id = ?",
                (ends, account_id, row["id"]),
            )
    if not unsendable:
        return ()
    await database.write(
        Statement(
            "UPDATE invitations SET status = ?, decided_at = ? WHERE account_id = ? AND ",
            (InvitationStatus.FALLEN, now, account_id),
        )
        + one_of("id", unsendable)
    )
    return (Change("Invitation.status", "PENDING", "FALLEN", len(unsendable)),)


def _has_fallen(row: Any) -> bool:
    stands = state_of(row["status"], row["expires_at"], row["falls_at"])
    if stands is not InvitationStatus.PENDING:
        return stands is InvitationStatus.FALLEN
    standing = standing_by(row["inviter_grants"], owns=row["owner_id"] == row["inviter_id"])
    return not can_delegate(standing, Role(row["role"]), mask_of(stored_grants(row["grants"])))


async def access_ends_at(account_id: str, user_id: str | None) -> int | None:
    """When an inviter's access ends, if it does. The owner's never ends."""
    rows = await database.read(
        "SELECT c.ends_at FROM collaborators c"
        " JOIN accounts a ON a.id = c.account_id AND a.owner_id <> c.user_id"
        " WHERE c.account_id = ? AND c.user_id = ?",
        (account_id, user_id),
    )
    ends: int | None = rows[0]["ends_at"] if rows else None
    return ends
