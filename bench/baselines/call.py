"""What a handler by hand works with."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

Fetch = Callable[[str, Sequence[Any]], Awaitable[Sequence[Any]]]


@dataclass(slots=True)
class Call:
    """One request: whose it is, what was posted, the reader's `fetch`, and the answer where it is known."""

    fetch: Fetch
    dialect: str
    now: int
    digest: str
    account_id: str
    body: dict[str, Any]
    request_id: str
    address: str | None
    known: bytes


def account_values(call: Call) -> tuple[int, str, str]:
    """The values of `ME`."""
    return call.now, call.digest, call.account_id
