"""Runs a report: the rows of the statistics within reach, including empty ones, from one statement."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from authz.gates import GateViolation, grant_bit
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.collation import sort_key
from models.statement import Statement
from reports.columns import Column
from reports.grouping import Grouping, Named
from reports.keys import Key, group_key
from reports.layout import CellsByRow, Layout, RowKey, layout_of
from reports.period import EARLIEST, Bucket, Period, ReportInterval
from reports.report import FEW, Report, Row
from reports.statement import EVERYTHING, Question, statement

T = TypeVar("T")

MAX_ROWS = 20_000
MAX_TOP = 100

Objects = Callable[[Key, set[Named]], Awaitable[Mapping[Named, object]]]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows of a report, and in what order.

    `where` is a condition on what is counted, and `by_place` says that it is about where buyers live. With
    `currency`, only rows in it are left, and with `top`, only so many keys have rows of their own. `order`
    sorts the rows of a bucket by a column, from the largest if `descending`.
    """

    where: Statement = EVERYTHING
    currency: str | None = None
    top: int | None = None
    order: Column | None = None
    descending: bool = True
    by_place: bool = False

    def __post_init__(self) -> None:
        """Refuse a number of keys that is out of range."""
        if self.top is not None and not 1 <= self.top <= MAX_TOP:
            raise Refusal(ErrorCode.BAD_INPUT, "top_out_of_range", ("top",), most=MAX_TOP)


EVERY_ROW = Choice()


