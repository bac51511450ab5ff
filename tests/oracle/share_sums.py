"""The oracle's reports of shares and of payments that failed: rows of sales added up one by one."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from oracle.sums import KEYS, LOST, REVENUE, named_keys, part, pieces, placed

Row = dict[str, Any]
DAY_MS = 86_400_000
NAMES = ("count", "gross", "amount", "unknownAmount", "reversed", "pending", "released", "value", "recovered")
ROLES = ("PRODUCER", "PRODUCER", "PRODUCER", "AFFILIATE", "PRODUCER", "COPRODUCER", "PRODUCER")
# the amount of each report, by another name in two of them
_AMOUNT = {"EarningsAsAffiliateRow": "earned", "SelfBillingRow": "received"}


def further_columns(number: int, sale: Row) -> Row:
    """The account's role and share in a sale of a number, and when it ended unpaid."""
    own = {0: None, 1: sale["price"] // 3}.get(number % 5, sale["price"] // 2)
    unpaid = sale["approved_at"] is None and number % 3
    return {
        "sold_as": ROLES[number % len(ROLES)],
        "own_amount": own,
        "own_currency": None if own is None else ("EUR" if number % 9 == 0 else sale["currency"]),
        "ended_at": sale["ordered_at"] + 3_600_000 if unpaid else None,
        # a few people buy again
        "marketplace_email": f"buyer-{number % 4}@example.com",
    }


def repeats(shares: list[Row], share: Row) -> int:
    """How a share repeats earlier ones of its sale: 2 with the name, else 1 with the source, else 0."""
    same = [item for item in shares if item["source"] == share["source"]]
    return 2 if any(item["name"] == share["name"] for item in same) else int(bool(same))


class _Sums:
    """Columns by keys and currency, and by bucket."""

    def __init__(self, account: Row, by: str | None, buckets: list[tuple[date, date]]) -> None:
        self.found: dict[tuple[Any, ...], dict[date, Row]] = {}
        self._zone, self._by, self._buckets = account["timezone"], by, buckets

    def add(self, sale: Row, day: date | None, keys: tuple[Any, ...], currency: str, **amounts: int) -> None:
        """Add to the columns of a day, if it is in the period."""
        first = next((first for first, end in self._buckets if day is not None and first <= day < end), None)
        if first is None:
            return
        keys = (*((KEYS[self._by](sale),) if self._by else ()), *keys)
        columns = self.found.setdefault((*keys, currency), {}).setdefault(first, dict.fromkeys(NAMES, 0))
        for name, amount in amounts.items():
            columns[name] += amount

    def share(
        self, sale: Row, keys: tuple[Any, ...], counted_in: str, amount: int | None, currency: str, first: int
    ) -> None:
        """Add a share of a sale that counts: its number and price are in one currency, the share in its own."""
        day = placed(sale, self._zone)
        if sale["status"] in LOST:
            self.add(sale, day, keys, counted_in)
            if amount is not None:
                self.add(sale, day, keys, currency, reversed=amount)
            return
        self.add(sale, day, keys, counted_in, count=first, unknownAmount=int(amount is None))
        self.add(sale, day, keys, counted_in, gross=first * sale["price"])
        if amount is not None:
            # every sale of these worlds is from long ago
            self.add(sale, day, keys, currency, amount=amount, released=amount)


def _own(sale: Row) -> tuple[int | None, str]:
    return sale["own_amount"], sale["own_currency"] or sale["currency"]


def _commissions(sums: _Sums, sale: Row, shares: list[Row]) -> None:
    if sale["sold_as"] != "PRODUCER":
        return
    for place, share in enumerate(shares):
        first = not any(item["source"] == share["source"] for item in shares[:place])
        currency = share["currency"]
        sums.share(sale, (share["source"],), currency, share["amount"], currency, int(first))
    if not shares:
        sums.share(sale, (None,), sale["currency"], None, sale["currency"], 1)


def _coproduction(sums: _Sums, sale: Row, shares: list[Row]) -> None:
    if sale["sold_as"] == "COPRODUCER":
        amount, currency = _own(sale)
        sums.share(sale, (None, sale["product_id"], True), sale["currency"], amount, currency, 1)
    found = [share for share in shares if share["source"] == "COPRODUCER"]
    for place, share in enumerate(found if sale["sold_as"] == "PRODUCER" else []):
        first = not any(item["name"] == share["name"] for item in found[:place])
        keys = (share["name"], sale["product_id"], False)
        sums.share(sale, keys, sale["currency"], share["amount"], share["currency"], int(first))


def _payments(sums: _Sums, sale: Row, shares: list[Row]) -> None:
    found = [share for share in shares if share["source"] == "AFFILIATE"]
    affiliate = sale["affiliate_code"]
    for place, share in enumerate(found if sale["sold_as"] == "PRODUCER" else []):
        amount, currency = share["amount"], share["currency"]
        sums.share(sale, (affiliate,), sale["currency"], amount, currency, int(place == 0))


def _earnings(sums: _Sums, sale: Row, _shares: list[Row]) -> None:
    amount, currency = _own(sale)
    if sale["sold_as"] == "AFFILIATE":
        sums.share(sale, (sale["product_id"],), sale["currency"], amount, currency, 1)


def _billing(sums: _Sums, sale: Row, _shares: list[Row]) -> None:
    amount, currency = _own(sale)
    sums.share(sale, (sale["sold_as"], sale["product_id"], amount), currency, amount, currency, 1)


REPORTS: dict[str, Any] = {
    "CommissionsRow": (("source",), _commissions),
    "CoproductionRevenueRow": (("coproducer", "product", "ours"), _coproduction),
    "SelfBillingRow": (("soldAs", "product", "unit"), _billing),
    "EarningsAsAffiliateRow": (("product",), _earnings),
    "AffiliatePaymentsRow": (("affiliate",), _payments),
    "CancellationReasonsRow": (("refusal", "paymentMethod"), None),
}


def _unpaid(sums: _Sums, sales: list[Row], zone: str) -> None:
    for sale in sales:
        ended = sale["ended_at"]
        if ended is None or sale["sold_as"] != "PRODUCER":
            continue
        again = [
            other
            for other in sales
            if (other["marketplace_email"], other["product_id"], other["sold_as"])
            == (sale["marketplace_email"], sale["product_id"], "PRODUCER")
            and other["approved_at"] is not None
            and ended <= other["approved_at"] < ended + 30 * DAY_MS
        ]
        day = datetime.fromtimestamp(ended / 1000, ZoneInfo(zone)).date()
        keys = (sale["refusal"], sale["payment_method"])
        amounts = {"count": 1, "value": sale["price"], "recovered": int(bool(again))}
        sums.add(sale, day, keys, sale["currency"], **amounts)


def rows(
    world: dict[str, list[Row]],
    sales: list[Row],
    account: Row,
    row: str,
    *,
    period: Row,
    every: str = "MONTH",
    by: str | None = None,
) -> list[Row]:
    """One row for each bucket, values of the keys and currency."""
    buckets = pieces(date.fromisoformat(period["from"]), date.fromisoformat(period["to"]), every)
    sums, (keys, add) = _Sums(account, by, buckets), REPORTS[row]
    if add is None:
        _unpaid(sums, sales, account["timezone"])
    for sale in sales if add else ():
        if sale["status"] in (*REVENUE, *LOST):
            shares = [share for share in world["commissions"] if share["sale_id"] == sale["id"]]
            add(sums, sale, sorted(shares, key=lambda share: share["position"]))
    names = [*([by] if by else []), *keys]
    nothing = dict.fromkeys(NAMES, 0)
    found = sums.found or {(account["currency"],): {}}
    return [
        {
            **dict.fromkeys(("statement", "revision", "revisedAt")),
            **dict.fromkeys(("source", "coproducer", "soldAs", "unit", "affiliate", "refusal")),
            "ours": False,
            **named_keys(world, names, values[:-1] or None),
            **_affiliate(world, names, values[:-1]),
            "currency": values[-1],
            "from": first.isoformat(),
            "to": end.isoformat(),
            **_known(row, columns.get(first) or nothing),
            "share": _share(row, first, by, values, found),
        }
        for first, end in buckets
        for values, columns in found.items()
    ]


def _affiliate(world: dict[str, list[Row]], names: list[str], values: tuple[Any, ...]) -> Row:
    code = dict(zip(names, values, strict=False)).get("affiliate")
    if code is None:
        return {}
    # in these worlds, each code is that of one sale
    sale = next(sale for sale in world["sales"] if sale["affiliate_code"] == code)
    return {"affiliate": {"code": code, "name": sale["affiliate_name"]}}


def _known(row: str, columns: Row) -> Row:
    """The columns as they are shown: shares that are not known of every sale are none."""
    shown = dict(columns)
    if columns["unknownAmount"]:
        shown |= dict.fromkeys(("amount", "pending", "released"))
    return shown | {_AMOUNT.get(row, "amount"): shown["amount"]}


def _share(row: str, first: date, by: str | None, values: tuple[Any, ...], found: Row) -> str | None:
    name = "value" if row == "CancellationReasonsRow" else "amount"
    cells = {
        other: columns[first]
        for other, columns in found.items()
        if first in columns and other[-1] == values[-1] and (not by or other[0] == values[0])
    }
    own = cells.get(values) or dict.fromkeys(NAMES, 0)
    if name == "amount" and own["unknownAmount"]:
        return None
    return part(own[name], sum(columns[name] for columns in cells.values()))


__all__ = ["REPORTS", "further_columns", "repeats", "rows"]
