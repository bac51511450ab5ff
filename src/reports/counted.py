"""The rows that a report counts, found by indexes and placed in its buckets."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from authz.reach import Reach
from models import database
from models.statement import EACH_ID, Statement, each_id, joined
from reports.facts import Facts
from reports.period import Bucket
from reports.report import Report


def counted_rows(
    reach: Reach, report: Report, facts: Facts, values: Statement, buckets: Sequence[Bucket], where: Statement
) -> Statement:
    """The rows within reach that count, and when: separate searches, so that an index serves each.

    `values` is what is selected of the rows, and `where` is a condition on them.
    """
    span = (buckets[0].start_ms, buckets[-1].end_ms)
    selects = []
    for within in reach.parts:
        people = _people(within) if facts.table == "sales" else None
        for time, condition in _searches(report, facts, _COLUMN if people is None else _EXPRESSION):
            selected = Statement(
                f"SELECT {time} AS placed_at{values.text} FROM {facts.table} s{facts.joined} WHERE ",
                values.params,
                within.values is None and within.holders is None,
            )
            when = Statement(condition + where.text, span + where.params, where.custom_plan)
            selects.append(
                # an account has few rows in a period, or most of its rows
                selected + within.where("s") + when
                if people is None
                else _search_of_each(people, selected, within, when)
            )
    return joined(selects, " UNION ALL ")


def among(statuses: Sequence[StrEnum]) -> str:
    """The condition that a status is one of these."""
    if len(statuses) == 1:  # literally, as SQLite recognizes the condition of a partial index
        return f"status = '{statuses[0].value}'"
    return "status IN ({})".format(", ".join(f"'{status.value}'" for status in statuses))


_COLUMN, _EXPRESSION = "s.{}", "(s.{} + 0)"
"""How a search names the columns of its times: for any index, or as PostgreSQL's index by credit has them."""


@lru_cache(maxsize=512)
def _searches(report: Report, facts: Facts, named: str) -> tuple[tuple[str, str], ...]:
    """For each search of facts, the column of the time, and the condition on it with all others."""
    rows, found = facts.rows or report.rows, []
    for search in (facts.at or report.at).searches(rows):
        time = search.time if "." in search.time else named.format(search.time)
        statuses = f" AND s.{among(search.statuses)}" if search.statuses else ""
        absent = f" AND {named.format(search.without)} IS NULL" if search.without else ""
        condition = f" AND {time} >= ? AND {time} < ?{statuses}{absent}{rows.condition}"
        found.append((search.time if "." in search.time else f"s.{search.time}", condition))
    return tuple(found)


def _people(within: Reach) -> Statement | None:
    """PostgreSQL's rows for the people whose credit is searched, as `a`; None if it is searched otherwise."""
    if database.dialect() != "postgres":
        return None
    if within.holders is not None:
        return Statement("(") + within.holders + ") a"
    if not within.values or within.column != "credit_id":
        return None
    return Statement(f"{EACH_ID} a(id)", (each_id(within.values),))


def _search_of_each(people: Statement, selected: Statement, within: Reach, when: Statement) -> Statement:
    """The rows of one search, for PostgreSQL: one range of the index by credit for each person.

    Only that index has the times as expressions, and the order fences it: a plan for all values would
    otherwise read an account that it takes for a small one, by another index.
    """
    besides = within.besides("s")
    stamp = Statement("") if besides is None else Statement(" AND ") + besides
    return Statement(
        f"SELECT x.* FROM {people.text} CROSS JOIN LATERAL ({selected.text}s.account_id = ?"
        f" AND s.credit_id = a.id{stamp.text}{when.text}{_IN_ORDER}",
        (*people.params, *selected.params, within.account_id, *stamp.params, *when.params),
        when.custom_plan,
    )


_IN_ORDER = f" ORDER BY {_EXPRESSION.format('approved_at')}, {_EXPRESSION.format('ordered_at')}) x"


def bucket_number(column: str, buckets: Sequence[Bucket]) -> Statement:
    """The number of the bucket that contains a time within the period: a binary search, written as CASE.

    A join on the bounds is exact too, but both databases sometimes compare each sale with each bucket.
    """
    text, bounds = _bucket_search(column, len(buckets))
    return Statement(text, tuple(buckets[bound].start_ms for bound in bounds))


@lru_cache(maxsize=64)
def _bucket_search(column: str, count: int) -> tuple[str, tuple[int, ...]]:
    """The text of a search among that many buckets, and the numbers of those at whose start it divides."""

    def divided(first: int, count: int) -> tuple[str, tuple[int, ...]]:
        if count == 1:
            return str(first), ()
        middle = first + count // 2
        before, left = divided(first, count // 2)
        after, right = divided(middle, count - count // 2)
        return f"CASE WHEN {column} < ? THEN {before} ELSE {after} END", (middle, *left, *right)

    return divided(0, count)
