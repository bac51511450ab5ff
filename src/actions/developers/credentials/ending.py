"""The end of tokens and API credentials with the access of whoever created them."""

from models import database


async def end_tokens(user_id: str, account_id: str | None = None) -> None:
    """End a user's tokens and API credentials: for one central, or for all."""
    await _end("user_id = ?", user_id, account_id)


async def end_tokens_of_account(account_id: str) -> None:
    """End all tokens and API credentials for a central."""
    await _end("account_id = ?", account_id, None)


async def _end(whose: str, value: str, account_id: str | None) -> None:
    now = database.now()
    within, values = ("", ()) if account_id is None else (" AND account_id = ?", (account_id,))
    where = f" WHERE {whose}{within} AND ended_at IS NULL"
    await database.write(f"UPDATE access_tokens SET ended_at = ?{where}", (now, value, *values))
    await database.write(
        f"UPDATE api_credentials SET ended_at = ?, fell = ?{where}", (now, True, value, *values)
    )
