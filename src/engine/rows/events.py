"""Events of a subscription: rows that something happened to, each with what the event itself says."""

from collections.abc import Generator, Iterable
from typing import Any, Generic, TypeVar

import msgspec

from engine.rows.lists import Rows, Selects
from engine.rows.objects import object_reader

T = TypeVar("T")


class NothingHappened(Exception):
    """There is no event that the viewer can see: the operation only had to be checked."""


class Occurrence(msgspec.Struct, frozen=True):
    """An event: the row that it is about, its cursor, and its time in milliseconds since 1970."""

    row_id: str
    cursor: str
    at: int


class EventRows(msgspec.Struct, Generic[T], frozen=True):
    """The rows of some events, not read yet: one statement, however many events there are.

    The rows have the columns of their table first, and at the end what `Stamped` fields read of the event.
    """

    rows: Rows[T]
    occurrences: tuple[Occurrence, ...]

    async def fetch(self, selects: Selects, position: int) -> list[tuple[Any, ...]]:
        """A row for each event whose row is still within reach, in the order of the events.

        `position` is that of the id among what is selected.
        """
        if not self.occurrences:
            return []
        found = {row[position]: row for row in await self.rows.fetch(selects)}
        return [
            (*found[occurrence.row_id], occurrence.cursor, occurrence.at)
            for occurrence in self.occurrences
            if occurrence.row_id in found
        ]

    def __await__(self) -> Generator[Any, None, T]:
        """The first event's object, for the standard executor, which gets one event at a time."""
        return self._first().__await__()

    async def _first(self) -> T:
        reader = object_reader(self.rows.binding)
        rows = await self.fetch(reader, reader.columns.position("r.id"))
        if not rows:
            raise NothingHappened
        found: T = reader.make(rows[0])
        return found


def ids_of(occurrences: Iterable[Occurrence]) -> list[str]:
    """The rows of events, each once."""
    return list(dict.fromkeys(occurrence.row_id for occurrence in occurrences))
