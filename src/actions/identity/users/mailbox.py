"""Proof that someone can read an address's mail. What was created before the proof is not trusted."""

from typing import Any

from actions.developers.credentials.ending import end_tokens
from actions.developers.webhooks.ending import end_webhooks
from actions.identity.sessions.factors import remove_factors
from actions.identity.sessions.session import end_sessions
from actions.identity.users import emails
from actions.kit.email import Email
from actions.tools.targets.ending import suspend_targets
from authz.viewer import Viewer
from models import database

HOUR_MS = 3_600_000
# e-mails that anyone can cause to any address: one of each line an hour
_ONCE_AN_HOUR = ((emails.VERIFY_EMAIL, emails.RESET_PASSWORD), (emails.ALREADY_REGISTERED,) * 2)


async def locked_user(column: str, value: str | None) -> Any:
    """The user with an id or an address, locked until the commit. None if there is none."""
    return await _user(column, value, " FOR NO KEY UPDATE" if database.dialect() == "postgres" else "")


async def user_as_is(column: str, value: str | None) -> Any:
    """The same user without a lock, which is enough for a refusal and does not wait."""
    return await _user(column, value, "")


async def _user(column: str, value: str | None, lock: str) -> Any:
    rows = await database.read(
        "SELECT id, name, email, locale, password_hash, email_verified_at, disabled_at, erased_at,"
        " two_factor_at FROM users"
        f" WHERE {column} = ?{lock}",
        (value,),
    )
    return rows[0] if rows else None


async def is_verified(viewer: Viewer) -> bool:
    """Whether the viewer has shown that the address is their own."""
    rows = await database.read("SELECT email_verified_at FROM users WHERE id = ?", (viewer.user_id,))
    return bool(rows) and rows[0]["email_verified_at"] is not None


async def prove(user: Any, session_id: str | None = None) -> None:
    """Mark the address of a locked user as theirs. Its first proof ends everything that is older.

    Anyone could have signed up with the address before. If the proof comes from one of the user's own
    sessions, that session and the password stay, because their holder reads the mail.
    """
    first = await database.write(
        "UPDATE users SET email_verified_at = ? WHERE id = ? AND email_verified_at IS NULL",
        (database.now(), user["id"]),
    )
    if first:
        await end_older(user, session_id if await _is_alive(session_id, user["id"]) else None)


async def _is_alive(session_id: str | None, user_id: str) -> bool:
    rows = await database.read(
        "SELECT id FROM sessions WHERE id = ? AND user_id = ? AND ended_at IS NULL", (session_id, user_id)
    )
    return bool(rows)


async def end_older(user: Any, session_id: str | None = None) -> None:
    """End the sessions, password, factors, tokens and links of a locked user, except one session."""
    now, user_id = database.now(), user["id"]
    await end_sessions(user_id, but=session_id)
    if session_id is None:
        await database.write("UPDATE users SET password_hash = NULL WHERE id = ?", (user_id,))
        await remove_factors(user_id)
    await end_access_tokens(user_id)
    await database.write("DELETE FROM identities WHERE user_id = ?", (user_id,))
    await database.write(
        "UPDATE user_tokens SET used_at = ? WHERE user_id = ? AND used_at IS NULL AND expires_at > ?",
        (now, user_id, now),
    )


async def end_access_tokens(user_id: str) -> None:
    """Revoke a user's tokens, API credentials and calendars for all centrals."""
    await end_tokens(user_id)
    await end_webhooks(user_id)
    await suspend_targets(user_id)
    await database.write("DELETE FROM calendar_feeds WHERE user_id = ?", (user_id,))


async def can_sign_in(user: Any) -> bool:
    """Whether a locked user has proved the address and has a way to sign in, or is disabled.

    Nobody signs up over a disabled user.
    """
    if user["disabled_at"] is not None:
        return True
    if user["email_verified_at"] is None:
        return False
    linked = await database.read("SELECT id FROM identities WHERE user_id = ?", (user["id"],))
    return user["password_hash"] is not None or bool(linked)


async def may_write(email: Email, address: str) -> bool:
    """Whether an e-mail that anyone can cause may go to an address now: one an hour does.

    Counted in the outbox, so by all processes together, while the address's user is locked.
    """
    alike = next(alike for alike in _ONCE_AN_HOUR if email in alike)
    rows = await database.read(
        "SELECT COUNT(*) FROM outbox_messages WHERE recipient = ? AND created_at > ? AND kind IN (?, ?)",
        (address, database.now() - HOUR_MS, *(template.kind for template in alike)),
    )
    return not rows[0][0]
