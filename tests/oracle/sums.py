"""The oracle's reports: sales added up one by one."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
REVENUE = ("APPROVED", "COMPLETE", "PARTIALLY_REFUNDED")
LOST = {"REFUNDED": "refunded", "DISPUTE": "disputed", "CHARGEBACK": "chargedBack"}
_NAMES = {"MEMBER": "member", "TEAM": "team"}
_PREFIX = {"MEMBER": "person", "TEAM": "team"}
COLUMNS = ("count", "gross", "net", "unknownNet", *LOST.values(), "attempts", "approved", "buyers")
SHARES = {
    "MARKETPLACE": "fee",
    "AFFILIATE": "affiliates",
    "COPRODUCER": "coproducers",
    "ADDON": "addons",
    "OTHER": "addons",
}
DETAILS = ("fullGross", *dict.fromkeys(SHARES.values()), "unknownShares", "lostCount")
ALL = (*COLUMNS, *DETAILS)
OTHERS = "all keys with few buyers"
FEW = 5


def placed(sale: Row, zone: str) -> date | None:
    """The local day that a sale counts on: of its approval, or of its order where it was lost before."""
    at = sale["approved_at"]
    if at is None and sale["status"] in LOST:
        at = sale["ordered_at"]
    if at is None or sale["status"] not in (*REVENUE, *LOST):
        return None
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).date()


def pieces(start: date, end: date, every: str) -> list[tuple[date, date]]:
    """The buckets of a period, day after day: a new one begins where the label changes."""
    labels = {
        "DAY": lambda day: day,
        "WEEK": lambda day: day.isocalendar()[:2],
        "MONTH": lambda day: (day.year, day.month),
        "YEAR": lambda day: day.year,
        "WHOLE": lambda _day: "",
    }
    found: list[tuple[date, date]] = []
    day, label = start, None
    while day < end:
        after = day + timedelta(days=1)
        if labels[every](day) != label:
            label = labels[every](day)
            found.append((day, after))
        else:
            found[-1] = (found[-1][0], after)
        day = after
    return found


def capitals(text: str | None) -> str | None:
    """A text with its letters from a to z as capitals."""
    return text and "".join(letter.upper() if "a" <= letter <= "z" else letter for letter in text)


# what a report tells a sale's row apart by
KEYS: dict[str, Any] = {
    "MEMBER": lambda sale: sale["credit_id"],
    "TEAM": lambda sale: sale["credit_team_id"],
    "product": lambda sale: sale["product_id"],
    "src": lambda sale: sale["origin_src"],
    "sck": lambda sale: sale["origin_sck"],
    "paymentMethod": lambda sale: sale["payment_method"],
    "inInstallments": lambda sale: sale["instalments"] > 1,
    "device": lambda sale: capitals(sale["device"]),
    "checkoutOrigin": lambda sale: sale["checkout_origin"],
    "country": lambda sale: sale["buyer_country"],
    "offer": lambda sale: sale["offer_id"],
}
# reports with one of these count attempts, too
OF_ATTEMPTS = {"paymentMethod", "checkoutOrigin"}


def buyer(sale: Row) -> str:
    """Who bought."""
    return capitals(sale["buyer_email"]) or sale["buyer_document"] or sale["id"]


def with_few(sales: list[Row], account: Row, start: date, end: date) -> set[str | None]:
    """The countries in which few people bought in a period."""
    buyers: dict[str | None, set[str]] = {}
    for sale in sales:
        day = placed(sale, account["timezone"])
        if day is not None and start <= day < end:
            buyers.setdefault(sale["buyer_country"], set()).add(buyer(sale))
    return {country for country, found in buyers.items() if len(found) < FEW}


def cells(
    sales: list[Row],
    account: Row,
    keys: list[str],
    buckets: list[tuple[date, date]],
    *,
    small: bool = False,
    shares: list[Row] | None = None,
) -> dict[tuple[Any, ...], dict[date, Row]]:
    """By the values of the keys and the currency: by the first day of a bucket, its columns.

    With `small`, countries in which few people bought are together. With `shares`, these are added up, too.
    """
    found: dict[tuple[Any, ...], dict[date, Row]] = {}
    buyers: dict[tuple[Any, ...], set[str]] = {}
    few = with_few(sales, account, buckets[0][0], buckets[-1][1]) if small and "country" in keys else set()

    def add(sale: Row, day: date, currency: str, **amounts: int) -> None:
        bucket = next(first for first, end in buckets if first <= day < end)
        values = (OTHERS if key == "country" and KEYS[key](sale) in few else KEYS[key](sale) for key in keys)
        row = found.setdefault(place := (*values, currency), {})
        columns = row.setdefault(bucket, dict.fromkeys(ALL, 0))
        for name, value in amounts.items():
            columns[name] += value
        if currency == sale["currency"] and "attempts" not in amounts:
            of_cell = buyers.setdefault((*place, bucket), set())
            of_cell.add(buyer(sale))
            columns["buyers"] = len(of_cell)

    for sale in sales if OF_ATTEMPTS.intersection(keys) else ():
        day = datetime.fromtimestamp(sale["ordered_at"] / 1000, ZoneInfo(account["timezone"])).date()
        if buckets[0][0] <= day < buckets[-1][1]:
            approved = int(sale["approved_at"] is not None)
            add(sale, day, sale["currency"], attempts=1, approved=approved)
    for sale in sales:
        day = placed(sale, account["timezone"])
        if day is None or not buckets[0][0] <= day < buckets[-1][1]:
            continue
        if sale["status"] in LOST:
            add(sale, day, sale["currency"], lostCount=1, **{LOST[sale["status"]]: sale["price"]})
        else:
            add(sale, day, sale["currency"], count=1, gross=sale["price"])
            if sale["net"] is not None:
                add(sale, day, sale["net_currency"], net=sale["net"])
            else:
                add(sale, day, sale["currency"], unknownNet=1)
            if shares is not None:
                add(sale, day, sale["full_currency"], fullGross=sale["full_price"])
                of_sale = [share for share in shares if share["sale_id"] == sale["id"]]
                for share in of_sale:
                    named = {SHARES[share["source"]]: share["amount"]} if share["source"] in SHARES else {}
                    add(sale, day, share["currency"], **named)
                if not of_sale:
                    add(sale, day, sale["currency"], unknownShares=1)
    return found


def known(columns: Row) -> Row:
    """The columns as they are told: a net or shares that are not known of every sale are none."""
    unknown = dict.fromkeys(SHARES.values()) if columns.get("unknownShares") else {}
    return columns | unknown | {"net": None if columns["unknownNet"] else columns["net"]}


def ratios(columns: Row, of_all: list[Row]) -> Row:
    """A row's average price, and its share of its bucket, group and currency."""
    return {
        "average": round(Fraction(columns["gross"], columns["count"])) if columns["count"] else None,
        "share": part(columns["gross"], sum(item["gross"] for item in of_all)),
        "lostRate": part(columns["lostCount"], columns["count"] + columns["lostCount"]),
        "approvalRate": part(columns["approved"], columns["attempts"]),
    }


