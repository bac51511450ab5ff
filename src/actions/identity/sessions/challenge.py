"""Challenges of unfinished sign-ins and new passkeys. Each is valid once, in any process."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from authz.identity import digest
from authz.refusal import ErrorCode, Refusal
from models import database
from models.vocabulary import ChallengeKind

CHALLENGE_MS = 10 * 60_000


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge as its client receives it, once.

    `challenge` is what a passkey has to sign, in base64url.
    """

    token: str
    challenge: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class OpenChallenge:
    """A challenge that is still open. `user_id` is None for a sign-in with only a passkey."""

    row_id: str
    kind: ChallengeKind
    user_id: str | None
    challenge: str


async def begin_challenge(kind: ChallengeKind, user_id: str | None) -> Challenge:
    """Begin a challenge, in a transaction."""
    now = database.now()
    nonce = urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    begun = Challenge(secrets.token_urlsafe(32), nonce, now + CHALLENGE_MS)
    row: dict[str, Any] = {
        "id": database.new_id(),
        "user_id": user_id,
        "kind": kind,
        "digest": digest(begun.token),
        "challenge": begun.challenge,
        "created_at": now,
        "expires_at": begun.expires_at,
    }
    # expired challenges are useless, and would make the table grow
    await database.write("DELETE FROM sign_in_challenges WHERE expires_at < ?", (now,))
    await database.insert("sign_in_challenges", row)
    return begun


async def open_challenge(token: str, *kinds: ChallengeKind) -> OpenChallenge:
    """The open challenge of a token. All other tokens are refused in the same way."""
    rows = await database.read(
        "SELECT id, kind, user_id, challenge FROM sign_in_challenges WHERE digest = ? AND expires_at > ?",
        (digest(token), database.now()),
    )
    if not rows or rows[0]["kind"] not in kinds:
        raise Refusal(ErrorCode.CHALLENGE_ENDED, "challenge_ended", ("token",))
    row = rows[0]
    user_id = None if row["user_id"] is None else str(row["user_id"])
    return OpenChallenge(str(row["id"]), ChallengeKind(row["kind"]), user_id, row["challenge"])


async def end_challenge(found: OpenChallenge) -> None:
    """End a challenge that was answered, in a transaction. Of several simultaneous answers, one succeeds."""
    ended = await database.write("DELETE FROM sign_in_challenges WHERE id = ?", (found.row_id,))
    if not ended:
        raise Refusal(ErrorCode.CHALLENGE_ENDED, "challenge_ended", ("token",))
