"""The subscriptions of the small shop: reading one, and messages about them."""

import json
from pathlib import Path
from typing import Any

from intake.files.history import import_files
from models import database
from small_shop import Shop, moment


async def of(shop: Shop, code: str, fields: str = "status", who: str = "owner") -> Any:
    return await shop.read(who, f'subscription(code: "{code}") {{ {fields} }}')


async def paid_monthly(shop: Shop, folder: Path) -> None:
    """A page of the marketplace says that the plan of the club is paid monthly."""
    price = {"value": 50, "currency_code": "BRL"}
    plan = {"name": "Mensal", "code": "mensal", "periodicity": "MONTHLY", "price": price}
    path = folder / "plans.json"
    path.write_text(json.dumps({"items": [plan], "page_info": {}}))
    await import_files(
        shop.account["id"], [path], lambda *_: None, as_of=moment("07-21 09:00"), product="1002"
    )


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
