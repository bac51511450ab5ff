"""The personal access tokens that someone has, in whichever central."""

from dataclasses import dataclass

import msgspec

from authz.gates import Standing, grants_in, mask_of
from authz.grant import Grant
from authz.identity import stored_grants
from authz.narrowing import Narrowing
from authz.viewer import Viewer
from models import database


@dataclass(frozen=True, slots=True)
class OwnToken:
    """A token as its maker sees it. Times are milliseconds since 1970."""

    token_id: str
    account_id: str
    account_name: str
    name: str
    grants: list[Grant]
    standings: list[Standing]
    created_at: int
    expires_at: int
    last_used_at: int | None
    parent_id: str | None
    narrowing: Narrowing


def narrowing_in(stored: object) -> Narrowing:
    """What a token is narrowed to, as a database returns it: JSON text, or already decoded by its driver."""
    if stored is None or isinstance(stored, Narrowing):
        return stored or Narrowing()
    if isinstance(stored, str | bytes):
        return msgspec.json.decode(stored, type=Narrowing)
    return msgspec.convert(stored, Narrowing)


_STATEMENT = """
SELECT k.id, k.account_id, a.name AS account_name, k.name, CAST(k.grants AS TEXT) AS grants,
       CAST(k.standings AS TEXT) AS standings, k.created_at, k.expires_at, k.last_used_at,
       k.parent_id, CAST(k.narrowing AS TEXT) AS narrowing
FROM access_tokens k JOIN accounts a ON a.id = k.account_id
WHERE k.user_id = ? AND k.credential_id IS NULL AND k.ended_at IS NULL AND k.expires_at > ?
ORDER BY k.created_at DESC, k.id DESC
"""


async def own_tokens(viewer: Viewer) -> list[OwnToken]:
    """The viewer's tokens that are good, newest first: one statement."""
    rows = await database.read(_STATEMENT, (viewer.user_id, database.now()))
    return [
        OwnToken(
            token_id=str(row["id"]),
            account_id=str(row["account_id"]),
            account_name=row["account_name"],
            name=row["name"],
            grants=grants_in(mask_of(stored_grants(row["grants"]))),
            standings=[Standing[name] for name in stored_grants(row["standings"])],
            created_at=row["created_at"],
            expires_at=row["expires_at"],
            last_used_at=row["last_used_at"],
            parent_id=None if row["parent_id"] is None else str(row["parent_id"]),
            narrowing=narrowing_in(row["narrowing"]),
        )
        for row in rows
    ]
