"""Decline an invitation by its link or, signed in, by its id. The inviter gets an e-mail."""

from typing import Any

from msgspec import structs

from actions.identity.sessions.attempts import may_try
from actions.identity.users.mailbox import is_verified
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.outbox import post
from actions.membership.invitations import emails
from actions.membership.invitations.found import (
    Named,
    account_as_central,
    by_id,
    by_token,
    locked,
    must_be_pending,
    state,
)
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.vocabulary import InvitationStatus

DECLINE_INVITATION = Mutation(
    "declineInvitation",
    Standing.NO_TOKEN,
    "Invitation",
    codes=(
        ErrorCode.NOT_FOUND,
        ErrorCode.UNVERIFIED_ADDRESS,
        ErrorCode.INVITATION_ACCEPTED,
        ErrorCode.INVITATION_REVOKED,
        ErrorCode.INVITATION_EXPIRED,
        ErrorCode.INVITATION_FALLEN,
        ErrorCode.BAD_INPUT,
        ErrorCode.RATE_LIMITED,
    ),
    outside=True,
    alone=True,
)
_DECLINE_BY_ID = structs.replace(DECLINE_INVITATION, gate=Standing.SESSION)


async def decline_by_token(call: Call, token: str) -> None:
    """Decline the invitation of a link. Whoever has the link can read the mail of the invited address."""
    if call.viewer.user_id is None:
        async with DECLINE_INVITATION.refusals_logged(call):
            await may_try(DECLINE_INVITATION.name, None, call.address)

    async def work(viewer: Viewer) -> Done:
        return await _decline(viewer, by_token(token))

    await DECLINE_INVITATION.perform(call, work)


async def decline_by_id(call: Call, invitation_id: str) -> None:
    """Decline one of the viewer's invitations. Those of other addresses are refused like missing ones."""

    async def work(viewer: Viewer) -> Done:
        if not await is_verified(viewer):
            raise Refusal(ErrorCode.UNVERIFIED_ADDRESS, "unverified_address")
        return await _decline(viewer, by_id(invitation_id, viewer.user_id))

    await _DECLINE_BY_ID.perform(call, work, invitation_id)


async def _decline(viewer: Viewer, named: Named) -> Done:
    invitation = await locked(named)
    by = await _as_logged(viewer, invitation)
    if state(invitation) is InvitationStatus.DECLINED:
        return Done(invitation["id"], by=by)  # declining twice is like declining once
    must_be_pending(invitation)
    await database.write(
        "UPDATE invitations SET status = ?, decided_at = ? WHERE account_id = ? AND id = ? AND status = ?",
        (
            InvitationStatus.DECLINED,
            database.now(),
            invitation["account_id"],
            invitation["id"],
            InvitationStatus.PENDING,
        ),
    )
    await _tell_inviter(invitation)
    return Done(invitation["id"], (Change("Invitation.status", "PENDING", "DECLINED"),), by=by)


async def _as_logged(viewer: Viewer, invitation: Any) -> Viewer:
    """Who declined, in the account's log: a user, or the invited person by the name on the invitation."""
    account = await account_as_central(invitation["account_id"])
    return structs.replace(viewer, central=account, name=viewer.name or invitation["name"])


async def _tell_inviter(invitation: Any) -> None:
    rows = await database.read(
        "SELECT u.email, u.locale, u.name, COALESCE(a.brand_name, a.name) AS account FROM users u"
        " JOIN accounts a ON a.id = ? WHERE u.id = ?",
        (invitation["account_id"], invitation["inviter_id"]),
    )
    inviter = rows[0]
    words = {"name": inviter["name"], "invited": invitation["name"], "account": inviter["account"]}
    await post(emails.INVITATION_DECLINED, inviter["email"], inviter["locale"], words)
