"""The end of targets with the access of the people on whose authority data are sent."""

from models import database
from models.tables.target import TargetAuthority, TargetStatus


async def suspend_targets(user_id: str, account_id: str | None = None) -> None:
    """Suspend what is sent on someone's authority: in one account, or in all."""
    within, values = ("", ()) if account_id is None else (" AND account_id = ?", (account_id,))
    await database.write(
        "UPDATE targets SET status = ?, version = version + 1"
        f" WHERE user_id = ? AND authority = ? AND status = ?{within}",
        (
            *(TargetStatus.SUSPENDED.value, user_id, TargetAuthority.MAKER.value),
            *(TargetStatus.CONFIRMED.value, *values),
        ),
    )


async def await_new_owner(account_id: str) -> None:
    """Let everything that was confirmed wait for the decision of an account's new owner."""
    await database.write(
        "UPDATE targets SET status = ?, authority = NULL, confirmed_at = NULL, version = version + 1"
        " WHERE account_id = ? AND status IN (?, ?)",
        (
            *(TargetStatus.WAITING.value, account_id),
            *(TargetStatus.CONFIRMED.value, TargetStatus.SUSPENDED.value),
        ),
    )
