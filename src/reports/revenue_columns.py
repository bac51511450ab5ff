"""The columns that reports of sales have in common, added up within reach by one statement."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from authz import reach
from authz.gates import GateViolation, grant_bit
from authz.grant import Grant
from authz.reach import EndedCredit, Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.collation import sort_key
from models.statement import Statement, joined
from models.words import SaleStatus
from reports.grouping import Grouping, Key, Named, key_of
from reports.period import Bucket, Every, Period

REVENUE = (SaleStatus.APPROVED, SaleStatus.COMPLETE, SaleStatus.PARTIALLY_REFUNDED)
LOST = (SaleStatus.REFUNDED, SaleStatus.DISPUTE, SaleStatus.CHARGEBACK)
MAX_ROWS = 20_000

Values = tuple[Any, ...] | None


class Columns(msgspec.Struct, frozen=True, gc=False):
    """What sales of one currency add up to: a number of sales, then amounts in the currency's minor units.

    Revenue (`count`, `gross`, `net`) is what is APPROVED, COMPLETE or PARTIALLY_REFUNDED. `gross` is what
    sales priced in the currency cost, `net` what the producer is paid in it, for sales of whatever price.
    `refunded`, `disputed` and `charged_back` are prices of sales that stand so, and never revenue.
    `unknown_net` is how many of the sales counted have no known net: the sum of the others is no answer.
    """

    currency: str
    count: int = 0
    gross: int = 0
    net: int = 0
    refunded: int = 0
    disputed: int = 0
    charged_back: int = 0
    unknown_net: int = 0

    @property
    def known_net(self) -> int | None:
        """What the producer is paid, where that is known of every sale counted."""
        return None if self.unknown_net else self.net


def added(parts: Sequence[Columns]) -> Columns:
    """The total of columns of one currency; of several, an error."""
    (currency,) = {part.currency for part in parts}
    return Columns(currency, *(sum(column) for column in zip(*map(totals, parts), strict=True)))


def totals(columns: Columns) -> tuple[int, ...]:
    """The number and the amounts, in their order."""
    return tuple(getattr(columns, name) for name in _NAMES)


class Sum(Columns, frozen=True, gc=False, kw_only=True):
    """The columns of one bucket, group and currency; `keys` is None where the period holds no sale."""

    bucket: Bucket
    group: Named | None
    keys: Values


async def sums(
    viewer: Viewer,
    grant: Grant,
    period: Period,
    every: Every,
    by: Grouping | None,
    keys: Sequence[Key] = (),
) -> list[Sum]:
    """The sums of the sales within the statistics reach, empty ones too, by bucket, group, keys, currency.

    A sale lies in the bucket of its approval; one that was lost before it was approved, in that of its order.
    Raises `GateViolation` for a viewer whose mask lacks the grant or the grouping's standing.
    """
    if viewer.central is None or not viewer.mask & grant_bit(grant):
        raise GateViolation(grant.value)
    grouped = [key_of(viewer, by)] if by is not None else []
    buckets = period.cut(every, viewer.central.timezone)
    rows = await database.read(_statement(viewer, grant, buckets, [*grouped, *keys]))
    found = _folded(rows, [*grouped, *keys])
    if not found:
        found = {(None, viewer.central.currency): {}}
    if len(rows) > MAX_ROWS or len(found) * len(buckets) > MAX_ROWS:
        raise Refusal(ErrorCode.BAD_INPUT, "too_many_rows", ("every",), most=MAX_ROWS)
    parts = [
        (
            currency,
            values[0] if grouped and values is not None else None,
            values[len(grouped) :] if values is not None else None,
            found[values, currency],
        )
        for values, currency in sorted(found, key=_order)
    ]
    return [
        Sum(
            currency,
            *cells.get(number, _NOTHING),
            bucket=bucket,
            group=group,
            keys=own,
        )
        for number, bucket in enumerate(buckets)
        for currency, group, own, cells in parts
    ]


def _among(statuses: Iterable[SaleStatus]) -> str:
    return "status IN ({})".format(", ".join(f"'{status.value}'" for status in statuses))


def _total(statuses: Iterable[SaleStatus], value: str) -> str:
    return f"SUM({value}) FILTER (WHERE p.{_among(statuses)})"


# null where there is nothing to add up: the sum of these sums takes it for 0
_TOTALS = {
    "count": _total(REVENUE, "1"),
    "gross": _total(REVENUE, "p.price"),
    "net": _total(REVENUE, "p.net"),
    "refunded": _total([SaleStatus.REFUNDED], "p.price"),
    "disputed": _total([SaleStatus.DISPUTE], "p.price"),
    "charged_back": _total([SaleStatus.CHARGEBACK], "p.price"),
    "unknown_net": _total(REVENUE, "CASE WHEN p.net IS NULL OR p.net_currency IS NULL THEN 1 ELSE 0 END"),
}
_NAMES = tuple(_TOTALS)
_NOTHING = (0,) * len(_NAMES)
_SUMMED = ", ".join(f"{total} AS {name}" for name, total in _TOTALS.items())
_PRICED = ", ".join("0 AS net" if name == "net" else name for name in _NAMES)
_PAID = ", ".join(name if name == "net" else "0" for name in _NAMES)
# PostgreSQL's sum of bigints is numeric
_ADDED = ", ".join(f"CAST(COALESCE(SUM({name}), 0) AS BIGINT) AS {name}" for name in _NAMES)
_FACTS = "s.status, s.price, s.currency, s.net, s.net_currency"


def _statement(viewer: Viewer, grant: Grant, buckets: Sequence[Bucket], keys: Sequence[Key]) -> Statement:
    """Columns by bucket number, keys and currency: one row for each that occurs."""
    taken = "".join(f", {key.expression} AS k{index}" for index, key in enumerate(keys))
    by = "".join(f", k{index}" for index in range(len(keys)))
    positions = ", ".join(str(position) for position in range(1, 4 + len(keys)))
    return (
        _placed(viewer, grant, (buckets[0].start_ms, buckets[-1].end_ms), taken)
        + ", summed AS (SELECT "
        + _number("p.placed_at", buckets)
        + f" AS number, p.currency, p.net_currency{by}, {_SUMMED} FROM placed p GROUP BY {positions})"
        + f", apart AS (SELECT number{by}, currency, {_PRICED} FROM summed"
        + f" UNION ALL SELECT number{by}, net_currency, {_PAID} FROM summed"
        + " WHERE net IS NOT NULL AND net_currency IS NOT NULL)"
        + f", cells AS (SELECT number{by}, currency, {_ADDED} FROM apart GROUP BY number{by}, currency)"
        + _named(reach.statistics(viewer, grant).account_id, keys)
        + Statement(" LIMIT ?", (MAX_ROWS + 1,))
    )


def _placed(viewer: Viewer, grant: Grant, span: tuple[int, int], taken: str) -> Statement:
    """The sales within reach that a column counts, and when: searches apart, so that an index serves each."""
    approved = Statement(
        f" AND s.approved_at >= ? AND s.approved_at < ? AND s.{_among(REVENUE + LOST)}", span
    )
    never_approved = Statement(
        f" AND s.approved_at IS NULL AND s.ordered_at >= ? AND s.ordered_at < ? AND s.{_among(LOST)}", span
    )
    searches = [
        _found(time, f"{_FACTS}{taken}", within, when)
        for within in reach.statistics(viewer, grant).parts
        for time, when in (("approved_at", approved), ("ordered_at", never_approved))
    ]
    return Statement("WITH placed AS (") + joined(searches, " UNION ALL ") + ")"


def _found(time: str, facts: str, within: Reach, when: Statement) -> Statement:
    """The sales of one search, which looks at their `time`.

    PostgreSQL reads one index range for each person: the order fences it, or a plan for all values
    would read the whole account, and it names the index that has it, or one that fits as well for an average
    person might be taken. All of an account is planned for how much of it the period is.
    """
    selected = f"SELECT s.{time} AS placed_at, {facts} FROM sales s WHERE "
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


def _number(column: str, buckets: Sequence[Bucket]) -> Statement:
    """The number of the bucket that a time within the period lies in: a binary search, spelt as CASE.

    A join on the bounds is exact too, but both databases can be led to compare each sale with each bucket.
    """
    text, bounds = _search(column, len(buckets))
    return Statement(text, tuple(buckets[bound].start_ms for bound in bounds))


@lru_cache(maxsize=64)
def _search(column: str, count: int) -> tuple[str, tuple[int, ...]]:
    """The text of a search among so many buckets, and the numbers of those at whose start it divides."""

    def divided(first: int, count: int) -> tuple[str, tuple[int, ...]]:
        if count == 1:
            return str(first), ()
        middle = first + count // 2
        before, left = divided(first, count // 2)
        after, right = divided(middle, count - count // 2)
        return f"CASE WHEN {column} < ? THEN {before} ELSE {after} END", (middle, *left, *right)

    return divided(0, count)


def _named(account_id: str | None, keys: Sequence[Key]) -> Statement:
    """The sums, and the names that ids among their keys stand for."""
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


def _folded(rows: Iterable[Any], keys: Sequence[Key]) -> dict[tuple[Values, str], dict[int, tuple[int, ...]]]:
    """Totals by bucket number, of each combination of keys and currency that occurs."""
    found: dict[tuple[Values, str], dict[int, tuple[int, ...]]] = {}
    for row in rows:
        values = tuple(
            Named(row[f"k{index}"], row[f"n{index}"], key.grouping) if key.named_in else row[f"k{index}"]
            for index, key in enumerate(keys)
        )
        cell = tuple([row[name] for name in _NAMES])
        found.setdefault((values, row["currency"]), {})[row["number"]] = cell
    return found


def _order(found: tuple[Values, str]) -> list[tuple[bool, str, str]]:
    """By name, then currency; what has no group comes last."""
    values, currency = found
    return [*(_rank(value) for value in values or ()), (False, currency, "")]


def _rank(value: Any) -> tuple[bool, str, str]:
    if isinstance(value, Named):
        return (value.id is None, sort_key(value.name or ""), value.id or "")
    return (value is None, str(value), "")
