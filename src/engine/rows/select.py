"""The statements that read rows: a page, a list, a level of children, a count.

A page whose rows may have one of several values (the assignees in a viewer's reach, for example) reads an
ordered index range of keys for each value and merges them: only the rows of the page are fetched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import msgspec

from authz.reach import Reach
from models.statement import EACH_ID, Statement, each_id, one_of

MOST_TEXTS = 2_048  # of statements in each cache; parameters are not part of a text
MOST_RANGES = 100  # with more, one filtered walk over the account's index is as good


class Order(msgspec.Struct, frozen=True):
    """A column that rows are sorted by. It is never null, so that a cursor can hold its value."""

    column: str
    descending: bool = False


class Ranges(msgspec.Struct, frozen=True):
    """What a filter leaves, if indexes have the rows of each value of a column in the order of the list.

    The indexes have the rows of the account, and those of each assignee.
    """

    column: str
    values: tuple[Any, ...]
    rest: Statement | None = None
    """What else the filter leaves, with the condition of partial indexes, which the values meet."""

    @property
    def condition(self) -> Statement:
        """The condition that a row is left."""
        chosen = one_of(f"r.{self.column}", self.values)
        return chosen if self.rest is None else chosen & self.rest


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What to select of each row: expressions over `r` and over the tables joined to it.

    A selection equals only itself, so that looking up the texts of its statements is cheap.
    """

    table: str
    columns: tuple[str, ...]
    joins: tuple[str, ...] = ()

    @property
    def opening(self) -> str:
        """The statement up to the name of its table; without columns it still returns a row for each row."""
        return f"SELECT {', '.join(self.columns) or '1'} FROM "


def sort_clause(order: Sequence[Order], *, reverse: bool, alias: str = "r") -> str:
    """The order as SQL, with the id last so that no two rows tie. All parts run in the same direction."""
    descending = order[-1].descending if order else False
    parts = [*order, Order("id", descending)]
    return ", ".join(
        f"{alias}.{key.column} {'DESC' if key.descending != reverse else 'ASC'}" for key in parts
    )


def beyond(order: Sequence[Order], values: tuple[object, ...], *, reverse: bool) -> Statement:
    """A condition for the rows after a position in an order."""
    descending = order[-1].descending if order else False
    columns = ", ".join([*(f"r.{key.column}" for key in order), "r.id"])
    sign = "<" if descending != reverse else ">"
    marks = ", ".join("?" * len(values))
    return Statement(f"({columns}) {sign} ({marks})", values)


def whole(selection: Selection, condition: Statement, order: Sequence[Order], limit: int | None) -> Statement:
    """A whole list in its order, up to a limit."""
    text = _walked_text(selection, condition.text, tuple(order), False, limit, selection.joins)
    return Statement(text, condition.params)


def counted(table: str, condition: Statement) -> Statement:
    """How many rows a list has; the best plan differs between a few rows of an account and most of them."""
    return Statement(f"SELECT COUNT(*) FROM {table} r WHERE ", custom_plan=True) + condition


def counted_by(table: str, key: str, condition: Statement) -> Statement:
    """How many rows there are for each value of a column."""
    opening = Statement(f"SELECT r.{key}, COUNT(*) FROM {table} r WHERE ")
    return opening + condition + Statement(f" GROUP BY r.{key}")


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
    columns, keys = _keys(reach, ranges if dialect == "sqlite" else None)
    where = _remaining(where, ranges, len(keys), dialect)
    if after is not None:
        where = after if where is None else where & after
    shape = (tuple(order), where.text if where is not None else "")
    if not 1 < len(keys) <= MOST_RANGES:
        within = reach.where("r")
        condition = within if where is None else within & where
        joins = _joined_by_key(selection.joins) if dialect == "postgres" else selection.joins
        text = _walked_text(selection, condition.text, shape[0], reverse, limit, joins)
        return Statement(text, condition.params, custom_plan)
    where_params = where.params if where is not None else ()
    if dialect == "postgres":
        text = _lateral_text(selection, reach.column, *shape, reverse=reverse, limit=limit)
        params = (each_id(reach.values or ()), reach.account_id, *where_params, reach.account_id)
        return Statement(text, params, custom_plan)
    text = _union_text(selection, columns, len(keys), *shape, reverse=reverse, limit=limit)
    params = tuple(param for key in keys for param in (reach.account_id, *key, *where_params))
    return Statement(text, (*params, reach.account_id))


