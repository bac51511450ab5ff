"""The access to what was bought, e-mailed again: to whom, what it says, and what refuses it."""

from small_shop import Shop


async def test_the_access_goes_to_the_address_of_now_with_the_product_and_its_support(shop: Shop) -> None:
    product = (await shop.read("owner", 'sale(reference: "S01") { product { id version } }'))["product"]
    values = {"id": product["id"], "accessUrl": "https://members.example.com/curso"}
    assert await shop.code("owner", "editProduct", **values, expectedVersion=product["version"]) is None
    assert await shop.code("owner", "changeBuyerEmail", reference="S01", email="new@example.com") is None

    sent = await shop.act("ana", "resendPurchaseEmail", "reference sentTo", reference="S01")

    assert sent == {"reference": "S01", "sentTo": "n…@e…", "errors": []}
    first, second = await shop.mails("purchase_access")
    assert first == second
    assert {name: second[name] for name in ("recipient", "product", "reference", "support", "access")} == {
        "recipient": "new@example.com", "product": "Curso", "reference": "S01", "support": "help@example.com",
        "access": "https://members.example.com/curso",
    }  # fmt: skip
    assert "00000000001" not in str(second)
    assert [entry["let_by"] for entry in await shop.log("resendPurchaseEmail")] == ["RESEND_PURCHASE_EMAILS"]


async def test_who_has_no_access_is_sent_none(shop: Shop) -> None:
    codes = {
        f"S{number:02}": await shop.code("owner", "resendPurchaseEmail", reference=f"S{number:02}")
        for number in range(1, 15)
    }

    refused = dict.fromkeys(("S03", "S04", "S05", "S09", "S13"), "NOT_PAID") | {"S14": "WRONG_STATE"}
    assert {item: code for item, code in codes.items() if code} == refused
    assert len(await shop.mails()) == 8
    events = await shop.read("owner", 'sale(reference: "S01") { history { change } }')
    assert [item["change"] for item in events["history"] if item["change"] == "PURCHASE_EMAIL_SENT"]


async def test_a_changed_address_receives_the_access_unless_it_is_not_wanted_or_not_paid(shop: Shop) -> None:
    for reference, more in (("S06", {}), ("S01", {"resend": False}), ("S03", {}), ("S14", {})):
        values = {"reference": reference, "email": f"{reference.lower()}@example.com", **more}
        assert await shop.code("owner", "changeBuyerEmail", **values) is None

    assert [mail["recipient"] for mail in await shop.mails("purchase_access")] == ["s06@example.com"]


async def test_the_changes_of_an_address_are_listed_and_covered_on_both_executors(shop: Shop) -> None:
    assert await shop.code("ana", "changeBuyerEmail", reference="S06", email="new@example.com") is None
    await shop.act("owner", "setRevealOnRecord", enabled=True)
    sale = 'sale(reference: "S06") { buyer { emailChanges { at by { name } from to } } }'
    whole = {
        "at": "2026-07-25T15:00:00Z",
        "by": {"name": "Ana"},
        "from": shop.email("b6"),
        "to": "new@example.com",
    }

    for more, who, change in (("", "owner", whole), ("__schema { queryType { name } } ", "owner", whole),
                              ("", "ana", whole | {"from": "b…@e…", "to": "n…@e…"}),
                              ("__schema { queryType { name } } ", "ana", whole | {"from": "b…@e…", "to": "n…@e…"})):  # fmt: skip
        answer = (await shop.post(who, f"{{ {more} account {{ {sale} }} }}")).json()
        assert answer["data"]["account"]["sale"]["buyer"]["emailChanges"] == [change], (more, who)
