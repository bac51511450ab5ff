"""The words of the reports' vocabulary in plain Python, sale by sale: written apart from their SQL."""

import string
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import recurring_twins as recurring
from models import database
from reports.facts import Facts
from reports.grouping import Grouping, Named
from reports.period import Period, ReportInterval
from reports.report import Report

Row = dict[str, Any]
PAID = {"APPROVED", "COMPLETE", "PARTIALLY_REFUNDED"}
LOST = {"REFUNDED", "DISPUTE", "CHARGEBACK"}
SMALL_TO_CAPITAL = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


def placed(sale: Row) -> int | None:
    """When a sale counts: at its approval, or at its order where it was lost before."""
    if sale["approved_at"] is None and sale["status"] in LOST:
        return int(sale["ordered_at"])
    return sale["approved_at"]


def of(status: str, sale: Row) -> list[tuple[str, int]]:
    return [(sale["currency"], sale["price"])] if sale["status"] == status else []


def paid(sale: Row, currency: str, value: Any) -> list[tuple[str, int]]:
    return [(sale[currency], value)] if sale["status"] in PAID else []


def net(sale: Row) -> list[tuple[str, int]]:
    return [] if net_is_unknown(sale) else paid(sale, "net_currency", sale["net"])


def net_is_unknown(sale: Row) -> bool:
    return sale["net"] is None or sale["net_currency"] is None


def shares(*sources: str) -> Callable[[Row], list[Row]]:
    """The shares of a sale, each with the sale; of these sources, or all, with one unknown where there is none."""

    def of_sale(sale: Row) -> list[Row]:
        found = [share for share in sale["shares"] if not sources or share["source"] in sources]
        if not found and not sources:
            unknown = {"source": None, "amount": None, "amount_currency": sale["currency"], "name": None}
            return [sale | unknown | {"first": True}]
        same = (
            (lambda share: (share["source"], share["name"]))
            if sources == ("COPRODUCER",)
            else (lambda share: share["source"])
        )
        first: dict[Any, Row] = {}
        for share in found:
            first.setdefault(same(share), share)
        return [
            sale
            | {name: share[name] for name in ("source", "amount", "name")}
            | {"amount_currency": share["currency"], "first": share is first[same(share)]}
            for share in found
        ]

    return of_sale


def own_share(sale: Row) -> list[Row]:
    """The account's own share of a sale."""
    own = {"amount": sale["own_amount"], "amount_currency": sale["own_currency"] or sale["currency"]}
    return [sale | own | {"first": True, "name": None}]


# what of a sale is counted, and what its row is in
FACTS: dict[str, tuple[Callable[[Row], list[Row]], str]] = {
    "SALES": (lambda sale: [sale], "currency"),
    "ATTEMPTS": (lambda sale: [sale], "currency"),
    "SHARES": (shares(), "amount_currency"),
    "COPRODUCER_SHARES": (shares("COPRODUCER"), "currency"),
    "AFFILIATE_SHARES": (shares("AFFILIATE"), "currency"),
    "OWN_SHARES": (own_share, "currency"),
    "RECEIVED_SHARES": (own_share, "amount_currency"),
    "COPRODUCED_SHARES": (
        lambda sale: [share | {"ours": True} for share in own_share(sale)],
        "currency",
    ),
    **recurring.FACTS,
}


def sold_as(role: str) -> Callable[[Row], bool]:
    return lambda sale: sale["sold_as"] == role and sale["status"] in PAID | LOST


ROWS: dict[str, Callable[[Row], bool]] = {
    "SOLD": sold_as("PRODUCER"),
    "PROMOTED": sold_as("AFFILIATE"),
    "COPRODUCED": sold_as("COPRODUCER"),
    "IN_ANY_ROLE": lambda sale: sale["status"] in PAID | LOST,
    "UNPAID": lambda sale: sale["sold_as"] == "PRODUCER",
    **recurring.ROWS,
}
MOMENTS: dict[str, Callable[[Row], int | None]] = {
    "PLACED": placed,
    "ENDED": lambda sale: sale["ended_at"],
    "ORDERED": lambda sale: int(sale["ordered_at"]),
    **recurring.MOMENTS,
}
KEYS: dict[str, Callable[[Row], Any]] = {
    "product": lambda sale: sale["product_id"],
    "offer": lambda sale: sale["offer_id"],
    "src": lambda sale: sale["origin_src"],
    "sck": lambda sale: sale["origin_sck"],
    "checkout_origin": lambda sale: sale["checkout_origin"],
    "payment_method": lambda sale: sale["payment_method"],
    "in_installments": lambda sale: sale["instalments"] > 1,
    "device": lambda sale: sale["device"] and sale["device"].translate(SMALL_TO_CAPITAL),
    "country": lambda sale: sale["buyer_country"],
    "state": lambda sale: sale["buyer_state"],
    "city": lambda sale: sale["buyer_city"],
    "sold_as": lambda sale: sale["sold_as"],
    "unit": lambda share: share["amount"],
    "refusal": lambda sale: sale["refusal"],
    "source": lambda share: share["source"],
    "affiliate": lambda sale: sale["affiliate_code"],
    "coproducer": lambda share: share["name"],
    "ours": lambda share: share.get("ours", False),
    **recurring.KEYS,
}
GROUPS = {None: "", Grouping.MEMBER: "credit_id", Grouping.TEAM: "credit_team_id"}


