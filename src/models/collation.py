"""The sort keys of names, the same on every database, by the Unicode Collation Algorithm."""

from functools import cache, lru_cache
from typing import Any

from pyuca.collator import Collator_10_0_0

from models.text import normalized

LONGEST_KEY = 1_000
"""Longer keys are cut, because an index has a maximum length.

Names that differ only after it sort in either order.
"""

_LEAST = ("", "0020", "02")  # the weight of a level that most characters have


@cache
def _collator() -> Any:
    """The algorithm with its default table, in a fixed version, because stored keys depend on it."""
    return Collator_10_0_0()


@lru_cache(maxsize=4_096)
def sort_key(name: str) -> str:
    """The weights of a name, level by level, as hexadecimal digits that sort as the names do, byte by byte.

    Letters come first, then accents, then case. Common weights at the end of a level are left out.
    """
    elements = _collator().collation_elements(normalized("NFD", name))
    levels = []
    for level, least in enumerate(_LEAST):
        digits = "02x" if level == 2 else "04x"
        weights = [format(element[level], digits) for element in elements if element[level]]
        while least and weights and weights[-1] == least:
            weights.pop()
        levels.append("".join(weights))
    return "0000".join(levels)[:LONGEST_KEY].removesuffix("0000").removesuffix("0000")
