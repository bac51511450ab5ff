"""What a machine's credential becomes: an access token for one hour, as OAuth's client credentials."""

import hmac
import secrets
from dataclasses import dataclass
from typing import Any

import msgspec

from authz.identity import TOKEN_PREFIX, NoSuchCentral, digest, person_in, stored_grants, token_account
from authz.refusal import Unauthenticated
from authz.viewer import Viewer
from models import database

TOKEN_SECONDS = 3_600
MOST_VALID = 50
"""How many tokens of one credential are valid at once; a further one ends the oldest."""
_NOBODY = digest("")


class InvalidClient(Exception):
    """The credential does not exist, has another secret, or has ended: all alike."""


class InvalidScope(Exception):
    """A grant was requested that the credential does not have."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token, its lifetime in seconds, and the keys of its grants."""

    token: str
    seconds: int
    grants: tuple[str, ...]


async def issue_token(client_id: str, secret: str, scope: tuple[str, ...] | None = None) -> IssuedToken:
    """A token for a credential: with all its grants, or with those that are named.

    Raises `InvalidClient` and `InvalidScope`.
    """
    account_id = token_account(client_id)
    rows = await database.read(
        "SELECT k.id, k.digest, u.email FROM api_credentials k JOIN users u ON u.id = k.user_id"
        " WHERE k.account_id = ? AND k.client_id = ?",
        (account_id, client_id),
    )
    stored = rows[0]["digest"] if rows else _NOBODY
    if not hmac.compare_digest(digest(secret), stored) or not rows:
        raise InvalidClient
    assert account_id is not None
    token = f"{TOKEN_PREFIX}{account_id.replace('-', '')}_{secrets.token_urlsafe(32)}"
    return await database.transact(lambda: _issue(account_id, rows[0], token, scope))


async def _issue(account_id: str, known: Any, token: str, scope: tuple[str, ...] | None) -> IssuedToken:
    now = database.now()
    # locks the row: who revokes or rotates it comes before, or ends this token, too
    valid = await database.write(
        "UPDATE api_credentials SET last_used_at = ?"
        " WHERE account_id = ? AND id = ? AND digest = ? AND ended_at IS NULL AND expires_at > ?",
        (now, account_id, str(known["id"]), known["digest"], now),
    )
    if not valid:
        raise InvalidClient
    creator = await _creator(account_id, known["email"])
    (row,) = await database.read(
        "SELECT id, user_id, name, CAST(grants AS TEXT) AS grants, expires_at FROM api_credentials"
        " WHERE account_id = ? AND id = ?",
        (account_id, str(known["id"])),
    )
    grants = tuple(stored_grants(row["grants"]))
    if scope is not None:
        if set(scope) - set(grants):
            raise InvalidScope
        grants = tuple(grant for grant in grants if grant in scope)
    expires_at = min(now + TOKEN_SECONDS * 1000, row["expires_at"])
    await _end_the_oldest(account_id, row, now)
    await database.insert(
        "access_tokens",
        {
            "id": database.new_id(),
            "account_id": account_id,
            "user_id": str(row["user_id"]),
            "collaborator_id": creator.collaborator_id,
            "name": row["name"],
            "grants": msgspec.json.encode(grants).decode(),
            "standings": "[]",
            "digest": digest(token),
            "created_at": now,
            "expires_at": expires_at,
            "last_used_at": None,
            "ended_at": None,
            "credential_id": str(row["id"]),
        },
    )
    return IssuedToken(token, (expires_at - now) // 1000, grants)


async def _creator(account_id: str, email: str) -> Viewer:
    """The creator as they stand now. Without a place in the open account, the credential opens nothing."""
    try:
        creator = await person_in(email, account_id)
    except (Unauthenticated, NoSuchCentral) as gone:
        raise InvalidClient from gone
    if creator.central is None or creator.central.closed:
        raise InvalidClient
    return creator


async def _end_the_oldest(account_id: str, credential: Any, now: int) -> None:
    valid = "account_id = ? AND user_id = ? AND credential_id = ? AND ended_at IS NULL AND expires_at > ?"
    values = (account_id, str(credential["user_id"]), str(credential["id"]), now)
    await database.write(
        f"UPDATE access_tokens SET ended_at = ? WHERE {valid} AND id <="
        f" (SELECT id FROM access_tokens WHERE {valid} ORDER BY id DESC LIMIT 1 OFFSET {MOST_VALID - 1})",
        (now, *values, *values),
    )