def buyer(sale: Row) -> str:
    """By what buyers are told apart."""
    email = sale.get("buyer_email") and sale["buyer_email"].translate(SMALL_TO_CAPITAL)
    return str(email or sale.get("buyer_document") or sale["id"])


def share_of(*sources: str) -> Callable[[Row], list[tuple[str, Any]]]:
    return lambda share: paid(share, "amount_currency", share["amount"]) if share["source"] in sources else []


def amount(share: Row) -> list[tuple[str, int]]:
    return [] if share["amount"] is None else paid(share, "amount_currency", share["amount"])


def released(share: Row) -> bool:
    days = 30 if share["currency"] == "BRL" else 15
    at = share["approved_at"] + days * 86_400_000
    return max(at, share["warranty_until"] or 0) <= database.now()


# what a fact adds to a column, and in which currency
TOTALS: dict[str, Callable[[Row], list[tuple[str, Any]]]] = {
    "count": lambda sale: paid(sale, "currency", 1),
    "gross": lambda sale: paid(sale, "currency", sale["price"]),
    "full_gross": lambda sale: paid(sale, "full_currency", sale["full_price"]),
    "net": net,
    "unknown_net": lambda sale: paid(sale, "currency", int(net_is_unknown(sale))),
    "refunded": lambda sale: of("REFUNDED", sale),
    "disputed": lambda sale: of("DISPUTE", sale),
    "charged_back": lambda sale: of("CHARGEBACK", sale),
    "lost_count": lambda sale: [(sale["currency"], int(sale["status"] in LOST))],
    "settled": lambda sale: [(sale["currency"], 1)],
    "buyers": lambda sale: [(sale["currency"], buyer(sale))],
    "fee": share_of("MARKETPLACE"),
    "affiliates": share_of("AFFILIATE"),
    "coproducers": share_of("COPRODUCER"),
    "addons": share_of("ADDON", "OTHER"),
    "unknown_shares": lambda share: paid(share, "amount_currency", int(share["source"] is None)),
    "attempts": lambda sale: [(sale["currency"], 1)],
    "approved": lambda sale: [(sale["currency"], 1)] if sale["approved_at"] is not None else [],
    "amount": amount,
    "earned": amount,
    "received": amount,
    "value": lambda sale: [(sale["currency"], sale["price"])],
    "recovered": lambda sale: [(sale["currency"], int(sale["recovered"]))],
    "unknown_amount": lambda share: paid(share, "currency", int(share["amount"] is None)),
    "reversed": lambda share: (
        [(share["amount_currency"], share["amount"])]
        if share["status"] in LOST and share["amount"] is not None
        else []
    ),
    "pending": lambda share: [] if not amount(share) or released(share) else amount(share),
    "released": lambda share: amount(share) if amount(share) and released(share) else [],
    **recurring.TOTALS,
}
# of the facts with a share in each row, what differs: a sale with two shares of a kind counts once
OF_SHARES: dict[str, Callable[[Row, str], list[tuple[str, Any]]]] = {
    "count": lambda share, currency: paid(share, currency, int(share["first"])),
    "gross": lambda share, currency: paid(share, currency, share["price"] * share["first"]),
    "unknown_amount": lambda share, currency: paid(share, currency, int(share["amount"] is None)),
}


OF_UNPAID: dict[str, Callable[[Row], list[tuple[str, Any]]]] = {
    "count": lambda sale: [(sale["currency"], 1)],
}
MONTH_MS = 30 * 86_400_000


