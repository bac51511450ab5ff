"""Ariadne-codegen's client, generated from `schema.graphql`, in use; what it gets is printed as JSON."""

import asyncio
import json
import sys

sys.path.insert(0, ".")
from centrals_client import Client
from centrals_client.input_types import SetNameInput

url, token, central = sys.argv[1:]


async def main() -> None:
    async with Client(url, {"authorization": f"Bearer {token}", "x-central": central}) as client:
        first = (await client.page(first=2)).account
        second = (await client.page(first=2, after=first.sales.page_info.end_cursor)).account
        refused = (await client.rename(SetNameInput(name=""))).set_name
        renamed = (await client.rename(SetNameInput(name="Ariadne"))).set_name
    found = {
        "first": [sale.reference for sale in first.sales.nodes],
        "second": [sale.reference for sale in second.sales.nodes],
        "missing": [value is None for value in (first.tax_number, first.sales.nodes[0].net)],
        "refused": [[error.code, error.field] for error in refused.errors],
        "renamed": renamed.viewer.name,
    }
    print(json.dumps(found))


asyncio.run(main())
