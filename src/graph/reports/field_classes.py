"""Which fields the words of the reports' vocabulary have in the API."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import strawberry

from reports.columns import Column
from reports.keys import Key

T = TypeVar("T")

_FIELDS: dict[Column | Key, type] = {}


def fields_for(word: Column | Key) -> Callable[[type[T]], type[T]]:
    """Declare the class with the fields of a word: a parent of the rows of every report that has it."""

    def declare(cls: type[T]) -> type[T]:
        _FIELDS[word] = cls
        return strawberry.type(cls)

    return declare


def field_classes(words: Iterable[Column | Key]) -> tuple[type, ...]:
    """The classes with the fields of these words, in their order."""
    return tuple(_FIELDS[word] for word in words)
