"""Attempts to sign in, and other attempts that can be guesses. Failures are counted, successes are not."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute

from actions.kit.rates import RateLimited, network_of, rates

MINUTES = 15
_PER_PERSON = RateLimitItemPerMinute(10, MINUTES)
_PER_DEVICE = RateLimitItemPerMinute(10, MINUTES)
_PER_NETWORK = RateLimitItemPerMinute(100, MINUTES)
_FROM_ANYWHERE = RateLimitItemPerMinute(100, MINUTES)

_Count = tuple[RateLimitItem, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt. It counts as a failure from the beginning until it succeeds."""

    counts: tuple[_Count, ...]

    async def succeed(self) -> None:
        """Undo the counts."""
        for limit, names in self.counts:
            await rates().give_back(limit, *names)


async def _begin(counts: Sequence[_Count]) -> Attempt:
    """Count against each limit until one is exhausted.

    A refused attempt does not count against later limits.
    """
    for limit, names in counts:
        if not await rates().hit(limit, *names):
            seconds = await rates().seconds_left(limit, *names)
            raise RateLimited("too_many_attempts", seconds, minutes=MINUTES)
    return Attempt(tuple(counts))


async def begin_sign_in(email: str, address: str | None, device: str | None) -> Attempt:
    """Count an attempt to sign in. A person has ten from one network, and a hundred in total.

    A device on which they have signed in before has ten of its own, so that nobody else can lock them out.
    """
    if device is not None:
        return await _begin([(_PER_DEVICE, ("signIn", "device", device))])
    network = network_of(address)
    counts: list[_Count] = [(_PER_PERSON, ("signIn", "here", email, network))]
    if address is not None:
        counts.append((_PER_NETWORK, ("signIn", "network", network)))
    return await _begin([*counts, (_FROM_ANYWHERE, ("signIn", "person", email))])


async def may_try(what: str, whose: str | None, address: str | None) -> Attempt:
    """Count an attempt. In 15 minutes, one person has 10 and one network has 100."""
    counts: list[_Count] = [(_PER_PERSON, (what, "person", whose))] if whose is not None else []
    if address is not None:
        counts.append((_PER_NETWORK, (what, "network", network_of(address))))
    return await _begin(counts)


def device_token(key: bytes, user_id: str, device: str | None = None) -> str:
    """The token that a device stores after a sign-in. It gives no access."""
    device = device or secrets.token_urlsafe(16)
    return f"{device}.{_seal(key, user_id, device)}"


def device_of(key: bytes, user_id: str | None, token: str | None) -> str | None:
    """The device of a token, if the person has signed in on it. None for any other text."""
    device, _, seal = (token or "")[:200].partition(".")
    if user_id is None or not seal.isascii():
        return None
    return device if hmac.compare_digest(seal, _seal(key, user_id, device)) else None


def _seal(key: bytes, user_id: str, device: str) -> str:
    message = f"device\0{user_id}\0{device}".encode("utf-8", "replace")
    return hmac.new(key, message, hashlib.sha256).hexdigest()
