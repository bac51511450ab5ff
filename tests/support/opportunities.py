"""The opportunities of the small shop: reading them, adding one, and acting on them."""

from typing import Any

from models import database
from small_shop import Shop


async def listed(shop: Shop, who: str = "owner", fields: str = "id version kind status title") -> Any:
    return (await shop.read(who, f"opportunities(first: 50) {{ nodes {{ {fields} }} }}"))["nodes"]


async def of(shop: Shop, kind: str) -> dict[str, Any]:
    """The opportunity of a kind: O1 is an abandoned checkout, O2 the slip S04, O3 the refused payment S05."""
    fields = "id version kind status sale { reference } wonBy { reference } assignee { name }"
    (found,) = [node for node in await listed(shop, fields=fields) if node["kind"] == kind]
    return found


async def code(shop: Shop, who: str, name: str, opportunity: dict[str, Any], /, **values: Any) -> str | None:
    named = {"id": opportunity["id"], "expectedVersion": opportunity["version"], **values}
    return await shop.code(who, name, **named)


async def stored(shop: Shop) -> Any:
    rows = await database.read(
        "SELECT * FROM opportunities WHERE account_id = ? ORDER BY id", (shop.account["id"],)
    )
    events = await database.read(
        "SELECT COUNT(*) AS n FROM opportunity_events WHERE account_id = ?", (shop.account["id"],)
    )
    return [tuple(row) for row in rows], events[0]["n"]


async def manual(shop: Shop, who: str = "bia", **values: Any) -> dict[str, Any]:
    """O5: added by hand."""
    payload = await shop.act(
        who, "createOpportunity", "opportunity { id version status title assignee { name } }",
        title="Bulk order", amount={"amount": "1000.00", "currency": "BRL"}, **values,
    )  # fmt: skip
    assert not payload["errors"], payload
    found: dict[str, Any] = payload["opportunity"]
    return found