def _keys(reach: Reach, ranges: Ranges | None) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The columns of which a page reads a range for each value, and the values of each range."""
    columns, values = [], []
    if reach.values is not None:
        columns.append(reach.column)
        values.append(reach.values)
    if ranges is not None:
        columns.append(ranges.column)
        values.append(ranges.values)
    return tuple(columns), list(product(*values))


def _remaining(where: Statement | None, ranges: Ranges | None, keys: int, dialect: str) -> Statement | None:
    """The filter, without what the ranges of a page consist of."""
    if ranges is None:
        return where
    if dialect == "postgres" or keys == 1:
        return ranges.condition
    if keys > MOST_RANGES:
        return where
    return ranges.rest


def page_of_each(
    selection: Selection,
    condition: Statement,
    key: str,
    parents: Sequence[str],
    order: Sequence[Order],
    *,
    after: Statement | None,
    reverse: bool,
    limit: int,
    dialect: str,
) -> Statement:
    """A page of each parent's rows, the rows that name it in a column: one ordered range for each parent.

    `after` is the condition that every page starts with.
    """
    if after is not None:
        condition = condition & after
    if dialect == "postgres":
        text = _lateral_each_text(selection, condition.text, key, tuple(order), reverse=reverse, limit=limit)
        return Statement(text, (each_id(parents), *condition.params))
    text = _in_each_text(
        selection, condition.text, key, len(parents), tuple(order), reverse=reverse, limit=limit
    )
    return Statement(text, (*parents, *condition.params))


@lru_cache(maxsize=MOST_TEXTS)
def _walked_text(
    selection: Selection,
    condition: str,
    order: tuple[Order, ...],
    reverse: bool,
    limit: int | None,
    joins: tuple[str, ...],
) -> str:
    tail = f" ORDER BY {sort_clause(order, reverse=reverse)}"
    if limit is not None:
        tail += f" LIMIT {limit}"
    return f"{selection.opening}{selection.table} r{''.join(joins)} WHERE {condition}{tail}"


@lru_cache(maxsize=MOST_TEXTS)
def _joined_by_key(joins: tuple[str, ...]) -> tuple[str, ...]:
    """PostgreSQL: the same joins, each of which looks its row up for each row of the page.

    Otherwise, a plan for all values would read a whole table of names, of all accounts, for the few rows of a
    page. `OFFSET 0` keeps a subquery apart.
    """
    found = []
    for join in joins:
        source, _, condition = join.removeprefix(" LEFT JOIN ").partition(" ON ")
        alias = source.rpartition(" ")[2]
        found.append(
            f" LEFT JOIN LATERAL (SELECT * FROM {source} WHERE {condition} OFFSET 0) {alias} ON TRUE"
        )
    return tuple(found)


@lru_cache(maxsize=MOST_TEXTS)
def _lateral_text(
    selection: Selection, column: str, order: tuple[Order, ...], where: str, *, reverse: bool, limit: int
) -> str:
    """PostgreSQL: one text for any number of values, so that it is planned once.

    The ranges read keys from the index alone; rows are fetched for the page, one by one: `OFFSET 0` keeps a
    plan for all values from reading an account that it takes for a small one.
    """
    sort = sort_clause(order, reverse=reverse)
    keys = ", ".join(f"r.{key}" for key in (*(key.column for key in order), "id"))
    inner = f"r.account_id = ? AND r.{column} = a.id{f' AND {where}' if where else ''}"
    return (
        f"{selection.opening}(SELECT k.id FROM {EACH_ID} a(id) CROSS JOIN LATERAL ("
        f"SELECT {keys} FROM {selection.table} r WHERE {inner} ORDER BY {sort} LIMIT {limit}"
        f") k ORDER BY {sort_clause(order, reverse=reverse, alias='k')} LIMIT {limit}) k"
        f" CROSS JOIN LATERAL (SELECT * FROM {selection.table} r"
        f" WHERE r.account_id = ? AND r.id = k.id OFFSET 0) r{''.join(_joined_by_key(selection.joins))}"
        f" ORDER BY {sort}"
    )


@lru_cache(maxsize=MOST_TEXTS)
def _union_text(
    selection: Selection,
    columns: tuple[str, ...],
    count: int,
    order: tuple[Order, ...],
    where: str,
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
    condition = " AND ".join(["r.account_id = ?", *(f"r.{column} = ?" for column in columns)])
    if where:
        condition += f" AND {where}"
    part = f"SELECT {chosen} FROM {selection.table} r WHERE {condition}"
    merged = f"{' UNION ALL '.join([part] * count)} ORDER BY {sort.replace('r.', '')} LIMIT {limit}"
    return (
        f"{selection.opening}({merged}) u"
        f" CROSS JOIN {selection.table} r ON r.rowid = u.number{''.join(selection.joins)}"
        f" WHERE r.account_id = ? ORDER BY {sort}"
    )


@lru_cache(maxsize=MOST_TEXTS)
def _lateral_each_text(
    selection: Selection, condition: str, key: str, order: tuple[Order, ...], *, reverse: bool, limit: int
) -> str:
    """PostgreSQL: one text for any number of parents."""
    sort = sort_clause(order, reverse=reverse)
    inner = (
        f"SELECT r.id FROM {selection.table} r"
        f" WHERE {condition} AND r.{key} = a.id ORDER BY {sort} LIMIT {limit}"
    )
    return (
        f"{selection.opening}{EACH_ID} a(id) CROSS JOIN LATERAL ({inner}) k"
        f" JOIN {selection.table} r ON r.id = k.id{''.join(_joined_by_key(selection.joins))} ORDER BY {sort}"
    )


@lru_cache(maxsize=MOST_TEXTS)
def _in_each_text(
    selection: Selection,
    condition: str,
    key: str,
    count: int,
    order: tuple[Order, ...],
    *,
    reverse: bool,
    limit: int,
) -> str:
    """SQLite, which has no LATERAL: the ids of each parent's page, found again by id."""
    sort = sort_clause(order, reverse=reverse)
    inner = (
        f"SELECT r.id FROM {selection.table} r"
        f" WHERE r.{key} = a.column1 AND {condition} ORDER BY {sort} LIMIT {limit}"
    )
    return (
        f"{selection.opening}(VALUES {', '.join(['(?)'] * count)}) a"
        f" CROSS JOIN {selection.table} r{''.join(selection.joins)}"
        f" WHERE r.id IN ({inner}) ORDER BY {sort}"
    )
