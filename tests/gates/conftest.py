"""The cost of "Did you mean": how far names are from each other is worked out once."""

from functools import lru_cache
from typing import Any

import pytest
from graphql.pyutils.suggestion_list import LexicalDistance

_measure = LexicalDistance.measure


@lru_cache(maxsize=300_000)
def _distance(name: str, option: str, threshold: int) -> int | None:
    return _measure(LexicalDistance(name), option, threshold)


@pytest.fixture(autouse=True)
def distances_are_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Probes name the same things thousands of times, and most of their time would go by here."""

    def measure(self: Any, option: str, threshold: int) -> int | None:
        return _distance(self._input, option, threshold)

    monkeypatch.setattr(LexicalDistance, "measure", measure)
