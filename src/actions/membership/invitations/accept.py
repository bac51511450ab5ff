"""Accept an invitation by its link or, signed in, by its id. If the address has no user, one is created."""

from dataclasses import dataclass
from typing import Any

from msgspec import structs
from tortoise.exceptions import IntegrityError

from actions.accounts.account_kind import require_legal_entity
from actions.identity.sessions.attempts import may_try
from actions.identity.sessions.session import Tokens, hash_password, open_session
from actions.identity.users.mailbox import can_sign_in, end_older, locked_user, prove, user_as_is
from actions.identity.users.user import checked_locale, checked_name
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.new_password import check_new_password
from actions.membership.invitations.found import (
    account_as_central,
    by_id,
    by_token,
    found,
    locked,
    must_be_pending,
)
from authz.gates import Standing, mask_of
from authz.identity import stored_grants
from authz.invitations import can_delegate, standing_of
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.naming import name_columns
from models.vocabulary import InvitationStatus, Role

ACCEPT_INVITATION = Mutation(
    "acceptInvitation",
    Standing.NO_TOKEN,
    "Invitation",
    codes=(
        ErrorCode.NOT_FOUND,
        ErrorCode.OTHER_ADDRESS,
        ErrorCode.UNVERIFIED_ADDRESS,
        ErrorCode.SIGN_IN_FIRST,
        ErrorCode.INVITATION_ACCEPTED,
        ErrorCode.INVITATION_DECLINED,
        ErrorCode.INVITATION_REVOKED,
        ErrorCode.INVITATION_EXPIRED,
        ErrorCode.INVITATION_FALLEN,
        ErrorCode.ALREADY_COLLABORATOR,
        ErrorCode.OWN_ADDRESS,
        ErrorCode.NOT_A_LEGAL_ENTITY,
        ErrorCode.ACCOUNT_CLOSED,
        ErrorCode.BAD_INPUT,
        ErrorCode.RATE_LIMITED,
        ErrorCode.WEAK_PASSWORD,
    ),
    outside=True,
    alone=True,
)
_ACCEPT_BY_ID = structs.replace(ACCEPT_INVITATION, gate=Standing.SESSION)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Someone who signs up through an invitation, with the invited address.

    With `agent`, a session is opened, too.
    """

    name: str
    password: str
    locale: str
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The new collaborator's user, the account, and the session that a newcomer requested."""

    user_id: str
    account_id: str
    tokens: Tokens | None = None


async def accept_by_token(
    call: Call, token: str, newcomer: Newcomer | None, *, allow_natural_persons: bool
) -> Accepted:
    """Accept the invitation of a link.

    The link proves the address. A signed-out caller who already has a way to sign in must sign in first
    (SIGN_IN_FIRST). All others sign up, even if the address has a user who never verified it. Refuses with
    NOT_FOUND a bad token and one that a later link replaced.
    """
    named = by_token(token)
    hashed = None
    if call.viewer.user_id is None:
        async with ACCEPT_INVITATION.refusals_logged(call):
            await may_try(ACCEPT_INVITATION.name, None, call.address)
            if newcomer is not None:
                # only the holder of a token makes the server hash
                hashed = await _hashed(newcomer, await found(named))

    async def find(_viewer: Viewer) -> Any:
        return await locked(named)

    return await _accept(
        call, ACCEPT_INVITATION, None, find, _Joining(newcomer, hashed, allow_natural_persons, by_link=True)
    )


async def accept_by_id(call: Call, invitation_id: str, *, allow_natural_persons: bool) -> Accepted:
    """Accept one of the viewer's open invitations. Those of other addresses are refused like missing ones."""

    async def find(viewer: Viewer) -> Any:
        await _verified_address(viewer)
        return await locked(by_id(invitation_id, viewer.user_id))

    return await _accept(
        call, _ACCEPT_BY_ID, invitation_id, find, _Joining(None, None, allow_natural_persons)
    )


@dataclass(frozen=True, slots=True)
class _Joining:
    newcomer: Newcomer | None
    password_hash: str | None
    allow_natural_persons: bool
    by_link: bool = False


