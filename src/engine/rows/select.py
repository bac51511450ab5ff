"""The statements that read rows: a list, a level of children, a count. A page has its own, in `page`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from models.statement import EACH_ID, Statement, each_id, one_of

MOST_TEXTS = 2_048  # of statements in each cache; parameters are not part of a text


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
    text = walked_text(selection, condition.text, tuple(order), False, limit, selection.joins)
    return Statement(text, condition.params)


def counted(table: str, condition: Statement) -> Statement:
    """How many rows a list has; the best plan differs between a few rows of an account and most of them."""
    return Statement(f"SELECT COUNT(*) FROM {table} r WHERE ", custom_plan=True) + condition


def counted_by(table: str, key: str, condition: Statement) -> Statement:
    """How many rows there are for each value of a column."""
    opening = Statement(f"SELECT r.{key}, COUNT(*) FROM {table} r WHERE ")
    return opening + condition + Statement(f" GROUP BY r.{key}")


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
def walked_text(
    selection: Selection,
    condition: str,
    order: tuple[Order, ...],
    reverse: bool,
    limit: int | None,
    joins: tuple[str, ...],
) -> str:
    """The rows that meet a condition, in an order."""
    tail = f" ORDER BY {sort_clause(order, reverse=reverse)}"
    if limit is not None:
        tail += f" LIMIT {limit}"
    return f"{selection.opening}{selection.table} r{''.join(joins)} WHERE {condition}{tail}"


@lru_cache(maxsize=MOST_TEXTS)
def joined_by_key(joins: tuple[str, ...]) -> tuple[str, ...]:
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
        f" JOIN {selection.table} r ON r.id = k.id{''.join(joined_by_key(selection.joins))} ORDER BY {sort}"
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