def recovered(sale: Row, sales: list[Row]) -> bool:
    """Whether the buyer bought the same product within 30 days after all."""
    return any(
        other["marketplace_email"] == sale["marketplace_email"] is not None
        and other["product_id"] == sale["product_id"]
        and other["sold_as"] == sale["sold_as"]
        and 0 <= (other["approved_at"] or 0) - sale["ended_at"] < MONTH_MS
        for other in sales
    )


def unless(row: Row, unknown: str, value: Any) -> Any:
    return None if row.get(unknown) else value


def ratio(dividend: int, divisor: int, digits: int | None = 4) -> Any:
    return round(Fraction(dividend, divisor), digits) if divisor else None


# what a row's totals, and those of all rows of its bucket, group and currency, make of a ratio
RATIOS: dict[str, Callable[[Row, Row], Any]] = {
    "share": lambda row, whole: (
        ratio(row["gross"], whole["gross"])
        if "gross" in row
        else ratio(row["value"], whole["value"])
        if "value" in row
        else unless(row, "unknown_amount", ratio(row["amount"], whole["amount"]))
    ),
    "average": lambda row, _whole: ratio(row["gross"], row["count"], None),
    "approval_rate": lambda row, _whole: ratio(row["approved"], row["attempts"]),
    "lost_rate": lambda row, _whole: ratio(row["lost_count"], row["settled"]),
    **recurring.RATIOS,
}


def opening(day: date, every: ReportInterval) -> date:
    """The first day of the calendar's day, week, month or year around a day."""
    return {
        ReportInterval.DAY: day,
        ReportInterval.WEEK: day - timedelta(days=day.weekday()),
        ReportInterval.MONTH: day.replace(day=1),
        ReportInterval.YEAR: day.replace(month=1, day=1),
        ReportInterval.WHOLE: date.min,
    }[every]


def contributions(report: Report, facts: Facts, fact: Row) -> Iterator[tuple[str, str, Any]]:
    """The columns to which a fact adds something, the currency and what it adds."""
    main = facts in (report.facts, *report.also)
    for total in report.totals:
        if total.facts is not facts and not (main and total.facts is None):
            continue
        if "first" in fact and total.name in OF_SHARES:
            added = OF_SHARES[total.name](fact, FACTS[facts.name][1])
        elif report.rows.name == "UNPAID" and total.name in OF_UNPAID:
            added = OF_UNPAID[total.name](fact)
        else:
            added = TOTALS[total.name](fact)
        for currency, value in added:
            yield total.name, currency, value


def counted(report: Report, sales: list[Row], period: Period, zone: str) -> Iterator[tuple[Facts, Row, date]]:
    """What a report counts, and the local day on which it does."""
    for facts in report.counted:
        moment, rows = MOMENTS[(facts.at or report.at).name], ROWS[(facts.rows or report.rows).name]
        for sale in sales:
            at = moment(sale)
            fits = sale["sold_as"] == ROLES[report.rows.name] if facts.at is not None else rows(sale)
            if at is None or not fits:
                continue
            day = datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).date()
            if (period.first <= day or report.carried) and day < period.end:
                more = {}
                if moment is MOMENTS["ENDED"]:
                    more["recovered"] = recovered(sale, sales)
                for fact in FACTS[facts.name][0](sale | more):
                    yield facts, fact, day


ROLES = {"SOLD": "PRODUCER", "PROMOTED": "AFFILIATE"}


