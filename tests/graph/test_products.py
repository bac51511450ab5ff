"""What people set of products is above what the marketplace says, until they take it off."""

import asyncio

import pytest

import actions.kit.use
from actions.kit.use import Use
from authz.grant import Grant
from shop_messages import message
from small_shop import Shop

ALL = "id name marketplaceName status source version warrantyDays supportEmail changedBy { name }"


async def _reference(shop: Shop) -> str:
    found = await shop.read("owner", 'products(filter: {text: "Curso"}) { nodes { reference } }')
    return str(found["nodes"][0]["reference"])


async def _curso(shop: Shop) -> dict:
    reference = await _reference(shop)
    return await shop.read("owner", f'product(reference: "{reference}") {{ {ALL} }}')


async def test_a_name_by_hand_outlasts_messages_until_it_is_taken_off(shop: Shop) -> None:
    before = await _curso(shop)

    changed = await shop.act(
        "ana", "editProduct", f"product {{ {ALL} }}", id=before["id"], name="Curso 2", expectedVersion=1
    )
    await shop.receive("S01", "PURCHASE_APPROVED", "APPROVED", at="07-26 10:00")
    after = await _curso(shop)
    taken_off = await shop.act(
        "ana",
        "editProduct",
        f"product {{ {ALL} }}",
        id=before["id"],
        useMarketplaceName=True,
        expectedVersion=2,
    )

    assert (before["name"], before["source"], before["version"]) == ("Curso", "MARKETPLACE", 1)
    assert changed["errors"] == []
    assert changed["product"]["changedBy"] == {"name": "Ana"}
    assert (after["name"], after["marketplaceName"], after["version"]) == ("Curso 2", "Curso", 2)
    assert (taken_off["product"]["name"], taken_off["product"]["version"]) == ("Curso", 3)
    assert [change["field"] for entry in await shop.log("editProduct") for change in entry["changes"]] == [
        "Product.name",
        "Product.name",
    ]


async def test_one_of_two_edits_of_a_version_is_a_conflict(shop: Shop) -> None:
    product = (await _curso(shop))["id"]

    codes = await asyncio.gather(
        *(
            shop.code("owner", "editProduct", id=product, warrantyDays=days, expectedVersion=1)
            for days in (10, 20)
        )
    )

    assert sorted(codes, key=str) == [None, "VERSION_CONFLICT"]
    assert (await _curso(shop))["version"] == 2


async def test_a_product_by_hand_is_a_draft_that_messages_join(shop: Shop) -> None:
    payload = await shop.act(
        "owner",
        "createProduct",
        f"product {{ {ALL} }}",
        name="Mentoria",
        reference="990001",
        warrantyDays=7,
        supportEmail="Ajuda@example.com",
    )

    product = payload["product"]
    assert (product["status"], product["source"], product["marketplaceName"]) == ("DRAFT", "HAND", None)
    assert (product["warrantyDays"], product["supportEmail"]) == (7, "ajuda@example.com")
    assert await shop.code("owner", "createProduct", name="Other", reference="990001") == "CODE_TAKEN"
    assert await shop.code("owner", "createProduct", name="MENTORIA", reference="990002") == "NAME_TAKEN"

    sold = message("S05", "PURCHASE_APPROVED", "APPROVED", shop.clock.now)
    sold["data"]["product"] = {"id": 990001, "name": "M"}
    await shop.arrives(sold)

    joined = await shop.read("owner", f'product(reference: "990001") {{ {ALL} }}')
    assert (joined["name"], joined["marketplaceName"], joined["source"]) == ("Mentoria", "M", "BOTH")


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com",
        "https://user:secret@example.com",
        "https://localhost/x",
        "https://10.0.0.1/x",
        "https://127.1/",
        "https://server.internal/",
        "https://[::1]/",
        "https:///x",
    ],
)
async def test_an_address_that_is_not_public_is_refused(shop: Shop, address: str) -> None:
    refused = await shop.act("owner", "createProduct", name="Mentoria", reference="990001", accessUrl=address)

    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("BAD_URL", ["accessUrl"])]


async def test_values_out_of_bounds_are_refused_and_change_nothing(shop: Shop) -> None:
    product = (await _curso(shop))["id"]

    async def code(**values: object) -> str | None:
        return await shop.code("owner", "editProduct", id=product, expectedVersion=1, **values)

    assert await code(warrantyDays=61) == "BAD_INPUT"
    assert await code(supportEmail="nobody") == "BAD_EMAIL"
    assert await code(salesPageUrl="https://10.1.1.1/") == "BAD_URL"
    assert await code(name=" ") == "BAD_INPUT"
    assert await code(name="Curso X", useMarketplaceName=True) == "BAD_INPUT"
    assert await code(accessUrl="https://example.com:8443/course?x=1", warrantyDays=0) is None
    assert (await _curso(shop))["version"] == 2


