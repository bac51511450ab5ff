"""Sending, resending and revoking invitations to an account."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

from limits import RateLimitItemPerHour

from actions.accounts.account_kind import require_legal_entity
from actions.kit import outbox
from actions.kit.call import Call
from actions.kit.email_address import checked_email
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.kit.rates import RateLimited, rates
from actions.membership.invitations import emails
from actions.membership.invitations.found import must_be_pending, state
from actions.membership.invitations.pending import access_ends_at
from authz import reach
from authz.gates import mask_of
from authz.grant import Grant
from authz.identity import digest, stored_grants
from authz.invitations import can_delegate, pending
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.naming import name_columns
from models.statement import Statement
from models.vocabulary import InvitationStatus, Role

OPEN_MS = 7 * 24 * 3_600_000
LONGEST_NAME = 200
LONGEST_SHOWN = 60
_FIELD = ("invitationId",)
_SENT_AGAIN = (InvitationStatus.PENDING, InvitationStatus.EXPIRED, InvitationStatus.FALLEN)
_SENT_RATE = RateLimitItemPerHour(100)

INVITE_COLLABORATOR = Mutation(
    "inviteCollaborator",
    Grant.ACCESS_COLLABORATORS_CENTER,
    "Invitation",
    codes=(
        ErrorCode.NOT_A_LEGAL_ENTITY,
        ErrorCode.BAD_EMAIL,
        ErrorCode.NOT_FOUND,
        ErrorCode.OWN_ADDRESS,
        ErrorCode.ALREADY_COLLABORATOR,
        ErrorCode.ALREADY_INVITED,
        ErrorCode.RATE_LIMITED,
    ),
    replays=True,
    alone=True,
)
RESEND_INVITATION = Mutation(
    "resendInvitation",
    Grant.ACCESS_COLLABORATORS_CENTER,
    "Invitation",
    codes=(
        ErrorCode.NOT_FOUND,
        ErrorCode.INVITATION_ACCEPTED,
        ErrorCode.INVITATION_DECLINED,
        ErrorCode.INVITATION_REVOKED,
        ErrorCode.NOT_A_LEGAL_ENTITY,
        ErrorCode.OWN_ADDRESS,
        ErrorCode.ALREADY_COLLABORATOR,
        ErrorCode.ALREADY_INVITED,
        ErrorCode.RATE_LIMITED,
    ),
    replays=True,
    alone=True,
)
REVOKE_INVITATION = Mutation(
    "revokeInvitation",
    Grant.ACCESS_COLLABORATORS_CENTER,
    "Invitation",
    codes=(
        ErrorCode.NOT_FOUND,
        ErrorCode.INVITATION_ACCEPTED,
        ErrorCode.INVITATION_DECLINED,
        ErrorCode.INVITATION_REVOKED,
        ErrorCode.INVITATION_EXPIRED,
        ErrorCode.INVITATION_FALLEN,
    ),
    replays=True,
)


@dataclass(frozen=True, slots=True)
class Invited:
    """The invited person, and what the invitation offers them."""

    name: str
    email: str
    profile_id: str
    role: Role


async def invite(call: Call, invited: Invited, *, allow_natural_persons: bool) -> str:
    """Invite someone and return the invitation's id.

    With `allow_natural_persons`, natural persons can invite, too. Refuses with NOT_FOUND a profile that the
    viewer cannot see, and with FORBIDDEN a role or grants that the viewer cannot give. An address that is
    invalid, already invited, or the owner's or a collaborator's has its own code.
    """

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        account_id = viewer.central.account_id
        await require_legal_entity(viewer, allow_natural_persons=allow_natural_persons)
        name, address = _named(invited.name), checked_email(invited.email)
        profile = await _profile_to_give(viewer, invited)
        await _must_be_new(account_id, address, ("email",))
        await _within_rate(account_id)
        invitation_id, token = database.new_id(), token_for(account_id)
        now = database.now()
        row = {
            "id": invitation_id,
            "account_id": account_id,
            "profile_id": invited.profile_id,
            "inviter_id": viewer.user_id,
            **name_columns(name),
            "email": address,
            "role": invited.role,
            "status": InvitationStatus.PENDING,
            "token_digest": digest(token),
            "created_at": now,
            "expires_at": now + OPEN_MS,
            "decided_at": None,
            "falls_at": await access_ends_at(account_id, viewer.user_id),
        }
        await database.insert("invitations", row)
        await _post(viewer, name, address, token)
        return Done(
            invitation_id,
            (
                Change("Invitation.name", None, name),
                Change("Invitation.email", None, address),
                Change("Invitation.role", None, invited.role.value),
                Change("Invitation.profile", None, profile),
            ),
        )

    return await INVITE_COLLABORATOR.perform(call, work)


async def resend(call: Call, invitation_id: str, *, allow_natural_persons: bool) -> str:
    """Send an invitation again, for seven more days. Its older link becomes invalid.

    The sender becomes its inviter, and an invitation that expired or became void is pending again. Refuses
    one that was accepted, declined or revoked.
    """

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        account_id = viewer.central.account_id
        await require_legal_entity(viewer, allow_natural_persons=allow_natural_persons)
        found = await _covered(viewer, invitation_id)
        if (stands := state(found)) not in _SENT_AGAIN:
            must_be_pending(found, _FIELD)
        await _must_be_new(account_id, found["email"], ("invitationId",), but=invitation_id)
        await _within_rate(account_id)
        token, until = token_for(account_id), database.now() + OPEN_MS
        changed = await database.write(
            Statement(
                "UPDATE invitations AS r SET token_digest = ?, expires_at = ?, inviter_id = ?, falls_at = ?,"
                " status = ?, decided_at = NULL WHERE r.id = ? AND r.status = ? AND ",
                (
                    digest(token),
                    until,
                    viewer.user_id,
                    await access_ends_at(account_id, viewer.user_id),
                    InvitationStatus.PENDING,
                    invitation_id,
                    found["status"],
                ),
            )
            + reach.invitations(viewer).where("r")
        )
        if not changed:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_invitation", _FIELD)
        await _post(viewer, found["name"], found["email"], token)
        renewed = [Change("Invitation.expiresAt", found["expires_at"], until)]
        if stands is not InvitationStatus.PENDING:
            renewed.append(Change("Invitation.status", stands.value, "PENDING"))
        return Done(invitation_id, tuple(renewed))

    return await RESEND_INVITATION.perform(call, work, invitation_id)


async def revoke(call: Call, invitation_id: str) -> str:
    """Revoke a pending invitation. Refuses any other with the code of its state."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        must_be_pending(await _covered(viewer, invitation_id), _FIELD)
        changed = await database.write(
            Statement(
                "UPDATE invitations AS r SET status = ?, decided_at = ? WHERE r.id = ? AND r.status = ? AND ",
                (InvitationStatus.REVOKED, database.now(), invitation_id, InvitationStatus.PENDING),
            )
            + reach.invitations(viewer).where("r")
        )
        if not changed:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_invitation", _FIELD)
        return Done(invitation_id, (Change("Invitation.status", "PENDING", "REVOKED"),))

    return await REVOKE_INVITATION.perform(call, work, invitation_id)


