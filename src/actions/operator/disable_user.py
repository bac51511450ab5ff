"""The operator disables a user, or enables them again."""

from typing import Any

from actions.accounts.operator import within
from actions.identity.sessions.session import end_sessions
from actions.identity.users.mailbox import end_access_tokens
from actions.identity.users.operator import operated_user
from actions.kit.call import Call
from actions.kit.log import Change, log_operator
from actions.membership.invitations.pending import update_pending
from actions.membership.transfers.transfer import cancel_offer
from models import database

_MEMBERSHIPS = (
    "SELECT c.id, c.account_id, c.user_id, c.name, c.suspended_at, a.name AS account_name, a.timezone,"
    " a.currency FROM collaborators c JOIN accounts a ON a.id = c.account_id"
    " WHERE c.user_id = ? ORDER BY c.account_id"
)


async def disable_user(call: Call, user_id: str) -> bool:
    """Lock a user out, and return whether they could sign in before.

    Sessions, tokens and links end. The user is suspended in each account that they work in, whose log says
    so. Accounts of their own stay as they are. Raises `LookupError` where there is no such user.
    """

    async def work() -> bool:
        user, now = await operated_user(user_id), database.now()
        if user["disabled_at"] is not None:
            return False
        await database.write("UPDATE users SET disabled_at = ? WHERE id = ?", (now, user_id))
        await end_access(user_id)
        for collaborator in await memberships_of(user_id):
            if collaborator["suspended_at"] is None:
                await _suspend(call, collaborator, now)
        await log_operator(call, "disableUser", "User", user_id, (Change("User.disabled", False, True),))
        return True

    return await database.transact(work)


async def enable_user(call: Call, user_id: str) -> bool:
    """Let a user sign in again, and return whether they could not before. What ended stays ended.

    Suspensions that came with the disabling end. Raises `LookupError` where there is no such user,
    `ValueError` for one who was erased.
    """

    async def work() -> bool:
        user = await operated_user(user_id)
        if user["erased_at"] is not None:
            raise ValueError("This user was erased. Nobody can sign in as this user again.")
        if user["disabled_at"] is None:
            return False
        await database.write("UPDATE users SET disabled_at = NULL WHERE id = ?", (user_id,))
        for collaborator in await memberships_of(user_id):
            # a suspension by a person has another time
            if collaborator["suspended_at"] == user["disabled_at"]:
                await _restore(call, collaborator)
        await log_operator(call, "enableUser", "User", user_id, (Change("User.disabled", True, False),))
        return True

    return await database.transact(work)


async def end_access(user_id: str) -> None:
    """End someone's sessions, personal access tokens, and links in e-mails."""
    now = database.now()
    await end_sessions(user_id)
    await end_access_tokens(user_id)
    await database.write(
        "UPDATE user_tokens SET used_at = ? WHERE user_id = ? AND used_at IS NULL AND expires_at > ?",
        (now, user_id, now),
    )


async def memberships_of(user_id: str) -> list[Any]:
    """A user's rows as a collaborator with their accounts, in the order in which all code locks accounts."""
    return list(await database.read(_MEMBERSHIPS, (user_id,)))


def account_of(collaborator: Any) -> dict[str, Any]:
    """The account of such a row."""
    return {
        "id": collaborator["account_id"],
        "name": collaborator["account_name"],
        "timezone": collaborator["timezone"],
        "currency": collaborator["currency"],
    }


async def _suspend(call: Call, collaborator: Any, at: int) -> None:
    await _set_suspended(collaborator, at)
    inside = within(call, account_of(collaborator))
    entailed = (
        *await cancel_offer(inside.viewer, collaborator),
        *await update_pending(str(collaborator["account_id"])),
    )
    changes = (Change("Person.suspended", False, True), *entailed)
    await log_operator(inside, "suspendCollaborator", "Person", str(collaborator["id"]), changes)


async def _restore(call: Call, collaborator: Any) -> None:
    await _set_suspended(collaborator, None)
    entailed = await update_pending(str(collaborator["account_id"]))
    changes = (Change("Person.suspended", True, False), *entailed)
    inside = within(call, account_of(collaborator))
    await log_operator(inside, "restoreCollaborator", "Person", str(collaborator["id"]), changes)


async def _set_suspended(collaborator: Any, at: int | None) -> None:
    await database.write(
        "UPDATE collaborators SET suspended_at = ?, version = version + 1 WHERE account_id = ? AND id = ?",
        (at, collaborator["account_id"], collaborator["id"]),
    )
