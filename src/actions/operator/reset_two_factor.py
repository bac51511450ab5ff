"""Whoever runs the server helps a user who has lost every second factor."""

from actions.identity.sessions.factors import remove_factors
from actions.identity.sessions.session import end_sessions
from actions.identity.two_factor.emails import DISABLED
from actions.identity.users.operator import operated_user
from actions.kit.call import Call
from actions.kit.log import Change, log_operator
from actions.kit.outbox import post_to_user
from models import database


async def reset_two_factor(call: Call, user_id: str) -> bool:
    """Remove a user's app, passkeys and recovery codes, and tell whether there were any.

    Their sessions end, and they get an e-mail. Raises `LookupError` where there is no such user.
    """

    async def work() -> bool:
        user = await operated_user(user_id)
        if user["two_factor_at"] is None:
            return False
        await remove_factors(user_id)
        await end_sessions(user_id)
        await post_to_user(DISABLED, user["email"], {})
        await log_operator(
            call, "resetTwoFactor", "User", user_id, (Change("TwoFactor.enabled", True, False),)
        )
        return True

    return await database.transact(work)
