"""The rows that a report counts, found by indexes and placed in its buckets."""

from collections.abc import Sequence
from functools import lru_cache

from authz.reach import EndedCredit, Reach
from models import database
from models.statement import EACH_ID, Statement, each_id, joined
from models.vocabulary import SaleStatus
from reports.facts import Facts
from reports.period import Bucket
from reports.report import Report


def counted_rows(
    reach: Reach, report: Report, facts: Facts, values: str, buckets: Sequence[Bucket], where: Statement
) -> Statement:
    """The rows within reach that count, and when: separate searches, so that an index serves each.

    `values` is what is selected of the rows, and `where` is a condition on them.
    """
    span = (buckets[0].start_ms, buckets[-1].end_ms)
    selects = [
        _search_statement(facts, f"s.{time} AS placed_at{values}", within, Statement(condition, span) + where)
        for within in reach.parts
        for time, condition in _searches(report, facts)
    ]
    return joined(selects, " UNION ALL ")


def among(statuses: Sequence[SaleStatus]) -> str:
    """The condition that a status is one of these."""
    return "status IN ({})".format(", ".join(f"'{status.value}'" for status in statuses))


@lru_cache(maxsize=512)
def _searches(report: Report, facts: Facts) -> tuple[tuple[str, str], ...]:
    """For each search of facts, the column of the time, and the condition on it with all others."""
    rows, found = facts.rows or report.rows, []
    for search in (facts.at or report.at).searches(rows):
        period = f" AND s.{search.time} >= ? AND s.{search.time} < ?"
        statuses = f" AND s.{among(search.statuses)}" if search.statuses else ""
        found.append((search.time, f"{period}{statuses}{search.condition}{rows.condition}"))
    return tuple(found)


def _search_statement(facts: Facts, values: str, within: Reach, when: Statement) -> Statement:
    """The rows of one search.

    PostgreSQL reads one index range for each person. The order fences it, because a plan for all values would
    read the whole account. It also names the index, because another one that suits an average person could be
    chosen. A search is planned for the length of its period each time.
    """
    selected = f"SELECT {values} FROM {facts.table} s{facts.joined} WHERE "
    if isinstance(within, EndedCredit) and database.dialect() == "postgres":
        return (
            Statement(
                "SELECT x.* FROM ended_seats a CROSS JOIN LATERAL ("
                f"{selected}s.account_id = ? AND s.credit_id = a.id AND ",
                (within.account_id,),
            )
            + within.stamped("s")
            + when
            + Statement(
                " ORDER BY s.approved_at, s.ordered_at) x WHERE a.account_id = ?", (within.account_id,)
            )
        )
    if not within.values or database.dialect() == "sqlite":
        return Statement(selected, custom_plan=within.values is None) + within.where("s") + when
    return (
        Statement(
            f"SELECT x.* FROM {EACH_ID} a(id) CROSS JOIN LATERAL ("
            f"{selected}s.account_id = ? AND s.{within.column} = a.id",
            (each_id(within.values), within.account_id),
            custom_plan=True,
        )
        + when
        + " ORDER BY s.approved_at, s.ordered_at) x"
    )


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