async def sums(
    viewer: Viewer,
    report: Report,
    period: Period,
    every: ReportInterval,
    by: Grouping | None = None,
    choice: Choice = EVERY_ROW,
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
    if attributes is not None and choice.order is not None:
        attributes |= {known_name(choice.order)}
    layout = layout_of(report, attributes, keys, ranked=choice.top is not None)
    small = least_buyers(viewer, report, by_place=choice.by_place)
    # what is carried began at any time before the period
    before = (Bucket(EARLIEST, period.first, 0, buckets[0].start_ms),) if report.carried else ()
    question = Question(
        report,
        (*before, *buckets),
        keys,
        layout.names,
        MAX_ROWS + 1,
        choice.where,
        choice.currency,
        choice.top,
        small,
        few_in_all=choice.by_place and small is not None,
    )
    stored = await database.read(statement(viewer, question), named=False)
    found = _cells(layout, stored)
    if report.carried:
        found = layout.carry(len(buckets), found)
    found = found or {(None, choice.currency or viewer.central.currency, False): {}}
    if len(stored) > MAX_ROWS or len(found) * len(buckets) > MAX_ROWS:
        raise Refusal(ErrorCode.BAD_INPUT, "too_many_rows", ("every",), most=MAX_ROWS)
    if layout.ratios:
        layout.add_ratios(len(buckets), found)
    readers = await _readers(layout, objects, found)
    rows = _rows(layout, readers, buckets, dict(sorted(found.items(), key=_order)))
    return rows if choice.order is None else _sorted(rows, len(buckets), choice)


def known_name(column: Column) -> str:
    """The attribute of rows with a column's value, which is None where the value is not known."""
    return f"known_{column.name}" if getattr(column, "unknown", "") else column.name


def least_buyers(viewer: Viewer, report: Report, *, by_place: bool) -> int | None:
    """How many buyers a key needs for rows of its own, so that no row is about a few persons whom the viewer
    cannot see. A filter by place makes any report one about places."""
    sees_buyers = all(viewer.mask & grant_bit(grant) for grant in (Grant.SEARCH_SALES, Grant.SEND_RECEIPTS))
    if sees_buyers:
        return None
    return report.small or (FEW if by_place else None)


def _sorted(rows: list[Row], buckets: int, choice: Choice) -> list[Row]:
    """The rows of each bucket by a column. Rows in which it is not known come last."""
    length = len(rows) // buckets
    parts = (rows[start : start + length] for start in range(0, len(rows), length))
    return [row for part in parts for row in in_order(part, choice, lambda row: row)]


def in_order(rows: Sequence[T], choice: Choice, columns: Callable[[T], Row]) -> list[T]:
    """Rows by the column that a choice sorts by, which `columns` has. Unknown values come last."""
    if choice.order is None:
        return list(rows)
    value = attrgetter(known_name(choice.order))
    known = [row for row in rows if value(columns(row)) is not None]
    unknown = [row for row in rows if value(columns(row)) is None]
    return [*sorted(known, key=lambda row: value(columns(row)), reverse=choice.descending), *unknown]


def _cells(layout: Layout, stored: Sequence[Any]) -> CellsByRow:
    """The columns by bucket number, for each combination of keys and currency that occurs."""
    currency, columns, others = layout.currency, layout.columns, layout.others
    found: CellsByRow = {}
    for values, row in zip(_values(layout, stored), stored, strict=True):
        where = (values, row[currency], row[others] != 0)
        cells = found.get(where)
        if cells is None:
            found[where] = {row[0]: row[columns]}
        else:
            cells[row[0]] = row[columns]
    return found


def _values(layout: Layout, stored: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
    """The keys of each row: read key by key, because there are many rows and few keys."""
    names = _names(layout, stored) if layout.labelled else {}
    columns = []
    for place, named, grouping in layout.keys:
        if named is None:
            columns.append([row[place] for row in stored])
        elif names:
            columns.append(
                [Named(row[place], names.get((place, row[place]), row[named]), grouping) for row in stored]
            )
        else:
            columns.append([Named(row[place], row[named], grouping) for row in stored])
    return zip(*columns, strict=True) if columns else [()] * len(stored)


def _names(layout: Layout, stored: Sequence[Any]) -> dict[tuple[int, Any], str | None]:
    """The names of values that have had different ones: of each value, a single one."""
    found: dict[tuple[int, Any], str | None] = {}
    for place, named in layout.labelled:
        for row in stored:
            name = found.get((place, row[place]))
            found[place, row[place]] = max(name or "", row[named] or "") or None
    return found


def _order(found: tuple[RowKey, Any]) -> list[tuple[bool, str, str]]:
    """Sorts by name, then by currency. Rows without a group come last, and all other keys after them."""
    (values, currency, others), _ = found
    if values is None:
        return [(others, currency, "")]
    return [*[_rank(value) for value in values], (others, currency, "")]


@lru_cache(maxsize=4_096, typed=True)
def _rank(value: Any) -> tuple[bool, str, str]:
    if isinstance(value, Named):
        return (value.id is None, sort_key(value.name or ""), value.id or "")
    return (value is None, f"{value:020}" if type(value) is int else str(value), "")


async def _readers(
    layout: Layout, objects: Objects | None, found: CellsByRow
) -> list[Callable[[Any], Any] | None]:
    """What turns the values of each of the report's own keys into those in its rows."""
    readers: list[Callable[[Any], Any] | None] = []
    for place, key in enumerate(layout.report.keys, layout.split):
        if objects is not None and key.is_named and layout.is_read(key.name):
            named = {values[place] for values, *_ in found if values is not None}
            readers.append((await objects(key, named)).get)
        else:
            readers.append(key.read)
    return readers


def _rows(
    layout: Layout,
    readers: Sequence[Callable[[Any], Any] | None],
    buckets: Sequence[Bucket],
    found: CellsByRow,
) -> list[Row]:
    make, nothing, split = layout.make, layout.nothing, layout.split
    parts = [
        (values[0] if split and values is not None else None, currency, others, cells, own)
        for ((values, currency, others), cells), own in zip(
            found.items(), _own(layout, readers, found), strict=True
        )
    ]
    return [
        make(bucket, group, currency, others, *cells.get(number, nothing), *own)
        for number, bucket in enumerate(buckets)
        for group, currency, others, cells, own in parts
    ]


def _own(
    layout: Layout, readers: Sequence[Callable[[Any], Any] | None], found: CellsByRow
) -> Iterable[tuple[Any, ...]]:
    """The values of the report's own keys for each combination, as its rows contain them."""
    columns = []
    for place, (key, read) in enumerate(zip(layout.report.keys, readers, strict=True), layout.split):
        absent = key.absent
        stored = [absent if others or values is None else values[place] for values, _, others in found]
        if read is not None:
            stored = [read(value) if value is not None else None for value in stored]
        columns.append(stored)
    return zip(*columns, strict=True) if columns else [()] * len(found)
