"""The page of a list that a search leaves, if an index finds its rows in no order.

What most rows have is soon found among the first rows of the list, where the index would return most rows to
be sorted; what few rows have is found by the index, where the list would be read to its end. So the first
rows are read, and the index if they do not fill the page: in one statement, whose cost depends on neither.
"""

from functools import lru_cache
from typing import NamedTuple, TypedDict

from authz.reach import Reach
from engine.rows.page import MOST_RANGES
from engine.rows.select import MOST_TEXTS, Order, Selection, sort_clause
from models.statement import EACH_ID, Statement, each_id

WALKED = 500
"""How many rows of the list are read before the index is."""


_BY_IDS = {
    "postgres": "{table} r WHERE r.id IN ({ids})",
    # else SQLite, which takes any account for a small one, would read the whole account, or the whole table
    # for a filter of ids
    "sqlite": (
        "{table} i CROSS JOIN {table} r WHERE i.id IN ({ids}) AND likelihood(i.id <> '', 0.0001)"
        " AND r.id = i.id AND +i.account_id = r.account_id"
    ),
}
_UNLESS_FILLED = {
    "postgres": ("", " AND NOT (SELECT yes FROM filled)"),
    # evaluated before all else, as a condition would not be
    "sqlite": ("filled g CROSS JOIN ", " AND NOT g.yes"),
}


class Found(NamedTuple):
    """What a filter leaves, if an index finds the rows of one of its conditions in no order."""

    ids: Statement
    """A SELECT of their ids."""
    rest: Statement | None
    """The other conditions."""

    @property
    def condition(self) -> Statement:
        """The condition that a row is left, by the index."""
        among = Statement("r.id IN (") + self.ids + ")"
        return among if self.rest is None else self.rest & among


class Placing(TypedDict):
    """Where a page is in its list, and how it is spelled."""

    after: Statement | None
    reverse: bool
    limit: int
    dialect: str


def searched_page(
    selection: Selection,
    reach: Reach,
    where: Statement,
    found: Found,
    order: tuple[Order, ...],
    *,
    after: Statement | None,
    reverse: bool,
    limit: int,
    dialect: str,
) -> Statement:
    """One page of a list in its order, of the rows that `where` leaves, which are those of `found`."""
    walked = _walked(selection.table, reach, after, order, reverse=reverse, dialect=dialect)
    within = reach.where("r") if after is None else reach.where("r") & after
    rest = Statement("") if found.rest is None else Statement(" AND ") + found.rest
    text = _text(
        selection,
        walked.text,
        where.text,
        found.ids.text,
        within.text + rest.text,
        order,
        reverse=reverse,
        limit=limit,
        dialect=dialect,
    )
    values = (
        *walked.params,
        reach.account_id,
        *where.params,
        *found.ids.params,
        *within.params,
        *rest.params,
    )
    return Statement(text, values, custom_plan=True)


def searched_count(table: str, reach: Reach, found: Found, dialect: str) -> Statement:
    """How many rows a list has, by the index."""
    rest = Statement("") if found.rest is None else Statement(" AND ") + found.rest
    rows = _BY_IDS[dialect].format(table=table, ids=found.ids.text)
    return (
        Statement(f"SELECT COUNT(*) FROM {rows} AND ", found.ids.params, custom_plan=True)
        + reach.where("r")
        + rest
    )


@lru_cache(maxsize=MOST_TEXTS)
def _text(
    selection: Selection,
    walked: str,
    where: str,
    ids: str,
    left: str,
    order: tuple[Order, ...],
    *,
    reverse: bool,
    limit: int,
    dialect: str,
) -> str:
    table, sort = selection.table, sort_clause(order, reverse=reverse)
    tail = f"ORDER BY {sort} LIMIT {limit}"
    gate, gated = _UNLESS_FILLED[dialect]
    return (
        f"WITH walked AS MATERIALIZED ({walked}), near AS MATERIALIZED ("
        f"SELECT r.id FROM walked k CROSS JOIN {table} r"
        f" WHERE r.id = k.id AND r.account_id = ? AND {where} {tail}"
        f"), filled AS MATERIALIZED (SELECT (SELECT COUNT(*) FROM near) = {limit}"
        f" OR (SELECT COUNT(*) FROM walked) < {WALKED} AS yes)"
        f" {selection.opening}{table} r{''.join(selection.joins)}"
        " WHERE r.id IN (SELECT id FROM near WHERE (SELECT yes FROM filled) UNION ALL SELECT id FROM ("
        f"SELECT r.id FROM {gate}{_BY_IDS[dialect].format(table=table, ids=ids)}{gated} AND {left} {tail}"
        f") f) ORDER BY {sort}"
    )


def _walked(
    table: str,
    reach: Reach,
    after: Statement | None,
    order: tuple[Order, ...],
    *,
    reverse: bool,
    dialect: str,
) -> Statement:
    """The ids of the first rows of the list, from a position on, whatever the search leaves of them."""
    sort = sort_clause(order, reverse=reverse)
    tail = f" ORDER BY {sort} LIMIT {WALKED}"
    values = reach.values or ()
    more = Statement("") if after is None else Statement(" AND ") + after
    by_value = reach.parts == (reach,) and reach.besides("r") is None
    if not by_value or not 1 < len(values) <= MOST_RANGES:
        return Statement(f"SELECT r.id FROM {table} r WHERE ") + reach.where("r") + more + tail
    keys = ("id", *(key.column for key in order))
    if dialect == "postgres":
        inner = f"SELECT {', '.join(f'r.{key}' for key in keys)} FROM {table} r"
        text = (
            f"SELECT k.id FROM {EACH_ID} a(id) CROSS JOIN LATERAL ({inner} WHERE r.account_id = ?"
            f" AND r.{reach.column} = a.id{more.text}{tail}) k"
            f" ORDER BY {sort_clause(order, reverse=reverse, alias='k')} LIMIT {WALKED}"
        )
        return Statement(text, (each_id(values), reach.account_id, *more.params))
    part = (
        f"SELECT {', '.join(f'r.{key} AS {key}' for key in keys)} FROM {table} r"
        f" WHERE r.account_id = ? AND r.{reach.column} = ?{more.text}"
    )
    merged = f"{' UNION ALL '.join([part] * len(values))}{tail.replace('r.', '')}"
    params = tuple(param for value in values for param in (reach.account_id, value, *more.params))
    return Statement(f"SELECT id FROM ({merged}) u", params)
