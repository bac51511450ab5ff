"""Every list that can be exported: its columns, its rows, its gate, and its place in the log."""

import csv
import io
import json

import httpx
import pytest

import make
from authz.grant import Grant
from graph.export.rows import LISTS
from models.vocabulary import Role
from small_shop import Shop

NAMES = sorted(LISTS)


async def file(shop: Shop, token: str, name: str, **parameters: str) -> httpx.Response:
    words = {"list": name, "central": f"central_{shop.account['id']}"} | parameters
    return await shop.client.http.get(
        "/export/rows", params=words, headers={"authorization": f"Bearer {token}"}
    )


async def admin(shop: Shop, *grants: Grant) -> str:
    """The token of an admin with these grants alone."""
    profile = await make.profile(shop.account, list(grants))
    collaborator = await make.collaborator(shop.account, profile, Role.ADMIN)
    name = f"admin {len(shop.users)}"
    shop.users[name] = collaborator["user_id"]
    return await shop.token(name)


def table(response: httpx.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


async def populate(shop: Shop) -> None:
    """A row of what the shop has none of yet."""
    await shop.receive("S13", "PURCHASE_APPROVED", "APPROVED", "06-28 13:01", transaction="R01")
    shop.clock.set("07-05 12:00")
    assert await shop.code("owner", "requestRefund", reference="R01", reason="REGRET") is None


@pytest.mark.parametrize("name", NAMES)
async def test_the_owners_file_has_every_column_and_a_row_for_each_of_the_list(shop: Shop, name: str) -> None:
    await populate(shop)
    listed = await shop.read("owner", f"{name}(first: 100) {{ totalCount }}")
    address = await shop.read("owner", f"export {{ {name} }}")
    address = address[name]
    token = await shop.token("owner")

    found = table(await file(shop, token, name))
    lines = await shop.client.http.get(
        address.replace("format=csv", "format=jsonl"), headers={"authorization": f"Bearer {token}"}
    )

    assert len(found) == listed["totalCount"] > 0
    assert tuple(found[0]) == LISTS[name].columns
    assert [list(json.loads(line)) for line in lines.text.splitlines()] == [[*LISTS[name].columns]] * len(
        found
    )
    assert all(any(row[column] for column in LISTS[name].columns) for row in found)
    log = await shop.log("exportRows")
    assert [(entry["let_by"], entry["changes"][0]["field"]) for entry in log] == [
        ("ADMIN", f"AccountExport.{name}(columns:)")
    ] * 2


async def test_a_filter_and_an_order_choose_the_rows_and_the_log_says_so(shop: Shop) -> None:
    chosen, order = {"status": ["CANCELLED"]}, {"field": "STARTED_AT", "direction": "ASC"}
    words = {"filter": json.dumps(chosen), "order": json.dumps(order), "columns": "code,subscriber.name"}
    found = table(await file(shop, await shop.token("owner"), "subscriptions", **words))

    assert [row["code"] for row in found] == ["K3"]
    (entry,) = await shop.log("exportRows")
    assert [change["after"] for change in entry["changes"]] == [
        chosen,
        order,
        ["code", "subscriber.name"],
    ]


@pytest.mark.parametrize("name", NAMES)
async def test_a_list_whose_grant_is_lacking_is_one_that_is_not_there(shop: Shop, name: str) -> None:
    token = await admin(shop, *(grant for grant in Grant if grant is not LISTS[name].grant))
    unknown = await file(shop, token, "nothing")

    refused = await file(shop, token, name)

    assert (refused.status_code, refused.text) == (unknown.status_code, unknown.text) == (404, unknown.text)
    assert await shop.log("exportRows") == []
    assert (await file(shop, await shop.token("bia"), name)).status_code == 404  # a lead with the grant


@pytest.mark.parametrize(("name", "person"), [("subscriptions", "subscriber"), ("opportunities", "contact")])
async def test_contacts_pass_their_gates_and_a_mask(shop: Shop, name: str, person: str) -> None:
    few = await admin(shop, LISTS[name].grant)
    most = await admin(shop, LISTS[name].grant, Grant.CHANGE_BUYER_EMAIL)
    plain, open_ = table(await file(shop, few, name)), table(await file(shop, most, name))
    await shop.act("owner", "setRevealOnRecord", enabled=True)

    covered = table(await file(shop, most, name))

    hidden = {f"{person}.{part}" for part in ("email", "phone", "document")}
    assert hidden.isdisjoint(plain[0])
    assert {column for column in open_[0] if column in hidden} == {f"{person}.email"}
    addresses = {row[f"{person}.email"] for row in open_} - {""}
    assert addresses
    assert all("…" not in address for address in addresses)
    assert all("…" in row[f"{person}.email"] for row in covered if row[f"{person}.email"])
    refused = await file(shop, few, name, columns=f"{person}.email")
    unknown = await file(shop, few, name, columns=f"{person}.emaik")
    assert (refused.status_code, unknown.status_code) == (400, 400)
    assert refused.text.replace("email", "") == unknown.text.replace("emaik", "")


async def test_no_name_of_a_product_is_a_formula(shop: Shop) -> None:
    product = (await shop.read("owner", "products(first: 1) { nodes { id version } }"))["nodes"][0]
    changed = await shop.act(
        "owner", "editProduct", id=product["id"], expectedVersion=product["version"], name="=1+1"
    )
    assert not changed["errors"], changed

    found = table(await file(shop, await shop.token("owner"), "products"))

    assert "'=1+1" in {row["name"] for row in found}
    assert "=1+1" not in {row["name"] for row in found}


async def test_opportunities_are_exported_in_an_order_that_no_act_changes(shop: Shop) -> None:
    before = table(await file(shop, await shop.token("owner"), "opportunities"))
    first = (await shop.read("owner", "opportunities(last: 1) { nodes { id version } }"))["nodes"][0]
    payload = await shop.act(
        "owner", "noteOpportunity", id=first["id"], expectedVersion=first["version"], text="Hello"
    )
    assert not payload["errors"], payload

    after = table(await file(shop, await shop.token("owner"), "opportunities"))

    assert [row["id"] for row in after] == [row["id"] for row in before]
    listed = (await shop.read("owner", "opportunities(first: 50) { nodes { id } }"))["nodes"]
    assert [node["id"] for node in listed] != [row["id"] for row in after]
