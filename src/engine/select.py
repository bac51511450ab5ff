"""The statements that read rows: one page, one list, one level of children, one count.

A page whose rows belong to one of several values (a viewer's fellows, say) is read as one ordered index
range for each value, merged: it costs values times rows of the page, however many rows the others have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from authz.reach import Reach
from models.statement import Statement

MOST_RANGES = 100  # beyond it, one walk over the account's index that filters is as good


@dataclass(frozen=True, slots=True)
class Order:
    """A column that rows are sorted by. It is never null, so that a cursor can stand on it."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What to select of each row: expressions over `r` and over the tables joined to it."""

    table: str
    columns: tuple[str, ...]
    joins: tuple[str, ...] = ()

    @property
    def opening(self) -> str:
        """The statement up to its table's name; rows of which nothing is asked count all the same."""
        return f"SELECT {', '.join(self.columns) or '1'} FROM "


def sort_clause(order: Sequence[Order], *, reverse: bool, alias: str = "r") -> str:
    """The order as SQL, the id last, so that no two rows tie; every part runs the same way as its index."""
    descending = order[-1].descending if order else False
    parts = [*order, Order("id", descending)]
    return ", ".join(
        f"{alias}.{one.column} {'DESC' if one.descending != reverse else 'ASC'}" for one in parts
    )


def beyond(order: Sequence[Order], values: tuple[object, ...], *, reverse: bool) -> Statement:
    """The rows after a position in an order."""
    descending = order[-1].descending if order else False
    columns = ", ".join([*(f"r.{one.column}" for one in order), "r.id"])
    sign = "<" if descending != reverse else ">"
    marks = ", ".join("?" * len(values))
    return Statement(f"({columns}) {sign} ({marks})", values)


def whole(selection: Selection, condition: Statement, order: Sequence[Order], limit: int | None) -> Statement:
    """A list in its order."""
    tail = f" ORDER BY {sort_clause(order, reverse=False)}"
    if limit is not None:
        tail += f" LIMIT {limit}"
    joins = "".join(selection.joins)
    return Statement(f"{selection.opening}{selection.table} r{joins} WHERE ") + condition + tail


def counted(table: str, condition: Statement) -> Statement:
    """How many rows a list has."""
    return Statement(f"SELECT COUNT(*) FROM {table} r WHERE ") + condition


def page(
    selection: Selection,
    reach: Reach,
    where: Statement | None,
    order: Sequence[Order],
    *,
    reverse: bool,
    limit: int,
    dialect: str,
) -> Statement:
    """One page of a list in its order, or from its end."""
    values = reach.values
    if values is None or not 1 < len(values) <= MOST_RANGES:
        return _walked(selection, _within(reach, where), order, reverse=reverse, limit=limit)
    if dialect == "postgres":
        return _merged_by_lateral(selection, reach, where, order, reverse=reverse, limit=limit)
    return _merged_by_union(selection, reach, where, order, reverse=reverse, limit=limit)


def _within(reach: Reach, where: Statement | None) -> Statement:
    within = reach.where("r")
    return within if where is None else within & where


def _walked(
    selection: Selection, condition: Statement, order: Sequence[Order], *, reverse: bool, limit: int
) -> Statement:
    tail = f" ORDER BY {sort_clause(order, reverse=reverse)} LIMIT {limit}"
    joins = "".join(selection.joins)
    return Statement(f"{selection.opening}{selection.table} r{joins} WHERE ") + condition + tail


def _merged_by_lateral(
    selection: Selection,
    reach: Reach,
    where: Statement | None,
    order: Sequence[Order],
    *,
    reverse: bool,
    limit: int,
) -> Statement:
    """PostgreSQL: one text for any number of values, so that it is planned once."""
    sort = f" ORDER BY {sort_clause(order, reverse=reverse)} LIMIT {limit}"
    inner = Statement(f"r.account_id = ? AND r.{reach.column} = a.id", (reach.account_id,))
    if where is not None:
        inner = inner & where
    merged = (
        Statement("SELECT r.* FROM unnest(CAST(? AS uuid[])) a(id) CROSS JOIN LATERAL (", (reach.values,))
        + f"SELECT r.* FROM {selection.table} r WHERE "
        + inner
        + sort
        + f") r{sort}"
    )
    joins = "".join(selection.joins)
    return (
        Statement(f"{selection.opening}(")
        + merged
        + f") r{joins} ORDER BY {sort_clause(order, reverse=reverse)}"
    )


def _merged_by_union(
    selection: Selection,
    reach: Reach,
    where: Statement | None,
    order: Sequence[Order],
    *,
    reverse: bool,
    limit: int,
) -> Statement:
    """SQLite: the ranges give row numbers and keys out of the index alone; rows are fetched for the page."""
    keys = [*(one.column for one in order), "id"]
    chosen = ", ".join(["r.rowid AS number", *(f"r.{key} AS {key}" for key in keys)])
    sort = f" ORDER BY {sort_clause(order, reverse=reverse)} LIMIT {limit}"
    ranges: Statement | None = None
    for value in reach.values or ():
        one = Statement(f"r.account_id = ? AND r.{reach.column} = ?", (reach.account_id, value))
        if where is not None:
            one = one & where
        part = Statement(f"SELECT * FROM (SELECT {chosen} FROM {selection.table} r WHERE ") + one + f"{sort})"
        ranges = part if ranges is None else ranges + " UNION ALL " + part
    assert ranges is not None
    joins = "".join(selection.joins)
    return (
        Statement(f"{selection.opening}(SELECT u.number FROM (")
        + ranges
        + f") u ORDER BY {sort_clause(order, reverse=reverse, alias='u')} LIMIT {limit}) u"
        + f" CROSS JOIN {selection.table} r ON r.rowid = u.number{joins} WHERE "
        + Statement("r.account_id = ?", (reach.account_id,))
        + f" ORDER BY {sort_clause(order, reverse=reverse)}"
    )
