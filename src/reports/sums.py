"""Runs a report: the rows of the statistics within reach, including empty ones, from one statement."""

from collections.abc import Iterable, Sequence
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


async def sums(
    viewer: Viewer, report: Report, period: Period, every: ReportInterval, by: Grouping | None = None
) -> list[Row]:
    """The rows of a report, by bucket, group, keys and currency.

    Raises `GateViolation` for a viewer whose mask lacks the report's grant or the grouping's standing.
    """
    if viewer.central is None or not viewer.mask & grant_bit(report.grant):
        raise GateViolation(report.grant.value)
    keys = [*([group_key(viewer, by)] if by is not None else []), *report.keys]
    buckets = period.cut(every, viewer.central.timezone)
    stored = await database.read(statement(viewer, report, buckets, keys, MAX_ROWS + 1))
    found = _cells(report, stored, keys) or {(None, viewer.central.currency): {}}
    if len(stored) > MAX_ROWS or len(found) * len(buckets) > MAX_ROWS:
        raise Refusal(ErrorCode.BAD_INPUT, "too_many_rows", ("every",), most=MAX_ROWS)
    ordered = dict(sorted(found.items(), key=_order))
    return _rows(report, by is not None, buckets, ordered)


def _cells(report: Report, stored: Iterable[Any], keys: Sequence[Key]) -> dict[tuple[Values, str], Cells]:
    """The columns by bucket number, for each combination of keys and currency that occurs."""
    names = [total.name for total in totals(report.columns)]
    found: dict[tuple[Values, str], Cells] = {}
    for row in stored:
        values = tuple(
            Named(row[f"k{index}"], row[f"n{index}"], key.grouping) if key.named_in else row[f"k{index}"]
            for index, key in enumerate(keys)
        )
        found.setdefault((values, row["currency"]), {})[row["number"]] = tuple([row[name] for name in names])
    return found


def _order(found: tuple[tuple[Values, str], Cells]) -> list[tuple[bool, str, str]]:
    """Sorts by name, then by currency. Rows without a group come last."""
    (values, currency), _ = found
    return [*(_rank(value) for value in values or ()), (False, currency, "")]


def _rank(value: Any) -> tuple[bool, str, str]:
    if isinstance(value, Named):
        return (value.id is None, sort_key(value.name or ""), value.id or "")
    return (value is None, str(value), "")


def _rows(
    report: Report, split: bool, buckets: Sequence[Bucket], found: dict[tuple[Values, str], Cells]
) -> list[Row]:
    make: Any = report.row_type
    nothing = (0,) * len(totals(report.columns))
    if ratios(report.columns):
        _add_ratios(report, split, len(buckets), found)
    parts = [
        (values[0] if split and values is not None else None, currency, cells, _own(report, split, values))
        for (values, currency), cells in found.items()
    ]
    return [
        make(bucket, group, currency, *cells.get(number, nothing), *own)
        for number, bucket in enumerate(buckets)
        for group, currency, cells, own in parts
    ]


def _own(report: Report, split: bool, values: Values) -> tuple[Any, ...]:
    """The values of a report's own keys, as its rows contain them."""
    if values is None:
        return tuple(key.absent for key in report.keys)
    return tuple(
        key.read(value) if key.read is not None and value is not None else value
        for key, value in zip(report.keys, values[split:], strict=True)
    )


def _add_ratios(report: Report, split: bool, buckets: int, found: dict[tuple[Values, str], Cells]) -> None:
    """Add the ratios to the cells, including those of empty buckets."""
    names = [total.name for total in totals(report.columns)]
    wanted = [
        (names.index(ratio.dividend.name), names.index(ratio.divisor.name), ratio)
        for ratio in ratios(report.columns)
    ]
    nothing = (0,) * len(names)
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
                for of, by, ratio in wanted
            )