def part(some: int, whole: int) -> str | None:
    """A part of a whole in four decimals."""
    share = round(Fraction(some * 10_000, whole)) if whole else 0
    return f"{share // 10_000}.{share % 10_000:04}" if whole else None


def named_keys(world: dict[str, list[Row]], keys: list[str], found: tuple[Any, ...] | None) -> Row:
    """The words of a row's keys; of no sale at all, none."""
    row: Row = dict.fromkeys(("group", "member", "team", "state", "city", *KEYS)) | {"inInstallments": False}
    row["others"] = OTHERS in (found or ())
    tables = {
        "MEMBER": ("collaborators", "ended_seats"),
        "TEAM": ("teams", "ended_teams"),
        "product": ("products",),
        "offer": ("offers",),
    }
    for key, value in zip(keys, found or (), strict=False):
        named = value
        if key in tables:
            known = [item for table in tables[key] for item in world[table] if item["id"] == value]
            named = known[0] if known else None
        row[_NAMES.get(key, key)] = None if named == OTHERS else named
        if key in _NAMES and named is not None:
            row["group"] = row[_NAMES[key]] = {"name": named["name"], "id": f"{_PREFIX[key]}_{value}"}
    return row


def rows(
    world: dict[str, list[Row]],
    sales: list[Row],
    account: Row,
    keys: list[str],
    *,
    period: Row,
    every: str = "MONTH",
    by: str | None = None,
    small: bool = False,
) -> list[Row]:
    """One row for each bucket, values of the keys and currency."""
    keys = [*([by] if by else []), *keys]
    buckets = pieces(date.fromisoformat(period["from"]), date.fromisoformat(period["to"]), every)
    shares = world["commissions"] if "offer" in keys else None
    found = cells(sales, account, keys, buckets, small=small, shares=shares) or {(account["currency"],): {}}
    nothing = dict.fromkeys(ALL, 0)
    return [
        {
            **named_keys(world, keys, values_[:-1] or None),
            "currency": values_[-1],
            "from": first.isoformat(),
            "to": end.isoformat(),
            **known(columns.get(first) or nothing),
            **({"buyers": None} if OTHERS in values_ else {}),
            **ratios(
                columns.get(first) or nothing,
                [
                    other.get(first) or nothing
                    for others, other in found.items()
                    if others[-1] == values_[-1] and (not by or others[0] == values_[0])
                ],
            ),
        }
        for first, end in buckets
        for values_, columns in found.items()
    ]


def years(
    world: dict[str, list[Row]], sales: list[Row], account: Row, first: int, last: int, by: str | None
) -> list[Row]:
    """One row for each year, group and currency, with its twelve months and their total."""
    keys = [by] if by else []
    buckets = pieces(date(first, 1, 1), date(last + 1, 1, 1), "MONTH")
    found = cells(sales, account, keys, buckets) or {(account["currency"],): {}}
    years = []
    for year in range(first, last + 1):
        for values_, columns in found.items():
            months = []
            for month in range(1, 13):
                of_month = columns.get(date(year, month, 1)) or dict.fromkeys(COLUMNS, 0)
                months.append({**of_month, "month": month, "currency": values_[-1]})
            total = known({name: sum(month[name] for month in months) for name in COLUMNS})
            months = [known(month) for month in months]
            years.append(
                {
                    "year": year,
                    **named_keys(world, keys, values_[:-1] or None),
                    "total": {**total, "currency": values_[-1]},
                    "months": months,
                }
            )
    return years
