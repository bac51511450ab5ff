"""When a credential expires by itself, which ends connections that were opened with it."""

import time

from authz.identity import TOKEN_PREFIX, digest, token_account
from models import database

_BY_ACCESS = "SELECT k.expires_at FROM credentials k WHERE k.digest = ? AND k.kind = 'ACCESS'"
_BY_TOKEN = "SELECT k.expires_at FROM access_tokens k WHERE k.account_id = ? AND k.digest = ?"  # noqa: S105


async def seconds_left(token: str) -> float:
    """How long a credential is valid at most; 0 if it is not."""
    if token.startswith(TOKEN_PREFIX):
        rows = await database.read(_BY_TOKEN, (token_account(token), digest(token)), named=False)
    else:
        rows = await database.read(_BY_ACCESS, (digest(token),), named=False)
    return max(0.0, rows[0][0] / 1000 - time.time()) if rows else 0.0
