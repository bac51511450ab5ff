"""Finding the invitation that someone accepts or declines: by its link or, signed in, by its id."""

from typing import Any

from actions.identity.users.mailbox import locked_user
from authz.identity import digest, token_account
from authz.invitations import state_of
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Central
from models import database
from models.vocabulary import InvitationStatus, Privacy

NOWHERE = "00000000-0000-0000-0000-000000000000"
_REFUSED = {
    InvitationStatus.ACCEPTED: ErrorCode.INVITATION_ACCEPTED,
    InvitationStatus.DECLINED: ErrorCode.INVITATION_DECLINED,
    InvitationStatus.REVOKED: ErrorCode.INVITATION_REVOKED,
    InvitationStatus.EXPIRED: ErrorCode.INVITATION_EXPIRED,
    InvitationStatus.FALLEN: ErrorCode.INVITATION_FALLEN,
}
Named = tuple[str, tuple[Any, ...], str]
"""A condition on `i`, its values, and the field of the input that they come from."""


def by_token(token: str) -> Named:
    """The invitation of a link."""
    return (
        "i.account_id = ? AND i.token_digest = ?",
        (token_account(token) or NOWHERE, digest(token)),
        "token",
    )


def by_id(invitation_id: str, user_id: str | None) -> Named:
    """An invitation that was sent to a user's own address."""
    mine = "i.id = ? AND i.email = (SELECT email FROM users WHERE id = ?)"
    return mine, (invitation_id, user_id), "invitationId"


async def found(named: Named) -> Any:
    """The invitation. Refuses with NOT_FOUND if there is none."""
    condition, params, field = named
    rows = await database.read(
        "SELECT i.id, i.account_id, i.inviter_id, i.profile_id, i.name, i.email, i.role, i.status,"
        f" i.expires_at, i.falls_at FROM invitations i WHERE {condition}",
        params,
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_invitation", (field,))
    return rows[0]


async def locked(named: Named) -> Any:
    """The current invitation, with the user of its address and its account locked, in this order.

    Changes to an account happen one after the other, and so do proofs of an address.
    """
    first = await found(named)
    if database.dialect() != "postgres":
        return first
    await locked_user("email", first["email"])
    await database.read("SELECT id FROM accounts WHERE id = ? FOR NO KEY UPDATE", (first["account_id"],))
    return await found(named)


def state(invitation: Any) -> InvitationStatus:
    """The current state of an invitation."""
    return state_of(invitation["status"], invitation["expires_at"], invitation["falls_at"])


def must_be_pending(invitation: Any, field: tuple[str, ...] | None = None) -> None:
    """Refuse an invitation that is not pending, with the code of its state."""
    stands = state(invitation)
    if stands is not InvitationStatus.PENDING:
        raise Refusal(_REFUSED[stands], f"invitation_{stands.value.lower()}", field)


async def account_as_central(account_id: str) -> Central:
    """The account, as needed to log that someone accepts or declines one of its invitations."""
    rows = await database.read(
        "SELECT name, privacy, timezone, currency FROM accounts WHERE id = ?", (account_id,)
    )
    row = rows[0]
    privacy = Privacy(row["privacy"])
    return Central(account_id, row["name"], False, privacy, row["timezone"], row["currency"])
