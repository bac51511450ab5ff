"""The one statement of a report: its totals by bucket number, group, keys and currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from authz.reach import Reach
from authz.viewer import Viewer
from models import database
from models.statement import Statement, either, joined
from reports.columns import Total
from reports.counted import among, bucket_number, counted_rows
from reports.expressions import parts_within_reach
from reports.facts import Facts
from reports.folding import Folding, folded
from reports.keys import NOTHING, Key
from reports.period import Bucket
from reports.report import Report

EVERYTHING = Statement("")


@dataclass(frozen=True, slots=True)
class Question:
    """What a statement is built for: the report and its buckets, all keys with the group, the totals by name,
    and how many rows at most.

    `where` is a condition on the rows counted, and `currency` on the totals. Of keys, only `top` and those
    with at least `small` buyers have rows of their own; with `few_in_all`, there are no rows at all if all
    rows counted have fewer buyers.
    """

    report: Report
    buckets: Sequence[Bucket]
    keys: tuple[Key, ...]
    names: frozenset[str]
    limit: int
    where: Statement = EVERYTHING
    currency: str | None = None
    top: int | None = None
    small: int | None = None
    few_in_all: bool = False


def statement(viewer: Viewer, question: Question) -> Statement:
    """The totals of these names by bucket number, keys and currency: one row for each combination that
    occurs.

    A row has the number of its bucket, the keys, the currency, whether it adds up other keys, the totals in
    the order of the report's columns, and a name for each key that has one. Which rows there are does not
    depend on the totals.
    """
    return within_reach(question.report.facts.within(viewer, question.report.grant), question)


def within_reach(within: Reach, question: Question) -> Statement:
    """The same, for a reach."""
    report, buckets = question.report, question.buckets
    single, small = len(buckets) == 1, question.small is not None
    pieces = _pieces(report, question.keys, question.names, database.dialect(), small=small, single=single)
    found = [Statement("WITH ")]
    for number, part in enumerate(pieces.parts):
        values = _within_reach(part.values, within)
        rows = counted_rows(within, report, part.facts, values, buckets, question.where)
        if part.facts.since:
            rows = _with_buckets(rows, part.facts.since, buckets)
        found += (Statement(f"placed{number} AS ("), rows, Statement("), "))
    bucket = EVERYTHING if single else bucket_number("p.placed_at", buckets)
    for number, part in enumerate(pieces.parts):
        for place, summed in enumerate(part.summed):
            presents = (database.now(),) * summed.presents
            found += (Statement(f"summed{number}_{place} AS (SELECT "), bucket)
            found.append(
                Statement(f"{summed.text} FROM placed{number} p GROUP BY {summed.positions}), ", presents)
            )
    found += (Statement(pieces.apart), _left(question), Statement(pieces.cells))
    source, others = "cells", "0"
    if report.keys and (question.top is not None or question.small is not None):
        count = len(question.keys)
        own = tuple(range(count - len(report.keys), count))
        folding = Folding(question.top, question.small, count, own, report.ranked_by.name)
        found.append(folded(folding, pieces.labels, pieces.chosen))
        source, others = "folded", "r.others"
    found.append(
        Statement(
            f"{pieces.lookups.format(source=source)} SELECT {pieces.places}, {others}{pieces.selected}"
            f" FROM {source} r{pieces.names} LIMIT ?",
            (*(within.account_id,) * pieces.accounts, question.limit),
        )
    )
    return joined(found, "")


def _with_buckets(rows: Statement, since: str, buckets: Sequence[Bucket]) -> Statement:
    """Rows with the numbers of the buckets of their two times."""
    found = [Statement("SELECT e.*, "), bucket_number(f"e.{since}", buckets), Statement(" AS since_in, ")]
    found += [bucket_number("e.placed_at", buckets), Statement(" AS placed_in FROM ("), rows]
    return joined([*found, Statement(") e")], "")


def _within_reach(values: str, reach: Reach) -> Statement:
    """What is selected of rows. A value that is about another row knows only those within reach."""
    found = []
    for text, alias in parts_within_reach(values):
        found.append(Statement(text))
        if alias is not None:
            found.append(either(part.where(alias) for part in reach.parts))
    return joined(found, "")


def _left(question: Question) -> Statement:
    """The condition on the totals of a bucket, keys and currency."""
    found = (
        Statement("") if question.currency is None else Statement(" AND currency = ?", (question.currency,))
    )
    if question.few_in_all:
        found = found + f" AND (SELECT COUNT(DISTINCT buyer) FROM placed0) >= {question.small}"
    return Statement(" WHERE 1 = 1") + found if found.text else found


@dataclass(frozen=True, slots=True)
class _Summed:
    """The totals of facts by the bucket, keys and currencies of their rows: all after the bucket's number,
    which the rows of a single bucket do without."""

    text: str
    positions: str
    presents: int
    """How often the present is among its values."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Facts that a report counts: what is selected of their rows, and how they are summed."""

    facts: Facts
    values: str
    summed: tuple[_Summed, ...]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The parts of a report's statement that are the same for every viewer and period."""

    parts: tuple[_Part, ...]
    apart: str
    cells: str
    chosen: tuple[str, ...]
    labels: tuple[int, ...]
    places: str
    selected: str
    lookups: str
    """The tables of names that `names` joins; they read the rows in `{source}`."""
    names: str
    accounts: int
    """How often the account is among the values of `lookups` and of what is selected."""


