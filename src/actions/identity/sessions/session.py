"""Signing in, exchanging tokens, and signing out."""

import asyncio
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from actions.identity.sessions.attempts import begin_sign_in, device_of, device_token
from actions.identity.sessions.challenge import Challenge, begin_challenge
from actions.kit.call import Call
from actions.kit.email_address import LONGEST_EMAIL, normalised_email
from actions.kit.mutation import Done, Mutation
from actions.kit.new_password import LONGEST_PASSWORD
from authz.gates import Standing
from authz.identity import digest
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.text import password_spellings
from models.vocabulary import ChallengeKind

ACCESS_MS = 15 * 60_000
REFRESH_MS = 30 * 24 * 3_600_000
REPEAT_MS = 10_000

_hasher = PasswordHasher()
_hashing = asyncio.Semaphore(2)  # each hash takes 64 MiB

SIGN_IN = Mutation(
    "signIn",
    None,
    "Session",
    codes=(
        ErrorCode.BAD_CREDENTIALS,
        ErrorCode.BAD_INPUT,
        ErrorCode.RATE_LIMITED,
        ErrorCode.SESSION_ENDED,
    ),
    alone=True,
    changes_access=False,
)
REFRESH_SESSION = Mutation("refreshSession", None, "Session", codes=(ErrorCode.SESSION_ENDED,))
SIGN_OUT = Mutation("signOut", Standing.SESSION, "Session")
REVOKE_SESSION = Mutation(
    "revokeSession", Standing.SESSION, "Session", codes=(ErrorCode.NOT_FOUND,), outside=True
)
REVOKE_OTHER_SESSIONS = Mutation("revokeOtherSessions", Standing.SESSION, "Session", outside=True)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A session's newest tokens, which are returned once. Times are milliseconds since 1970."""

    user_id: str
    session_id: str
    access: str
    refresh: str
    expires_at: int
    refresh_expires_at: int


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded:
    """A sign-in that needs a second step: the user answers the challenge with a second factor."""

    user_id: str
    challenge: Challenge


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session, and the token that identifies its device from then on."""

    tokens: Tokens
    device: str


async def hash_password(password: str) -> str:
    """The stored hash of a password: argon2id, with the library's parameters."""
    async with _hashing:
        return await asyncio.to_thread(_hasher.hash, storable(password_spellings(password)[0]))


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


async def matches(stored: str | None, password: str) -> bool:
    """Whether a password matches the stored hash. Without one, the same work returns False.

    Every spelling is tried, even after a match, so the work depends only on what was typed.
    """
    fits = False
    async with _hashing:
        for spelling in password_spellings(password[:LONGEST_PASSWORD]):
            try:
                await asyncio.to_thread(_hasher.verify, stored or _nobodys_hash(), storable(spelling))
                fits = stored is not None
            except (VerificationError, InvalidHashError):
                continue
    return fits


async def sign_in(
    call: Call, email: str, password: str, agent: str = "", device: str | None = None
) -> SignedIn | SecondFactorNeeded:
    """Open a session, or ask for the second factor of a user who has one.

    An unknown address and a wrong password are refused in the same way, after the same work. `device` is the
    token of a device on which the same person signed in before. It has attempts of its own.
    """
    address = normalised_email(email)[:LONGEST_EMAIL]
    rows = await database.read(
        "SELECT id, name, CASE WHEN disabled_at IS NULL THEN password_hash END AS password_hash"
        " FROM users WHERE email = ?",
        (storable(address),),
    )
    known_device = device_of(call.chain_key, str(rows[0]["id"]) if rows else None, device)
    async with SIGN_IN.refusals_logged(call):
        attempt = await begin_sign_in(address, call.address, known_device)
    stored: str | None = rows[0]["password_hash"] if rows else None
    fits = await matches(stored, password)
    created: list[Tokens | SecondFactorNeeded] = []

    async def work(_viewer: Viewer) -> Done:
        # a password that was changed during the comparison is not accepted
        user = await _still_has(str(rows[0]["id"]), stored) if fits else None
        if user is None:
            raise Refusal(ErrorCode.BAD_CREDENTIALS, "bad_credentials")
        created.append(await open_or_ask(user, agent))
        await attempt.succeed()
        return Done(_session_of(created[0]), by=Viewer(user_id=str(user["id"]), name=user["name"]))

    await SIGN_IN.perform(call, work)
    if isinstance(created[0], SecondFactorNeeded):
        return created[0]
    return SignedIn(created[0], device_token(call.chain_key, created[0].user_id, known_device))


async def _still_has(user_id: str, password_hash: str | None) -> Any:
    lock = " FOR NO KEY UPDATE" if database.dialect() == "postgres" else ""
    rows = await database.read(
        "SELECT id, name, two_factor_at FROM users"
        f" WHERE id = ? AND password_hash = ? AND disabled_at IS NULL{lock}",
        (user_id, password_hash),
    )
    return rows[0] if rows else None


async def open_or_ask(user: Any, agent: str) -> Tokens | SecondFactorNeeded:
    """Begin a session of a locked user, or a challenge if signing in requires a second factor.

    A disabled user is refused in the same way as a wrong password.
    """
    user_id = str(user["id"])
    if user["two_factor_at"] is None:
        return await open_session(user_id, agent)
    await _require_enabled(user_id)
    return SecondFactorNeeded(user_id, await begin_challenge(ChallengeKind.SECOND_FACTOR, user_id))


