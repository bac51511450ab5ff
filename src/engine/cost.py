"""The cost of an operation: one number, computed in time linear in the document, before it is validated.

A field costs one, or its weight. What is below a list counts once for each row that the list can have: as
many as its arguments request, or else as many as it is assumed to have. Sizes and searches that depend on
variables stay open, so that the cost of a known document can be computed for any variables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

CEILING = 10**12  # sums stop here, so that counting stays cheap
MOST_TERMS = 16  # further ones count as their maximum
HEAVY = 3_000
"""An operation with at least this cost is heavy: a report, a search of the sales, or hashing a password."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The costs of a schema's elements by coordinate, such as `Reports.revenue` or `SaleFilter.text`.

    `lists` has the assumed length of each list without pages. All others have `list_size`. `alone` has the
    mutations that must be the only one in their operation.
    """

    elements: Mapping[str, int] = field(default_factory=dict)
    lists: Mapping[str, int] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    list_size: int = 100
    page: int = 20
    page_most: int = 100
    mutation: int = 100
    introspection: int = 20_000

    def of(self, coordinate: str) -> int:
        """The weight of an element, or 0 if none is declared."""
        return self.elements.get(coordinate, 0)


class Size(NamedTuple):
    """A number of rows that depends on variables: the largest value that is sent, or else the default."""

    variables: tuple[str, ...]
    literal: int
    usual: int
    most: int

    def value(self, values: Mapping[str, Any]) -> int:
        sizes = [self.literal] if self.literal else []
        for name in self.variables:
            value = values.get(name)
            if isinstance(value, list):
                sizes.append(len(value))
            elif value is not None:
                sizes.append(value if type(value) is int else self.most)
        return max(1, min(max(sizes, default=self.usual), self.most))


class Presence(NamedTuple):
    """Whether a variable, or a member of it, has a value."""

    variable: str
    member: str | None

    @property
    def most(self) -> int:
        return 1

    def value(self, values: Mapping[str, Any]) -> int:
        value = values.get(self.variable)
        if self.member is not None:
            value = value.get(self.member) if isinstance(value, dict) else None
        return int(value is not None)


Factors = tuple[Size | Presence, ...]
Terms = dict[Factors, int]


class Parts(NamedTuple):
    """The terms of a selection: those that count once and, on a page, those that count for each row."""

    once: Terms
    rows: Terms


class Cost(NamedTuple):
    """The cost of an operation: a constant, and terms that depend on its variables."""

    constant: int
    terms: tuple[tuple[int, Factors], ...] = ()
    defaults: Mapping[str, Any] = {}
    mutations: int = 0
    alone: int = 0
    lists: int = 0

    def value(self, variables: Mapping[str, Any] | None = None) -> int:
        """The cost for the values of variables, coerced or not."""
        if not self.terms:
            return self.constant
        values = {**self.defaults, **(variables or {})} if self.defaults else variables or {}
        total = self.constant
        for coefficient, factors in self.terms:
            product = coefficient
            for factor in factors:
                product *= factor.value(values)
            total += product
        return min(total, CEILING)


FREE = Cost(0)
