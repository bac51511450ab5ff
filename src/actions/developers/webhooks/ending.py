"""The end of endpoints with the access of whoever is responsible for them."""

from models import database


async def end_webhooks(user_id: str, account_id: str | None = None) -> None:
    """Let someone's endpoints fall, in one account or in all, and drop what they have not taken yet."""
    within, values = ("", ()) if account_id is None else (" AND account_id = ?", (account_id,))
    await _end(f"user_id = ?{within}", (user_id, *values))


async def end_webhooks_of_account(account_id: str) -> None:
    """Let all endpoints of an account fall."""
    await _end("account_id = ?", (account_id,))


async def _end(whose: str, values: tuple[str, ...]) -> None:
    await database.write(
        "DELETE FROM deliveries WHERE next_at IS NOT NULL AND receiver_id IN"
        f" (SELECT id FROM webhook_endpoints WHERE {whose})",
        values,
    )
    await database.write(f"UPDATE webhook_endpoints SET fell = ? WHERE {whose}", (True, *values))
