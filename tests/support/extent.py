"""How much of the suite a run takes: every case with `--all`, which is `make test-all`; else what is wanted daily."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
ALL = False  # set as pytest starts, before any test is read


def extent(daily: T, everything: T) -> T:
    """The first of the two, or the second in the long run."""
    return everything if ALL else daily


def by_turns(cases: Sequence[T], step: int) -> list[T]:
    """Every case in the long run; else one in `step`, spread over all of them."""
    return list(cases) if ALL else list(cases[::step])
