"""Caches bounded by the memory that documents and plans take.

The weights are upper bounds, measured on documents that were written to take as much as possible.
"""

import sys
from dataclasses import dataclass
from typing import Generic, TypeVar

from cachetools import LRUCache
from graphql import DocumentNode

K = TypeVar("K")
V = TypeVar("V")

TOKEN_BYTES = 640  # of a syntax tree, for each token and comment
FIELD_BYTES = 2_500  # of a plan, for each field
TEXT_COPIES = 4  # of a document's text: the key's, the source's, its tokens', and the operation's name
ENTRY_BYTES = 4_000  # of each entry, for itself


class WeightedCache(LRUCache[K, tuple[int, V]], Generic[K, V]):
    """The most recently used entries, within a number of bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(most, lambda entry: entry[0])

    def lookup(self, key: K) -> V | None:
        """The value for a key, if there is one."""
        try:
            return self[key][1]
        except KeyError:
            return None

    def store(self, key: K, value: V, weight: int) -> None:
        """Store a value, unless it would take all the room."""
        weight += ENTRY_BYTES
        if weight < self.maxsize:
            self[key] = (weight, value)


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document, the most fields that one definition of it selects, and the weight of its tree."""

    document: DocumentNode
    fields: int
    weight: int

    @classmethod
    def of(cls, text: str, document: DocumentNode, fields: int) -> "ParsedDocument":
        """A document with its weight."""
        return cls(document, fields, TEXT_COPIES * sys.getsizeof(text) + TOKEN_BYTES * _tokens(document))

    def weight_with(self, plans: int) -> int:
        """Its weight with a number of plans."""
        return self.weight + plans * FIELD_BYTES * self.fields


def _tokens(document: DocumentNode) -> int:
    """How many tokens the tree refers to, comments included."""
    count = 0
    token = document.loc.start_token if document.loc else None
    while token is not None:
        count += 1
        token = token.next
    return count
