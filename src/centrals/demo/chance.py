"""Random values that are the same in every run, and the demo's calendar."""

from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def moment(year: int, month: int, day: int, hour: int = 0) -> int:
    """A time in UTC, in milliseconds since 1970."""
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp()) * 1000


START = moment(2024, 7, 1)
END = moment(2026, 7, 1) - 1000
"""The end of the demo's data."""


@dataclass(frozen=True, slots=True)
class Weighted(Generic[T]):
    """Values to choose from, with cumulative weights."""

    things: tuple[T, ...]
    added: tuple[float, ...]


def weighted(weights: Mapping[T, float]) -> Weighted[T]:
    """The keys, to be chosen by their weights."""
    return Weighted(tuple(weights), tuple(accumulate(weights.values())))


class Chance:
    """A random generator with a fixed seed.

    It uses only methods that return the same in every Python version.
    """

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311

    def falls(self, share: float) -> bool:
        """True with a probability."""
        return self._random.random() < share

    def number(self, least: int, most: int) -> int:
        """A whole number between two numbers, both included."""
        return least + int(self._random.random() * (most - least + 1))

    def pick(self, items: "list[T] | tuple[T, ...]") -> T:
        """One of the items, all equally likely."""
        return items[int(self._random.random() * len(items))]

    def of(self, weights: Weighted[T]) -> T:
        """One of the values, by their weights."""
        return weights.things[bisect(weights.added, self._random.random() * weights.added[-1])]

    def code(self, length: int, letters: str = "abcdefghijkmnpqrstuvwxyz23456789") -> str:
        """A code like those of a marketplace."""
        return "".join(self._random.choices(letters, k=length))

    def digest(self) -> str:
        """The digest of a secret that nobody knows."""
        return f"{self._random.getrandbits(256):064x}"

    def id(self, at: int) -> str:
        """A UUID, version 7, of a time in milliseconds."""
        return self._spelled(at << 80 | 0x7 << 76 | self._bits(12, 64) | 0b10 << 62 | self._bits(62, 0))

    def name(self) -> str:
        """A UUID, version 4, like a marketplace's ids of messages and products."""
        return self._spelled(
            self._bits(48, 80) | 0x4 << 76 | self._bits(12, 64) | 0b10 << 62 | self._bits(62, 0)
        )

    def _bits(self, count: int, place: int) -> int:
        return self._random.getrandbits(count) << place

    @staticmethod
    def _spelled(number: int) -> str:
        text = f"{number:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
