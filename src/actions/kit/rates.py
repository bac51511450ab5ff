"""Rate limits: one store for all processes, and whose requests count together."""

import hashlib
import ipaddress
import math
from functools import lru_cache
from typing import Any

from limits import RateLimitItem
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.storage import storage_from_string

from authz.refusal import ErrorCode, Refusal
from models import database

_UNKNOWN = "unknown"
_PREFIX = 64  # what one subscriber has of IPv6


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
    """Something that happens too often, and after how many seconds to try again."""

    def __init__(self, message: str, seconds: int, **words: object) -> None:
        super().__init__(ErrorCode.RATE_LIMITED, message, None, **words)
        self.seconds = seconds


class DatabaseStorage(Storage):
    """Keeps the counts in the database of the process."""

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong."""
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
    """The id of a key, which may hold an address or an e-mail address."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


class Rates:
    """Counts what happens, in fixed windows of time."""

    def __init__(self, redis_url: str | None = None) -> None:
        self._storage: Any = DatabaseStorage()
        if redis_url:
            self._storage = storage_from_string(f"async+{redis_url}", implementation="redispy")
        self._limiter = FixedWindowRateLimiter(self._storage)

    async def hit(self, limit: RateLimitItem, *names: str) -> bool:
        """Count something; whether it is within the limit."""
        return bool(await self._limiter.hit(limit, *names))

    async def give_back(self, limit: RateLimitItem, *names: str) -> None:
        """Take back a count of something that turned out not to matter."""
        await self._storage.incr(limit.key_for(*names), limit.get_expiry(), -1)

    async def seconds_left(self, limit: RateLimitItem, *names: str) -> int:
        """After how many seconds the counting starts anew."""
        expires_at = await self._storage.get_expiry(limit.key_for(*names))
        return max(1, math.ceil(float(expires_at) - database.now() / 1000))

    async def add(self, name: str, amount: int, seconds: int) -> int:
        """Add to a sum of all processes that lasts for some seconds, and return it."""
        return int(await self._storage.incr(name, seconds, amount))


_current = Rates()


def rates() -> Rates:
    """The counts of this process's server."""
    return _current


def use_redis(url: str | None) -> None:
    """Count in Redis, or without an address in the database."""
    global _current  # noqa: PLW0603 - as the database, one a process
    _current = Rates(url)
