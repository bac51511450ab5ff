"""What the owner reads of a sale through the API, and what comes in by the public door."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from intake_state import SECRET

import make
from client import Client
from intake.files.history import import_files

_number = count(1)
MONEY = "{ amount currency }"
SALE = f"""
  reference status price {MONEY} fullPrice {MONEY} net {MONEY} payout {MONEY} refundedAmount {MONEY} vat {MONEY}
  coupon paymentMethod installments refusal refusalReason inFunnel orderBump parentReference
  product {{ id name reference ucode supportEmail }} offer {{ code name price {MONEY} }}
  buyer {{ name email phone document country
    address {{ street number complement neighborhood city state zipCode country }} }}
  origin {{ src sck xcod }} checkoutOrigin device affiliate {{ code name }}
  subscription {{ code plan recurrence }} coproducers {{ name amount {MONEY} }}
  commissions {{ source name amount {MONEY} converted {MONEY} }}
  orderedAt approvedAt refundedAt warrantyUntil history {{ status source happenedAt }}
"""
_SALES = f"query {{ account {{ sales(first: 100) {{ nodes {{ {SALE} }} }} }} }}"


class Seller:
    """An account whose owner reads, and whose marketplace sends."""

    def __init__(self, client: Client, account: dict[str, Any], token: str) -> None:
        self.client = client
        self.account = account
        self.token = token

    async def post(self, message: Any) -> httpx.Response:
        """Send a webhook's message."""
        return await self.client.http.post(
            f"/intake/hotmart/{self.account['intake_id']}",
            content=message if isinstance(message, bytes) else json.dumps(message),
            headers={"x-hotmart-hottok": SECRET},
        )

    async def read_page(self, page: Any, folder: Path, as_of: int | None = None) -> Any:
        """Import a page of the REST API, or its text."""
        path = folder / f"{next(_number)}.json"
        path.write_text(page if isinstance(page, str) else json.dumps(page))
        return await import_files(self.account["id"], [path], lambda _done, _all: None, as_of=as_of)

    async def ask(self, query: str) -> Any:
        """The account's part of an answer to the owner."""
        return (await self.client.ask(query, token=self.token, account=self.account))["account"]

    async def sales(self) -> list[dict[str, Any]]:
        """Every sale, with all that the owner can read of it."""
        return list((await self.ask(_SALES))["sales"]["nodes"])

    async def sale(self) -> dict[str, Any]:
        """The only sale."""
        (found,) = await self.sales()
        return found


async def seller(client: Client) -> Seller:
    """A new one."""
    from intake_state import account

    owner = await make.user()
    row = await account(owner=owner)
    return Seller(client, row, await make.session(owner))
