"""Rate limits: one store for all processes, and which requests count together."""

import asyncio
import hashlib
import ipaddress
import logging
import math
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, TypeVar

from limits import RateLimitItem
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.storage import storage_from_string

from authz.refusal import ErrorCode, Refusal
from models import database
from telemetry.figures import RATE_STORE_FAILURES

_UNKNOWN = "unknown"
_PREFIX = 64  # the part of an IPv6 address that one subscriber has
REDIS_SECONDS = 0.5
"""The longest time, in seconds, that Redis can take for a count."""
RETRY_SECONDS = 5.0
"""How long, in seconds, Redis is not used after a failure."""
T = TypeVar("T")
_log = logging.getLogger("centrals")


@lru_cache(maxsize=4096)
def network_of(address: str | None) -> str:
    """The network that an address counts as: itself, or of an IPv6 address its first 64 bits."""
    if address is None:
        return _UNKNOWN
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _PREFIX), strict=False).network_address)


class RateLimited(Refusal):
    """Something happens too often. It can be tried again after some seconds."""

    def __init__(self, message: str, seconds: int, **words: object) -> None:
        super().__init__(ErrorCode.RATE_LIMITED, message, None, **words)
        self.seconds = seconds


class DatabaseStorage(Storage):
    """Stores the counts in the database of the process."""

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors that can occur."""
        return Exception

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count something, and return the count."""
        row_id, now = _digest(key), database.now()

        async def work() -> int:
            await database.write(
                "INSERT INTO rate_counts (id, count, expires_at) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET count = excluded.count"
                " + CASE WHEN rate_counts.expires_at > ? THEN rate_counts.count ELSE 0 END,"
                " expires_at = CASE WHEN rate_counts.expires_at > ? THEN rate_counts.expires_at"
                " ELSE excluded.expires_at END",
                (row_id, amount, now + expiry * 1000, now, now),
            )
            rows = await database.read("SELECT count FROM rate_counts WHERE id = ?", (row_id,))
            return int(rows[0][0])

        return await database.transact(work)

    async def get(self, key: str) -> int:
        """The count."""
        rows = await self._rows(key)
        return int(rows[0]["count"]) if rows else 0

    async def get_expiry(self, key: str) -> float:
        """When it ends, in seconds since 1970."""
        rows = await self._rows(key)
        return float((rows[0]["expires_at"] if rows else database.now()) / 1000)

    async def _rows(self, key: str) -> Any:
        return await database.read(
            "SELECT count, expires_at FROM rate_counts WHERE id = ? AND expires_at > ?",
            (_digest(key), database.now()),
        )

    async def check(self) -> bool:
        """Whether the store can be reached."""
        await database.read("SELECT 1")
        return True

    async def reset(self) -> int | None:
        """Forget all counts."""
        return await database.transact(lambda: database.write("DELETE FROM rate_counts"))

    async def clear(self, key: str) -> None:
        """Forget a count."""
        await database.transact(
            lambda: database.write("DELETE FROM rate_counts WHERE id = ?", (_digest(key),))
        )


def _digest(key: str) -> str:
    """The id of a key, which can contain an IP or e-mail address."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


class Rates:
    """Counts events in fixed windows of time, in Redis or in the database.

    While Redis is unavailable, the database counts. These counts begin at zero, so an outage refuses nobody,
    and nobody is without a limit.
    """

    def __init__(self, redis_url: str | None = None) -> None:
        self._database = DatabaseStorage()
        self._redis: Any = None
        self._errors: tuple[type[Exception], ...] = (OSError, TimeoutError)
        self._away_until: float | None = None
        if redis_url:
            self._redis = storage_from_string(f"async+{redis_url}", implementation="redispy")
            of_redis = self._redis.base_exceptions
            self._errors += of_redis if isinstance(of_redis, tuple) else (of_redis,)

    async def hit(self, limit: RateLimitItem, *names: str) -> bool:
        """Count something; whether it is within the limit."""
        return await self._count(lambda store: FixedWindowRateLimiter(store).hit(limit, *names))

    async def give_back(self, limit: RateLimitItem, *names: str) -> None:
        """Undo the count of something that turned out not to matter."""
        key = limit.key_for(*names)

        async def work(store: Any) -> None:
            # what the other store counted is not subtracted from this one
            if await store.get(key) > 0:
                await store.incr(key, limit.get_expiry(), -1)

        await self._count(work)

    async def seconds_left(self, limit: RateLimitItem, *names: str) -> int:
        """The seconds until the counting starts again."""
        expires_at = await self._count(lambda store: store.get_expiry(limit.key_for(*names)))
        return max(1, math.ceil(float(expires_at) - database.now() / 1000))

    async def add(self, name: str, amount: int, seconds: int) -> int:
        """Add to a sum of all processes that lasts for some seconds, and return it."""
        return int(await self._count(lambda store: store.incr(name, seconds, amount)))

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._redis is not None:
            await self._redis.bridge.get_connection().aclose()

    async def is_in_redis(self) -> bool:
        """Whether Redis is available and counts."""
        if self._redis is None:
            return False
        try:
            async with asyncio.timeout(REDIS_SECONDS):
                return bool(await self._redis.check())
        except self._errors:
            return False

    async def _count(self, work: Callable[[Any], Awaitable[T]]) -> T:
        """Do something in Redis, or in the database if Redis is not used or not available."""
        if self._redis is not None and (self._away_until is None or time.monotonic() >= self._away_until):
            try:
                async with asyncio.timeout(REDIS_SECONDS):
                    counted = await work(self._redis)
            except self._errors as error:
                self._is_away(error)
            else:
                if self._away_until is not None:
                    self._away_until = None
                    _log.info("rate limits are counted in Redis again")
                return counted
        return await work(self._database)

    def _is_away(self, error: Exception) -> None:
        kind = type(error).__qualname__
        RATE_STORE_FAILURES.add(kind)
        if self._away_until is None:
            _log.warning("Redis is away: rate limits are counted in the database", extra={"kind": kind})
        self._away_until = time.monotonic() + RETRY_SECONDS


_current = Rates()


def rates() -> Rates:
    """The counts of this process's server."""
    return _current


def use_redis(url: str | None) -> None:
    """Count in Redis or, without an address, in the database."""
    global _current  # noqa: PLW0603 - as the database, one a process
    _current = Rates(url)
