"""Runs a report: the rows of the statistics within reach, including empty ones, from one statement."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from authz.gates import GateViolation, grant_bit
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.collation import sort_key
from reports.columns import quotient, ratios, totals
from reports.grouping import Grouping, Named
from reports.keys import Key, group_key
from reports.period import Bucket, Period, ReportInterval
from reports.report import Report, Row
from reports.statement import statement

MAX_ROWS = 20_000

Values = tuple[Any, ...] | None  # of the keys; None in a period without any sale
Cells = dict[int, tuple[Any, ...]]  # columns by bucket number
Found = dict[tuple[Values, str], Cells]  # by keys and currency
Objects = Callable[[Key, set[Named]], Awaitable[Mapping[Named, object]]]


async def sums(
    viewer: Viewer,
    report: Report,
    period: Period,
    every: ReportInterval,
    by: Grouping | None = None,
    *,
    attributes: frozenset[str] | None = None,
    objects: Objects | None = None,
) -> list[Row]:
    """The rows of a report, by bucket, group, keys and currency.

    With `attributes`, the rows have only the columns that these need. `objects` finds what the values of a
    key name, all at once. Raises `GateViolation` for a viewer whose mask lacks the report's grant or the
    grouping's standing.
    """
    if viewer.central is None or not viewer.mask & grant_bit(report.grant):
        raise GateViolation(report.grant.value)
    keys = (*((group_key(viewer, by),) if by is not None else ()), *report.keys)
    buckets = period.cut(every, viewer.central.timezone)
    layout = _Layout(report, attributes, keys, by is not None)
    stored = await database.read(
        statement(viewer, report, buckets, keys, layout.names, MAX_ROWS + 1), named=False
    )
    found = _cells(layout, stored) or {(None, viewer.central.currency): {}}
    if len(stored) > MAX_ROWS or len(found) * len(buckets) > MAX_ROWS:
        raise Refusal(ErrorCode.BAD_INPUT, "too_many_rows", ("every",), most=MAX_ROWS)
    if layout.ratios:
        _add_ratios(layout, len(buckets), found)
    readers = await _readers(layout, objects, found)
    return _rows(layout, readers, buckets, dict(sorted(found.items(), key=_order)))


class _Layout:
    """What is computed, and where it stands in a row of the statement."""

    def __init__(
        self, report: Report, attributes: frozenset[str] | None, keys: Sequence[Key], split: bool
    ) -> None:
        self.report, self.attributes, self.split = report, attributes, split
        self.names = report.totals_for(attributes)
        chosen = [total.name for total in totals(report.columns) if total.name in self.names]
        wanted = [ratio for ratio in ratios(report.columns) if attributes is None or ratio.name in attributes]
        self.make: Any = report.row_with((*chosen, *(ratio.name for ratio in wanted)))
        self.currency = 1 + len(keys)
        self.columns = slice(2 + len(keys), 2 + len(keys) + len(chosen))
        self.nothing = (0,) * len(chosen)
        self.ratios = [
            (chosen.index(ratio.dividend.name), chosen.index(ratio.divisor.name), ratio) for ratio in wanted
        ]
        self.keys: list[tuple[int, int | None, Grouping | None]] = []
        named = self.columns.stop
        for place, key in enumerate(keys, 1):
            self.keys.append((place, named if key.named_in else None, key.grouping))
            named += bool(key.named_in)


def _cells(layout: _Layout, stored: Iterable[Any]) -> Found:
    """The columns by bucket number, for each combination of keys and currency that occurs."""
    keys, currency, columns = layout.keys, layout.currency, layout.columns
    found: Found = {}
    for row in stored:
        values = tuple(
            [
                row[place] if named is None else Named(row[place], row[named], grouping)
                for place, named, grouping in keys
            ]
        )
        found.setdefault((values, row[currency]), {})[row[0]] = row[columns]
    return found


def _order(found: tuple[tuple[Values, str], Cells]) -> list[tuple[bool, str, str]]:
    """Sorts by name, then by currency. Rows without a group come last."""
    (values, currency), _ = found
    return [*map(_rank, values or ()), (False, currency, "")]


def _rank(value: Any) -> tuple[bool, str, str]:
    if isinstance(value, Named):
        return (value.id is None, sort_key(value.name or ""), value.id or "")
    return (value is None, str(value), "")


async def _readers(
    layout: _Layout, objects: Objects | None, found: Found
) -> list[Callable[[Any], Any] | None]:
    """What turns the values of each of the report's own keys into those in its rows."""
    readers: list[Callable[[Any], Any] | None] = []
    for place, key in enumerate(layout.report.keys, layout.split):
        if objects is not None and key.named_in and _is_read(layout, key.name):
            named = {values[place] for values, _ in found if values is not None}
            readers.append((await objects(key, named)).get)
        else:
            readers.append(key.read)
    return readers


def _is_read(layout: _Layout, name: str) -> bool:
    return layout.attributes is None or name in layout.attributes


def _rows(
    layout: _Layout,
    readers: Sequence[Callable[[Any], Any] | None],
    buckets: Sequence[Bucket],
    found: Found,
) -> list[Row]:
    make, nothing, split = layout.make, layout.nothing, layout.split
    parts = [
        (values[0] if split and values is not None else None, currency, cells, _own(layout, readers, values))
        for (values, currency), cells in found.items()
    ]
    return [
        make(bucket, group, currency, *cells.get(number, nothing), *own)
        for number, bucket in enumerate(buckets)
        for group, currency, cells, own in parts
    ]


def _own(layout: _Layout, readers: Sequence[Callable[[Any], Any] | None], values: Values) -> list[Any]:
    """The values of the report's own keys, as its rows contain them."""
    if values is None:
        return [key.absent for key in layout.report.keys]
    return [
        read(value) if read is not None and value is not None else value
        for read, value in zip(readers, values[layout.split :], strict=True)
    ]


def _add_ratios(layout: _Layout, buckets: int, found: Found) -> None:
    """Add the ratios to the cells, including those of empty buckets."""
    nothing, split = layout.nothing, layout.split
    whole: dict[tuple[int, Any, str], list[int]] = {}
    for (values, currency), cells in found.items():
        for number, cell in cells.items():
            place = (number, values[0] if split and values else None, currency)
            whole[place] = [a + b for a, b in zip(whole.get(place, nothing), cell, strict=True)]
    for (values, currency), cells in found.items():
        for number in range(buckets):
            cell = cells.get(number, nothing)
            place = (number, values[0] if split and values else None, currency)
            cells[number] = cell + tuple(
                quotient(cell[of], (whole.get(place, nothing) if ratio.of_all else cell)[by], ratio.decimals)
                for of, by, ratio in layout.ratios
            )
