"""Signing in, exchanging tokens, and signing out."""

import asyncio
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from actions.act import Act, Caller, Done, log_refusal, perform
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import SIGNED_OUT, Viewer, digest
from models import database

ACCESS_MS = 15 * 60_000
REFRESH_MS = 30 * 24 * 3_600_000
REPEAT_MS = 10_000
LONGEST_PASSWORD = 1_024

_hasher = PasswordHasher()
_hashing = asyncio.Semaphore(2)  # each hash takes 64 MiB
_attempts = MovingWindowRateLimiter(MemoryStorage())
_PER_EMAIL = RateLimitItemPerMinute(10, 15)
_PER_ADDRESS = RateLimitItemPerMinute(100, 15)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A session's newest tokens, as they are told once. Times are milliseconds since 1970."""

    user_id: str
    session_id: str
    access: str
    refresh: str
    expires_at: int
    refresh_expires_at: int


def normalised_email(email: str) -> str:
    """An address as it is stored and compared: NFKC, case-folded, without spaces around it."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


async def hash_password(password: str) -> str:
    """What is stored of a password: argon2id, with the library's parameters."""
    async with _hashing:
        return await asyncio.to_thread(_hasher.hash, password)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


async def _matches(stored: str | None, password: str) -> bool:
    """Whether a password is the one stored; where none is stored, the same work for a no."""
    async with _hashing:
        try:
            await asyncio.to_thread(_hasher.verify, stored or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


async def sign_in(caller: Caller, email: str, password: str, agent: str = "") -> Tokens:
    """Open a session. An unknown address and a wrong password are refused alike, after the same work."""
    address = normalised_email(email)[:254]
    nobody = Caller(SIGNED_OUT, caller.request_id, caller.address)
    act = Act("signIn", 0, "Session")
    if not await _may_try(address, caller.address):
        refusal = Refusal(ErrorCode.RATE_LIMITED, "too_many_attempts", minutes=15)
        await log_refusal(nobody, act, refusal)
        raise refusal
    rows = await database.read(
        "SELECT id, name, password_hash FROM users WHERE email = ?", (_storable(address),)
    )
    stored = rows[0]["password_hash"] if rows else None
    matches = await _matches(stored, _storable(password)[:LONGEST_PASSWORD])
    minted: list[Tokens] = []

    async def work(_viewer: Viewer) -> Done:
        if not matches:
            raise Refusal(ErrorCode.BAD_CREDENTIALS, "bad_credentials")
        session_id = database.new_id()
        user_id = str(rows[0]["id"])
        row = {"id": session_id, "user_id": user_id, "agent": _storable(agent)[:200]}
        await database.insert("sessions", row | {"created_at": database.now(), "ended_at": None})
        minted.append(await _mint(user_id, session_id))
        return Done(session_id, by=Viewer(user_id=user_id, name=rows[0]["name"]))

    await perform(nobody, act, work)
    return minted[0]


async def _may_try(email: str, address: str | None) -> bool:
    allowed = await _attempts.hit(_PER_EMAIL, "email", email)
    if address is not None:
        allowed = await _attempts.hit(_PER_ADDRESS, "address", address) and allowed
    return allowed


async def refresh(caller: Caller, token: str | None) -> Tokens:
    """Exchange a refresh token for a new pair.

    One that was exchanged before ends its session, unless its client merely repeats itself within 10 s.
    """
    minted: list[Tokens] = []
    ended: list[bool] = []
    nobody = Caller(SIGNED_OUT, caller.request_id, caller.address)

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
        minted.append(await _mint(str(row["user_id"]), str(row["session_id"])))
        return Done(str(row["session_id"]))

    await perform(nobody, Act("refreshSession", 0, "Session"), work)
    if ended:
        raise Refusal(ErrorCode.SESSION_ENDED, "session_ended")
    return minted[0]


async def sign_out(caller: Caller) -> None:
    """End the session that the request was made with."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.session_id is not None
        await _end(viewer.session_id)
        return Done(viewer.session_id)

    await perform(caller, Act("signOut", Standing.SESSION, "Session"), work)


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
    # tokens that expired serve no one, and would only make the table grow
    await database.write("DELETE FROM credentials WHERE session_id = ? AND expires_at < ?", (session_id, now))
    return tokens


def _storable(text: str) -> str:
    """Text that both databases take: without NUL and lone surrogates, which no stored value has."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
