"""The one statement of a report: its totals by bucket number, group, keys and currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from authz.reach import EndedCredit, Reach
from authz.viewer import Viewer
from models import database
from models.statement import EACH_ID, Statement, each_id, joined
from models.vocabulary import SaleStatus
from reports.columns import Total, totals
from reports.keys import Key
from reports.period import Bucket
from reports.report import Report


def statement(
    viewer: Viewer,
    report: Report,
    buckets: Sequence[Bucket],
    keys: tuple[Key, ...],
    names: frozenset[str],
    limit: int,
) -> Statement:
    """The totals of these names by bucket number, keys and currency: one row for each combination that
    occurs, at most `limit`.

    A row has the number of its bucket, the keys, the currency, the totals in the order of the report's
    columns, and a name for each key that has one. Which rows there are does not depend on the totals.
    """
    pieces = _pieces(report, keys, names, database.dialect())
    within = report.facts.within(viewer, report.grant)
    return (
        _placed_rows(within, report, pieces.facts, buckets)
        + ", summed AS (SELECT "
        + _bucket_number("p.placed_at", buckets)
        + Statement(pieces.summed, (*(within.account_id,) * pieces.accounts, limit))
    )


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The parts of a report's statement that are the same for every viewer and period."""

    facts: str
    """The columns from which totals are computed, and the keys."""
    summed: str
    """Everything after the number of the bucket: the totals of rows with the same currencies and keys, then
    those in one currency, and the names of keys."""
    accounts: int
    """How often the account is among the values of `summed`, before the limit."""


@lru_cache(maxsize=512)
def _pieces(report: Report, keys: tuple[Key, ...], names: frozenset[str], _dialect: str) -> _Pieces:
    every = totals(report.columns)
    currencies = tuple(dict.fromkeys(["currency", *(total.currency for total in every)]))
    # a total in a currency of its own also decides whether there is a row in that currency
    summed = [total for total in every if total.name in names or total.currency != "currency"]
    chosen = [total for total in every if total.name in names]
    columns = dict.fromkeys(["status", *currencies, *(read for total in summed for read in total.reads)])
    facts = [f"s.{name}" for name in columns]
    facts += [f"{key.expression()} AS k{index}" for index, key in enumerate(keys)]
    by = "".join(f", k{index}" for index in range(len(keys)))
    shared = "".join(f", p.{currency}" for currency in currencies) + by
    positions = ", ".join(str(position) for position in range(1, 2 + len(currencies) + len(keys)))
    apart = " UNION ALL ".join(
        f"SELECT number{by}, {_in_currency(summed, chosen, currency)}" for currency in currencies
    )
    # PostgreSQL's sum of bigints is numeric
    added = "".join(f", CAST(COALESCE(SUM({total.name}), 0) AS BIGINT) AS {total.name}" for total in chosen)
    named, accounts = _with_names(keys)
    return _Pieces(
        ", ".join(facts),
        f" AS number{shared}{''.join(f', {_total(total)} AS {total.name}' for total in summed)}"
        f" FROM placed p GROUP BY {positions}), apart AS ({apart}),"
        f" cells AS (SELECT number{by}, currency{added} FROM apart GROUP BY number{by}, currency)"
        f"{named} LIMIT ?",
        accounts,
    )


def _total(column: Total) -> str:
    # null if there is nothing to add up; the sum of these sums counts it as 0
    return f"SUM({column.value}) FILTER (WHERE p.{_among(column.statuses)})"


def _in_currency(summed: Sequence[Total], chosen: Sequence[Total], currency: str) -> str:
    names = [total.name if total.currency == currency else f"0 AS {total.name}" for total in chosen]
    selected = ", ".join([f"{currency} AS currency", *names]) + " FROM summed"
    if currency == "currency":
        return selected
    present = " OR ".join(f"{total.name} IS NOT NULL" for total in summed if total.currency == currency)
    return f"{selected} WHERE ({present}) AND {currency} IS NOT NULL"


def _among(statuses: Sequence[SaleStatus]) -> str:
    return "status IN ({})".format(", ".join(f"'{status.value}'" for status in statuses))


@lru_cache
def _searches(report: Report) -> tuple[tuple[str, str], ...]:
    """For each search of a report, the column of the time, and the condition on it with all others."""
    found = []
    for search in report.at.searches(report.rows):
        period = f" AND s.{search.time} >= ? AND s.{search.time} < ?"
        found.append(
            (
                search.time,
                f"{period} AND s.{_among(search.statuses)}{search.condition}{report.rows.condition}",
            )
        )
    return tuple(found)


def _placed_rows(reach: Reach, report: Report, facts: str, buckets: Sequence[Bucket]) -> Statement:
    """The rows within reach that count, and when: separate searches, so that an index serves each."""
    span = (buckets[0].start_ms, buckets[-1].end_ms)
    table = report.facts.table
    searches = [
        _search_statement(table, f"s.{time} AS placed_at, {facts}", within, Statement(condition, span))
        for within in reach.parts
        for time, condition in _searches(report)
    ]
    return Statement("WITH placed AS (") + joined(searches, " UNION ALL ") + ")"


def _search_statement(table: str, facts: str, within: Reach, when: Statement) -> Statement:
    """The rows of one search.

    PostgreSQL reads one index range for each person. The order fences it, because a plan for all values would
    read the whole account. It also names the index, because another one that suits an average person could be
    chosen. A search is planned for the length of its period each time.
    """
    selected = f"SELECT {facts} FROM {table} s WHERE "
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


def _bucket_number(column: str, buckets: Sequence[Bucket]) -> Statement:
    """The number of the bucket that contains a time within the period: a binary search, written as CASE.

    A join on the bounds is exact too, but both databases sometimes compare each sale with each bucket.
    """
    text, bounds = _search(column, len(buckets))
    return Statement(text, tuple(buckets[bound].start_ms for bound in bounds))


@lru_cache(maxsize=64)
def _search(column: str, count: int) -> tuple[str, tuple[int, ...]]:
    """The text of a search among that many buckets, and the numbers of those at whose start it divides."""

    def divided(first: int, count: int) -> tuple[str, tuple[int, ...]]:
        if count == 1:
            return str(first), ()
        middle = first + count // 2
        before, left = divided(first, count // 2)
        after, right = divided(middle, count - count // 2)
        return f"CASE WHEN {column} < ? THEN {before} ELSE {after} END", (middle, *left, *right)

    return divided(0, count)


def _with_names(keys: Sequence[Key]) -> tuple[str, int]:
    """The sums with the names that belong to the ids among their keys, and in how many tables they are."""
    shown, joins, count = "", "", 0
    for index, key in enumerate(keys):
        names = []
        for place, table in enumerate(key.named_in):
            alias = f"t{index}_{place}"
            names.append(f"{alias}.name")
            joins += f" LEFT JOIN {table} {alias} ON {alias}.account_id = ? AND {alias}.id = r.k{index}"
        count += len(names)
        if names:
            name = names[0] if len(names) == 1 else f"COALESCE({', '.join(names)})"
            shown += f", {name} AS n{index}"
    return f" SELECT r.*{shown} FROM cells r{joins}", count
