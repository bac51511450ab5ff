"""Runs a report: the rows of the statistics within reach, including empty ones, from one statement."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
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
from reports.layout import CellsByRow, Layout, layout_of
from reports.period import EARLIEST, Bucket, Period, ReportInterval
from reports.report import FEW, Report, Row
from reports.statement import EVERYTHING, Question, statement

T = TypeVar("T")

MAX_ROWS = 20_000
MAX_TOP = 100

Objects = Callable[[Key, Sequence[Named]], Awaitable[Sequence[object]]]


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
    key name, all at once and in their order. Raises `GateViolation` for a viewer whose mask lacks the
    report's grant or the grouping's standing.
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
    rows = _rows(layout, await _key_columns(layout, stored, found, objects), buckets, found)
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
    keys, columns, currency, others = layout.key_columns, layout.columns, layout.currency, layout.others
    found: CellsByRow = {}
    for row in stored:
        where = (row[keys], row[currency], row[others] != 0)
        cells = found.get(where)
        if cells is None:
            found[where] = {row[0]: row[columns]}
        else:
            cells[row[0]] = row[columns]
    return found


def _rank(value: Any) -> tuple[bool, str, str]:
    if isinstance(value, Named):
        return (value.id is None, sort_key(value.name or ""), value.id or "")
    return (value is None, f"{value:020}" if type(value) is int else str(value), "")


@dataclass(frozen=True, slots=True)
class _KeyColumn:
    """A key of each combination: what rows are sorted by, and what they show."""

    ranks: Sequence[Any]
    shown: Sequence[Any]


async def _key_columns(
    layout: Layout, stored: Sequence[Any], found: CellsByRow, objects: Objects | None
) -> list[_KeyColumn]:
    """The columns of all keys. There are many rows and few values, so each value is looked at once."""
    columns = []
    combinations = [values for values, *_ in found if values is not None]
    for place, (_, named, grouping) in enumerate(layout.keys):
        values = [combination[place] for combination in combinations]
        once = list(dict.fromkeys(values))
        means: Sequence[Any] = once
        if named is not None:
            names = layout.names_in(stored, place)
            means = [Named(value, names[value], grouping) for value in once]
        ranks = [_rank(meaning) for meaning in means]
        shown = await _shown(layout, place, means, objects)
        if len(once) < len(values):
            at = {value: number for number, value in enumerate(once)}
            ranks, shown = [ranks[at[value]] for value in values], [shown[at[value]] for value in values]
        columns.append(_KeyColumn(ranks, shown))
    return columns


async def _shown(layout: Layout, place: int, means: Sequence[Any], objects: Objects | None) -> Sequence[Any]:
    """What rows show for values of a key: for the group, its name; for the report's own keys, what they are
    read as."""
    if place < layout.split:
        return means
    key = layout.report.keys[place - layout.split]
    if objects is not None and key.is_named and layout.is_read(key.name):
        return await objects(key, means)
    return means if key.read is None else [key.shown(meaning) for meaning in means]


def _rows(
    layout: Layout, columns: Sequence[_KeyColumn], buckets: Sequence[Bucket], found: CellsByRow
) -> list[Row]:
    """The rows of all buckets, sorted by the names of keys, then by currency. Rows without a group come last,
    and all other keys after them."""
    make, nothing = layout.make, layout.nothing
    heads = [(others, currency) for _, currency, others in found]
    parts = list(zip(_groups(layout, columns, heads), heads, found.values(), strict=True))
    if len(parts) > 1:
        order = list(zip(*[column.ranks for column in columns], heads, strict=True))
        parts = [parts[place] for place in sorted(range(len(parts)), key=order.__getitem__)]
    return [
        make(bucket, group, currency, others, *cells.get(number, nothing), *keys)
        for number, bucket in enumerate(buckets)
        for (group, keys), (others, currency), cells in parts
    ]


def _groups(
    layout: Layout, columns: Sequence[_KeyColumn], heads: Sequence[tuple[bool, str]]
) -> Iterable[tuple[Any, tuple[Any, ...]]]:
    """The group and the report's own keys of each combination: none in a period without any sale."""
    nowhere = tuple([key.shown(key.absent) for key in layout.report.keys])
    if columns and not columns[0].shown:
        return [(None, nowhere)]
    groups = columns[0].shown if layout.split else [None] * len(heads)
    own = [column.shown for column in columns[layout.split :]]
    keys = list(zip(*own, strict=True)) if own else [()] * len(heads)
    if any(others for others, _ in heads):
        keys = [nowhere if others else found for (others, _), found in zip(heads, keys, strict=True)]
    return zip(groups, keys, strict=True)
