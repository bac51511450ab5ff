"""Setting up an authenticator app, turning two-factor sign-in off, and recovery codes."""

from dataclasses import dataclass

from actions.identity.sessions.attempts import may_try
from actions.identity.sessions.factors import note_factors, remove_factors
from actions.identity.sessions.session import end_sessions
from actions.identity.two_factor import emails
from actions.identity.two_factor.codes import confirm_app, new_secret, renew_recovery_codes, uri_of
from actions.identity.two_factor.identity_check import IDENTITY_CODES, Shown, checked_identity
from actions.identity.users.mailbox import locked_user
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.outbox import post_to_user
from actions.kit.vault import Vault
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database

_ENABLED = "TwoFactor.enabled"

SET_UP_TWO_FACTOR = Mutation(
    "setUpTwoFactor",
    Standing.SESSION,
    "User",
    codes=(*IDENTITY_CODES, ErrorCode.TWO_FACTOR_ON),
    outside=True,
    alone=True,
)
CONFIRM_TWO_FACTOR = Mutation(
    "confirmTwoFactor",
    Standing.SESSION,
    "User",
    codes=(ErrorCode.BAD_CODE, ErrorCode.RATE_LIMITED),
    outside=True,
    alone=True,
)
DISABLE_TWO_FACTOR = Mutation(
    "disableTwoFactor",
    Standing.SESSION,
    "User",
    codes=(*IDENTITY_CODES, ErrorCode.TWO_FACTOR_OFF),
    outside=True,
    alone=True,
)
RENEW_RECOVERY_CODES = Mutation(
    "renewRecoveryCodes",
    Standing.SESSION,
    "User",
    codes=(*IDENTITY_CODES, ErrorCode.TWO_FACTOR_OFF),
    outside=True,
    alone=True,
)


@dataclass(frozen=True, slots=True)
class AppSetUp:
    """What an authenticator app needs, shown once."""

    secret: str
    uri: str


async def set_up_two_factor(call: Call, vault: Vault, shown: Shown) -> AppSetUp:
    """Create a secret for the caller's authenticator app. It is in use only after a code confirms it."""
    check = await checked_identity(call, SET_UP_TWO_FACTOR, vault, shown)
    secret = new_secret()

    async def work(viewer: Viewer) -> Done:
        user_id = str(viewer.user_id)
        await check(viewer)
        await database.write(
            "DELETE FROM authenticator_apps WHERE user_id = ? AND confirmed_at IS NULL", (user_id,)
        )
        if await database.read("SELECT id FROM authenticator_apps WHERE user_id = ?", (user_id,)):
            raise Refusal(ErrorCode.TWO_FACTOR_ON, "app_is_set_up")
        row = {
            "id": database.new_id(),
            "user_id": user_id,
            "secret": vault.seal(user_id, secret),
            "created_at": database.now(),
            "confirmed_at": None,
            "last_step": 0,
        }
        await database.insert("authenticator_apps", row)
        return Done(user_id)

    await SET_UP_TWO_FACTOR.perform(call, work, call.viewer.user_id)
    return AppSetUp(secret, uri_of(secret, call.viewer.email))


async def confirm_two_factor(call: Call, vault: Vault, code: str) -> list[str]:
    """Start to use the caller's app, confirmed by its first code.

    If it is their first factor, their other sessions end, and new recovery codes are returned.
    """
    async with CONFIRM_TWO_FACTOR.refusals_logged(call, call.viewer.user_id):
        attempt = await may_try(CONFIRM_TWO_FACTOR.name, call.viewer.user_id, call.address)
    codes: list[str] = []

    async def work(viewer: Viewer) -> Done:
        user_id = str(viewer.user_id)
        user = await locked_user("id", user_id)
        if not await confirm_app(vault, user_id, code):
            raise Refusal(ErrorCode.BAD_CODE, "bad_code", ("code",))
        first = user["two_factor_at"] is None
        if first:
            codes.extend(await renew_recovery_codes(user_id))
            await end_sessions(user_id, but=viewer.session_id)
        await note_factors(user_id)
        await attempt.succeed()
        await post_to_user(emails.ENABLED, viewer.email, {})
        return Done(user_id, (Change(_ENABLED, not first, True),))

    await CONFIRM_TWO_FACTOR.perform(call, work, call.viewer.user_id)
    return codes


async def disable_two_factor(call: Call, vault: Vault, shown: Shown) -> None:
    """Remove the caller's app, passkeys and recovery codes."""
    check = await checked_identity(call, DISABLE_TWO_FACTOR, vault, shown)

    async def work(viewer: Viewer) -> Done:
        await check(viewer)
        await _require_factor(viewer)
        await remove_factors(str(viewer.user_id))
        await post_to_user(emails.DISABLED, viewer.email, {})
        return Done(str(viewer.user_id), (Change(_ENABLED, True, False),))

    await DISABLE_TWO_FACTOR.perform(call, work, call.viewer.user_id)


async def renew_codes(call: Call, vault: Vault, shown: Shown) -> list[str]:
    """Replace the caller's recovery codes, and return the new ones."""
    check = await checked_identity(call, RENEW_RECOVERY_CODES, vault, shown)
    codes: list[str] = []

    async def work(viewer: Viewer) -> Done:
        await check(viewer)
        await _require_factor(viewer)
        codes.extend(await renew_recovery_codes(str(viewer.user_id)))
        await post_to_user(emails.CODES_RENEWED, viewer.email, {})
        return Done(str(viewer.user_id), (Change("TwoFactor.recoveryCodesLeft", None, "changed"),))

    await RENEW_RECOVERY_CODES.perform(call, work, call.viewer.user_id)
    return codes


async def _require_factor(viewer: Viewer) -> None:
    user = await locked_user("id", viewer.user_id)
    if user["two_factor_at"] is None:
        raise Refusal(ErrorCode.TWO_FACTOR_OFF, "two_factor_is_off")