async def _accept(
    call: Call, mutation: Mutation, about: str | None, find: Any, joining: _Joining
) -> Accepted:
    accepted: list[Accepted] = []

    async def work(viewer: Viewer) -> Done:
        invitation = await find(viewer)
        invitee, changes = await _join(viewer, invitation, joining)
        assert invitee.user_id is not None
        tokens = None
        if viewer.user_id is None and joining.newcomer is not None and joining.newcomer.agent is not None:
            tokens = await open_session(invitee.user_id, joining.newcomer.agent)
        accepted[:] = [Accepted(invitee.user_id, invitation["account_id"], tokens)]
        return Done(invitation["id"], changes, by=invitee)

    try:
        await mutation.perform(call, work, about)
    except IntegrityError:
        # another request created a user with the address meanwhile: it is found now
        await mutation.perform(call, work, about)
    return accepted[0]


async def _join(viewer: Viewer, invitation: Any, joining: _Joining) -> tuple[Viewer, tuple[Change, ...]]:
    """Make the invitee a collaborator, once, and return them and what changed."""
    account = await account_as_central(invitation["account_id"])
    if viewer.user_id is None and invitation["status"] != InvitationStatus.ACCEPTED.value:
        must_be_pending(invitation)
    user = await _known_user(viewer, invitation, by_link=joining.by_link)
    invitee = structs.replace(viewer, user_id=user and user["id"], central=account)
    if invitation["status"] == InvitationStatus.ACCEPTED.value:
        await _was_accepted_by(invitee)
        return structs.replace(invitee, name=user["name"]), ()
    must_be_pending(invitation)
    await _must_be_covered(invitee, invitation, allow_natural_persons=joining.allow_natural_persons)
    if viewer.user_id is None:
        user = await _sign_up(invitation, joining, user)
    invitee = structs.replace(invitee, user_id=user["id"], name=user["name"])
    return invitee, await _insert_collaborator(invitee, invitation)


async def _known_user(viewer: Viewer, invitation: Any, *, by_link: bool) -> Any:
    """The caller, if the invitation was sent to them.

    For a newcomer, the unverified user to take over, or None.
    """
    if viewer.user_id is None:
        accepted = invitation["status"] == InvitationStatus.ACCEPTED.value
        # first without a lock: someone who signed up since `locked` looked is locked after the account
        for find in (user_as_is, locked_user):
            user = await find("email", invitation["email"])
            if user is not None and (accepted or await can_sign_in(user)):
                raise Refusal(ErrorCode.SIGN_IN_FIRST, "sign_in_first")
        return user
    user = await locked_user("id", viewer.user_id)
    if by_link and user["email"] == invitation["email"] and user["email_verified_at"] is None:
        must_be_pending(invitation)
        await prove(user, viewer.session_id)
    email = await _verified_address(viewer, invitation["email"])
    return {"id": viewer.user_id, "name": viewer.name, "email": email}


async def _verified_address(viewer: Viewer, invited: str | None = None) -> str:
    """The viewer's own address, locked until the commit."""
    lock = " FOR SHARE" if database.dialect() == "postgres" else ""
    rows = await database.read(
        f"SELECT email, email_verified_at FROM users WHERE id = ?{lock}", (viewer.user_id,)
    )
    if invited is not None and rows[0]["email"] != invited:
        raise Refusal(ErrorCode.OTHER_ADDRESS, "other_address")
    if rows[0]["email_verified_at"] is None:
        raise Refusal(ErrorCode.UNVERIFIED_ADDRESS, "unverified_address")
    return str(rows[0]["email"])


async def _was_accepted_by(invitee: Viewer) -> None:
    """Accepting twice is like accepting once. It does not bring back someone who was removed since."""
    if not await _is_collaborator(invitee):
        raise Refusal(ErrorCode.INVITATION_ACCEPTED, "invitation_accepted")


async def _is_collaborator(invitee: Viewer) -> bool:
    assert invitee.central is not None
    rows = await database.read(
        "SELECT id FROM collaborators WHERE account_id = ? AND user_id = ?",
        (invitee.central.account_id, invitee.user_id),
    )
    return bool(rows)


