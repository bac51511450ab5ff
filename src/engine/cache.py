"""What documents and plans weigh in memory, and caches that are bounded by it.

The weights are upper bounds: they were measured on documents that were written to weigh much.
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
ENTRY_BYTES = 4_000  # of whatever is kept, for itself


class Kept(LRUCache[K, tuple[int, V]], Generic[K, V]):
    """What was asked for last, within a bound of bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(most, lambda kept: kept[0])

    def found(self, key: K) -> V | None:
        """What is kept under a key."""
        try:
            return self[key][1]
        except KeyError:
            return None

    def keep(self, key: K, value: V, weight: int) -> None:
        """Keep a value, unless it would need all the room."""
        weight += ENTRY_BYTES
        if weight < self.maxsize:
            self[key] = (weight, value)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document, the most fields that one definition of it asks for, and what its tree weighs."""

    document: DocumentNode
    fields: int
    weight: int

    @classmethod
    def of(cls, text: str, document: DocumentNode, fields: int) -> "Parsed":
        """A document weighed."""
        return cls(document, fields, TEXT_COPIES * sys.getsizeof(text) + TOKEN_BYTES * _tokens(document))

    def weight_with(self, plans: int) -> int:
        """What it weighs with as many plans."""
        return self.weight + plans * FIELD_BYTES * self.fields


def _tokens(document: DocumentNode) -> int:
    """How many tokens the tree holds on to; comments are among them."""
    count = 0
    token = document.loc.start_token if document.loc else None
    while token is not None:
        count += 1
        token = token.next
    return count
