"""Where each part of a report's rows stands in a row of its statement."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from reports.columns import Carried, Ratio, quotient, ratios
from reports.grouping import Grouping
from reports.keys import Key
from reports.report import Report, ratio_parts

Values = tuple[Any, ...] | None  # of the keys; None in a period without any sale
RowKey = tuple[Values, str, bool]  # keys, currency, and whether they are all other keys
Cells = dict[int, tuple[Any, ...]]  # columns by bucket number
CellsByRow = dict[RowKey, Cells]


class Layout:
    """What is computed, and where it stands in a row of the statement."""

    def __init__(
        self, report: Report, attributes: frozenset[str] | None, keys: Sequence[Key], ranked: bool
    ) -> None:
        self.report, self.attributes, self.split = report, attributes, len(keys) > len(report.keys)
        self.names = report.totals_for(attributes)
        if ranked:
            self.names |= {report.ranked_by.name}
        if report.carried:
            self.names |= {report.carried[0].name}  # it says whether there is a row
        chosen = [total.name for total in report.totals if total.name in self.names]
        wanted = [ratio for ratio in ratios(report.columns) if attributes is None or ratio.name in attributes]
        self.make: Any = report.row_with((*chosen, *(ratio.name for ratio in wanted)))
        self.key_columns = slice(1, 1 + len(keys))
        self.currency = 1 + len(keys)
        self.others = 2 + len(keys)
        self.columns = slice(3 + len(keys), 3 + len(keys) + len(chosen))
        self.nothing = (0,) * len(chosen)
        self.ratios = [(ratio, *_places(chosen, ratio)) for ratio in wanted]
        self.keys: list[tuple[int, int | None, Grouping | None]] = []
        self.labelled: set[int] = set()
        named = self.columns.stop
        for place, key in enumerate(keys, 1):
            self.keys.append((place, named if key.is_named else None, key.grouping))
            if key.label_value:
                self.labelled.add(place)
            named += key.is_named

    def carry(self, buckets: int, found: CellsByRow) -> CellsByRow:
        """The cells without those of what was before the period, which totals that are carried add up. Rows
        of which nothing was left, and of which nothing happened in the period, are left out."""
        names = [total.name for total in self.report.totals if total.name in self.names]
        places = [
            (names.index(total.name), total.carried) for total in self.report.carried if total.name in names
        ]
        carried_on: CellsByRow = {}
        for row, cells in found.items():
            running = list(cells.get(0, self.nothing))
            if len(cells) == (0 in cells) and not running[places[0][0]]:
                continue
            carried_on[row] = {}
            for number in range(buckets):
                cell = list(cells.get(number + 1, self.nothing))
                for place, carried in places:
                    before = running[place]
                    running[place] += cell[place]
                    cell[place] = before if carried is Carried.START else running[place]
                carried_on[row][number] = tuple(cell)
        return carried_on

    def names_in(self, stored: Sequence[Any], number: int) -> dict[Any, str | None]:
        """The names of a key's values. Of a value that has had different ones, a single one."""
        place, named, _ = self.keys[number]
        if place not in self.labelled:
            return {row[place]: row[named] for row in stored}
        found: dict[Any, str | None] = {}
        for row in stored:
            found[row[place]] = max(found.get(row[place]) or "", row[named] or "") or None
        return found

    def is_read(self, name: str) -> bool:
        """Whether an attribute of the rows is needed."""
        return self.attributes is None or name in self.attributes

    def add_ratios(self, buckets: int, found: CellsByRow) -> None:
        """Add the ratios to the cells, including those of empty buckets."""
        whole: dict[tuple[int, Any, str], list[int]] = {}
        for (values, currency, _), cells in found.items():
            for number, cell in cells.items():
                place = (number, self._group(values), currency)
                whole[place] = [a + b for a, b in zip(whole.get(place, self.nothing), cell, strict=True)]
        for (values, currency, _), cells in found.items():
            for number in range(buckets):
                cell = cells.get(number, self.nothing)
                of_all = whole.get((number, self._group(values), currency), self.nothing)
                cells[number] = cell + tuple(self._ratios(cell, of_all))

    def _group(self, values: Values) -> Any:
        return values[0] if self.split and values else None

    def _ratios(self, cell: Sequence[int], of_all: Sequence[int]) -> list[Any]:
        return [
            None
            if unknown is not None and cell[unknown]
            else quotient(
                cell[of],
                ratio.per * (1 if by is None else (of_all if ratio.of_all else cell)[by]),
                ratio.decimals,
            )
            for ratio, of, by, unknown in self.ratios
        ]


@lru_cache(maxsize=512)
def layout_of(
    report: Report, attributes: frozenset[str] | None, keys: tuple[Key, ...], *, ranked: bool
) -> Layout:
    """The layout for some attributes of a report's rows."""
    return Layout(report, attributes, keys, ranked)


def _places(names: Sequence[str], ratio: Ratio) -> tuple[int, int | None, int | None]:
    """Where the parts of a ratio stand among totals."""
    dividend, *others = ratio_parts(ratio)
    divisor, unknown = (names.index(name) if name in names else None for name in others)
    return names.index(dividend), divisor, unknown