def _session_of(created: Tokens | SecondFactorNeeded) -> str:
    return created.session_id if isinstance(created, Tokens) else ""


async def open_session(user_id: str, agent: str) -> Tokens:
    """Begin a session of someone who has shown who they are, and return its tokens.

    The user is locked by then. A disabled user is refused in the same way as a wrong password.
    """
    await _require_enabled(user_id)
    session_id, now = database.new_id(), database.now()
    row = {"id": session_id, "user_id": user_id, "agent": storable(agent)[:200]}
    times = {"created_at": now, "last_used_at": now, "ended_at": None}
    await database.insert("sessions", row | times)
    return await _mint(user_id, session_id)


async def _require_enabled(user_id: str) -> None:
    if not await database.read("SELECT id FROM users WHERE id = ? AND disabled_at IS NULL", (user_id,)):
        raise Refusal(ErrorCode.BAD_CREDENTIALS, "bad_credentials")


async def refresh(call: Call, token: str | None) -> Tokens:
    """Exchange a refresh token for a new pair.

    A token that was exchanged before ends its session, unless the client repeats the request within 10
    seconds.
    """
    created: list[Tokens] = []
    ended: list[bool] = []

    async def work(_viewer: Viewer) -> Done:
        now = database.now()
        rows = await database.read(
            "SELECT k.id, k.used_at, k.expires_at, s.id AS session_id, s.user_id FROM credentials k"
            " JOIN sessions s ON s.id = k.session_id"
            " WHERE k.digest = ? AND k.kind = 'REFRESH' AND s.ended_at IS NULL AND k.expires_at > ?",
            (digest(token or ""), now),
        )
        if not rows:
            raise Refusal(ErrorCode.SESSION_ENDED, "session_ended")
        row = rows[0]
        first = await database.write(
            "UPDATE credentials SET used_at = ? WHERE id = ? AND used_at IS NULL", (now, row["id"])
        )
        if not first:
            again = await database.read("SELECT used_at FROM credentials WHERE id = ?", (row["id"],))
            if again[0]["used_at"] < now - REPEAT_MS:
                await _end(str(row["session_id"]))
                ended.append(True)
                return Done(str(row["session_id"]))
        await database.write("UPDATE sessions SET last_used_at = ? WHERE id = ?", (now, row["session_id"]))
        created.append(await _mint(str(row["user_id"]), str(row["session_id"])))
        return Done(str(row["session_id"]))

    await REFRESH_SESSION.perform(call, work)
    if ended:
        raise Refusal(ErrorCode.SESSION_ENDED, "session_ended")
    return created[0]


async def sign_out(call: Call) -> None:
    """End the session that the request was made with."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.session_id is not None
        await _end(viewer.session_id)
        return Done(viewer.session_id)

    await SIGN_OUT.perform(call, work)


async def revoke_session(call: Call, session_id: str) -> str:
    """End one of the caller's own sessions.

    Other people's, ended and missing ones are refused in the same way.
    """

    async def work(viewer: Viewer) -> Done:
        ended = await database.write(
            "UPDATE sessions SET ended_at = ? WHERE id = ? AND user_id = ? AND ended_at IS NULL",
            (database.now(), session_id, viewer.user_id),
        )
        if not ended:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_session", ("id",))
        return Done(session_id)

    return await REVOKE_SESSION.perform(call, work, session_id)


async def revoke_other_sessions(call: Call) -> int:
    """End all of the caller's sessions except the current one, and return how many there were."""
    counted: list[int] = []

    async def work(viewer: Viewer) -> Done:
        counted.append(await end_sessions(str(viewer.user_id), but=viewer.session_id))
        return Done(str(viewer.session_id))

    await REVOKE_OTHER_SESSIONS.perform(call, work)
    return counted[0]


async def end_sessions(user_id: str, but: str | None = None) -> int:
    """End a user's sessions, except one if it is specified, and return how many."""
    left = " AND id <> ?" if but else ""
    return await database.write(
        f"UPDATE sessions SET ended_at = ? WHERE user_id = ? AND ended_at IS NULL{left}",
        (database.now(), user_id, *([but] if but else [])),
    )


async def _end(session_id: str) -> None:
    await database.write(
        "UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL", (database.now(), session_id)
    )


async def _mint(user_id: str, session_id: str) -> Tokens:
    now = database.now()
    tokens = Tokens(
        user_id=user_id,
        session_id=session_id,
        access=secrets.token_urlsafe(32),
        refresh=secrets.token_urlsafe(32),
        expires_at=now + ACCESS_MS,
        refresh_expires_at=now + REFRESH_MS,
    )
    columns = ("id", "session_id", "kind", "digest", "created_at", "expires_at", "used_at")
    await database.insert_many(
        "credentials",
        columns,
        [
            (database.new_id(), session_id, "ACCESS", digest(tokens.access), now, tokens.expires_at, None),
            (
                database.new_id(),
                session_id,
                "REFRESH",
                digest(tokens.refresh),
                now,
                tokens.refresh_expires_at,
                None,
            ),
        ],
    )
    # expired tokens are useless, and would make the table grow
    await database.write("DELETE FROM credentials WHERE session_id = ? AND expires_at < ?", (session_id, now))
    return tokens


def storable(text: str) -> str:
    """Text that both databases accept: without NUL and lone surrogates, which no stored value contains."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
