"""Links in e-mails: people's tokens, valid once and stored as digests."""

import secrets
from typing import Any

from authz.identity import digest
from authz.refusal import ErrorCode, Refusal
from models import database
from models.vocabulary import UserTokenKind

GOOD_FOR_MS = {
    UserTokenKind.VERIFY_EMAIL: 48 * 3_600_000,
    UserTokenKind.RESET_PASSWORD: 3_600_000,
}


async def make_link(kind: UserTokenKind, email: str, *, good: bool = True) -> str:
    """A new token for the user of an address. Older ones of its kind become invalid.

    For an address without a user or with a disabled one, and where it is not to be good, the same work is
    done for a token that opens nothing.
    """
    token, now = secrets.token_urlsafe(32), database.now()
    await database.write(
        "UPDATE user_tokens SET used_at = ?"
        " WHERE user_id = (SELECT u.id FROM users u WHERE u.email = ?) AND kind = ? AND used_at IS NULL"
        " AND expires_at > ?",
        (now, email if good else "", kind, now),
    )
    columns = database.typed("?:uuid, u.id, ?, ?, ?:bigint, ?:bigint")
    await database.write(
        "INSERT INTO user_tokens (id, user_id, kind, digest, created_at, expires_at)"
        f" SELECT {columns} FROM users u WHERE u.email = ? AND u.disabled_at IS NULL",
        (database.new_id(), kind, digest(token), now, now + GOOD_FOR_MS[kind] if good else now, email),
    )
    # expired links are useless, and would make the table grow
    await database.write("DELETE FROM user_tokens WHERE expires_at < ?", (now - GOOD_FOR_MS[kind],))
    return token


async def check_link(kind: UserTokenKind, token: str) -> Any:
    """The user of a token. Refuses an invalid token before any expensive work."""
    rows = await database.read(
        "SELECT u.email, u.name FROM user_tokens t JOIN users u ON u.id = t.user_id"
        " WHERE t.digest = ? AND t.kind = ? AND t.used_at IS NULL AND t.expires_at > ?",
        (digest(token), kind, database.now()),
    )
    if not rows:
        raise Refusal(ErrorCode.BAD_LINK, "bad_link", ("token",))
    return rows[0]


async def spend_link(kind: UserTokenKind, token: str) -> str:
    """The user of a token, which becomes invalid. All invalid tokens are refused in the same way."""
    now, stored = database.now(), digest(token)
    lock = " FOR NO KEY UPDATE OF u" if database.dialect() == "postgres" else ""
    # the user's row first, like everything that ends links
    rows = await database.read(
        f"SELECT u.id FROM user_tokens t JOIN users u ON u.id = t.user_id WHERE t.digest = ?{lock}", (stored,)
    )
    spent = await database.write(
        "UPDATE user_tokens SET used_at = ?"
        " WHERE digest = ? AND kind = ? AND used_at IS NULL AND expires_at > ?",
        (now, stored, kind, now),
    )
    if not spent:
        raise Refusal(ErrorCode.BAD_LINK, "bad_link", ("token",))
    return str(rows[0]["id"])
