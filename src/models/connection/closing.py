"""What a transaction does at its end: its work registers parts, and each kind of part exists once."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar


class Closing(Protocol):
    """A part of a transaction's end."""

    async def write(self) -> None:
        """Write at the end of the transaction, just before its commit."""
        ...

    def committed(self) -> None:
        """Act on the commit."""
        ...


C = TypeVar("C", bound=Closing)
_parts: ContextVar[dict[type[Any], Any] | None] = ContextVar("parts", default=None)


def closing(make: type[C]) -> C:
    """The part of a type that closes the running transaction, created at its first use."""
    parts = _parts.get()
    if parts is None:
        raise RuntimeError("A part that closes a transaction needs one: use models.database.transact.")
    if make not in parts:
        parts[make] = make()
    part: C = parts[make]
    return part


@contextlib.contextmanager
def collected() -> Iterator[dict[type[Any], Closing]]:
    """Collects the parts that the block's work hands in."""
    parts: dict[type[Any], Closing] = {}
    token = _parts.set(parts)
    try:
        yield parts
    finally:
        _parts.reset(token)
