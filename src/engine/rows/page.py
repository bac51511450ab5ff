"""The statement that reads a page.

A page whose rows may have one of several values (the assignees in a viewer's reach, for example) reads an
ordered index range of keys for each value and merges them: only the rows of the page are fetched. So does a
page of a reach of several parts, of which the values of one may be known to the database alone.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from authz.reach import Reach
from engine.rows.select import (
    MOST_TEXTS,
    Order,
    Ranges,
    Selection,
    joined_by_key,
    sort_clause,
    walked_text,
)
from models.statement import EACH_ID, Statement, all_of, each_id

MOST_RANGES = 100  # with more, one filtered walk over the account's index is as good


def page(
    selection: Selection,
    reach: Reach,
    where: Statement | None,
    order: Sequence[Order],
    *,
    ranges: Ranges | None = None,
    after: Statement | None = None,
    reverse: bool,
    limit: int,
    dialect: str,
) -> Statement:
    """One page of a list in its order, or from its end; `after` is the condition that it starts with.

    `ranges` is what `where` leaves, if indexes serve it: SQLite, which does not know how many rows have a
    value, reads them. PostgreSQL chooses.

    Without a filter, an index has the rows of an account, and those of each value of a reach, in their order:
    one plan suits all values, and planning would take half the time of a page. A filter, or a reach of very
    many values, may leave most rows or a few, so another index may find them faster: such a page is planned
    for its values.
    """
    custom_plan = where is not None or len(reach.values or ()) > MOST_RANGES
    if dialect == "postgres" and ranges is not None:
        where, ranges = ranges.condition, None
    parts = [_part_of(part, where, ranges, after) for part in reach.parts]
    shapes, ordered = tuple(part.shape for part in parts), tuple(order)
    counts = tuple(part.ranges for part in parts)
    if not 1 < sum(counts) <= MOST_RANGES:
        within = reach.where("r")
        for more in (_remaining(where, ranges, sum(counts)), after):
            within = within if more is None else within & more
        joins = joined_by_key(selection.joins) if dialect == "postgres" else selection.joins
        text = walked_text(selection, within.text, ordered, reverse, limit, joins)
        return Statement(text, within.params, custom_plan)
    if dialect == "postgres":
        text = _lateral_text(selection, shapes, ordered, reverse=reverse, limit=limit)
        params = tuple(param for part in parts for param in part.lateral_params)
        return Statement(text, (*params, reach.account_id), custom_plan)
    text = _union_text(selection, shapes, counts, ordered, reverse=reverse, limit=limit)
    params = tuple(param for part in parts for param in part.union_params)
    return Statement(text, (*params, reach.account_id))


class _Shape(NamedTuple):
    """What decides the text of a part of a page: the columns of its ranges, the SELECT of their values if
    only the database knows them, and the condition on their rows."""

    columns: tuple[str, ...]
    holders: str
    where: str


class _Part(NamedTuple):
    """A part of a page: ranges of an index that has its rows in the order of the list."""

    shape: _Shape
    ranges: int
    """The number of ranges. A SELECT counts as two, since it may find any number of values."""
    account_id: str | None
    keys: Sequence[tuple[Any, ...]]
    holders: tuple[Any, ...]
    """The values of the SELECT."""
    where: tuple[Any, ...]
    """The values of the condition."""

    @property
    def lateral_params(self) -> tuple[Any, ...]:
        """The values of the part's text for PostgreSQL."""
        each = self.holders if self.shape.holders else (each_id(key for (key,) in self.keys),)
        return (*each, self.account_id, *self.where)

    @property
    def union_params(self) -> tuple[Any, ...]:
        """The values of the part's text for SQLite."""
        if self.shape.holders:
            return (*self.holders, self.account_id, *self.where)
        return tuple(param for key in self.keys for param in (self.account_id, *key, *self.where))


def _part_of(reach: Reach, where: Statement | None, ranges: Ranges | None, after: Statement | None) -> _Part:
    holders = reach.holders
    columns, keys = _keys(reach, None if holders else ranges)
    count = 2 if holders else len(keys)
    left = where if holders else _remaining(where, ranges, count)
    found = all_of(part for part in (reach.besides("r"), left, after) if part is not None)
    return _Part(
        _Shape(columns, holders.text if holders else "", found.text if found else ""),
        count,
        reach.account_id,
        keys,
        holders.params if holders else (),
        found.params if found else (),
    )


