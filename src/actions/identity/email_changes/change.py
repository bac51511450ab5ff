"""Changing one's e-mail address: confirmed from the new mailbox, and stopped or undone from the old."""

import secrets
from typing import Any

from tortoise.exceptions import IntegrityError

from actions.identity.email_changes import emails
from actions.identity.sessions.attempts import may_try
from actions.identity.sessions.session import end_sessions
from actions.identity.two_factor.identity_check import IDENTITY_CODES, Shown, checked_identity
from actions.identity.users.mailbox import HOUR_MS, end_access_tokens, locked_user
from actions.kit.call import Call
from actions.kit.email_address import checked_email
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.outbox import post, post_to_user
from actions.kit.vault import Vault
from authz.gates import Standing
from authz.identity import digest
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database

CONFIRM_MS = 24 * HOUR_MS
UNDO_MS = 7 * 24 * HOUR_MS

REQUEST_EMAIL_CHANGE = Mutation(
    "requestEmailChange",
    Standing.SESSION,
    "User",
    codes=(*IDENTITY_CODES, ErrorCode.BAD_EMAIL),
    outside=True,
    alone=True,
)
_LINK_CODES = (ErrorCode.ADDRESS_TAKEN, ErrorCode.BAD_LINK, ErrorCode.RATE_LIMITED)
CONFIRM_EMAIL_CHANGE = Mutation("confirmEmailChange", None, "User", codes=_LINK_CODES, alone=True)
UNDO_EMAIL_CHANGE = Mutation("undoEmailChange", None, "User", codes=_LINK_CODES, alone=True)


async def request_email_change(call: Call, vault: Vault, email: str, shown: Shown) -> str:
    """E-mail a link to the new address, and a notice to the old one; tell the new address.

    Nothing changes yet. Nobody learns whether the new address has a user already: then no link goes
    there. Nor does a second one within the hour.
    """
    async with REQUEST_EMAIL_CHANGE.refusals_logged(call, call.viewer.user_id):
        await may_try(REQUEST_EMAIL_CHANGE.name, call.viewer.user_id, call.address)
        address = checked_email(email)
    check = await checked_identity(call, REQUEST_EMAIL_CHANGE, vault, shown)

    async def work(viewer: Viewer) -> Done:
        await check(viewer)
        user_id, due = str(viewer.user_id), await _may_be_sent(address)
        await _end_open(user_id)
        confirming, undoing = await _begin(viewer, address, good=due)
        if due:
            await post(emails.CONFIRM_ADDRESS, address, viewer.locale, {"token": confirming})
        await post_to_user(emails.CHANGE_REQUESTED, viewer.email, {"token": undoing})
        return Done(user_id, (Change("Viewer.email", viewer.email, address),))

    await REQUEST_EMAIL_CHANGE.perform(call, work, call.viewer.user_id)
    return address


async def _may_be_sent(address: str) -> bool:
    """Whether a link may go to an address: nobody has it, and none went there within the hour."""
    taken = await database.read("SELECT id FROM users WHERE email = ?", (address,))
    recent = await database.read(
        "SELECT id FROM outbox_messages WHERE recipient = ? AND created_at > ? AND kind = ?",
        (address, database.now() - HOUR_MS, emails.CONFIRM_ADDRESS.kind),
    )
    return not taken and not recent


async def _end_open(user_id: str) -> None:
    now = database.now()
    await database.write(
        "UPDATE email_changes SET ended_at = ?"
        " WHERE user_id = ? AND confirmed_at IS NULL AND ended_at IS NULL",
        (now, user_id),
    )
    # changes that can no longer be undone serve no one
    await database.write("DELETE FROM email_changes WHERE undo_expires_at < ?", (now,))


async def _begin(viewer: Viewer, address: str, *, good: bool) -> tuple[str, str]:
    """Note a change, and tell the tokens that confirm and undo it."""
    confirming, undoing, now = secrets.token_urlsafe(32), secrets.token_urlsafe(32), database.now()
    row = {
        "id": database.new_id(),
        "user_id": viewer.user_id,
        "old_email": viewer.email,
        "new_email": address,
        "confirm_digest": digest(confirming),
        "undo_digest": digest(undoing),
        "created_at": now,
        "expires_at": now + CONFIRM_MS if good else now,
        "undo_expires_at": now + UNDO_MS,
        "confirmed_at": None,
        "ended_at": None,
    }
    await database.insert("email_changes", row)
    return confirming, undoing