def expected(
    report: Report,
    sales: list[Row],
    period: Period,
    every: ReportInterval,
    zone: str,
    by: Grouping | None = None,
    *,
    top: int | None = None,
    small: int = 0,
) -> dict[tuple[Any, ...], Row]:
    """A report's columns by first day of bucket, id of group, values of keys, currency, and others or not."""
    totals = [total.name for total in report.totals]
    found: dict[Any, Row] = defaultdict(lambda: {name: set() if name == "buyers" else 0 for name in totals})
    buyers: dict[Any, set[str]] = defaultdict(set)
    for facts, fact, day in counted(report, sales, period, zone):
        first = max(opening(day, every), period.first) if day >= period.first else BEFORE
        if "begun_at" in fact:
            begun = datetime.fromtimestamp(fact["begun_at"] / 1000, ZoneInfo(zone)).date()
            fact["begun_before"] = begun < first
        keys = tuple(KEYS[key.name](fact) for key in report.keys)
        place = (first, fact[GROUPS[by]] if by else None, keys)
        if facts in (report.facts, *report.also):
            found[*place, fact[FACTS[facts.name][1]]]  # a row, whether or not a column counts the fact
            buyers[keys].add(buyer(fact))
        for name, currency, value in contributions(report, facts, fact):
            cell = found[*place, currency]
            if name == "buyers":
                cell[name].add(value)
            else:
                cell[name] += value
    for row in found.values():
        if "buyers" in row:
            row["buyers"] = len(row["buyers"])
    few = {place[2] for place in found if len(buyers[place[2]]) < small}
    shown = (
        folded(report, found, few, top)
        if report.keys and (top or small)
        else {(*place, False): row for place, row in found.items()}
    )
    if report.carried:
        shown = carried(shown, totals)
    days = [period.first + timedelta(days=number) for number in range((period.end - period.first).days)]
    kinds = {place[1:] for place in shown}
    nothing = dict.fromkeys(totals, 0)
    for first in sorted({max(opening(day, every), period.first) for day in days}):
        for kind in kinds:
            shown.setdefault((first, *kind), dict(nothing))
    if report.carried:
        shown = carried_on(shown)
    wholes: dict[Any, Row] = defaultdict(lambda: dict(nothing))
    for (first, group, _, currency, _), row in shown.items():
        for name in totals:
            wholes[first, group, currency][name] += row[name]
    declared = [column.name for column in report.columns]
    ratios = [name for name in declared if name in RATIOS]
    return {
        (first, group, keys, currency, others): {name: row[name] for name in declared if name in totals}
        | {name: RATIOS[name](row, wholes[first, group, currency]) for name in ratios}
        | ({"buyers": None} if others and "buyers" in row else {})
        for (first, group, keys, currency, others), row in shown.items()
    }


def folded(report: Report, found: dict[Any, Row], few: set[Any], top: int | None) -> dict[Any, Row]:
    """The rows with one for all keys with few buyers, and all beyond the first ones of a currency."""
    rank = next(total.name for total in report.totals if total.money)
    weights: dict[Any, int] = defaultdict(int)
    for (_, _, keys, currency), row in found.items():
        if keys not in few:
            weights[currency, keys] += row[rank]

    def order(place: Any) -> Any:
        return -weights[place], [(key is None, str(key)) for key in place[1]]

    leading: dict[str, set[Any]] = defaultdict(set)
    for currency, keys in sorted(weights, key=order):
        if top is None or len(leading[currency]) < top:
            leading[currency].add(keys)
    shown: dict[Any, Row] = {}
    for (first, group, keys, currency), row in found.items():
        own = keys in leading[currency]
        place = (first, group, keys if own else ABSENT, currency, not own)
        known = shown.setdefault(place, dict.fromkeys(row, 0))
        for name in row:
            known[name] += row[name]
    return shown


BEFORE = date.min
"""The bucket of what was before the period."""


def carried(shown: dict[Any, Row], totals: list[str]) -> dict[Any, Row]:
    """The rows of which something was left when the period began, or of which something happened in it."""
    happened = {place[1:] for place in shown if place[0] != BEFORE}
    happened |= {place[1:] for place, row in shown.items() if row["active_at_end"]}
    nothing = dict.fromkeys(totals, 0)
    with_turns = {place: row for place, row in shown.items() if place[1:] in happened}
    return with_turns | {(BEFORE, *kind): shown.get((BEFORE, *kind), nothing) for kind in happened}


def carried_on(shown: dict[Any, Row]) -> dict[Any, Row]:
    """The rows of the period's buckets, with everything before them in the columns that are about it."""
    found = {}
    for place, columns in shown.items():
        if place[0] == BEFORE:
            continue
        row = dict(columns)
        for name, whole in recurring.CARRIED.items():
            row[name] = sum(
                other[name]
                for (first, *kind), other in shown.items()
                if tuple(kind) == place[1:] and (first < place[0] or (whole and first == place[0]))
            )
        found[place] = row
    return found


ABSENT = "all others"


def actual(report: Report, rows: list[Any]) -> dict[tuple[Any, ...], Row]:
    """The rows of a report as `expected` has them."""

    def plain(value: Any) -> Any:
        return value.id if isinstance(value, Named) else value

    return {
        (
            row.bucket.first,
            plain(row.group),
            ABSENT if row.others else tuple(plain(getattr(row, key.name)) for key in report.keys),
            row.currency,
            row.others,
        ): {
            column.name: row.known_buyers if column.name == "buyers" else getattr(row, column.name)
            for column in report.columns
        }
        for row in rows
    }
