"""The present: the time, and new ids, which begin with it. A rehearsal sets both, such as the demo's."""

import contextlib
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass

import uuid_utils


@dataclass(slots=True)
class Rehearsal:
    """A present of its own: a time that someone sets, and ids that are the same in every run."""

    now: int
    make_id: Callable[[int], str]
    """An id of a time, never the same."""


_rehearsal: ContextVar[Rehearsal | None] = ContextVar("rehearsal", default=None)


def new_id() -> str:
    """A UUID, version 7: ordered by time, and unique across processes and shards."""
    rehearsal = _rehearsal.get()
    return str(uuid_utils.uuid7()) if rehearsal is None else rehearsal.make_id(rehearsal.now)


def now() -> int:
    """The current time, in milliseconds since 1970."""
    rehearsal = _rehearsal.get()
    return time.time_ns() // 1_000_000 if rehearsal is None else rehearsal.now


@contextlib.contextmanager
def rehearsed(rehearsal: Rehearsal) -> Iterator[None]:
    """Inside the block, and in no other task, the present is the rehearsal's."""
    token = _rehearsal.set(rehearsal)
    try:
        yield
    finally:
        _rehearsal.reset(token)
