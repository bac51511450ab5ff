"""Decline an invitation: by its link or, signed in, by its id. The inviter is told."""

from typing import Any

from msgspec import structs

from actions.invitations.found import (
    Named,
    account_as_central,
    by_id,
    by_token,
    locked,
    must_be_pending,
    state,
)
from actions.kit.act import Act, Caller, Change, Done, perform, refusals_logged
from actions.kit.outbox import post
from actions.sessions.session import may_try
from actions.users.mailbox import is_verified
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.words import InvitationStatus


async def decline_by_token(caller: Caller, token: str) -> None:
    """Decline the invitation of a link: whoever holds it reads the mail of the invited address."""
    act = Act("declineInvitation", 0, "Invitation")
    if caller.viewer.user_id is None:
        async with refusals_logged(caller, act):
            await may_try(act.name, None, caller.address)

    async def work(viewer: Viewer) -> Done:
        return await _decline(viewer, by_token(token))

    await perform(caller.alone, act, work)


async def decline_by_id(caller: Caller, invitation_id: str) -> None:
    """Decline one of the viewer's invitations; of another address's it is told no more than of none."""
    act = Act("declineInvitation", Standing.SESSION, "Invitation", invitation_id)

    async def work(viewer: Viewer) -> Done:
        if not await is_verified(viewer):
            raise Refusal(ErrorCode.UNVERIFIED_ADDRESS, "unverified_address")
        return await _decline(viewer, by_id(invitation_id, viewer.user_id))

    await perform(caller.alone, act, work)


async def _decline(viewer: Viewer, named: Named) -> Done:
    invitation = await locked(named)
    by = await _as_logged(viewer, invitation)
    if state(invitation) is InvitationStatus.DECLINED:
        return Done(invitation["id"], by=by)  # twice is once
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
    await post("invitation_declined", inviter["email"], inviter["locale"], words)
