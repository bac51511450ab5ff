"""What the operator does to a user at the command line."""

from typing import Any

from actions.identity.sessions.session import end_sessions, hash_password
from actions.identity.users import emails
from actions.identity.users.mailbox import end_access_tokens, locked_user, prove, user_as_is
from actions.kit.call import Call
from actions.kit.log import Change, log_operator
from actions.kit.new_password import check_new_password
from actions.kit.outbox import post_to_user
from models import database


async def set_user_password(call: Call, user_id: str, password: str) -> None:
    """Set a user's password, and end all that was opened with the old one and links to choose another.

    The user gets an e-mail. Raises `LookupError` where there is no such user, `Refusal` for a password
    that nobody can have.
    """
    about = await _as_is(user_id)
    await check_new_password(password, about["email"], about["name"])
    hashed = await hash_password(password)

    async def work() -> None:
        user, now = await operated_user(user_id), database.now()
        await database.write("UPDATE users SET password_hash = ? WHERE id = ?", (hashed, user_id))
        await end_sessions(user_id)
        await end_access_tokens(user_id)
        await database.write(
            "UPDATE user_tokens SET used_at = ? WHERE user_id = ? AND used_at IS NULL AND expires_at > ?",
            (now, user_id, now),
        )
        await post_to_user(emails.PASSWORD_CHANGED, user["email"], {})
        await log_operator(call, "setPassword", "User", user_id)

    await database.transact(work)


async def verify_user(call: Call, user_id: str) -> bool:
    """Verify a user's address, as opening a link would. Returns whether that was new.

    As with a link, whatever was set up before ends. Raises `LookupError` where there is no such user.
    """

    async def work() -> bool:
        user = await operated_user(user_id)
        first = user["email_verified_at"] is None
        await prove(user)
        changes = (Change("User.emailVerified", False, True),) if first else ()
        await log_operator(call, "verifyUser", "User", user_id, changes)
        return first

    return await database.transact(work)


async def operated_user(user_id: str) -> Any:
    """The row of a user, locked until the commit; raises `LookupError` where there is none."""
    return _found(user_id, await locked_user("id", user_id))


async def _as_is(user_id: str) -> Any:
    return _found(user_id, await user_as_is("id", user_id))


def _found(user_id: str, user: Any) -> Any:
    if user is None:
        raise LookupError(f"There is no user {user_id}.")
    return user