@lru_cache(maxsize=512)
def _pieces(
    report: Report, keys: tuple[Key, ...], names: frozenset[str], _dialect: str, *, small: bool, single: bool
) -> _Pieces:
    chosen = [total for total in report.totals if total.name in names]
    labels = tuple(index for index, key in enumerate(keys) if key.label_value)
    parts, apart = [], []
    for number, facts in enumerate(report.counted):
        groups = _groups(report, facts, names)
        statuses = _statuses(groups)
        needed = {_currency(total, facts) for group in groups for total in group}
        needed |= {facts.currency} | {read for group in groups for total in group for read in total.reads}
        needed |= {facts.since} if facts.since else set()
        if small and facts is report.facts:
            needed.add("buyer")
        values = [f"{facts.value(name)} AS {name}" for name in sorted(needed)]
        values += [f"s.{among(found)} AS {name}" for found, name in statuses.items()]
        values += [f"{key.expression(facts)} AS k{index}" for index, key in enumerate(keys)]
        values += [
            f"{facts.value(key.label_value or key.spelling)} AS l{index}"
            for index, key in enumerate(keys)
            if key.label_value or key.spelling
        ]
        summed = []
        for place, group in enumerate(groups):
            currencies = _currencies(report, facts, group)
            totals = [_total(total, statuses, only_present=total.name not in names) for total in group]
            summed.append(_summed(group, totals, currencies, keys, labels, single=single))
            source = f"summed{number}_{place}"
            apart += [
                _in_currency(source, facts, group, chosen, currency, len(keys), labels, single=single)
                + _presence(report, facts, group, currency, names)
                for currency in currencies
            ]
        parts.append(_Part(facts, "".join(f", {value}" for value in values), tuple(summed)))
    by = "".join(f", k{index}" for index in range(len(keys)))
    # sums in a single currency column are the cells, others have to be added up; PostgreSQL's sum of bigints
    # is numeric
    several = len(apart) > 1
    added = "".join(
        f", CAST(COALESCE({f'SUM({total.name})' if several else total.name}, 0) AS BIGINT) AS {total.name}"
        for total in chosen
    )
    named = "".join(f", {f'MAX(l{index}) AS ' if several else ''}l{index}" for index in labels)
    lookups, shown, joins, accounts = _names(keys)
    return _Pieces(
        tuple(parts),
        f"apart AS ({' UNION ALL '.join(apart)}), cells AS ("
        f"SELECT number{by}, currency{added}{named} FROM apart",
        f" GROUP BY number{by}, currency)" if several else ")",
        tuple(total.name for total in chosen),
        labels,
        ", ".join(["r.number", *(f"r.k{index}" for index in range(len(keys))), "r.currency"]),
        "".join(f", r.{total.name}" for total in chosen) + shown,
        lookups,
        joins,
        accounts,
    )


def _groups(report: Report, facts: Facts, names: frozenset[str]) -> list[list[Total]]:
    """The totals of facts that are summed together: numbers of different values stand alone.

    A total that decides whether there is a row is summed whatever is selected.
    """
    main = facts in (report.facts, *report.also)
    own = [total for total in report.totals if total.facts is facts or (total.facts is None and main)]
    needed = [
        total
        for total in own
        if total.name in names or not (main and _currency(total, facts) == facts.currency)
    ]
    together = [total for total in needed if not total.distinct]
    return [together, *([total] for total in needed if total.distinct)]


def _currency(total: Total, facts: Facts) -> str:
    return total.currency or facts.currency


def _currencies(report: Report, facts: Facts, group: list[Total]) -> tuple[str, ...]:
    main = [facts.currency] if facts in (report.facts, *report.also) else []
    return tuple(dict.fromkeys([*main, *(_currency(total, facts) for total in group)]))


def _statuses(groups: Sequence[Sequence[Total]]) -> dict[tuple[StrEnum, ...], str]:
    """The names of the columns that say of each row whether its status is one of these: a comparison of texts
    for each total would take as long as the sums."""
    found = dict.fromkeys(total.statuses for group in groups for total in group if total.statuses)
    return {statuses: f"at{number}" for number, statuses in enumerate(found)}


