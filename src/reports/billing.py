"""The statements of what an account received: what its sales add up to now, and what was written of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import msgspec

from authz.billing import billing, whole_account
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.sales.billed_months import month_after
from models.statement import Statement
from reports.declarations import REPORTS
from reports.keys import UNIT, without_values
from reports.period import Period, ReportInterval
from reports.report import Row
from reports.statement import Question, within_reach
from reports.sums import MAX_ROWS

SELF_BILLING = REPORTS["selfBilling"]
_IN_SUM = replace(
    SELF_BILLING, keys=tuple(without_values(key) if key is UNIT else key for key in SELF_BILLING.keys)
)
"""The report with one row for each role and product, whatever their shares are."""
_NUMBER = re.compile(r"SB-([0-9]{4}-[0-9]{2})-([A-Z]{3})")


class Line(NamedTuple):
    """A line of a statement: the sales of a product in a role of which the account has the same share."""

    sold_as: str
    product_id: str
    unit: int | None
    sales: int
    unknown: int
    received: int
    reversed: int


class Head(msgspec.Struct, frozen=True, gc=False):
    """The newest revision of a statement."""

    number: str
    revision: int
    revised_at: int


class Revision(msgspec.Struct, frozen=True, gc=False):
    """A revision of a statement."""

    number: str
    month: date
    currency: str
    revision: int
    revised_at: int
    sales: int
    unknown: int
    received: int
    reversed: int


def number_of(month: str, currency: str) -> str:
    """The number of a statement, for example `SB-2026-06-BRL`."""
    return f"SB-{month}-{currency}"


async def current_lines(account_id: str, month: date, timezone: str) -> dict[str, list[Line]]:
    """What a month's sales add up to now, by currency.

    If there are more lines than a report can have, each role and product has a single one.
    """
    buckets = Period(month, month_after(month)).cut(ReportInterval.MONTH, timezone)
    for report in (SELF_BILLING, _IN_SUM):
        question = Question(report, buckets, report.keys, report.totals_for(None), MAX_ROWS + 1)
        statement = within_reach(whole_account(account_id), question)
        rows = await database.read(statement, named=False)
        if len(rows) <= MAX_ROWS:
            break
    places = {total.name: 6 + place for place, total in enumerate(SELF_BILLING.totals)}
    counted = [places[name] for name in ("count", "unknown_amount", "received", "reversed")]
    found: dict[str, list[Line]] = {}
    for row in rows:
        line = Line(row[1], str(row[2]), row[3], *(row[place] for place in counted))
        found.setdefault(row[4], []).append(line)
    return found


async def with_heads(viewer: Viewer, rows: Sequence[Row]) -> list[Row]:
    """Rows of the report with the newest revisions of their statements, except those of a part of a month."""
    whole = {
        row.bucket.first
        for row in rows
        if row.bucket.first.day == 1 and row.bucket.end == month_after(row.bucket.first)
    }
    months = sorted(month.isoformat()[:7] for month in whole)
    heads: dict[tuple[date, str], Head] = {}
    if months:
        within = billing(viewer, "billing_statements")
        found = await database.read(
            Statement(
                "SELECT r.month, r.currency, MAX(r.revision), MAX(r.revised_at)"
                " FROM billing_statements r WHERE "
            )
            + within.where("r")
            + Statement(" AND r.month >= ? AND r.month <= ? GROUP BY 1, 2", (months[0], months[-1])),
            named=False,
        )
        for month, currency, revision, revised_at in found:
            head = Head(number_of(month, currency), revision, revised_at)
            heads[date.fromisoformat(f"{month}-01"), currency] = head
    return [
        msgspec.structs.replace(row, statement=heads.get((row.bucket.first, row.currency)))
        if row.bucket.first in whole
        else row
        for row in rows
    ]


async def revisions(viewer: Viewer, number: str) -> list[Revision]:
    """The revisions of a statement by its number, the newest first; none if there is no such statement."""
    named = _NUMBER.fullmatch(number)
    if named is None:
        return []
    within = billing(viewer, "billing_statements")
    rows = await database.read(
        Statement(
            "SELECT r.month, r.currency, r.revision, r.revised_at, r.sales, r.unknown, r.received, r.reversed"
            " FROM billing_statements r WHERE r.month = ? AND r.currency = ? AND ",
            named.groups(),
        )
        + within.where("r")
        + f" ORDER BY r.revision DESC LIMIT {MAX_ROWS}",
        named=False,
    )
    return [
        Revision(number_of(month, currency), date.fromisoformat(f"{month}-01"), currency, *figures)
        for month, currency, *figures in rows
    ]


async def lines(viewer: Viewer, number: str, revision: int) -> tuple[str, list[Any]]:
    """The currency and the lines of a revision of a statement: each line, then the name of its product."""
    named = _NUMBER.fullmatch(number)
    if named is None:
        return "", []
    within = billing(viewer, "billing_lines")
    rows = await database.read(
        Statement(
            "SELECT r.sold_as, r.product_id, r.unit, r.sales, r.unknown, r.received, r.reversed, p.name"
            " FROM billing_lines r"
            " LEFT JOIN products p ON p.account_id = r.account_id AND p.id = r.product_id"
            " WHERE r.month = ? AND r.currency = ? AND r.first_revision <= ?"
            " AND (r.last_revision IS NULL OR r.last_revision >= ?) AND ",
            (*named.groups(), revision, revision),
        )
        + within.where("r")
        + Statement(
            " AND EXISTS (SELECT 1 FROM billing_statements b WHERE b.account_id = r.account_id"
            " AND b.month = r.month AND b.currency = r.currency AND b.revision = ?)"
            f" ORDER BY r.sold_as, p.sort_key, r.product_id, r.unit NULLS FIRST, r.id LIMIT {MAX_ROWS + 1}",
            (revision,),
        ),
        named=False,
    )
    if len(rows) > MAX_ROWS:
        raise Refusal(ErrorCode.BAD_INPUT, "too_many_rows", ("number",), most=MAX_ROWS)
    return named.group(2), list(rows)