async def test_a_status_moves_only_along_its_ways(shop: Shop) -> None:
    product = (await _curso(shop))["id"]

    async def code(status: str) -> str | None:
        return await shop.code("owner", "setProductStatus", id=product, status=status)

    assert await code("DRAFT") == "WRONG_STATE"
    assert await code("PAUSED") is None
    assert await code("ARCHIVED") is None
    assert await code("ACTIVE") == "WRONG_STATE"
    await shop.receive("S05", "PURCHASE_APPROVED", "APPROVED", at="07-26 10:00")
    await shop.receive("S01", "PURCHASE_APPROVED", "APPROVED", at="07-26 11:00", transaction="S98")
    new = await shop.read("owner", 'sale(reference: "S98") { product { name } }')
    assert new == {"product": {"name": "Curso"}}

    listed = await shop.read("owner", "products { nodes { name } }")
    archived = await shop.read("owner", "products(filter: {status: [ARCHIVED]}) { nodes { name } }")
    sale = await shop.read("owner", 'sale(reference: "S05") { status product { name } }')
    assert "Curso" not in [node["name"] for node in listed["nodes"]]
    assert archived["nodes"] == [{"name": "Curso"}]
    assert sale == {"status": "APPROVED", "product": {"name": "Curso"}}
    assert await code("PAUSED") is None


_WAYS = {"DRAFT": (), "ACTIVE": ("ACTIVE",), "PAUSED": ("ACTIVE", "PAUSED"), "ARCHIVED": ("ARCHIVED",)}
_NEXT = {
    "DRAFT": {"ACTIVE", "ARCHIVED"},
    "ACTIVE": {"PAUSED", "ARCHIVED"},
    "PAUSED": {"ACTIVE", "ARCHIVED"},
    "ARCHIVED": {"PAUSED"},
}


@pytest.mark.parametrize("found", _WAYS)
async def test_each_status_leads_to_its_own_next_ones(shop: Shop, found: str) -> None:
    for number, status in enumerate(_WAYS):
        values = {"name": f"Mentoria {number}", "reference": f"99{number}"}
        created = await shop.act("owner", "createProduct", "product { id }", **values)
        product = {"id": created["product"]["id"]}
        for way in _WAYS[found]:
            assert await shop.code("owner", "setProductStatus", status=way, **product) is None

        payload = await shop.act("owner", "setProductStatus", "product { status }", status=status, **product)

        if status == found or status in _NEXT[found]:
            assert payload == {"product": {"status": status}, "errors": []}
        else:
            assert [(error["code"], error["field"]) for error in payload["errors"]] == [
                ("WRONG_STATE", ["status"])
            ]
            assert found in payload["errors"][0]["message"]


async def test_a_product_that_something_uses_is_archived_after_it_is_let_go(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = (await _curso(shop))["id"]
    # as a noun declares it: here, an offer that is called so
    named = "SELECT o.name FROM offers o WHERE o.account_id = r.account_id AND o.product_id = r.id AND o.name = 'Page'"
    monkeypatch.setattr(actions.kit.use, "USES", [*actions.kit.use.USES, Use("products", named)])
    payload = await shop.act(
        "owner", "createOffer", "offer { id }", product=product, code="page", name="Page"
    )

    refused = await shop.act("owner", "setProductStatus", id=product, status="ARCHIVED")
    status = await _product_status(shop, "owner")
    await shop.act("owner", "editOffer", id=payload["offer"]["id"], name="No page", expectedVersion=1)

    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("IN_USE", ["id"])]
    assert "Page" in refused["errors"][0]["message"]
    assert status == "ACTIVE"
    assert await shop.code("owner", "setProductStatus", id=product, status="ARCHIVED") is None


async def test_the_grants_decide_who_changes_and_who_reads(shop: Shop) -> None:
    product = (await _curso(shop))["id"]
    await shop.give("ana", Grant.MANAGE_PRODUCTS)
    await shop.give("bia", Grant.VIEW_PRODUCTS)

    changed = await shop.act("ana", "setProductStatus", "product { id name }", id=product, status="PAUSED")

    assert changed["product"] == {"id": product, "name": "Curso"}
    assert (
        await shop.act("ana", "setProductStatus", "product { status }", id=product, status="ACTIVE")
        == "UNKNOWN"
    )
    assert await shop.code("bia", "setProductStatus", id=product, status="ACTIVE") == "UNKNOWN"
    assert (await _product_status(shop, "bia")) == "PAUSED"
    assert await shop.code("ana", "setProductStatus", id="product_x", status="ACTIVE") == "NOT_FOUND"


async def _product_status(shop: Shop, who: str) -> str:
    found = await shop.read(who, 'products(filter: {text: "Curso"}) { nodes { status } }')
    return str(found["nodes"][0]["status"])
