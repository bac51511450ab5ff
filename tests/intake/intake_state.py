"""What an intake left behind in an account, without ids, clocks and ways in: two equal states are one state."""

import hashlib
from typing import Any

import msgspec

import make
from models import database
from models.ledger.books import COLUMNS

SECRET = "a-secret-of-the-tests"


async def account(**changed: Any) -> dict[str, Any]:
    """An account whose intake opens to `SECRET`."""
    digest = hashlib.sha256(SECRET.encode()).hexdigest()
    return await make.account(**({"intake_secret_digest": digest} | changed))


async def rows(account: dict[str, Any], table: str) -> list[dict[str, Any]]:
    """An account's rows of a table."""
    found = await database.read(f"SELECT * FROM {table} WHERE account_id = ? ORDER BY id", (account["id"],))
    return [dict(row) for row in found]


async def state(account: dict[str, Any]) -> dict[str, Any]:
    """Products, offers with their prices, sales with their history and shares, and what the intake kept."""
    products = {str(row["id"]): row for row in await rows(account, "products")}
    offers = {str(row["id"]): row for row in await rows(account, "offers")}
    sales = {str(row["id"]): row for row in await rows(account, "sales")}
    plans = {str(row["id"]): row for row in await rows(account, "plans")}
    for row in offers.values():
        row["plan_id"] = row["plan_id"] and plans[str(row["plan_id"])]["code"]
        row["product_id"] = products[str(row["product_id"])]["reference"]
    subscriptions = {str(row["id"]): row for row in await rows(account, "subscriptions")}
    for row in subscriptions.values():
        row["product_id"] = products[str(row["product_id"])]["reference"]
    said = await rows(account, "subscription_events")
    for row in said:
        known = row["subscription_id"] and subscriptions.get(str(row["subscription_id"]))
        row["subscription_id"] = known and known["code"]
    for row in sales.values():
        known = row["subscription_id"] and subscriptions[str(row["subscription_id"])]
        row["subscription_id"] = known and known["code"]
        row["product_id"] = products[str(row["product_id"])]["reference"]
        row["offer_id"] = row["offer_id"] and offers[str(row["offer_id"])]["code"]
        row["buyer_address"] = row["buyer_address"] and msgspec.json.decode(row["buyer_address"])
    postings = await rows(account, "sale_postings")
    for row in postings:
        row["reference"] = sales[str(row["id"])]["reference"]
    balances = await rows(account, "balances")
    await _require_sums(account, balances)
    return {
        "sale_postings": _plain(postings),
        # when a share may be due is a hint, which a moved share leaves behind
        # and a currency that was only named for a while leaves zeros
        "balances": _plain(row | {"next_release_at": None} for row in balances if row["external"]),
        "products": _plain(products.values()),
        "offers": _plain(offers.values()),
        "offer_prices": _plain(
            row | {"offer_id": offers[str(row["offer_id"])]["code"]}
            for row in await rows(account, "offer_prices")
        ),
        "sales": _plain(sales.values()),
        "sale_events": _of_sales(await rows(account, "sale_events"), sales),
        "commissions": _of_sales(await rows(account, "commissions"), sales),
        "sale_supplements": _decoded(await rows(account, "sale_supplements")),
        "subscriptions": _plain(subscriptions.values()),
        "subscription_events": _decoded(said),
        "intake_events": _plain(await rows(account, "intake_events")),
    }


async def _require_sums(account: dict[str, Any], balances: list[dict[str, Any]]) -> None:
    """Require that every balance is the sum of its entries."""
    sums: dict[str, dict[str, int]] = {}
    for entry in await rows(account, "ledger_entries"):
        of = sums.setdefault(entry["currency"], dict.fromkeys(COLUMNS, 0))
        for name in COLUMNS:
            of[name] += entry[name]
    assert {row["currency"]: {name: row[name] for name in COLUMNS} for row in balances} == sums


def _of_sales(found: list[dict[str, Any]], sales: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    for row in found:
        row["sale_id"] = sales[str(row["sale_id"])]["reference"]
    return _decoded(found)


def _decoded(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in found:
        for column in {"facts", "doubts"} & row.keys():
            row[column] = row[column] and msgspec.json.decode(row[column])
    return _plain(found)


def _plain(found: Any) -> list[dict[str, Any]]:
    plain = [
        {
            key: value
            for key, value in row.items()
            if key not in {"id", "account_id", "created_at", "received_at", "channel", "as_of"}
        }
        for row in found
    ]
    return sorted(plain, key=repr)
