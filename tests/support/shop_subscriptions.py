"""The subscriptions of the small shop: reading one, and messages about them."""

from typing import Any

from models import database
from small_shop import Shop, moment


async def of(shop: Shop, code: str, fields: str = "status", who: str = "owner") -> Any:
    return await shop.read(who, f'subscription(code: "{code}") {{ {fields} }}')


async def said(shop: Shop, kind: str, code: str, at: str, **data: Any) -> None:
    """A message about a subscription, of a local time."""
    happened = moment(at)
    await shop.arrives(
        {
            "id": f"{code}-{kind}-{happened}-{database.new_id()}",
            "creation_date": happened,
            "event": kind,
            "version": "2.0.0",
            "data": {"subscriber": {"code": code}, "product": {"id": 2}} | data,
        }
    )
