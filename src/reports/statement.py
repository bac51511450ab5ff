"""The one statement of a report: its totals by bucket number, group, keys and currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from authz.reach import EndedCredit, Reach
from authz.viewer import Viewer
from models import database
from models.statement import Statement, joined
from models.vocabulary import SaleStatus
from reports.columns import Total, totals
from reports.keys import Key
from reports.period import Bucket
from reports.report import Report


def statement(
    viewer: Viewer, report: Report, buckets: Sequence[Bucket], keys: Sequence[Key], limit: int
) -> Statement:
    """The totals by bucket number, keys and currency: one row for each combination that occurs, at most
    `limit`."""
    pieces = _pieces(report)
    by = "".join(f", k{index}" for index in range(len(keys)))
    currencies = "".join(f", p.{currency}" for currency in pieces.currencies)
    positions = ", ".join(str(position) for position in range(1, 2 + len(pieces.currencies) + len(keys)))
    apart = " UNION ALL ".join(f"SELECT number{by}, {selected}" for selected in pieces.by_currency)
    return (
        _placed_rows(viewer, report, buckets, keys)
        + ", summed AS (SELECT "
        + _bucket_number("p.placed_at", buckets)
        + f" AS number{currencies}{by}, {pieces.summed} FROM placed p GROUP BY {positions})"
        + f", apart AS ({apart})"
        + f", cells AS (SELECT number{by}, currency, {pieces.added} FROM apart GROUP BY number{by}, currency)"
        + _with_names(report.facts.within(viewer, report.grant).account_id, keys)
        + Statement(" LIMIT ?", (limit,))
    )


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The parts of a report's statement that are the same for every viewer."""

    facts: str
    """The columns from which totals are computed."""
    currencies: tuple[str, ...]
    """The columns that contain the currencies of totals."""
    summed: str
    """The totals of the rows of one bucket with the same currencies and keys."""
    by_currency: tuple[str, ...]
    """For each currency, the totals in that currency, from these sums."""
    added: str
    """The totals in one currency."""


@lru_cache
def _pieces(report: Report) -> _Pieces:
    columns = totals(report.columns)
    currencies = tuple(dict.fromkeys(["currency", *(column.currency for column in columns)]))
    facts = dict.fromkeys(["status", *currencies, *(read for column in columns for read in column.reads)])
    # PostgreSQL's sum of bigints is numeric
    added = [f"CAST(COALESCE(SUM({column.name}), 0) AS BIGINT) AS {column.name}" for column in columns]
    return _Pieces(
        ", ".join(f"s.{name}" for name in facts),
        currencies,
        ", ".join(f"{_total(column)} AS {column.name}" for column in columns),
        tuple(_in_currency(columns, currency) for currency in currencies),
        ", ".join(added),
    )


def _total(column: Total) -> str:
    # null if there is nothing to add up; the sum of these sums counts it as 0
    return f"SUM({column.value}) FILTER (WHERE p.{_among(column.statuses)})"


def _in_currency(columns: Sequence[Total], currency: str) -> str:
    names = [column.name if column.currency == currency else f"0 AS {column.name}" for column in columns]
    selected = f"{currency} AS currency, {', '.join(names)} FROM summed"
    if currency == "currency":
        return selected
    present = " OR ".join(f"{column.name} IS NOT NULL" for column in columns if column.currency == currency)
    return f"{selected} WHERE ({present}) AND {currency} IS NOT NULL"


def _among(statuses: Sequence[SaleStatus]) -> str:
    return "status IN ({})".format(", ".join(f"'{status.value}'" for status in statuses))


def _placed_rows(viewer: Viewer, report: Report, buckets: Sequence[Bucket], keys: Sequence[Key]) -> Statement:
    """The rows within reach that count, and when: separate searches, so that an index serves each."""
    facts = _pieces(report).facts + "".join(
        f", {key.expression()} AS k{index}" for index, key in enumerate(keys)
    )
    span = (buckets[0].start_ms, buckets[-1].end_ms)
    searches = [
        _search_statement(
            report.facts.table,
            f"s.{search.time} AS placed_at, {facts}",
            within,
            Statement(
                f" AND s.{search.time} >= ? AND s.{search.time} < ?"
                f" AND s.{_among(search.statuses)}{search.condition}{report.rows.condition}",
                span,
            ),
        )
        for within in report.facts.within(viewer, report.grant).parts
        for search in report.at.searches(report.rows)
    ]
    return Statement("WITH placed AS (") + joined(searches, " UNION ALL ") + ")"


def _search_statement(table: str, facts: str, within: Reach, when: Statement) -> Statement:
    """The rows of one search.

    PostgreSQL reads one index range for each person. The order fences it, because a plan for all values would
    read the whole account. It also names the index, because another one that suits an average person could be
    chosen. A search of the whole account is planned for the length of the period.
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
            "SELECT x.* FROM unnest(CAST(? AS uuid[])) a(id) CROSS JOIN LATERAL ("
            f"{selected}s.account_id = ? AND s.{within.column} = a.id",
            (within.values, within.account_id),
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


def _with_names(account_id: str | None, keys: Sequence[Key]) -> Statement:
    """The sums, and the names that belong to the ids among their keys."""
    shown, joins = "", Statement("")
    for index, key in enumerate(keys):
        names = []
        for place, table in enumerate(key.named_in):
            alias = f"t{index}_{place}"
            names.append(f"{alias}.name")
            joins += Statement(
                f" LEFT JOIN {table} {alias} ON {alias}.account_id = ? AND {alias}.id = r.k{index}",
                (account_id,),
            )
        if names:
            name = names[0] if len(names) == 1 else f"COALESCE({', '.join(names)})"
            shown += f", {name} AS n{index}"
    return Statement(f" SELECT r.*{shown} FROM cells r") + joins