def _keys(reach: Reach, ranges: Ranges | None) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The columns of which a page reads a range for each value, and the values of each range."""
    columns, values = [], []
    if reach.values is not None or reach.holders is not None:
        columns.append(reach.column)
        values.append(reach.values or ())
    if ranges is not None:
        columns.append(ranges.column)
        values.append(ranges.values)
    return tuple(columns), list(product(*values))


def _remaining(where: Statement | None, ranges: Ranges | None, keys: int) -> Statement | None:
    """The filter, without what the ranges of a page consist of."""
    if ranges is None:
        return where
    if keys == 1:
        return ranges.condition
    if keys > MOST_RANGES:
        return where
    return ranges.rest


@lru_cache(maxsize=MOST_TEXTS)
def _lateral_text(
    selection: Selection, parts: tuple[_Shape, ...], order: tuple[Order, ...], *, reverse: bool, limit: int
) -> str:
    """PostgreSQL: one text for any number of values, so that it is planned once.

    The ranges read keys from the index alone; rows are fetched for the page, one by one: `OFFSET 0` keeps a
    plan for all values from reading an account that it takes for a small one.
    """
    sort = sort_clause(order, reverse=reverse)
    keys = ", ".join(f"r.{key}" for key in (*(key.column for key in order), "id"))
    found = []
    for part in parts:
        (column,) = part.columns
        each = f"({part.holders}) a" if part.holders else f"{EACH_ID} a(id)"
        inner = f"r.account_id = ? AND r.{column} = a.id{f' AND {part.where}' if part.where else ''}"
        found.append(
            f"{each} CROSS JOIN LATERAL ("
            f"SELECT {keys} FROM {selection.table} r WHERE {inner} ORDER BY {sort} LIMIT {limit}) k"
        )
    ranges = " UNION ALL ".join(f"SELECT k.* FROM {part}" for part in found)
    ranges = found[0] if len(found) == 1 else f"({ranges}) k"
    return (
        f"{selection.opening}(SELECT k.id FROM {ranges}"
        f" ORDER BY {sort_clause(order, reverse=reverse, alias='k')} LIMIT {limit}) k"
        f" CROSS JOIN LATERAL (SELECT * FROM {selection.table} r"
        f" WHERE r.account_id = ? AND r.id = k.id OFFSET 0) r{''.join(joined_by_key(selection.joins))}"
        f" ORDER BY {sort}"
    )


@lru_cache(maxsize=MOST_TEXTS)
def _union_text(
    selection: Selection,
    parts: tuple[_Shape, ...],
    counts: tuple[int, ...],
    order: tuple[Order, ...],
    *,
    reverse: bool,
    limit: int,
) -> str:
    """SQLite: the ranges read row numbers and keys from the index alone; rows are fetched for the page.

    A union in the order of its parts is merged, so that each part is read only as far as needed.
    """
    sort = sort_clause(order, reverse=reverse)
    keys = [*(key.column for key in order), "id"]
    chosen = ", ".join(["r.rowid AS number", *(f"r.{key} AS {key}" for key in keys)])
    found: list[str] = []
    for part, count in zip(parts, counts, strict=True):
        more = f" AND {part.where}" if part.where else ""
        if part.holders:
            (column,) = part.columns
            # it has no LATERAL: the ids of each range's page, found again by id
            found.append(
                f"SELECT {chosen} FROM ({part.holders}) a CROSS JOIN {selection.table} r WHERE r.id IN ("
                f"SELECT r.id FROM {selection.table} r WHERE r.account_id = ? AND r.{column} = a.id{more}"
                f" ORDER BY {sort} LIMIT {limit})"
            )
            continue
        condition = " AND ".join(["r.account_id = ?", *(f"r.{column} = ?" for column in part.columns)])
        found += [f"SELECT {chosen} FROM {selection.table} r WHERE {condition}{more}"] * count
    merged = f"{' UNION ALL '.join(found)} ORDER BY {sort.replace('r.', '')} LIMIT {limit}"
    return (
        f"{selection.opening}({merged}) u"
        f" CROSS JOIN {selection.table} r ON r.rowid = u.number{''.join(selection.joins)}"
        f" WHERE r.account_id = ? ORDER BY {sort}"
    )