async def _must_be_covered(invitee: Viewer, invitation: Any, *, allow_natural_persons: bool) -> None:
    """Refuse an invitation whose inviter could not send it today, or whose account takes no collaborators."""
    rows = await database.read(
        "SELECT a.owner_id, a.closed_at, p.grants FROM accounts a"
        " JOIN profiles p ON p.account_id = a.id AND p.id = ? WHERE a.id = ?",
        (invitation["profile_id"], invitation["account_id"]),
    )
    standing = await standing_of(invitation["inviter_id"], invitation["account_id"])
    granted = mask_of(stored_grants(rows[0]["grants"]))
    if rows[0]["closed_at"] is not None:
        raise Refusal(ErrorCode.ACCOUNT_CLOSED, "account_closed")
    if not can_delegate(standing, Role(invitation["role"]), granted):
        raise Refusal(ErrorCode.INVITATION_FALLEN, "invitation_fallen")
    await require_legal_entity(invitee, allow_natural_persons=allow_natural_persons)
    if rows[0]["owner_id"] == invitee.user_id:
        raise Refusal(ErrorCode.OWN_ADDRESS, "own_address")
    if invitee.user_id is not None and await _is_collaborator(invitee):
        raise Refusal(ErrorCode.ALREADY_COLLABORATOR, "you_collaborate_already")


async def _sign_up(invitation: Any, joining: _Joining, user: Any) -> Any:
    """A user with the invited address, which the link verifies: a new user, or one who could not sign in.

    A stranger may have created an existing one, so only the address is preserved.
    """
    if joining.newcomer is None or joining.password_hash is None:
        raise Refusal(ErrorCode.SIGN_IN_FIRST, "sign_in_or_up")
    now = database.now()
    if user is not None:
        await prove(user)
        await end_older(user)
        name, locale = checked_name(joining.newcomer.name), joining.newcomer.locale
        await database.write(
            "UPDATE users SET name = ?, password_hash = ?, locale = ? WHERE id = ?",
            (name, joining.password_hash, locale, user["id"]),
        )
        return {"id": user["id"], "name": name, "email": user["email"]}
    row = {
        "id": database.new_id(),
        "email": invitation["email"],
        "name": checked_name(joining.newcomer.name),
        "password_hash": joining.password_hash,
        "locale": joining.newcomer.locale,
        "email_verified_at": now,
        "created_at": now,
    }
    await database.insert("users", row)
    return row


async def _insert_collaborator(invitee: Viewer, invitation: Any) -> tuple[Change, ...]:
    now = database.now()
    changed = await database.write(
        "UPDATE invitations SET status = ?, decided_at = ?"
        " WHERE account_id = ? AND id = ? AND status = ? AND expires_at > ?",
        (
            InvitationStatus.ACCEPTED,
            now,
            invitation["account_id"],
            invitation["id"],
            InvitationStatus.PENDING,
            now,
        ),
    )
    if not changed:
        raise Refusal(ErrorCode.INVITATION_EXPIRED, "invitation_expired")
    row = {
        "id": database.new_id(),
        "account_id": invitation["account_id"],
        "user_id": invitee.user_id,
        "profile_id": invitation["profile_id"],
        **name_columns(invitation["name"]),
        "role": invitation["role"],
        "suspended_at": None,
        "starts_at": None,
        "ends_at": None,
        "joined_at": now,
    }
    await database.insert("collaborators", row)
    profiles = await database.read(
        "SELECT name FROM profiles WHERE account_id = ? AND id = ?",
        (invitation["account_id"], invitation["profile_id"]),
    )
    return (
        Change("Invitation.status", "PENDING", "ACCEPTED"),
        Change("Collaborator.name", None, invitation["name"]),
        Change("Collaborator.email", None, invitation["email"]),
        Change("Collaborator.role", None, invitation["role"]),
        Change("Collaborator.profile", None, profiles[0]["name"]),
    )


async def _hashed(newcomer: Newcomer, invitation: Any) -> str:
    """A newcomer's password, hashed before the transaction, after their input is checked."""
    try:
        name = checked_name(newcomer.name)
        checked_locale(newcomer.locale)
        await check_new_password(newcomer.password, invitation["email"], name)
    except Refusal as refusal:
        field = ("signUp", *(refusal.field or ()))
        raise Refusal(refusal.code, refusal.message, field, **refusal.words) from refusal
    return await hash_password(newcomer.password)
