"""What the marketplace's pages say of products, offers and plans, as people read it, below what they set."""

import json
from pathlib import Path
from typing import Any

from authz.grant import Grant
from intake.files.history import import_files
from shop_messages import message, moment
from small_shop import Shop

_PRODUCT = {"id": 1001, "ucode": "uc-1001", "name": "Curso", "status": "ACTIVE", "format": "ONLINE_COURSE",
            "warranty_period": 20}  # fmt: skip
_PLAN = {
    "code": "mensal1",
    "name": "Mensal",
    "periodicity": "MONTHLY",
    "trial_period": 7,
    "product_id": "1002",
}
_OFFER = {"code": "p1b", "name": "Promo", "price": {"value": 650, "currency_code": "BRL"},
          "payment_mode": "MULTIPLE_PAYMENTS", "is_main_offer": True, "product_id": "1001"}  # fmt: skip


async def _page(shop: Shop, folder: Path, at: str, *items: dict[str, Any]) -> None:
    path = folder / f"{at}.json"
    path.write_text(json.dumps({"items": items}))
    summary = await import_files(shop.account["id"], [path], lambda *_: None, as_of=moment(at))
    assert summary.malformed == 0, summary


async def test_a_person_sees_what_pages_say_and_what_they_set_themselves_is_above(
    shop: Shop, tmp_path: Path
) -> None:
    await _page(shop, tmp_path, "07-22 08:00", _PRODUCT, _OFFER)
    fields = "id status format warrantyDays coproduced marketplaceName version offers { code name main paymentMode }"
    before = await shop.read("owner", f'product(reference: "1001") {{ {fields} }}')
    values = {"id": before["id"], "expectedVersion": before["version"], "warrantyDays": 30}

    assert not await shop.code("owner", "editProduct", **values)
    assert not await shop.code("owner", "setProductStatus", id=before["id"], status="PAUSED")
    await _page(shop, tmp_path, "07-23 08:00", _PRODUCT | {"warranty_period": 7, "name": "Curso Novo"})
    after = await shop.read("owner", f'product(reference: "1001") {{ {fields} name }}')
    restored = {"useMarketplaceWarrantyDays": True, "useMarketplaceStatus": True}
    values = {"id": before["id"], "expectedVersion": after["version"]}
    assert not await shop.code("owner", "editProduct", **values, **restored)
    last = await shop.read("owner", 'product(reference: "1001") { status warrantyDays }')

    assert (before["status"], before["format"], before["warrantyDays"]) == ("ACTIVE", "COURSE", 20)
    assert before["coproduced"] is True
    assert before["offers"] == [
        {"code": "p1a", "name": None, "main": False, "paymentMode": None},
        {"code": "p1b", "name": "Promo", "main": True, "paymentMode": "INSTALLMENTS"},
    ]
    assert (after["status"], after["warrantyDays"], after["name"]) == ("PAUSED", 30, "Curso Novo")
    assert last == {"status": "ACTIVE", "warrantyDays": 7}


async def test_a_price_on_a_page_is_the_price_since_it_was_read(shop: Shop, tmp_path: Path) -> None:
    await _page(shop, tmp_path, "07-22 08:00", _OFFER)

    june, july = "2026-06-20T12:00:00Z", "2026-07-22T11:00:00Z"
    fields = f'code june: priceAt(at: "{june}") {{ amount }} july: priceAt(at: "{july}") {{ amount }}'
    product = await shop.read("owner", f'product(reference: "1001") {{ offers {{ {fields} }} }}')
    sale = await shop.read("owner", 'sale(reference: "S03") { price { amount } }')

    assert product["offers"][1] == {"code": "p1b", "june": {"amount": "700.00"}, "july": {"amount": "650.00"}}
    assert sale == {"price": {"amount": "700.00"}}


async def test_a_main_offer_that_a_person_chose_stays(shop: Shop, tmp_path: Path) -> None:
    fields = 'product(reference: "1001") { offers { id code main } }'
    first = (await shop.read("owner", fields))["offers"][0]
    assert not await shop.code("owner", "setMainOffer", id=first["id"])

    await _page(shop, tmp_path, "07-22 08:00", _OFFER)

    assert [offer["main"] for offer in (await shop.read("owner", fields))["offers"]] == [True, False]


async def test_an_offer_sells_the_plan_that_its_sales_name_or_a_person_chose(
    shop: Shop, tmp_path: Path
) -> None:
    offer = 'product(reference: "1002") { id coproduced offers { code plan { name } } }'
    before = await shop.read("owner", offer)
    await _page(
        shop,
        tmp_path,
        "07-22 08:00",
        _PLAN,
        _PLAN | {"code": "anual1", "name": "Anual", "periodicity": "ANNUAL"},
    )
    values = {"product": before["id"], "code": "yearly"}
    payload = await shop.act("owner", "createOffer", "offer { plan { name } }", plan="anual1", **values)
    unknown = await shop.act("owner", "createOffer", product=before["id"], code="other", plan="weekly1")
    plans = await shop.read(
        "owner",
        'product(reference: "1002") { plans { code name period trialDays maxCharges offers { code } } }',
    )

    assert (before["offers"], before["coproduced"]) == ([{"code": "p2a", "plan": {"name": "Mensal"}}], False)
    assert payload["offer"] == {"plan": {"name": "Anual"}}
    assert [(error["code"], error["field"]) for error in unknown["errors"]] == [("NOT_FOUND", ["plan"])]
    shape = {"trialDays": 7, "maxCharges": None}
    assert plans["plans"] == [
        {"code": "anual1", "name": "Anual", "period": "ANNUAL", "offers": [{"code": "yearly"}], **shape},
        {"code": "mensal1", "name": "Mensal", "period": "MONTHLY", "offers": [{"code": "p2a"}], **shape},
    ]
    await shop.give("ana", Grant.SEARCH_SALES)
    assert await shop.is_unknown("ana", 'sale(reference: "S06") { offer { plan { name } } }')


async def test_a_sale_without_a_warranty_date_has_the_warranty_of_its_product(shop: Shop) -> None:
    result = message("S01", "PURCHASE_APPROVED", "APPROVED", moment("07-20 10:00"))
    del result["data"]["product"]["warranty_date"]
    result["data"]["purchase"] |= {"transaction": "S99", "approved_date": moment("07-20 10:00")}
    await shop.arrives(result | {"id": "S99"})
    variables = {"reference": "S99", "reason": "REGRET"}
    product = await shop.read("owner", 'product(reference: "1001") { id version }')

    async def until(reference: str) -> str | None:
        sale = await shop.read(
            "owner", f'sale(reference: "{reference}") {{ warrantyUntil product {{ name }} }}'
        )
        found: str | None = sale["warrantyUntil"]
        return found

    own = await until("S01")
    assert await until("S99") is None
    assert await shop.code("owner", "requestRefund", **variables) == "NO_WARRANTY"
    values = {"id": product["id"], "expectedVersion": product["version"], "warrantyDays": 3}
    assert not await shop.code("owner", "editProduct", **values)
    assert await until("S99") == "2026-07-23T13:00:00Z"
    assert await until("S01") == own
    assert await shop.code("owner", "requestRefund", **variables) == "WARRANTY_OVER"
    values |= {"expectedVersion": product["version"] + 1, "warrantyDays": 10}
    assert not await shop.code("owner", "editProduct", **values)
    assert not await shop.code("owner", "requestRefund", **variables)
