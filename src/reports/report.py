"""Reports as declarations, from which their statement, rows, gate and description are built."""

import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any

import msgspec
from cachetools import LRUCache

from authz.grant import Grant
from reports.columns import Column, Ratio, Total, ratios, totals
from reports.facts import Facts, Moment, Rows
from reports.grouping import Named, PlaceLevel
from reports.keys import Key, without_values
from reports.period import Bucket

FEW = 5
"""The least number of buyers that a row about places needs."""


class Kind(Enum):
    """The arguments and the layout of a report."""

    SUM = "SUM"
    """One row for each bucket of a period, group, keys and currency."""
    YEARS = "YEARS"
    """One row for each calendar year, group and currency, with its months and their total."""
    LIST = "LIST"
    """What was counted, one by one, a page at a time."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row of a report: its bucket, group and currency. A report's own rows add columns and keys.

    Amounts are in the currency's minor units. Of a column that can be unknown, `known_` and its name is its
    value, or None. With `others`, the row adds up keys that have no rows of their own.
    """

    bucket: Bucket
    group: Named | None
    currency: str
    others: bool


def _known(total: Total, unknown: str | None) -> property:
    if unknown is None:
        return property(lambda row: getattr(row, total.name))
    return property(lambda row: None if getattr(row, unknown) else getattr(row, total.name))


@dataclass(frozen=True, eq=False)
class Report:
    """One report. Each of its parts is defined once, in `facts`, `keys` and `columns`.

    `name` is the field's name and `row` the row type's; by default, the type is named after the field. `asks`
    is the question that the report answers, with which its description begins. `also` are further facts
    that the columns without facts of their own add up. Values of keys with fewer than `small` buyers have no
    rows of their own. With `levels`, a request chooses how many of its keys distinguish its rows. A `monthly`
    report has one bucket for each month, and its rows have a `statement`, the head of one or None. A report
    about what there is `now` covers any time unless a period is chosen.
    """

    name: str
    grant: Grant
    asks: str
    facts: Facts
    rows: Rows
    at: Moment
    columns: tuple[Column, ...]
    keys: tuple[Key, ...] = ()
    also: tuple[Facts, ...] = ()
    small: int | None = None
    row: str = ""
    kind: Kind = Kind.SUM
    levels: bool = False
    monthly: bool = False
    now: bool = False

    def at_level(self, level: PlaceLevel) -> "Report":
        """The report with the keys of a level alone. The others are the same in all of its rows."""
        return self._at_levels[level]

    @cached_property
    def _at_levels(self) -> "dict[PlaceLevel, Report]":
        return {
            level: replace(
                self, keys=(*self.keys[: level.value], *map(without_values, self.keys[level.value :]))
            )
            for level in PlaceLevel
        }

    @property
    def python_name(self) -> str:
        """The name of the field in Python's spelling."""
        return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", self.name)

    @property
    def row_name(self) -> str:
        """The name of the type of its rows."""
        return self.row or f"{self.name[0].upper()}{self.name[1:]}Row"

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """What the database adds up."""
        return totals(self.columns)

    @cached_property
    def counted(self) -> tuple[Facts, ...]:
        """All facts that it reads: its own, and those of single columns."""
        own = (total.facts for total in self.totals if total.facts is not None)
        return tuple(dict.fromkeys([self.facts, *self.also, *own]))

    @cached_property
    def ranked_by(self) -> Total:
        """The total by which the keys with the most are found: the first amount."""
        return next((total for total in self.totals if total.money), self.totals[0])

    @cached_property
    def carried(self) -> tuple[Total, ...]:
        """The totals that are about what was before their bucket, too."""
        return tuple(total for total in self.totals if total.carried)

    def totals_for(self, attributes: frozenset[str] | None) -> frozenset[str]:
        """The names of the totals that attributes of its rows are made of; without attributes, of all."""
        found = self._totals_for.get(attributes)
        if found is None:
            found = self._totals_for[attributes] = self._find_totals(attributes)
        return found

    @cached_property
    def _totals_for(self) -> LRUCache[frozenset[str] | None, frozenset[str]]:
        return LRUCache(256)

    def _find_totals(self, attributes: frozenset[str] | None) -> frozenset[str]:
        every = {total.name for total in self.totals}
        parts: dict[str, tuple[str, ...]] = {name: (name,) for name in every}
        parts |= {
            f"known_{total.name}": (total.name, total.unknown) for total in self.totals if total.unknown
        }
        parts |= {ratio.name: ratio_parts(ratio) for ratio in ratios(self.columns)}
        keys = (key.name for key in self.keys)
        parts |= dict.fromkeys([*Row.__struct_fields__, *keys, *self._afterwards], ())
        if attributes is None or not attributes <= parts.keys():
            return frozenset(every)
        return frozenset(part for name in attributes for part in parts[name]) & every

    @cached_property
    def row_type(self) -> type[Row]:
        """The type of its rows: a bucket, group and currency, then the totals, the ratios and the keys."""
        columns = [total.name for total in self.totals]
        return self.row_with((*columns, *(ratio.name for ratio in ratios(self.columns))))

    def row_with(self, columns: tuple[str, ...]) -> type[Row]:
        """The type of rows with some of the columns, and all keys."""
        found = self._rows_with.get(columns)
        if found is None:
            names: list[Any] = [(name, Any) for name in (*columns, *(key.name for key in self.keys))]
            names += [(name, Any, None) for name in self._afterwards]
            present = {*Row.__struct_fields__, *(total.name for total in self.totals)}
            known = {
                f"known_{total.name}": _known(total, total.unknown if total.unknown in present else None)
                for total in self.totals
                if total.unknown
            }
            struct: Any = msgspec.defstruct(
                self.row_name, names, bases=(Row,), namespace=known, frozen=True, gc=False
            )
            found = self._rows_with[columns] = struct
        return found

    @property
    def _afterwards(self) -> tuple[str, ...]:
        """The attributes of rows that its statement does not read."""
        return ("statement",) if self.monthly else ()

    @cached_property
    def _rows_with(self) -> LRUCache[tuple[str, ...], type[Row]]:
        return LRUCache(256)


def ratio_parts(ratio: Ratio) -> tuple[str, str, str]:
    """The names of the totals that a ratio is made of, and of what makes it unknown."""
    return (ratio.dividend.name, ratio.divisor.name if ratio.divisor else "", ratio.dividend.unknown)
