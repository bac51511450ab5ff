"""Where a name stands in a list, the same on every database: by the Unicode Collation Algorithm."""

import unicodedata
from functools import cache, lru_cache
from typing import Any

from pyuca.collator import Collator_10_0_0

LONGEST_KEY = 1_000
"""Longer keys are cut: an index takes no longer ones, and names so much alike may stand in either order."""

_LEAST = ("", "0020", "02")  # the weight of a level that most characters have


@cache
def _collator() -> Any:
    """The algorithm with its default table, in a version that stays the same: stored keys depend on it."""
    return Collator_10_0_0()


@lru_cache(maxsize=4_096)
def sort_key(name: str) -> str:
    """The weights of a name, level by level, as hex digits: they sort as the names do, byte by byte.

    Letters come first, then accents, then case. What most characters have at the end of a level is left out.
    """
    elements = _collator().collation_elements(unicodedata.normalize("NFD", name))
    levels = []
    for level, least in enumerate(_LEAST):
        digits = "02x" if level == 2 else "04x"
        weights = [format(element[level], digits) for element in elements if element[level]]
        while least and weights and weights[-1] == least:
            weights.pop()
        levels.append("".join(weights))
    return "0000".join(levels)[:LONGEST_KEY].removesuffix("0000").removesuffix("0000")