def _summed(
    group: list[Total],
    added: list[str],
    currencies: Sequence[str],
    keys: Sequence[Key],
    labels: Sequence[int],
    *,
    single: bool,
) -> _Summed:
    columns = [f"p.{currency}" for currency in currencies] + [
        f"p.k{index} AS k{index}" for index, key in enumerate(keys) if not key.constant
    ]
    positions = ", ".join(str(position) for position in range(1, (1 if single else 2) + len(columns)))
    # a key that is null everywhere would only make the rows harder to sort
    columns += [f"{NOTHING} AS k{index}" for index, key in enumerate(keys) if key.constant]
    columns += added + [f"MAX(p.l{index}) AS l{index}" for index in labels]
    text = f"{'' if single else ' AS number, '}{', '.join(columns)}"
    return _Summed(text, positions, sum(total.when.count("?") for total in group))


def _total(total: Total, statuses: dict[tuple[StrEnum, ...], str], *, only_present: bool) -> str:
    # null if there is nothing to add up; the sum of these sums counts it as 0
    if total.distinct:
        added = f"COUNT(DISTINCT {total.value})"
    else:
        added = f"COUNT({total.value})" if only_present else f"SUM({total.value})"
    status = f"p.{statuses[total.statuses]}" if total.statuses else ""
    condition = (status + total.when).removeprefix(" AND ")
    return f"{added}{f' FILTER (WHERE {condition})' if condition else ''} AS {total.name}"


def _in_currency(
    source: str,
    facts: Facts,
    group: list[Total],
    chosen: Sequence[Total],
    currency: str,
    keys: int,
    labels: Sequence[int],
    *,
    single: bool,
) -> str:
    by = "".join(f", k{index}" for index in range(keys))
    here = {total for total in group if _currency(total, facts) == currency}
    added = "".join(f", {total.name if total in here else f'0 AS {total.name}'}" for total in chosen)
    named = "".join(f", l{index}" for index in labels)
    number = "0 AS number" if single else "number"
    return f"SELECT {number}{by}, {currency} AS currency{added}{named} FROM {source}"


def _presence(report: Report, facts: Facts, group: list[Total], currency: str, names: frozenset[str]) -> str:
    """The condition that a row in this currency has something to show; totals not selected are counted."""
    if currency == facts.currency and facts in (report.facts, *report.also):
        return ""
    present = [
        f"{total.name} {'IS NOT NULL' if total.name in names or total.distinct else '> 0'}"
        for total in group
        if _currency(total, facts) == currency
    ]
    return f" WHERE ({' OR '.join(present)}) AND {currency} IS NOT NULL"


def _names(keys: Sequence[Key]) -> tuple[str, str, str, int]:
    """The tables of names, what is selected of the names that belong to keys, the joins of names, and how
    often the account is among the values.

    A name is looked up by its key: PostgreSQL's plan for all values would compare each row with all products
    of the account. There, each is looked up once, since it scans a small table for each lookup.
    """
    lookups, shown, joins, count = "", "", "", 0
    once = database.dialect() == "postgres"
    for index, key in enumerate(keys):
        names = [f"r.l{index}"] if key.label_value else []
        for place, table in enumerate(key.named_in):
            alias = f"t{index}_{place}"
            condition = f"{alias}.account_id = ? AND {alias}.id = r.k{index}"
            names.append(f"(SELECT {alias}.{key.named_by} FROM {table} {alias} WHERE {condition})")
            count += 1
        if key.named_in and once:
            lookups += (
                f", named{index} AS MATERIALIZED (SELECT r.k{index}, COALESCE({', '.join(names)}) AS name"
                f" FROM (SELECT DISTINCT k{index} FROM {{source}}) r)"
            )
            joins += f" LEFT JOIN named{index} ON named{index}.k{index} = r.k{index}"
            names = [f"named{index}.name"]
        if key.spelling:
            names.append(f"t{index}.spelling")
            joins += f" LEFT JOIN {_spellings(index)} t{index} ON t{index}.value = r.k{index}"
        if names:
            name = names[0] if len(names) == 1 else f"COALESCE({', '.join(names)})"
            shown += f", {name} AS n{index}"
    return lookups, shown, joins, count


def _spellings(index: int) -> str:
    """The most frequent spelling of each value of a key; of those that are as frequent, the first one."""
    first = 'spelling COLLATE "C"' if database.dialect() == "postgres" else "spelling"
    return (
        f"(SELECT value, spelling FROM (SELECT value, spelling, ROW_NUMBER() OVER (PARTITION BY value"
        f" ORDER BY times DESC, {first}) AS place FROM (SELECT k{index} AS value, l{index} AS spelling,"
        f" COUNT(*) AS times FROM placed0 GROUP BY 1, 2) x) y WHERE place = 1)"
    )
