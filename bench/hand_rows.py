"""From rows to what is encoded, as one writes it for one request at a time."""

import time
from datetime import UTC, date, datetime
from typing import Any

from bench.furnish import ACCOUNT
from engine.rows.connection import cursor_purpose
from engine.rows.cursor import Seal
from engine.rows.select import Order
from models.address import address_of
from reports.period import Period, ReportInterval

SECRET = b"a key to measure with, of enough characters"
SEAL = Seal(SECRET)
PURPOSE = cursor_purpose(ACCOUNT, "find_sales", "", "sales", (Order("ordered_at", descending=True),))


def moment(milliseconds: int | None) -> str | None:
    """A time as RFC 3339 text."""
    if milliseconds is None:
        return None
    rest = milliseconds % 1000
    text = datetime.fromtimestamp(milliseconds // 1000, UTC).isoformat()[:19]
    return f"{text}.{rest:03d}Z" if rest else text + "Z"


def amount(minor: int) -> str:
    """An amount of a currency with two decimals."""
    return f"{minor // 100}.{minor % 100:02d}" if minor >= 0 else "-" + amount(-minor)


def money(minor: int, currency: str) -> Any:
    """An amount and its currency."""
    return {"amount": amount(minor), "currency": currency}


async def centrals(asks: Any) -> Any:
    """Who asks, and the centrals that he may enter."""
    who = asks.who
    now = time.time_ns() // 1_000_000
    rows = await asks.fetch(asks.texts[1], (who.user_id, who.user_id, now, now, who.user_id))
    doors = [
        {
            "id": "central_" + row["id"],
            "accountName": row["name"],
            "access": "OWNER" if row["owned"] else "COLLABORATOR",
            "role": "OWNER" if row["owned"] else row["role"],
            "joinedAt": moment(row["joined_at"]),
        }
        for row in rows
    ]
    return {
        "viewer": {
            "id": "user_" + who.user_id,
            "name": who.name,
            "email": who.email,
            "locale": who.locale,
            "centrals": doors,
        }
    }


async def _rows(asks: Any) -> Any:
    """A page's rows, and what stands beside them."""
    who, first, after = asks.who, asks.body["first"], asks.body.get("after")
    if "SEARCH_SALES" not in who.grants:
        raise PermissionError
    position = SEAL.read(PURPOSE, after, 2) if after else ()
    account, values = who.account_id, who.values
    params: list[Any]
    if values is None:
        params = [account, *position]
    elif len(values) == 1:
        params = [account, values[0], *position]
    elif asks.postgres:
        params = [values, account, *position, account]
    else:
        params = [one for value in values for one in (account, value, *position)]
        params.append(account)
    rows = await asks.fetch(asks.texts[1], params)
    kept = rows[:first]
    info = {
        "hasNextPage": len(rows) > first,
        "endCursor": SEAL.write(PURPOSE, tuple(kept[-1])[-2:]) if kept else None,
    }
    return kept, info


async def page(asks: Any) -> Any:
    """A page of sales, personal data and all."""
    kept, info = await _rows(asks)
    nodes = [
        {
            "id": "sale_" + sale_id,
            "reference": reference,
            "status": status,
            "price": {"amount": amount(price), "currency": currency},
            "net": None if net is None else {"amount": amount(net), "currency": net_currency},
            "paymentMethod": method,
            "installments": installments,
            "orderedAt": moment(ordered),
            "approvedAt": moment(approved),
            "buyer": {
                "name": buyer,
                "country": country,
                "email": email,
                "phone": phone,
                "document": document,
            },
            "product": {"id": "product_" + product_id, "name": product},
            "assignee": None if person_id is None else {"id": "person_" + person_id, "name": person},
        }
        for (
            sale_id, reference, status, price, currency, net, net_currency, method, installments, ordered,
            approved, buyer, country, email, phone, document, product_id, product, person_id, person, _, _,
        ) in kept
    ]  # fmt: skip
    return {"account": {"sales": {"nodes": nodes, "pageInfo": info}}}


async def plain_page(asks: Any) -> Any:
    """A page of sales for someone who may not read personal data."""
    kept, info = await _rows(asks)
    nodes = [
        {
            "id": "sale_" + sale_id,
            "reference": reference,
            "status": status,
            "price": {"amount": amount(price), "currency": currency},
            "net": None if net is None else {"amount": amount(net), "currency": net_currency},
            "paymentMethod": method,
            "installments": installments,
            "orderedAt": moment(ordered),
            "approvedAt": moment(approved),
            "buyer": {"name": buyer, "country": country},
            "product": {"id": "product_" + product_id, "name": product},
            "assignee": None if person_id is None else {"id": "person_" + person_id, "name": person},
        }
        for (
            sale_id, reference, status, price, currency, net, net_currency, method, installments, ordered,
            approved, buyer, country, product_id, product, person_id, person, _, _,
        ) in kept
    ]  # fmt: skip
    return {"account": {"sales": {"nodes": nodes, "pageInfo": info}}}


async def sale(asks: Any) -> Any:
    """One sale with everything nested."""
    who, fetch = asks.who, asks.fetch
    if "SEARCH_SALES" not in who.grants or who.values is not None:
        raise PermissionError
    account = who.account_id
    rows = await fetch(asks.texts[1], (account, asks.body["reference"]))
    if not rows:
        return {"account": {"sale": None}}
    (
        sale_id, reference, status, price, currency, full, full_currency, net, net_currency, method,
        installments, product_id, product, offer_id, offer, buyer, country, email, phone, document, address,
        person_id, person, role, team_id, team, src, sck, device, ordered, approved, warranty,
    ) = rows[0]  # fmt: skip
    offers = await fetch(asks.texts[2], (account, product_id))
    shares = await fetch(asks.texts[3], (account, sale_id))
    events = await fetch(asks.texts[4], (account, sale_id))
    places = await fetch(asks.texts[5], (account, person_id))
    place = address and address_of(address)
    found = {
        "id": "sale_" + sale_id,
        "reference": reference,
        "status": status,
        "price": money(price, currency),
        "fullPrice": money(full, full_currency),
        "net": None if net is None else money(net, net_currency),
        "paymentMethod": method,
        "installments": installments,
        "product": {
            "id": "product_" + product_id,
            "name": product,
            "offers": [
                {"id": "offer_" + row[0], "code": row[1], "price": money(row[2], row[3])} for row in offers
            ],
        },
        "offer": {"id": "offer_" + offer_id, "code": offer},
        "buyer": {
            "name": buyer,
            "country": country,
            "email": email,
            "phone": phone,
            "document": document,
            "address": place
            and {
                "street": place.street,
                "city": place.city,
                "state": place.state,
                "zipCode": place.zip_code,
                "country": place.country,
            },
        },
        "commissions": [
            {"source": source, "name": name, "amount": money(minor, unit)}
            for source, name, minor, unit, _ in shares
        ],
        "history": [
            {"status": became, "happenedAt": moment(at), "source": source} for became, at, source, _ in events
        ],
        "assignee": {
            "id": "person_" + person_id,
            "name": person,
            "role": role,
            "teams": [
                {"leads": bool(leads), "team": {"teamId": "team_" + joined, "name": name}}
                for leads, joined, name, _ in places
            ],
        },
        "team": {"id": "team_" + team_id, "name": team},
        "origin": {"src": src, "sck": sck},
        "device": device,
        "orderedAt": moment(ordered),
        "approvedAt": moment(approved),
        "warrantyUntil": moment(warranty),
    }
    return {"account": {"sale": found}}


async def report(asks: Any) -> Any:
    """Revenue by day."""
    who, asked = asks.who, asks.body["period"]
    if "VIEW_REVENUE_REPORT" not in who.grants:
        raise PermissionError
    period = Period(date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"]))
    buckets = period.cut(ReportInterval.DAY, who.timezone)
    within = [who.account_id, *(who.counted or ())]
    span = (buckets[0].start_ms, buckets[-1].end_ms)
    edges: list[int] = []
    _edges(edges, [bucket.start_ms for bucket in buckets])
    rows = await asks.fetch(asks.texts[1], [*within, *span, *within, *span, *edges, 20_001])
    found: dict[str, dict[int, Any]] = {}
    for row in rows:
        found.setdefault(row["currency"], {})[row["number"]] = row
    nothing = {"count": 0, "gross": 0, "net": 0, "refunded": 0}
    made = []
    for number, bucket in enumerate(buckets):
        for currency, by_number in sorted(found.items()):
            row = by_number.get(number, nothing)
            made.append(
                {
                    "from": bucket.first.isoformat(),
                    "to": bucket.end.isoformat(),
                    "currency": currency,
                    "count": row["count"],
                    "gross": {"amount": amount(row["gross"])},
                    "net": {"amount": amount(row["net"])},
                    "refunded": {"amount": amount(row["refunded"])},
                }
            )
    return {"account": {"reports": {"revenue": made}}}


def _edges(edges: list[int], starts: list[int]) -> None:
    """The bounds of a binary search, in the order that its statement names them."""
    if len(starts) > 1:
        half = len(starts) // 2
        edges.append(starts[half])
        _edges(edges, starts[:half])
        _edges(edges, starts[half:])
