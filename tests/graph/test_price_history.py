"""What an offer cost, costs and will cost, and who set it: read for all offers of a list at once."""

from typing import Any

from authz.grant import Grant
from models import database
from small_shop import Shop

JUNE, JULY, AUGUST = "2026-06-01T13:00:00Z", "2026-07-15T12:00:00Z", "2026-08-01T03:00:00Z"
_PRICES = "price { amount currency } from until source by { name }"


async def _offer(shop: Shop, fields: str, code: str = "p1a") -> dict[str, Any]:
    found = await shop.read("owner", f"products {{ nodes {{ offers {{ id code {fields} }} }} }}")
    return next(offer for product in found["nodes"] for offer in product["offers"] if offer["code"] == code)


async def test_a_price_from_august_is_the_price_of_august_and_no_earlier_one_changes(shop: Shop) -> None:
    offer = await _offer(shop, f'june: priceAt(at: "{JUNE}") {{ amount currency }}')
    price = {"amount": "900.00", "currency": "BRL"}

    code = await shop.code("owner", "setOfferPrice", id=offer["id"], price=price, **{"from": AUGUST})
    moments = {"may": "2026-05-31T00:00:00Z", "june": JUNE, "july": JULY, "august": AUGUST}
    fields = " ".join(f'{name}: priceAt(at: "{at}") {{ amount }}' for name, at in moments.items())
    after = await _offer(shop, f"{fields} prices {{ totalCount nodes {{ {_PRICES} }} }}")
    sale = await shop.read("owner", 'sale(reference: "S01") { price { amount } }')

    assert code is None
    assert offer["june"] == {"amount": "1000.00", "currency": "BRL"}
    assert after["may"] is None
    assert [after[name]["amount"] for name in ("june", "july", "august")] == ["1000.00", "1000.00", "900.00"]
    assert sale == {"price": {"amount": "1000.00"}}
    assert after["prices"] == {
        "totalCount": 2,
        "nodes": [
            {"price": price, "from": AUGUST, "until": None, "source": "HAND", "by": {"name": "Olga"}},
            {
                "price": {"amount": "1000.00", "currency": "BRL"},
                "from": JUNE,
                "until": AUGUST,
                "source": "MARKETPLACE",
                "by": None,
            },
        ],
    }


async def test_what_a_person_takes_off_stays_in_the_past(shop: Shop) -> None:
    offer = await _offer(shop, "version")
    price = {"amount": "900.00", "currency": "BRL"}
    assert not await shop.code("owner", "setOfferPrice", id=offer["id"], price=price)
    shop.clock.passes(days=1)

    code = await shop.code(
        "owner", "editOffer", id=offer["id"], useMarketplacePrice=True, expectedVersion=offer["version"] + 1
    )
    after = await _offer(shop, "price { amount } prices(first: 2) { nodes { price { amount } source } }")

    assert code is None
    assert after["price"] == {"amount": "1000.00"}
    assert [(entry["price"]["amount"], entry["source"]) for entry in after["prices"]["nodes"]] == [
        ("1000.00", "MARKETPLACE"),
        ("900.00", "HAND"),
    ]


async def test_a_page_of_prices_follows_the_page_before(shop: Shop) -> None:
    offer = await _offer(shop, "version")
    for day, amount in enumerate(("900.00", "800.00"), 1):
        values = {"price": {"amount": amount, "currency": "BRL"}, "from": f"2026-08-0{day}T00:00:00Z"}
        assert not await shop.code("owner", "setOfferPrice", id=offer["id"], **values)

    async def page(arguments: str) -> Any:
        found = await shop.client.ask(
            f'{{ node(id: "{offer["id"]}") {{ ... on Offer {{ prices({arguments}) {{'
            " nodes { price { amount } } pageInfo { endCursor } } } } }",
            token=await shop.token("owner"),
            account=shop.account,
        )
        return found["node"]["prices"]

    first = await page("first: 1")
    # a history that is written anew keeps the places of its pages
    await shop.receive("S03", "PURCHASE_APPROVED", "APPROVED", at="06-10 09:01")
    rest = await page(f'first: 2, after: "{first["pageInfo"]["endCursor"]}"')

    assert [entry["price"]["amount"] for entry in first["nodes"]] == ["800.00"]
    assert [entry["price"]["amount"] for entry in rest["nodes"]] == ["900.00", "1000.00"]


async def test_prices_of_many_offers_cost_as_many_statements_as_those_of_a_few(shop: Shop) -> None:
    fields = (
        f'price {{ amount }} priceAt(at: "{JULY}") {{ amount }} prices(first: 3) {{ nodes {{ {_PRICES} }} }}'
    )
    document = f"products {{ nodes {{ name offers {{ code {fields} }} }} }}"

    async def cost() -> int:
        await shop.read("owner", document)
        with database.observed() as statements:
            await shop.read("owner", document)
        return len(statements)

    few = await cost()
    product = (await shop.read("owner", "products { nodes { id } }"))["nodes"][0]["id"]
    for number in range(8):
        price = {"amount": "10.00", "currency": "BRL"}
        assert not await shop.code("owner", "createOffer", product=product, code=f"more{number}", price=price)

    assert await cost() == few


async def test_prices_exist_only_with_the_grant_to_view_products(shop: Shop) -> None:
    await shop.give("ana", Grant.SEARCH_SALES)
    await shop.give("bia", Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS)
    query = f'sale(reference: "S03") {{ offer {{ code priceAt(at: "{JULY}") {{ amount }} }} }}'

    assert await shop.is_unknown("ana", 'sale(reference: "S01") { offer { prices { totalCount } } }')
    assert await shop.is_unknown("ana", query)
    assert await shop.is_unknown("ana", 'sale(reference: "S01") { product { reference } }')
    sale = await shop.read("ana", 'sale(reference: "S01") { product { name } offer { code } }')
    assert sale == {"product": {"name": "Curso"}, "offer": {"code": "p1a"}}
    assert await shop.read("bia", query) == {"offer": {"code": "p1b", "priceAt": {"amount": "700.00"}}}
