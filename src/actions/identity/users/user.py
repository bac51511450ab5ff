"""Signing up, verifying an address, and changing one's own name and language."""

from collections.abc import Callable
from dataclasses import dataclass

from actions.identity.sessions.attempts import may_try
from actions.identity.sessions.session import hash_password, storable
from actions.identity.users import emails
from actions.identity.users.mailbox import is_verified, locked_user, may_write, prove
from actions.identity.users.user_token import make_link, spend_link
from actions.kit import naming
from actions.kit.call import Call
from actions.kit.email_address import LONGEST_EMAIL, checked_email, normalised_email
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.new_password import check_new_password
from actions.kit.outbox import post_to_user
from authz.catalog import LOCALES
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.vocabulary import UserTokenKind

LONGEST_NAME = 200

SIGN_UP = Mutation(
    "signUp",
    None,
    "User",
    codes=(ErrorCode.BAD_EMAIL, ErrorCode.BAD_INPUT, ErrorCode.RATE_LIMITED, ErrorCode.WEAK_PASSWORD),
    alone=True,
    changes_access=False,
)
VERIFY_EMAIL = Mutation("verifyEmail", None, "User", codes=(ErrorCode.BAD_LINK, ErrorCode.RATE_LIMITED))
RESEND_VERIFICATION = Mutation(
    "resendVerification",
    Standing.SESSION,
    "User",
    codes=(ErrorCode.ALREADY_VERIFIED, ErrorCode.RATE_LIMITED),
    outside=True,
    alone=True,
)
SET_NAME = Mutation("setName", Standing.SESSION, "User", codes=(ErrorCode.BAD_INPUT,), outside=True)
SET_LOCALE = Mutation("setLocale", Standing.SESSION, "User", codes=(ErrorCode.BAD_INPUT,), outside=True)


def checked_name(name: str) -> str:
    """A name as it is stored. Refuses a name that is empty, too long or unreadable."""
    return naming.checked_name(name, LONGEST_NAME)


def checked_locale(locale: str) -> str:
    """A language that messages come in."""
    if locale not in LOCALES:
        raise Refusal(ErrorCode.BAD_INPUT, "no_such_locale", ("locale",))
    return locale


async def sign_up(call: Call, email: str, name: str, password: str, locale: str) -> str:
    """Create a user for a free address, e-mail a link to verify it, and return the address.

    Only the e-mail shows whether it was free: the result and the work are the same. An address that was never
    verified gets another link, and keeps its password until the link is opened.
    """
    async with SIGN_UP.refusals_logged(call):
        await may_try(SIGN_UP.name, storable(normalised_email(email)[:LONGEST_EMAIL]), call.address)
        address, name, locale = checked_email(email), checked_name(name), checked_locale(locale)
        await check_new_password(password, address, name)
    hashed = await hash_password(password)

    async def work(_viewer: Viewer) -> Done:
        user_id = database.new_id()
        row = {"id": user_id, "email": address, "name": name, "password_hash": hashed, "locale": locale}
        new = await make_user(row | {"email_verified_at": None}) == user_id
        known = await locked_user("email", address)
        unproved = known["email_verified_at"] is None
        message = emails.VERIFY_EMAIL if unproved else emails.ALREADY_REGISTERED
        due = await may_write(message, address)
        token = await make_link(UserTokenKind.VERIFY_EMAIL, address, good=due and unproved)
        await post_to_user(message, address, {"token": token} if unproved else {}, due=due)
        return Done(user_id, by=Viewer(user_id=user_id, name=name) if new else None)

    await SIGN_UP.perform(call, work)
    return address


async def make_user(row: dict[str, str | int | None]) -> str:
    """Add a user unless the address has one, and return the id of the address's user."""
    row = row | {"created_at": database.now()}
    await database.insert_many("users", tuple(row), [tuple(row.values())], skip_known=True)
    rows = await database.read("SELECT id FROM users WHERE email = ?", (row["email"],))
    return str(rows[0]["id"])


@dataclass(frozen=True, slots=True)
class Verified:
    """A verified address, and the token for choosing a password if its user has none."""

    email: str
    password_token: str | None = None


async def verify_email(call: Call, token: str) -> Verified:
    """Mark the address that a link was sent to as its user's own. What was created before this proof ends.

    If the link is opened in one of the user's own sessions, the session and the password stay.
    """
    async with VERIFY_EMAIL.refusals_logged(call):
        attempt = await may_try(VERIFY_EMAIL.name, None, call.address)
    found: list[Verified] = []

    async def work(_viewer: Viewer) -> Done:
        user_id = await spend_link(UserTokenKind.VERIFY_EMAIL, token)
        await prove(await locked_user("id", user_id), call.viewer.session_id)
        user = await locked_user("id", user_id)
        chosen = None
        if user["password_hash"] is None:
            chosen = await make_link(UserTokenKind.RESET_PASSWORD, user["email"])
        found.append(Verified(user["email"], chosen))
        await attempt.succeed()
        changes = (Change("Viewer.emailVerified", False, True),)
        return Done(user_id, changes, by=Viewer(user_id=user_id, name=user["name"]))

    await VERIFY_EMAIL.perform(call, work)
    return found[0]


async def resend_verification(call: Call) -> str:
    """E-mail another link to the caller's own address, and return the address. The older link ends."""
    user_id = call.viewer.user_id
    async with RESEND_VERIFICATION.refusals_logged(call, user_id):
        await may_try(RESEND_VERIFICATION.name, user_id, call.address)

    async def work(viewer: Viewer) -> Done:
        if await is_verified(viewer):
            raise Refusal(ErrorCode.ALREADY_VERIFIED, "already_verified")
        if not await may_write(emails.VERIFY_EMAIL, viewer.email):
            raise Refusal(ErrorCode.RATE_LIMITED, "one_letter_an_hour")
        token = await make_link(UserTokenKind.VERIFY_EMAIL, viewer.email)
        await post_to_user(emails.VERIFY_EMAIL, viewer.email, {"token": token})
        return Done(str(viewer.user_id))

    await RESEND_VERIFICATION.perform(call, work, user_id)
    return call.viewer.email


async def set_name(call: Call, name: str) -> str:
    """Change the caller's own name and return it as stored. Their names as a collaborator do not change."""
    return await _set(call, SET_NAME, "name", lambda: checked_name(name))


async def set_locale(call: Call, locale: str) -> str:
    """Change the language of the caller's messages and e-mails, and return it."""
    return await _set(call, SET_LOCALE, "locale", lambda: checked_locale(locale))


async def _set(call: Call, mutation: Mutation, column: str, checked: Callable[[], str]) -> str:
    stored: list[str] = []

    async def work(viewer: Viewer) -> Done:
        stored.append(checked())
        before = getattr(viewer, column)
        await database.write(f"UPDATE users SET {column} = ? WHERE id = ?", (stored[0], viewer.user_id))
        return Done(str(viewer.user_id), (Change(f"Viewer.{column}", before, stored[0]),))

    await mutation.perform(call, work, call.viewer.user_id)
    return stored[0]