async def confirm_email_change(call: Call, token: str, session_id: str | None) -> str:
    """Give a user the new address, which the link proves, and notify both mailboxes.

    Sessions but the one that confirms, and all links, end. Personal access tokens and the second factor stay.
    """
    confirmed: list[str] = []

    async def work(_viewer: Viewer) -> Done:
        change, user = await _locked_change("confirm_digest", token)
        now, old, new = database.now(), change["old_email"], change["new_email"]
        if change["confirmed_at"] is not None or change["expires_at"] <= now or user["email"] != old:
            raise Refusal(ErrorCode.BAD_LINK, "bad_link", ("token",))
        await _move(user, new, "email_verified_at = ?", (now,))
        undoing = secrets.token_urlsafe(32)
        await database.write(
            "UPDATE email_changes SET confirmed_at = ?, undo_digest = ?, undo_expires_at = ? WHERE id = ?",
            (now, digest(undoing), now + UNDO_MS, change["id"]),
        )
        await end_sessions(str(user["id"]), but=session_id)
        await post(emails.CHANGED_OLD, old, user["locale"], {"token": undoing})
        await post(emails.CHANGED_NEW, new, user["locale"], {})
        confirmed.append(new)
        return _done(user, old, new)

    await _perform(CONFIRM_EMAIL_CHANGE, call, work)
    return confirmed[0]


async def undo_email_change(call: Call, token: str) -> str:
    """Stop a change, or undo it. The user has the old address again, which gets a notice.

    This locks out whoever changed it: sessions, personal access tokens and the password end. The second
    factor stays, so that the old mailbox alone opens nothing.
    """
    restored: list[str] = []

    async def work(_viewer: Viewer) -> Done:
        change, user = await _locked_change("undo_digest", token)
        now, old = database.now(), change["old_email"]
        if change["undo_expires_at"] <= now:
            raise Refusal(ErrorCode.BAD_LINK, "bad_link", ("token",))
        await database.write("UPDATE email_changes SET ended_at = ? WHERE id = ?", (now, change["id"]))
        restored.append(old)
        if change["confirmed_at"] is None:
            return _done(user, old, old)
        await _move(user, old, "password_hash = NULL", ())
        await _end_open(str(user["id"]))
        await end_sessions(str(user["id"]))
        await end_access_tokens(str(user["id"]))
        return _done(user, user["email"], old)

    await _perform(UNDO_EMAIL_CHANGE, call, work)
    return restored[0]


async def _perform(mutation: Mutation, call: Call, work: Any) -> None:
    async with mutation.refusals_logged(call):
        attempt = await may_try(mutation.name, None, call.address)

    async def counted(viewer: Viewer) -> Done:
        done: Done = await work(viewer)
        await attempt.succeed()
        return done

    try:
        await mutation.perform(call, counted)
    except IntegrityError as error:  # someone else took the address at the same moment
        raise Refusal(ErrorCode.ADDRESS_TAKEN, "address_taken") from error


async def _locked_change(column: str, token: str) -> tuple[Any, Any]:
    """The change of a token that has not ended, and its user, locked; refuses any other token alike."""
    find = f"SELECT * FROM email_changes WHERE {column} = ? AND ended_at IS NULL"
    rows = await database.read(find, (digest(token),))
    user = await locked_user("id", rows[0]["user_id"]) if rows else None
    rows = await database.read(find, (digest(token),))  # as it is now that the user is locked
    if user is None or not rows or user["disabled_at"] is not None:
        raise Refusal(ErrorCode.BAD_LINK, "bad_link", ("token",))
    return rows[0], user


async def _move(user: Any, email: str, more: str, values: tuple[Any, ...]) -> None:
    """Give a locked user another address, and end every link that went to the one before."""
    if await database.read("SELECT id FROM users WHERE email = ? AND id <> ?", (email, user["id"])):
        raise Refusal(ErrorCode.ADDRESS_TAKEN, "address_taken")
    await database.write(f"UPDATE users SET email = ?, {more} WHERE id = ?", (email, *values, user["id"]))
    now = database.now()
    await database.write(
        "UPDATE user_tokens SET used_at = ? WHERE user_id = ? AND used_at IS NULL AND expires_at > ?",
        (now, user["id"], now),
    )


def _done(user: Any, before: str, after: str) -> Done:
    changes = (Change("Viewer.email", before, after),) if before != after else ()
    return Done(str(user["id"]), changes, by=Viewer(user_id=str(user["id"]), name=user["name"]))