def token_for(account_id: str) -> str:
    """A link's token: the account, so that the invitation is looked up there, and 256 random bits."""
    return f"{account_id.replace('-', '')}_{secrets.token_urlsafe(32)}"


def _named(name: str) -> str:
    return checked_name(name, LONGEST_NAME, length="invited_name")


async def _profile_to_give(viewer: Viewer, invited: Invited) -> str:
    """The name of a profile that the viewer can see, and can give with the role."""
    rows = await database.read(
        Statement("SELECT r.name, r.grants FROM profiles r WHERE r.id = ? AND ", (invited.profile_id,))
        + reach.profiles(viewer).where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_profile", ("profileId",))
    if not can_delegate(viewer.mask, invited.role, 0):
        raise Refusal(ErrorCode.FORBIDDEN, "role_not_yours_to_give", ("role",))
    if not can_delegate(viewer.mask, invited.role, mask_of(stored_grants(rows[0]["grants"]))):
        raise Refusal(ErrorCode.FORBIDDEN, "profile_not_yours_to_give", ("profileId",))
    return str(rows[0]["name"])


async def _covered(viewer: Viewer, invitation_id: str) -> Any:
    """An invitation that the viewer can see and could have sent."""
    rows = await database.read(
        Statement(
            "SELECT r.name, r.email, r.role, r.status, r.expires_at, r.falls_at, p.grants FROM invitations r"
            " JOIN profiles p ON p.account_id = r.account_id AND p.id = r.profile_id WHERE r.id = ? AND ",
            (invitation_id,),
        )
        + reach.invitations(viewer).where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_invitation", _FIELD)
    row = rows[0]
    if not can_delegate(viewer.mask, Role(row["role"]), mask_of(stored_grants(row["grants"]))):
        raise Refusal(ErrorCode.FORBIDDEN, "invitation_not_yours", ("invitationId",))
    return row


async def _must_be_new(account_id: str, address: str, field: tuple[str, ...], but: str | None = None) -> None:
    """Refuse the owner's address, a collaborator's, and one with another open invitation.

    The account's row is locked, so two simultaneous invitations of one person are checked in turn.
    """
    people = await database.read(
        "SELECT CASE WHEN a.owner_id = u.id THEN 1 ELSE 0 END AS owns, c.id AS collaborator_id FROM users u"
        " JOIN accounts a ON a.id = ?"
        " LEFT JOIN collaborators c ON c.account_id = a.id AND c.user_id = u.id WHERE u.email = ?",
        (account_id, address),
    )
    if people and people[0]["owns"]:
        raise Refusal(ErrorCode.OWN_ADDRESS, "own_address", field)
    if people and people[0]["collaborator_id"] is not None:
        raise Refusal(ErrorCode.ALREADY_COLLABORATOR, "already_collaborator", field)
    invited = await database.read(
        Statement(
            "SELECT r.id FROM invitations r WHERE r.account_id = ? AND r.email = ?", (account_id, address)
        )
        & pending("r")
    )
    if any(row["id"] != but for row in invited):
        raise Refusal(ErrorCode.ALREADY_INVITED, "already_invited", field)


async def _within_rate(account_id: str) -> None:
    names = ("invitations", account_id)
    if not await rates().hit(_SENT_RATE, *names):
        seconds = await rates().seconds_left(_SENT_RATE, *names)
        raise RateLimited("too_many_invitations", seconds, most=_SENT_RATE.amount)


async def _post(viewer: Viewer, name: str, address: str, token: str) -> None:
    """Post the e-mail, in the language of the address's user, or else the account's.

    To an unverified address, it contains nothing that the inviter wrote except the account's name, which
    every invitation needs.
    """
    assert viewer.central is not None
    rows = await database.read(
        "SELECT COALESCE(a.brand_name, a.name) AS account, COALESCE(u.locale, a.locale) AS locale,"
        " u.email_verified_at FROM accounts a LEFT JOIN users u ON u.email = ? WHERE a.id = ?",
        (address, viewer.central.account_id),
    )
    account, locale = str(rows[0]["account"]), rows[0]["locale"]
    if rows[0]["email_verified_at"] is None:
        data = {"account": without_links(account), "token": token}
        await outbox.post(emails.INVITATION_TO_NEWCOMER, address, locale, data)
        return
    data = {"name": name, "inviter": viewer.name, "account": account, "token": token}
    await outbox.post(emails.INVITATION, address, locale, data)


def without_links(name: str) -> str:
    """A short name for e-mails to strangers, without anything that a mail program turns into a link."""
    shown = name if len(name) <= LONGEST_SHOWN else name[: LONGEST_SHOWN - 1] + "…"
    return re.sub(r"([.:/@])(?=\S)", "\\1\u2060", shown)
