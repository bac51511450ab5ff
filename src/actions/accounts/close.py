"""Closing an account, and opening it again."""

from actions.accounts import emails
from actions.kit.call import Call
from actions.kit.email import Email
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.outbox import post
from authz import reach
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement

GRACE_MS = 30 * 24 * 3_600_000

CLOSE_ACCOUNT = Mutation("closeAccount", Standing.OWNER, "Account", replays=True, alone=True)
REOPEN_ACCOUNT = Mutation(
    "reopenAccount",
    Standing.OWNER,
    "Account",
    codes=(ErrorCode.ACCOUNT_NOT_CLOSED, ErrorCode.CLOSED_FOR_GOOD),
    replays=True,
    while_closed=True,
    alone=True,
)


async def close_account(call: Call, name: str) -> str:
    """Close the account. From then on, only its owner can enter, to read, export and reopen it.

    Refuses a name that is not the account's with BAD_INPUT. A pending offer to transfer it becomes void.
    """

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        account_id, now = viewer.central.account_id, database.now()
        if name.strip() != viewer.central.account_name.strip():
            raise Refusal(ErrorCode.BAD_INPUT, "name_differs", ("name",))
        changed = await database.write(
            "UPDATE accounts SET closed_at = ? WHERE id = ? AND owner_id = ? AND closed_at IS NULL",
            (now, account_id, viewer.user_id),
        )
        if not changed:
            raise Refusal(ErrorCode.ACCOUNT_CLOSED, "account_closed")
        await database.write(
            Statement(
                "UPDATE transfers AS r SET status = 'CANCELLED', decided_at = ?"
                " WHERE r.status = 'OFFERED' AND ",
                (now,),
            )
            + reach.transfers(viewer).where("r")
        )
        await _notify(viewer, emails.ACCOUNT_CLOSED)
        return Done(account_id, (Change("Account.closedAt", None, now),))

    return await CLOSE_ACCOUNT.perform(call, work)


async def reopen_account(call: Call) -> str:
    """Open a closed account again, within 30 days of its closing."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        account_id = viewer.central.account_id
        if not viewer.central.closed:
            raise Refusal(ErrorCode.ACCOUNT_NOT_CLOSED, "account_not_closed")
        closed = await database.read("SELECT closed_at FROM accounts WHERE id = ?", (account_id,))
        changed = await database.write(
            "UPDATE accounts SET closed_at = NULL WHERE id = ? AND owner_id = ? AND closed_at > ?",
            (account_id, viewer.user_id, database.now() - GRACE_MS),
        )
        if not changed:
            raise Refusal(ErrorCode.CLOSED_FOR_GOOD, "closed_for_good")
        await _notify(viewer, emails.ACCOUNT_REOPENED)
        return Done(account_id, (Change("Account.closedAt", closed[0]["closed_at"], None),))

    return await REOPEN_ACCOUNT.perform(call, work)


async def _notify(viewer: Viewer, email: Email) -> None:
    assert viewer.central is not None
    words = {"name": viewer.name, "account": viewer.central.account_name}
    await post(email, viewer.email, viewer.locale, words)
