"""Proving one's identity again, before something that a stolen session must not change."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from actions.identity.sessions.attempts import may_try
from actions.identity.sessions.session import matches
from actions.identity.two_factor.codes import accept_code
from actions.identity.users.mailbox import locked_user, user_as_is
from actions.kit.call import Call
from actions.kit.mutation import Mutation
from actions.kit.vault import Vault
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database

RECENT_MS = 15 * 60_000
IDENTITY_CODES = (ErrorCode.BAD_CODE, ErrorCode.BAD_CREDENTIALS, ErrorCode.RATE_LIMITED)

Check = Callable[[Viewer], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What someone proves their identity with: a password, or a code of a second factor."""

    password: str | None = None
    code: str | None = None


async def checked_identity(call: Call, mutation: Mutation, vault: Vault, shown: Shown) -> Check:
    """Do the expensive comparison before the transaction, and return the check to make inside it.

    The password or a code is enough. A user with neither must have signed in within the last 15 minutes.
    Failures are counted and refused.
    """
    user_id = call.viewer.user_id
    async with mutation.refusals_logged(call, user_id):
        attempt = await may_try("identity", user_id, call.address)
    user = await user_as_is("id", user_id)
    stored = user["password_hash"] if user else None
    fits = await matches(stored, shown.password) if shown.password is not None else False

    async def check(viewer: Viewer) -> None:
        locked = await locked_user("id", viewer.user_id)
        if shown.password is not None:
            if not fits or locked["password_hash"] != stored:
                raise Refusal(ErrorCode.BAD_CREDENTIALS, "wrong_password", ("password",))
        elif shown.code is not None:
            if not await accept_code(vault, str(viewer.user_id), shown.code):
                raise Refusal(ErrorCode.BAD_CODE, "bad_code", ("code",))
        elif (
            locked["password_hash"] is not None
            or locked["two_factor_at"] is not None
            or not await _is_recent(viewer)
        ):
            raise Refusal(ErrorCode.BAD_CREDENTIALS, "show_who_you_are", ("password",))
        await attempt.succeed()

    return check


async def _is_recent(viewer: Viewer) -> bool:
    rows = await database.read(
        "SELECT id FROM sessions WHERE id = ? AND created_at > ?",
        (viewer.session_id, database.now() - RECENT_MS),
    )
    return bool(rows)
