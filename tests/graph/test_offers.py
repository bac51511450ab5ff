"""A price that a person sets applies from its moment on, whatever the marketplace says later."""

from decimal import Decimal

import pytest

from authz.grant import Grant
from small_shop import Shop

PRICE = "price { amount currency }"


async def _offer(shop: Shop, code: str = "p1a") -> dict:
    found = await shop.read(
        "owner",
        f"products {{ nodes {{ id name offers {{ id code name main status version source {PRICE} }} }} }}",
    )
    return next(
        offer | {"product": product["id"]}
        for product in found["nodes"]
        for offer in product["offers"]
        if offer["code"] == code
    )


def _money(amount: str, currency: str = "BRL") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


async def test_a_price_from_august_applies_from_august_and_sales_keep_theirs(shop: Shop) -> None:
    offer = await _offer(shop)

    done = await shop.act(
        "owner",
        "setOfferPrice",
        f"offer {{ {PRICE} version }}",
        id=offer["id"],
        price=_money("900.00"),
        **{"from": "2026-08-01T03:00:00Z"},
    )
    shop.clock.set("08-01 00:01")
    august = (await _offer(shop))["price"]
    await shop.receive("S01", "PURCHASE_APPROVED", "APPROVED", at="08-01 00:01")
    price = (await _offer(shop))["price"]
    restored = await shop.code(
        "owner", "editOffer", id=offer["id"], useMarketplacePrice=True, expectedVersion=2
    )

    assert done["errors"] == []
    assert done["offer"] == {"price": _money("1000.00"), "version": 2}
    assert august == price == _money("900.00")
    sale = await shop.read("owner", 'sale(reference: "S01") { price { amount } offer { code } }')
    assert sale == {"price": {"amount": "1000.00"}, "offer": {"code": "p1a"}}
    assert restored is None
    assert (await _offer(shop))["price"] == _money("1000.00")


async def test_prices_out_of_bounds_are_refused_and_change_nothing(shop: Shop) -> None:
    offer = await _offer(shop)

    async def errors(price: dict, **values: object) -> list:
        payload = await shop.act("owner", "setOfferPrice", id=offer["id"], price=price, **values)
        return [(error["code"], error["field"]) for error in payload["errors"]]

    yesterday = {"from": "2026-07-24T12:00:00Z"}
    assert await errors(_money("900.00"), **yesterday) == [("TOO_SOON", ["from"])]
    for amount in ("0", "-1", "10.005", "100000000000000000"):
        assert await errors(_money(amount)) == [("BAD_INPUT", ["price"])], Decimal(amount)
    assert await errors(_money("900.00", "EUR")) == [("BAD_INPUT", ["price"])]
    assert (await _offer(shop))["version"] == 1


async def test_an_offer_by_hand_becomes_both_with_its_first_message(shop: Shop) -> None:
    product = (await _offer(shop))["product"]

    payload = await shop.act(
        "owner", "createOffer", f"offer {{ code {PRICE} source }}", product=product, code="black", name="Black",
        price=_money("1050", "JPY"), checkoutUrl="https://example.com/pay",
    )  # fmt: skip
    in_yen = await shop.act("owner", "createOffer", product=product, code="b2", price=_money("10.50", "JPY"))
    again = await shop.code("owner", "createOffer", product=product, code="black")
    await shop.receive("S01", "PURCHASE_APPROVED", "APPROVED", offer={"code": "black", "name": "B"})
    joined = await _offer(shop, "black")

    assert payload["offer"] == {"code": "black", "price": _money("1050", "JPY"), "source": "HAND"}
    assert [(error["code"], error["field"]) for error in in_yen["errors"]] == [("BAD_INPUT", ["price"])]
    assert again == "CODE_TAKEN"
    assert (joined["name"], joined["source"], joined["price"]) == ("Black", "BOTH", _money("1050", "JPY"))


async def test_the_main_offer_is_one_and_is_not_archived(shop: Shop) -> None:
    first, second = await _offer(shop, "p1a"), await _offer(shop, "p1b")

    assert await shop.code("owner", "setMainOffer", id=first["id"]) is None
    in_use = await shop.act("owner", "archiveOffer", id=first["id"])
    assert [(error["code"], error["field"]) for error in in_use["errors"]] == [("IN_USE", ["id"])]
    assert "Curso" in in_use["errors"][0]["message"]
    assert await shop.code("owner", "setMainOffer", id=second["id"]) is None
    assert [(await _offer(shop, code))["main"] for code in ("p1a", "p1b")] == [False, True]
    assert await shop.code("owner", "archiveOffer", id=first["id"]) is None
    assert await shop.code("owner", "setMainOffer", id=first["id"]) == "WRONG_STATE"
    # a sale keeps the offer that it was bought by, and messages about it still count
    await shop.receive("S01", "PURCHASE_REFUNDED", "REFUNDED", at="07-25 11:00")
    sale = await shop.read("owner", 'sale(reference: "S01") { offer { code status } }')
    assert sale == {"offer": {"code": "p1a", "status": "ARCHIVED"}}


@pytest.mark.parametrize("grant", [Grant.VIEW_PRODUCTS, Grant.MANAGE_PRODUCTS])
async def test_other_grants_change_no_offer(shop: Shop, grant: Grant) -> None:
    offer = await _offer(shop)
    await shop.give("bia", grant)
    await shop.give("ana", Grant.MANAGE_OFFERS)

    assert await shop.code("bia", "archiveOffer", id=offer["id"]) == "UNKNOWN"
    assert await shop.code("ana", "archiveOffer", id=f"{offer['id']}x") == "NOT_FOUND"
    assert await shop.code("ana", "archiveOffer", id=offer["id"]) is None
