"""Passwords: resetting one with a link, and changing it."""

from actions.identity.sessions.attempts import may_try
from actions.identity.sessions.session import end_sessions, hash_password, matches, storable
from actions.identity.users import emails
from actions.identity.users.mailbox import end_access_tokens, is_verified, locked_user, may_write, prove
from actions.identity.users.user_token import check_link, make_link, spend_link
from actions.kit.call import Call
from actions.kit.email_address import LONGEST_EMAIL, normalised_email
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.new_password import check_new_password
from actions.kit.outbox import post_to_user
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.vocabulary import UserTokenKind

REQUEST_PASSWORD_RESET = Mutation(
    "requestPasswordReset", None, "User", codes=(ErrorCode.RATE_LIMITED,), alone=True
)
RESET_PASSWORD = Mutation(
    "resetPassword",
    None,
    "User",
    codes=(ErrorCode.BAD_LINK, ErrorCode.BAD_INPUT, ErrorCode.RATE_LIMITED, ErrorCode.WEAK_PASSWORD),
    alone=True,
)
CHANGE_PASSWORD = Mutation(
    "changePassword",
    Standing.SESSION,
    "User",
    codes=(
        ErrorCode.BAD_CREDENTIALS,
        ErrorCode.BAD_INPUT,
        ErrorCode.RATE_LIMITED,
        ErrorCode.WEAK_PASSWORD,
    ),
    outside=True,
    alone=True,
)


async def request_password_reset(call: Call, email: str) -> None:
    """E-mail a link to the user with an address.

    Nobody learns whether there is such a user, or whether a link was sent within the last hour. In that case,
    no new one is sent, and the earlier one stays valid.
    """
    address = storable(normalised_email(email)[:LONGEST_EMAIL])
    async with REQUEST_PASSWORD_RESET.refusals_logged(call):
        await may_try(REQUEST_PASSWORD_RESET.name, address, call.address)

    async def work(_viewer: Viewer) -> Done:
        await locked_user("email", address)
        due = await may_write(emails.RESET_PASSWORD, address)
        token = await make_link(UserTokenKind.RESET_PASSWORD, address, good=due)
        await post_to_user(emails.RESET_PASSWORD, address, {"token": token}, due=due)
        return Done("")

    await REQUEST_PASSWORD_RESET.perform(call, work)


async def reset_password(call: Call, token: str, password: str) -> None:
    """Set the password of the user to whom a link was sent, and end what the old one opened.

    The holder of the link can read the address's mail, so the address is verified.
    """
    async with RESET_PASSWORD.refusals_logged(call):
        attempt = await may_try(RESET_PASSWORD.name, None, call.address)
        user = await check_link(UserTokenKind.RESET_PASSWORD, token)
        await check_new_password(password, user["email"], user["name"])
    hashed = await hash_password(password)

    async def work(_viewer: Viewer) -> Done:
        user_id = await spend_link(UserTokenKind.RESET_PASSWORD, token)
        user = await locked_user("id", user_id)
        await prove(user)
        await database.write("UPDATE users SET password_hash = ? WHERE id = ?", (hashed, user_id))
        await end_sessions(user_id)
        await end_access_tokens(user_id)
        await attempt.succeed()
        await post_to_user(emails.PASSWORD_CHANGED, user["email"], {})
        changes = (Change("ResetPasswordInput.password", None, "changed"),)
        return Done(user_id, changes, by=Viewer(user_id=user_id, name=user["name"]))

    await RESET_PASSWORD.perform(call, work)


async def change_password(call: Call, current: str, new: str) -> None:
    """Replace the caller's password, which they send, and end their other sessions and reset links."""
    user_id = call.viewer.user_id
    async with CHANGE_PASSWORD.refusals_logged(call, user_id):
        attempt = await may_try(CHANGE_PASSWORD.name, user_id, None)
        await check_new_password(new, call.viewer.email, call.viewer.name, field="new")
    rows = await database.read("SELECT password_hash FROM users WHERE id = ?", (user_id,))
    stored = rows[0]["password_hash"]
    fits, hashed = await matches(stored, current), await hash_password(new)

    async def work(viewer: Viewer) -> Done:
        changed = fits and await database.write(
            "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?",
            (hashed, viewer.user_id, stored),
        )
        if not changed:
            raise Refusal(ErrorCode.BAD_CREDENTIALS, "wrong_password", ("current",))
        now = database.now()
        await database.write(
            "UPDATE user_tokens SET used_at = ?"
            " WHERE user_id = ? AND kind = ? AND used_at IS NULL AND expires_at > ?",
            (now, viewer.user_id, UserTokenKind.RESET_PASSWORD, now),
        )
        await end_sessions(str(viewer.user_id), but=viewer.session_id)
        await attempt.succeed()
        await post_to_user(emails.PASSWORD_CHANGED, viewer.email, {}, due=await is_verified(viewer))
        return Done(str(viewer.user_id), (Change("ChangePasswordInput.new", None, "changed"),))

    await CHANGE_PASSWORD.perform(call, work, user_id)
